package stacks_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/stacks"
	"example.com/log-pipeline/tests/mocks"
)

const providerType = "pulumi:providers:aws"

// deploy runs the program with the smallest configuration and what is changed in it.
func deploy(t *testing.T, changes map[string]string) (*mocks.Recording, error) {
	t.Helper()
	config := map[string]string{
		"accounts.data.region":      "eu-central-1",
		"accounts.data.id":          "111111111111",
		"load.peakRecordsPerSecond": "200",
		"load.meanRecordsPerSecond": "50",
	}
	maps.Copy(config, changes)
	content, err := json.Marshal(mocks.Config(config))
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(content))
	return mocks.Up(stacks.Deploy)
}

func TestBadConfigRegistersNothing(t *testing.T) {
	recording, err := deploy(t, map[string]string{"stream.retentionHours": "1", "shard": "2"})
	require.ErrorContains(t, err, "stream.retentionHours")
	require.ErrorContains(t, err, "shard:")
	assert.Empty(t, recording.All())
}

func TestEveryResourceHasAnAccount(t *testing.T) {
	recording, err := deploy(t, nil)
	require.NoError(t, err)
	providers := recording.OfType(providerType)
	require.Len(t, providers, 1, "one account serves both where the config gives one")
	for _, r := range recording.All() {
		if r.Custom && r.Type != providerType {
			assert.Contains(t, r.Provider, providers[0].URN, r.URN)
		}
	}
}

func TestTwoAccountsHaveAProviderEach(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"accounts.data.roleArn":    "arn:aws:iam::111111111111:role/deploy",
		"dataExternalId":           "between-us",
		"accounts.service.id":      "222222222222",
		"accounts.service.region":  "us-east-1",
		"accounts.service.roleArn": "arn:aws:iam::222222222222:role/deploy",
		"serviceExternalId":        "between-them",
	})
	require.NoError(t, err)
	require.Len(t, recording.OfType(providerType), 2)

	data := recording.Named(t, "data")
	assert.Equal(t, "eu-central-1", data.Get("region"))
	assert.Equal(t, []any{"111111111111"}, data.Get("allowedAccountIds"))
	assert.Equal(t, "arn:aws:iam::111111111111:role/deploy", data.Get("assumeRole", "roleArn"))
	assert.Equal(t, resource.MakeSecret(resource.NewProperty("between-us")).V, data.Get("assumeRole", "externalId"))
	assert.Nil(t, data.Get("endpoints"), "only the local stack has endpoints of its own")

	service := recording.Named(t, "service")
	assert.Equal(t, "us-east-1", service.Get("region"))
	assert.Equal(t, []any{"222222222222"}, service.Get("allowedAccountIds"))
	assert.Equal(t, resource.MakeSecret(resource.NewProperty("between-them")).V, service.Get("assumeRole", "externalId"))
}

func TestProvidersTagEverything(t *testing.T) {
	recording, err := deploy(t, map[string]string{"tags": `{"team":"observability"}`})
	require.NoError(t, err)
	tags := recording.Named(t, "data").Get("defaultTags", "tags")
	assert.Equal(t, map[string]any{
		"team": "observability", "Project": "log-pipeline", "Stack": "test", "ManagedBy": "pulumi",
	}, tags)
}

func TestEmulatorIsReachedByEveryServiceOfTheProgram(t *testing.T) {
	recording, err := deploy(t, map[string]string{"emulatorEndpoint": "http://127.0.0.1:5000"})
	require.NoError(t, err)
	provider := recording.Named(t, "data")
	for _, service := range []string{
		"athena", "cloudformation", "cloudwatch", "emrserverless", "firehose", "glue", "iam", "kinesis", "kms", "lakeformation", "logs", "quicksight",
		"s3", "scheduler", "sts",
	} {
		assert.Equal(t, "http://127.0.0.1:5000", provider.Get("endpoints", 0, service), service)
	}
}

