package stacks

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

// everything sets each key to something other than its default.
func everything() map[string]string {
	return map[string]string{
		"accounts.data.region":       "us-east-1",
		"accounts.data.id":           "111111111111",
		"accounts.data.roleArn":      "arn:aws:iam::111111111111:role/ops/deploy",
		"dataExternalId":             "data-external",
		"accounts.service.id":        "222222222222",
		"accounts.service.region":    "us-west-2",
		"accounts.service.roleArn":   "arn:aws:iam::222222222222:role/deploy",
		"serviceExternalId":          "service-external",
		"emulatorEndpoint":           "http://127.0.0.1:5000",
		"namePrefix":                 "logs-of-all",
		"tags":                       `{"team":"logs","cost centre":"1234"}`,
		"load.peakRecordsPerSecond":  "3000",
		"load.meanRecordsPerSecond":  "400",
		"load.meanRecordBytes":       "2000",
		"load.largestRecordBytes":    "4000",
		"load.burstFactor":           "2.5",
		"load.burstSeconds":          "60",
		"delivery.compressionRatio":  "8",
		"delivery.minObjectMiB":      "20",
		"delivery.smallObjects":      "refuse",
		"stream.name":                "logs",
		"stream.mode":                "PROVISIONED",
		"stream.shardCount":          "15",
		"stream.retentionHours":      "168",
		"stream.fanOutConsumers":     `["metrics","audit"]`,
		"delivery.bufferMiB":         "100",
		"delivery.bufferSeconds":     "900",
		"delivery.appendDelimiter":   "true",
		"delivery.logRetentionDays":  "30",
		"lake.infrequentAccessDays":  "40",
		"lake.archiveDays":           "70",
		"lake.expiryDays":            "0",
		"warehouse.snapshotDays":     "7",
		"warehouse.orphanDays":       "10",
		"warehouse.grantToIam":       "true",
		"warehouse.encryptCatalog":   "true",
		"metrics.enabled":            "false",
		"metrics.specFile":           "testdata/metrics.yaml",
		"metrics.paused":             "true",
		"metrics.workerType":         "G.2X",
		"metrics.workers":            "7",
		"metrics.autoScaling":        "false",
		"metrics.triggerSeconds":     "30",
		"metrics.scheduleMinutes":    "10",
		"metrics.maintenanceWindow":  "Sun:3",
		"metrics.logRetentionDays":   "30",
		"batch.enabled":              "false",
		"batch.paused":               "true",
		"batch.runsPerDay":           "4",
		"batch.latenessHours":        "7",
		"batch.executors":            "5",
		"batch.logRetentionDays":     "60",
		"query.bytesScannedCutoff":   "20000000",
		"dashboard.enabled":          "true",
		"dashboard.owners":           `["platform"]`,
		"dashboard.readers":          `["everyone"]`,
		"dashboard.namespace":        "teams",
		"dashboard.identityRegion":   "eu-west-1",
		"dashboard.serviceRoleNames": `["aws-quicksight-service-role-v0"]`,
		"dashboard.title":            "Shop",
		"dashboard.metrics":          `["requests"]`,
		"dashboard.importMode":       "SPICE",
		"dashboard.refreshMinutes":   "15",
		"dashboard.lookbackHours":    "48",
		"stream.producerAccountIds":  `["333333333333"]`,
		"delivery.format":            "parquet",
		"delivery.partitioning":      everyPartitioningField,

		"search.enabled":              "true",
		"search.engineVersion":        "OpenSearch_2.17",
		"search.indexName":            "team",
		"search.size":                 everySizeField,
		"search.rotation":             "OneWeek",
		"search.daysKept":             "14",
		"search.refreshSeconds":       "20",
		"search.readerRoleArns":       `["arn:aws:iam::444444444444:role/developer"]`,
		"search.adminRoleArns":        `["arn:aws:iam::111111111111:role/operator"]`,
		"search.cognito":              `{"userPoolId":"us-east-1_AbCdEfGhI","identityPoolId":"us-east-1:0b9e2a44-5c0f"}`,
		"search.network":              everyNetworkField,
		"search.delivery":             `{"bufferSeconds":30,"bufferMiB":10,"retrySeconds":600,"backup":"all"}`,
		"search.functionArchitecture": "x86_64",
		"search.logRetentionDays":     "90",

		"metrics.workerRecordsPerSecond": "30000",
		"kubeconfig":                     "/etc/kubeconfig",
		"clusters":                       everyClusterField,
		"logging.namespace":              "logs",
		"load.streamOutageSeconds":       "600",
		"load.fluentdOutageSeconds":      "300",
		"logging.outputs":                `["stream","s3","firehose"]`,
		"logging.firehoseName":           "direct",
		"flows":                          everyFlowField,
		"logging.excludedNamespaces":     `["kube-system"]`,
		"events.redactFields":            `["password"]`,
		"events.redactPatterns":          `["[0-9]{16}"]`,
		"events.partitionKey":            "pod",
		"events.oversize":                "divert",
		"accounts.side":                  "service",
		"access.writerExternalId":        "between-them",
		"access.writerRoleArn":           "arn:aws:iam::111111111111:role/writer",
		"access.failedBucketName":        "failed",
		"access.s3BucketName":            "direct",
		"access.producerRoleArns":        `["arn:aws:iam::333333333333:role/other"]`,
		"access.readerRoleArns":          `["arn:aws:iam::444444444444:role/analyst"]`,
		"access.readerExternalId":        "between-us",
		"protect":                        "false",
		"forceDestroy":                   "true",
	}
}

