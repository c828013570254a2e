//go:build localcloud

package e2e

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

// description asks AWS for one resource and checks what it says.
type description func(ctx context.Context, t *testing.T, a *api, r localcloud.Resource)

// descriptions has one for each type that the program registers; a type that
// is missing fails the test.
var descriptions = map[string]description{
	"aws:kms/key:Key":                                                                            describeKey,
	"aws:kms/alias:Alias":                                                                        describeAlias,
	"aws:s3/bucketV2:BucketV2":                                                                   describeBucket,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               describeVersioning,
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     describeOwnership,
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     describePublicAccess,
	"aws:s3/bucketPolicy:BucketPolicy":                                                           describeBucketPolicy,
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     describeLogging,
	"aws:kinesis/stream:Stream":                                                                  describeStream,
	"aws:kinesis/streamConsumer:StreamConsumer":                                                  describeConsumer,
	"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":                                  describeDelivery,
	"aws:glue/catalogDatabase:CatalogDatabase":                                                   describeDatabase,
	"aws:glue/catalogTable:CatalogTable":                                                         describeTable,
	"aws:glue/catalogTableOptimizer:CatalogTableOptimizer":                                       describeOptimizer,
	"aws:glue/job:Job":                                                                           describeJob,
	"aws:glue/securityConfiguration:SecurityConfiguration":                                       describeSecurity,
	"aws:scheduler/schedule:Schedule":                                                            describeSchedule,
	"aws:scheduler/scheduleGroup:ScheduleGroup":                                                  describeScheduleGroup,
	"aws:s3/bucketObjectv2:BucketObjectv2":                                                       describeObject,
	"aws:lakeformation/permissions:Permissions":                                                  describeGrant,
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":                                        describeOIDCProvider,
	"aws:iam/role:Role":                                                                          describeRole,
	"aws:iam/rolePolicy:RolePolicy":                                                              describeRolePolicy,
	"aws:athena/namedQuery:NamedQuery":                                                           describeNamedQuery,
	"aws:athena/workgroup:Workgroup":                                                             describeWorkgroup,
	"aws:opensearch/domain:Domain":                                                               describeDomain,
	"aws:opensearch/domainPolicy:DomainPolicy":                                                   describeDomainPolicy,
	"aws:lambda/function:Function":                                                               describeFunction,
	"aws:lambda/invocation:Invocation":                                                           describeInvocation,
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy":                                         describeLogPolicy,
	"aws:cloudformation/stack:Stack":                                                             describeStack,
	"aws:emrserverless/application:Application":                                                  describeApplication,
	"aws:quicksight/dataSet:DataSet":                                                             describeDataSet,
	"aws:quicksight/dataSource:DataSource":                                                       describeDataSource,
	"aws:quicksight/folder:Folder":                                                               describeFolder,
	"aws:quicksight/folderMembership:FolderMembership":                                           describeMembership,
	"aws:quicksight/refreshSchedule:RefreshSchedule":                                             describeRefresh,
	"aws:cloudwatch/logGroup:LogGroup":                                                           describeLogGroup,
	"aws:cloudwatch/logStream:LogStream":                                                         describeLogStream,
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       describeLifecycle,
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": describeEncryption,
}

func text(t *testing.T, r localcloud.Resource, property string) *string {
	t.Helper()
	value, ok := r.Outputs[property].(string)
	require.True(t, ok, "%s has no %s", r.URN, property)
	return &value
}

func describeKey(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	key, err := a.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &r.ID})
	require.NoError(t, err)
	assert.Equal(t, kmstypes.KeyStateEnabled, key.KeyMetadata.KeyState)
	rotation, err := a.kms.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &r.ID})
	require.NoError(t, err)
	assert.True(t, rotation.KeyRotationEnabled)
	policy, err := a.kms.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &r.ID, PolicyName: aws.String("default")})
	require.NoError(t, err)
	assert.Contains(t, *policy.Policy, "logs.eu-west-1.amazonaws.com")
}