func TestProtectCoversAllThatHoldsData(t *testing.T) {
	for protect, want := range map[string]bool{"true": true, "false": false} {
		t.Run(protect, func(t *testing.T) {
			recording, err := deploy(t, map[string]string{
				"protect":  protect,
				"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/A","nodes":3}]`,
			})
			require.NoError(t, err)
			for _, r := range recording.All() {
				if r.Get("tableType") == "VIRTUAL_VIEW" {
					continue // it holds nothing
				}
				switch r.Type {
				case "aws:s3/bucketV2:BucketV2", "aws:kms/key:Key", "aws:kinesis/stream:Stream", "kubernetes:core/v1:Namespace",
					"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "aws:glue/catalogTable:CatalogTable":
					assert.Equal(t, want, r.Protect, r.URN)
					assert.Equal(t, want, r.RetainOnDelete, r.URN)
				}
			}
		})
	}
}

func TestThePlanReachesTheResources(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"stream.mode": "PROVISIONED", "stream.shardCount": "3", "stream.retentionHours": "96",
		"delivery.bufferMiB": "64", "delivery.bufferSeconds": "450", "lake.expiryDays": "500",
	})
	require.NoError(t, err)
	stream := recording.OfType("aws:kinesis/stream:Stream")[0]
	assert.EqualValues(t, 3, stream.Get("shardCount"))
	assert.EqualValues(t, 96, stream.Get("retentionPeriod"))
	delivery := recording.OfType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")[0]
	assert.EqualValues(t, 64, delivery.Get("extendedS3Configuration", "bufferingSize"))
	assert.EqualValues(t, 450, delivery.Get("extendedS3Configuration", "bufferingInterval"))
	table := recording.Named(t, "raw-table")
	assert.Contains(t, table.Get("parameters", "projection.dt.range"), "NOW-502DAYS")
}

func TestWhatTheConfigAllowsReachesTheResources(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"protect": "false", "forceDestroy": "true", "stream.producerAccountIds": `["333333333333"]`,
	})
	require.NoError(t, err)
	for _, bucket := range recording.OfType("aws:s3/bucketV2:BucketV2") {
		assert.Equal(t, true, bucket.Get("forceDestroy"), bucket.Name)
	}
	producers := recording.OfType("aws:kms/key:Key")[0].Policy(t, "policy").Named(t, "ProducersOfOtherAccounts")
	assert.Equal(t, []string{"arn:aws:iam::333333333333:root"}, producers.Principal["AWS"])
	assert.Contains(t, producers.Condition["StringEquals"]["kms:EncryptionContext:aws:kinesis:arn"][0], ":stream/log-pipeline-test-logs")
}

func TestTheLogGroupHasTheLakesKey(t *testing.T) {
	recording, err := deploy(t, nil)
	require.NoError(t, err)
	groups := recording.OfType("aws:cloudwatch/logGroup:LogGroup")
	require.NotEmpty(t, groups)
	for _, group := range groups {
		assert.Contains(t, group.Get("kmsKeyId"), ":key/", group.Name)
	}
}

func TestTheWarehouseIsInTheLake(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"namePrefix": "team-a", "warehouse.snapshotDays": "4", "warehouse.orphanDays": "9", "warehouse.grantToIam": "true", "warehouse.encryptCatalog": "true",
	})
	require.NoError(t, err)
	table := recording.Named(t, "warehouse-live")
	assert.Equal(t, "team_a_metrics", table.Get("databaseName"))
	assert.Equal(t, "s3://lake-warehouse-0a1b2c3/metrics/metrics_live", table.Get("storageDescriptor", "location"))
	assert.EqualValues(t, 4, recording.Named(t, "warehouse-live-retention").Get(
		"configuration", "retentionConfiguration", "icebergConfiguration", "snapshotRetentionPeriodInDays"))
	assert.EqualValues(t, 9, recording.Named(t, "warehouse-live-orphans").Get(
		"configuration", "orphanFileDeletionConfiguration", "icebergConfiguration", "orphanFileRetentionPeriodInDays"))
	assert.Len(t, recording.OfType("aws:lakeformation/permissions:Permissions"), 1)
	settings := recording.Named(t, "warehouse-catalog-encryption")
	assert.Equal(t, "arn:aws:kms:eu-central-1:111111111111:key/lake-key-0a1b2c3",
		settings.Get("dataCatalogEncryptionSettings", "encryptionAtRest", "sseAwsKmsKeyId"))
}
