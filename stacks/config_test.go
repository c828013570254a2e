package stacks

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/settings"
	"example.com/log-pipeline/tests/mocks"
)

const namespace = "log-pipeline:"

// minimal is the least that a stack sets, with changes by path; an empty value takes a setting away.
func minimal(change map[string]string) settings.Source {
	values := map[string]string{
		"accounts.data.region":      "eu-west-1",
		"accounts.data.id":          "111111111111",
		"load.peakRecordsPerSecond": "2000",
		"load.meanRecordsPerSecond": "500",
	}
	maps.Copy(values, change)
	return raw(values)
}

// raw is a configuration of settings by their paths.
func raw(values map[string]string) settings.Source {
	return settings.Source{Project: "log-pipeline", Stack: "dev", Values: mocks.Config(values), Secret: map[string]bool{}}
}

// lines are the faults of a configuration as they are shown, without the heading.
func lines(t *testing.T, source settings.Source) []string {
	t.Helper()
	got, err := readConfig(source)
	require.Error(t, err)
	assert.Nil(t, got)
	var typed *settings.Error
	require.ErrorAs(t, err, &typed)
	return typed.Diagnostics()
}

func TestMinimalConfig(t *testing.T) {
	want := &Config{
		Accounts: Accounts{Data: Account{ID: "111111111111", Region: "eu-west-1"}, Side: sideBoth},
		Load: capacity.Load{SharedReaders: 1, Traffic: capacity.Traffic{
			PeakRecordsPerSecond: 2_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 1_000, LargestRecordBytes: 262_144,
			BurstFactor: 2, Burst: 5 * time.Minute,
		}},
		StreamOutage: time.Hour, FluentdOutage: 30 * time.Minute,
		Plan: capacity.Plan{
			Mode: capacity.OnDemand, BufferMiB: 128, BufferSeconds: 120, FreshnessSeconds: 120, ObjectsPerDay: 720, ObjectBytes: 6_000_000,
		},
		NamePrefix: "log-pipeline-dev",
		Stream:     streamConfig{Name: "log-pipeline-dev-logs", RetentionHours: 48},
		Delivery:   deliveryConfig{BufferMiB: 128, CompressionRatio: 10, MinObjectMiB: 4, SmallObjects: "warn", LogRetentionDays: 365, Format: "json"},
		Search: searchConfig{
			EngineVersion: "OpenSearch_2.19", IndexName: "logs", FunctionArchitecture: "arm64", LogRetentionDays: 365,
			Delivery: searchDeliveryConfig{BufferMiB: 5, BufferSeconds: 60, RetrySeconds: 300, Backup: "failed"},
			Choice:   capacity.SearchChoice{Rotation: "OneDay", DaysKept: 30, RefreshSeconds: 10, IndexRatio: capacity.DefaultIndexRatio},
		},
		Logging: loggingConfig{Namespace: "logging", Outputs: []logging.OutputName{"stream"}},
		Events:  logging.Events{PartitionKey: logging.ByEvent, Oversize: logging.Truncate},
		Flows:   []flowConfig{{Flow: logging.Flow{Name: "everything", Parser: logging.JSON}}},
		Access: accessConfig{
			WriterRoleName: "log-pipeline-dev-writer", WriterRoleARN: "arn:aws:iam::111111111111:role/log-pipeline-dev-writer",
			ReaderRoleName: "log-pipeline-dev-reader",
		},
		Lake:      lakeConfig{Raw: lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 90, ExpiryDays: 365}},
		Warehouse: warehouseConfig{SnapshotDays: 1, OrphanDays: 3},
		Metrics: metricsConfig{
			Enabled: true, AutoScaling: true, LogRetentionDays: 365, Spec: metricspec.Default(),
			Choice: capacity.JobChoice{WorkerType: capacity.G1X, TriggerSeconds: 60, ScheduleMinutes: 5},
			Plan: capacity.JobPlan{
				WorkerType: capacity.G1X, Workers: 2, RecordsPerSecond: 40_000, TriggerSeconds: 60, ScheduleMinutes: 5, Away: 7 * time.Minute,
				CatchUp: 22 * time.Second, FreshnessSeconds: 63,
			},
		},
		Batch: batchConfig{
			Enabled: true, LogRetentionDays: 365, Choice: capacity.BatchChoice{RunsPerDay: 2},
			Plan: capacity.BatchPlan{RunsPerDay: 2, LatenessHours: 6, Executors: 1, RecordsPerRun: 100_800_000, Duration: 2520 * time.Second},
		},
		Query:     queryConfig{BytesScannedCutoff: 10 << 30},
		Dashboard: dashboardConfig{Title: "Metrics", ImportMode: "DIRECT_QUERY", Access: dashboard.Access{Namespace: "default"}},
		Protect:   true,
	}

	got, err := readConfig(minimal(nil))
	require.NoError(t, err)
	assert.Equal(t, want, got)

	t.Run("an empty value is not set", func(t *testing.T) {
		config := minimal(nil)
		for _, key := range Settings().Describe() {
			if _, set := config.Values[namespace+key.Name]; !set {
				config.Values[namespace+key.Name] = ""
			}
		}
		got, err := readConfig(config)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
	t.Run("foreign namespaces are not looked at", func(t *testing.T) {
		config := minimal(map[string]string{"pulumi:disable-default-providers": `["*"]`, "other:region": "x"})
		got, err := readConfig(config)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}

func TestServiceAccountDefaultsToTheSameRegion(t *testing.T) {
	got, err := readConfig(minimal(map[string]string{"accounts.service.id": "222222222222", "accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"}))
	require.NoError(t, err)
	assert.Equal(t, &Account{ID: "222222222222", Region: "eu-west-1"}, got.Accounts.Service)
}

func TestOneAccountInTwoRegions(t *testing.T) {
	got, err := readConfig(minimal(map[string]string{"accounts.service.id": "111111111111", "accounts.service.region": "us-east-1"}))
	require.NoError(t, err)
	assert.Equal(t, &Account{ID: "111111111111", Region: "us-east-1"}, got.Accounts.Service)
}

func TestWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"none": {},
		"retention as long as Firehose retries": {
			change: map[string]string{"stream.retentionHours": "24"}, want: []string{"log-pipeline:stream.retentionHours: 24 hours are as long as Firehose"},
		},
		"an hour longer": {change: map[string]string{"stream.retentionHours": "25"}},
		"capacity's own": {
			change: map[string]string{"load.meanRecordsPerSecond": "1"}, want: []string{"log-pipeline:delivery.minObjectMiB: a buffer of 128 MiB"},
		},
		"a computed capacity": {
			change: map[string]string{"load.burstFactor": "3"}, want: []string{"log-pipeline:stream.mode: computed as PROVISIONED with 6 shards"},
		},
		"a plain external id": {
			change: map[string]string{"accounts.data.roleArn": "arn:aws:iam::111111111111:role/x", "dataExternalId": "abc"},
			want:   []string{"log-pipeline:dataExternalId: not encrypted"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readConfig(minimal(test.change))
			require.NoError(t, err)
			require.Len(t, got.Warnings, len(test.want))
			for i, want := range test.want {
				assert.Contains(t, got.Warnings[i], want)
			}
		})
	}
}