func describeAlias(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	key, err := a.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &r.ID})
	require.NoError(t, err)
	assert.Equal(t, r.Outputs["targetKeyArn"], *key.KeyMetadata.Arn)
}

func describeStream(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.kinesis.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamARN: &r.ID})
	require.NoError(t, err)
	stream := answer.StreamDescriptionSummary
	assert.Equal(t, kinesistypes.StreamStatusActive, stream.StreamStatus)
	assert.Equal(t, kinesistypes.StreamModeOnDemand, stream.StreamModeDetails.StreamMode)
	assert.Equal(t, kinesistypes.EncryptionTypeKms, stream.EncryptionType)
	require.Len(t, stream.EnhancedMonitoring, 1)
	assert.Contains(t, stream.EnhancedMonitoring[0].ShardLevelMetrics, kinesistypes.MetricsNameWriteProvisionedThroughputExceeded)
	tags, err := a.kinesis.ListTagsForStream(ctx, &kinesis.ListTagsForStreamInput{StreamName: stream.StreamName})
	require.NoError(t, err)
	assert.NotEmpty(t, tags.Tags)
}

func describeConsumer(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	consumer, err := a.kinesis.DescribeStreamConsumer(ctx, &kinesis.DescribeStreamConsumerInput{ConsumerARN: text(t, r, "arn")})
	require.NoError(t, err)
	assert.Equal(t, kinesistypes.ConsumerStatusActive, consumer.ConsumerDescription.ConsumerStatus)
}

func describeDelivery(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.firehose.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: text(t, r, "name")})
	require.NoError(t, err)
	delivery := answer.DeliveryStreamDescription
	assert.Equal(t, firehosetypes.DeliveryStreamStatusActive, delivery.DeliveryStreamStatus)
	assert.Equal(t, firehosetypes.DeliveryStreamTypeKinesisStreamAsSource, delivery.DeliveryStreamType)
	require.Len(t, delivery.Destinations, 1)
	if search := delivery.Destinations[0].AmazonopensearchserviceDestinationDescription; search != nil {
		describeDeliveryToSearch(t, search)
		return
	}
	s3 := delivery.Destinations[0].ExtendedS3DestinationDescription
	assert.Equal(t, firehosetypes.CompressionFormatGzip, s3.CompressionFormat)
	assert.Contains(t, *s3.Prefix, "dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/")
	assert.Contains(t, *s3.ErrorOutputPrefix, "!{firehose:error-output-type}")
	assert.True(t, *s3.CloudWatchLoggingOptions.Enabled)
}

func describeDatabase(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	_, err := a.glue.GetDatabase(ctx, &glue.GetDatabaseInput{Name: text(t, r, "name")})
	require.NoError(t, err)
}

func describeTable(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: text(t, r, "databaseName"), Name: text(t, r, "name")})
	require.NoError(t, err)
	if r.Inputs["openTableFormatInput"] != nil {
		describeIcebergTable(ctx, t, a, answer.Table)
		return
	}
	if r.Inputs["viewOriginalText"] != nil {
		describeView(t, answer.Table)
		return
	}
	parameters := answer.Table.Parameters
	assert.Equal(t, "true", parameters["projection.enabled"])
	assert.Contains(t, parameters["storage.location.template"], "dt=${dt}/hour=${hour}/")
	assert.Len(t, answer.Table.PartitionKeys, 2)
}

func describeLogGroup(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: text(t, r, "name")})
	require.NoError(t, err)
	require.Len(t, answer.LogGroups, 1)
	assert.EqualValues(t, 365, *answer.LogGroups[0].RetentionInDays)
	assert.NotEmpty(t, *answer.LogGroups[0].KmsKeyId)
}

func describeLogStream(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{
		LogGroupName: text(t, r, "logGroupName"), LogStreamNamePrefix: text(t, r, "name"),
	})
	require.NoError(t, err)
	assert.Len(t, answer.LogStreams, 1)
}
