//go:build localcloud

package e2e

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/demo"
)

func describeDomain(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.opensearch.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: text(t, r, "domainName")})
	require.NoError(t, err)
	is := answer.DomainStatus
	assert.True(t, *is.EncryptionAtRestOptions.Enabled)
	assert.NotEmpty(t, *is.EncryptionAtRestOptions.KmsKeyId)
	assert.True(t, *is.NodeToNodeEncryptionOptions.Enabled)
	assert.True(t, *is.DomainEndpointOptions.EnforceHTTPS)
	assert.True(t, *is.AdvancedSecurityOptions.Enabled)
	assert.Len(t, is.LogPublishingOptions, 4)
	assert.EqualValues(t, r.Outputs["clusterConfig"].(map[string]any)["instanceCount"], *is.ClusterConfig.InstanceCount)
}

func describeDomainPolicy(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.opensearch.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: text(t, r, "domainName")})
	require.NoError(t, err)
	assert.Contains(t, *answer.DomainStatus.AccessPolicies, "SearchAndSee")
	assert.NotContains(t, *answer.DomainStatus.AccessPolicies, `"*"`)
}

func describeLogPolicy(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.logs.DescribeResourcePolicies(ctx, &cloudwatchlogs.DescribeResourcePoliciesInput{})
	require.NoError(t, err)
	require.Len(t, answer.ResourcePolicies, 1)
	assert.Equal(t, *text(t, r, "policyName"), *answer.ResourcePolicies[0].PolicyName)
	assert.Contains(t, *answer.ResourcePolicies[0].PolicyDocument, "es.amazonaws.com")
}

func describeFunction(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: text(t, r, "name")})
	require.NoError(t, err)
	assert.EqualValues(t, "provided.al2023", answer.Configuration.Runtime)
	assert.NotEmpty(t, answer.Configuration.Environment.Variables["OPENSEARCH_ENDPOINT"])
	assert.NotEmpty(t, *answer.Configuration.KMSKeyArn)
}

// describeInvocation reads the function's own answer: it has no other trace in AWS.
func describeInvocation(_ context.Context, t *testing.T, _ *api, r localcloud.Resource) {
	assert.Contains(t, *text(t, r, "result"), "applied")
}

// requireChangedInside holds what the function says of its last run.
func requireChangedInside(t *testing.T, cloud *localcloud.Cloud, document string) {
	t.Helper()
	resources, err := cloud.Resources(t.Context())
	require.NoError(t, err)
	for _, r := range resources {
		if r.Type == "aws:lambda/invocation:Invocation" {
			var did struct{ Changed []string }
			require.NoError(t, json.Unmarshal([]byte(*text(t, r, "result")), &did))
			assert.Contains(t, did.Changed, document)
			return
		}
	}
	require.Fail(t, "there is no invocation")
}

func describeDeliveryToSearch(t *testing.T, is *types.AmazonopensearchserviceDestinationDescription) {
	t.Helper()
	assert.Equal(t, types.AmazonopensearchserviceS3BackupModeFailedDocumentsOnly, is.S3BackupMode)
	assert.Equal(t, types.AmazonopensearchserviceIndexRotationPeriodOneDay, is.IndexRotationPeriod)
	assert.EqualValues(t, 60, *is.BufferingHints.IntervalInSeconds)
	assert.Equal(t, types.DefaultDocumentIdFormatFirehoseDefault, is.DocumentIdOptions.DefaultDocumentIdFormat)
	assert.Equal(t, "search/", *is.S3DestinationDescription.Prefix)
	assert.True(t, *is.CloudWatchLoggingOptions.Enabled)
}

func (a *api) requireNoSearch(ctx context.Context, t *testing.T) {
	t.Helper()
	domains, err := a.opensearch.ListDomainNames(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, domains.DomainNames)
	functions, err := a.lambda.ListFunctions(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, functions.Functions)
	policies, err := a.logs.DescribeResourcePolicies(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, policies.ResourcePolicies)
}

// requireFound holds what a reader of the domain finds against what was sent: every line of a pod, each once.
func requireFound(t *testing.T, is demo.Searched) {
	t.Helper()
	assert.Positive(t, is.Delivered.Indexed)
	assert.Zero(t, is.Delivered.Failed)
	assert.Positive(t, is.Sent)
	assert.Equal(t, is.Sent, is.Found, "lines of %s", is.Pod)
}