const (
	everyPartitioningField = `{"name":"tenant","query":".tenant // \"none\"","values":["none","shop"]}`
	everySizeField         = `{"zones":2,"instanceType":"r7g.2xlarge.search","instances":4,"volumeGiB":2000,"masters":3,"masterInstanceType":"m7g.large.search",` +
		`"shards":20,"replicas":2,"indexRatio":1.2,"vcpuRecordsPerSecond":4000}`
	everyNetworkField = `{"subnets":[{"id":"subnet-0a1b2c3d","zone":"us-east-1a"},{"id":"subnet-1a1b2c3d","zone":"us-east-1b"}],` +
		`"domainSecurityGroupIds":["sg-0a1b2c3d"],"clientSecurityGroupIds":["sg-1a1b2c3d"]}`
	everyClusterField = `[{"name":"shop","context":"shop-eu","issuer":"https://oidc.eks.us-west-2.amazonaws.com/id/A",` +
		`"oidcProviderArn":"arn:aws:iam::222222222222:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/A","installOperator":true,` +
		`"existingNamespace":true,"prometheus":true,"storageClass":"gp3","nodes":10,"podsPerNode":20,"peakRecordsPerSecond":2000,` +
		`"meanRecordsPerSecond":300,"podPeakRecordsPerSecond":40,"agentDiskMiB":20000,"fluentd":{"replicas":6,"workers":2,"flushThreads":8,` +
		`"flushSeconds":10,"diskGiB":100,"workerRecordsPerSecond":4000,"retriesOnBatchRequest":900}}]`
	everyFlowField = `[{"name":"shop","clusters":["shop"],"namespaces":["shop"],"excludedNamespaces":["cart"],"labels":{"app":"x"},` +
		`"excludedLabels":{"app":"y"},"containers":["istio-proxy"],"excludedContainers":["init"],"parser":"istio","outputs":["stream"]}]`
)

func TestEverythingSetsEverySetting(t *testing.T) {
	source := raw(everything())
	reading := settings.Read(Settings(), source)
	for _, setting := range Settings().Describe() {
		each(setting, func(s settings.Setting) {
			path := fault.Path(strings.ReplaceAll(string(s.Path), "[]", "[0]"))
			assert.True(t, reading.IsSet(path), "%s is to differ from its default here", path)
		})
	}
}

// each visits the settings with a value of their own.
func each(s settings.Setting, visit func(settings.Setting)) {
	if len(s.Settings) == 0 {
		visit(s)
	}
	for _, in := range s.Settings {
		each(in, visit)
	}
}

