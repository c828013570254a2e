//go:build localcloud

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

func describeBucket(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	tags, err := a.s3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &r.ID})
	require.NoError(t, err)
	assert.NotEmpty(t, tags.TagSet)
}

func describeVersioning(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: text(t, r, "bucket")})
	require.NoError(t, err)
	assert.Equal(t, types.BucketVersioningStatusEnabled, answer.Status)
}

func describeOwnership(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: text(t, r, "bucket")})
	require.NoError(t, err)
	require.Len(t, answer.OwnershipControls.Rules, 1)
	assert.Equal(t, types.ObjectOwnershipBucketOwnerEnforced, answer.OwnershipControls.Rules[0].ObjectOwnership)
}

func describePublicAccess(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: text(t, r, "bucket")})
	require.NoError(t, err)
	block := answer.PublicAccessBlockConfiguration
	assert.True(t, *block.BlockPublicAcls && *block.BlockPublicPolicy && *block.IgnorePublicAcls && *block.RestrictPublicBuckets)
}

func describeBucketPolicy(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: text(t, r, "bucket")})
	require.NoError(t, err)
	assert.Contains(t, *answer.Policy, "aws:SecureTransport", "the bucket should deny what comes without TLS")
}

func describeLogging(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: text(t, r, "bucket")})
	require.NoError(t, err)
	require.NotNil(t, answer.LoggingEnabled)
	assert.Contains(t, *answer.LoggingEnabled.TargetBucket, "access-logs")
	assert.NotEqual(t, r.Outputs["bucket"], *answer.LoggingEnabled.TargetBucket, "a bucket that logs to itself loops")
}

func describeLifecycle(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	bucket := text(t, r, "bucket")
	answer, err := a.s3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	require.NoError(t, err)
	require.NotEmpty(t, answer.Rules)
	for _, rule := range answer.Rules {
		if rule.Expiration != nil && rule.Expiration.Days != nil {
			assert.NotContains(t, *bucket, "warehouse", "S3 must not expire what Iceberg still refers to")
		}
	}
}

func describeEncryption(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	bucket := text(t, r, "bucket")
	answer, err := a.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket})
	require.NoError(t, err)
	require.Len(t, answer.ServerSideEncryptionConfiguration.Rules, 1)
	rule := answer.ServerSideEncryptionConfiguration.Rules[0]
	if strings.Contains(*bucket, "access-logs") {
		assert.Equal(t, types.ServerSideEncryptionAes256, rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm)
		return
	}
	assert.Equal(t, types.ServerSideEncryptionAwsKms, rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm)
	assert.NotEmpty(t, *rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID)
	assert.True(t, *rule.BucketKeyEnabled)
}
