//go:build localcloud

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/emrserverless"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/quicksight"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// api asks AWS itself, as any other client would.
type api struct {
	config         aws.Config
	athena         *athena.Client
	cloudformation *cloudformation.Client
	emr            *emrserverless.Client
	firehose       *firehose.Client
	glue           *glue.Client
	iam            *iam.Client
	kinesis        *kinesis.Client
	kms            *kms.Client
	lakeformation  *lakeformation.Client
	lambda         *lambda.Client
	logs           *cloudwatchlogs.Client
	opensearch     *opensearch.Client
	quicksight     *quicksight.Client
	s3             *s3.Client
	scheduler      *scheduler.Client
	sts            *sts.Client
}

// newAPI is of the data account, which is the emulator's own.
func newAPI(endpoint string) *api {
	return newAPIAs(endpoint, credentials.NewStaticCredentialsProvider("local", "local", ""))
}

func newAPIAs(endpoint string, identity aws.CredentialsProvider) *api {
	config := aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String(endpoint), Credentials: identity}
	return &api{
		config:         config,
		athena:         athena.NewFromConfig(config),
		cloudformation: cloudformation.NewFromConfig(config),
		emr:            emrserverless.NewFromConfig(config),
		firehose:       firehose.NewFromConfig(config),
		glue:           glue.NewFromConfig(config),
		iam:            iam.NewFromConfig(config),
		kinesis:        kinesis.NewFromConfig(config),
		kms:            kms.NewFromConfig(config),
		lakeformation:  lakeformation.NewFromConfig(config),
		lambda:         lambda.NewFromConfig(config),
		logs:           cloudwatchlogs.NewFromConfig(config),
		opensearch:     opensearch.NewFromConfig(config),
		quicksight:     quicksight.NewFromConfig(config),
		s3:             s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
		scheduler:      scheduler.NewFromConfig(config),
		sts:            sts.NewFromConfig(config),
	}
}

// requireEmpty asks every service that the program uses for what it holds.
// A key cannot be deleted at once: pending deletion counts as gone.
func (a *api) requireEmpty(ctx context.Context, t *testing.T) {
	t.Helper()
	buckets, err := a.s3.ListBuckets(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, buckets.Buckets)
	streams, err := a.kinesis.ListStreams(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, streams.StreamNames)
	deliveries, err := a.firehose.ListDeliveryStreams(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, deliveries.DeliveryStreamNames)
	databases, err := a.glue.GetDatabases(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, databases.DatabaseList)
	a.requireNoJobs(ctx, t)
	a.requireNoReports(ctx, t)
	a.requireNoSearch(ctx, t)
	roles, err := a.iam.ListRoles(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, roles.Roles)
	providers, err := a.iam.ListOpenIDConnectProviders(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, providers.OpenIDConnectProviderList)
	groups, err := a.logs.DescribeLogGroups(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, groups.LogGroups)
	a.requireNoKeys(ctx, t)
}

func (a *api) requireNoJobs(ctx context.Context, t *testing.T) {
	t.Helper()
	jobs, err := a.glue.ListJobs(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, jobs.JobNames)
	configurations, err := a.glue.GetSecurityConfigurations(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, configurations.SecurityConfigurations)
	groups, err := a.scheduler.ListScheduleGroups(ctx, nil)
	require.NoError(t, err)
	for _, group := range groups.ScheduleGroups {
		assert.Equal(t, "default", *group.Name, "left behind") // is always there
	}
}

func (a *api) requireNoKeys(ctx context.Context, t *testing.T) {
	t.Helper()
	aliases, err := a.kms.ListAliases(ctx, nil)
	require.NoError(t, err)
	for _, alias := range aliases.Aliases {
		assert.True(t, strings.HasPrefix(*alias.AliasName, "alias/aws/"), "left behind: %s", *alias.AliasName)
	}
	keys, err := a.kms.ListKeys(ctx, nil)
	require.NoError(t, err)
	for _, key := range keys.Keys {
		described, err := a.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: key.KeyId})
		require.NoError(t, err)
		if described.KeyMetadata.KeyManager == kmstypes.KeyManagerTypeCustomer {
			assert.Equal(t, kmstypes.KeyStatePendingDeletion, described.KeyMetadata.KeyState)
		}
	}
}