// paths are the settings as a map of changes has them.
func paths(of []fault.Path) []string {
	var paths []string
	for _, path := range of {
		paths = append(paths, string(path))
	}
	return paths
}

func TestEverySettingIsTakenOver(t *testing.T) {
	values := everything()
	ofData := paths(onlyReadBy[sideData])

	// 20 MiB by 8 are 160 MiB, more than a buffer holds; with a floor of 12 the plan is accepted, and refused with 20.
	refused := lines(t, raw(without(values, ofData...)))
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0], "log-pipeline:delivery.minObjectMiB: a buffer of 100 MiB or 900 s")
	values["delivery.minObjectMiB"] = "12"

	// No one half reads all settings.
	got, err := readConfig(raw(without(values, ofData...)))
	require.NoError(t, err)
	// Nor is the catalog encrypted with a key that is not protected, or a job set that is not made, or a batch that cannot read what
	// is delivered.
	both, err := readConfig(raw(without(values, "accounts.side", "access.writerRoleArn", "access.failedBucketName", "access.s3BucketName",
		"warehouse.encryptCatalog", "metrics.enabled", "batch.enabled", "delivery.format", "delivery.partitioning")))
	require.NoError(t, err)
	got.Accounts.Data, got.Stream, got.Access.ProducerRoleARNs = both.Accounts.Data, both.Stream, both.Access.ProducerRoleARNs
	got.Delivery, got.ForceDestroy, got.Warehouse, got.Metrics = both.Delivery, both.ForceDestroy, both.Warehouse, both.Metrics
	got.Batch, got.Query, got.Dashboard, got.Search = both.Batch, both.Query, both.Dashboard, both.Search
	got.Load.SharedReaders = both.Load.SharedReaders
	got.Access.ReaderRoleARNs, got.Access.ReaderExternalID = both.Access.ReaderRoleARNs, both.Access.ReaderExternalID
	assert.Equal(t, capacity.Provisioned, got.Plan.Mode)
	assert.Equal(t, 15, got.Plan.Shards)
	assert.Equal(t, 100, got.Plan.BufferMiB)
	assert.Equal(t, 900, got.Plan.BufferSeconds)
	assert.InEpsilon(t, 100.0/8*(1<<20), got.Plan.ObjectBytes, 1e-9)
	assert.Equal(t, 20_000, got.Clusters[0].Plan.AgentDiskMiB)
	assert.Equal(t, []int{6, 2, 8, 10, 100, 900}, []int{
		got.Clusters[0].Plan.Replicas, got.Clusters[0].Plan.Workers, got.Clusters[0].Plan.FlushThreads, got.Clusters[0].Plan.FlushSeconds,
		got.Clusters[0].Plan.AggregatorDiskGiB, got.Clusters[0].Plan.RetriesOnBatchRequest,
	})
	assert.Equal(t, 7, got.Metrics.Plan.Workers)
	assert.Equal(t, "requests", got.Metrics.Spec.Metrics[0].Name)
	assert.Equal(t, 5, got.Batch.Plan.Executors)
	assert.Equal(t, []int{4, 2, 2000, 3, 20, 2}, []int{
		got.Search.Plan.Instances, got.Search.Plan.Zones, got.Search.Plan.VolumeGiB, got.Search.Plan.Masters, got.Search.Plan.Shards, got.Search.Plan.Replicas,
	})
	got.Search.Plan = capacity.SearchPlan{}
	got.Metrics.Plan, got.Metrics.Spec, got.Batch.Plan = capacity.JobPlan{}, nil, capacity.BatchPlan{}
	got.Plan, got.Clusters[0].Plan, got.Warnings = capacity.Plan{}, capacity.ClusterPlan{}, nil
	assert.Equal(t, everythingRead(), got)
}

func without(values map[string]string, names ...string) map[string]string {
	values = maps.Clone(values)
	for _, name := range names {
		delete(values, name)
	}
	return values
}
