//go:build localcloud

package e2e

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

func describeJob(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.glue.GetJob(ctx, &glue.GetJobInput{JobName: text(t, r, "name")})
	require.NoError(t, err)
	job := answer.Job
	assert.Equal(t, "gluestreaming", *job.Command.Name)
	assert.EqualValues(t, 1, job.ExecutionProperty.MaxConcurrentRuns)
	assert.Zero(t, job.MaxRetries)
	assert.Nil(t, job.Timeout, "a run should end when the published document says so, and not sooner")
	assert.NotEmpty(t, *job.SecurityConfiguration)
	// All that a run needs is there before one can start.
	for _, uri := range []string{*job.Command.ScriptLocation, job.DefaultArguments["--additional-python-modules"], job.DefaultArguments["--spec"]} {
		assert.NotEmpty(t, a.read(ctx, t, uri))
	}
	var published struct {
		Version string
		Paused  bool
	}
	require.NoError(t, json.Unmarshal(a.read(ctx, t, job.DefaultArguments["--published"]), &published))
	assert.Equal(t, job.DefaultArguments["--version"], published.Version, "the job would end at once")
	assert.False(t, published.Paused)
}

// read returns the content of an object.
func (a *api) read(ctx context.Context, t *testing.T, uri string) []byte {
	t.Helper()
	bucket, key, found := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	require.True(t, found, uri)
	object, err := a.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err, uri)
	defer func() { _ = object.Body.Close() }()
	content, err := io.ReadAll(object.Body)
	require.NoError(t, err)
	return content
}

func describeObject(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: text(t, r, "bucket"), Key: text(t, r, "key")})
	require.NoError(t, err)
	assert.Equal(t, s3types.ServerSideEncryptionAwsKms, answer.ServerSideEncryption)
	assert.Equal(t, r.Outputs["kmsKeyId"], *answer.SSEKMSKeyId)
}

func describeSecurity(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.glue.GetSecurityConfiguration(ctx, &glue.GetSecurityConfigurationInput{Name: text(t, r, "name")})
	require.NoError(t, err)
	is := answer.SecurityConfiguration.EncryptionConfiguration
	require.Len(t, is.S3Encryption, 1)
	for _, key := range []*string{is.S3Encryption[0].KmsKeyArn, is.CloudWatchEncryption.KmsKeyArn, is.JobBookmarksEncryption.KmsKeyArn} {
		assert.NotEmpty(t, aws.ToString(key))
	}
}

func describeScheduleGroup(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	_, err := a.scheduler.GetScheduleGroup(ctx, &scheduler.GetScheduleGroupInput{Name: text(t, r, "name")})
	require.NoError(t, err)
}

func describeSchedule(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	is, err := a.scheduler.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: text(t, r, "groupName"), Name: text(t, r, "name")})
	require.NoError(t, err)
	assert.Equal(t, schedulertypes.ScheduleStateEnabled, is.State)
	assert.Equal(t, schedulertypes.FlexibleTimeWindowModeOff, is.FlexibleTimeWindow.Mode)
	if *is.Target.Arn == "arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun" {
		assert.Equal(t, "cron(0 1,13 * * ? *)", *is.ScheduleExpression)
		describeBatchRun(ctx, t, a, *is.Target.Input)
		return
	}
	assert.Equal(t, "rate(5 minutes)", *is.ScheduleExpression)
	assert.Equal(t, "arn:aws:scheduler:::aws-sdk:glue:startJobRun", *is.Target.Arn)
	assert.EqualValues(t, 0, aws.ToInt32(is.Target.RetryPolicy.MaximumRetryAttempts))
	var input struct{ JobName *string }
	require.NoError(t, json.Unmarshal([]byte(*is.Target.Input), &input))
	_, err = a.glue.GetJob(ctx, &glue.GetJobInput{JobName: input.JobName})
	require.NoError(t, err)
}
