package stacks

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
)

const namespace = "log-pipeline:"

// minimal is the least that a stack sets, with changes by key; an empty value takes a key away.
func minimal(change map[string]string) rawConfig {
	values := map[string]string{
		"accounts.data.region":      "eu-west-1",
		"accounts.data.id":          "111111111111",
		"load.peakRecordsPerSecond": "2000",
		"load.meanRecordsPerSecond": "500",
	}
	maps.Copy(values, change)
	return raw(values)
}

// raw puts the namespace before keys that have none.
func raw(values map[string]string) rawConfig {
	full := make(map[string]string)
	for key, value := range values {
		if !strings.Contains(key, ":") {
			key = namespace + key
		}
		full[key] = value
	}
	return rawConfig{Project: "log-pipeline", Stack: "dev", Values: full}
}

// lines are the faults of a configuration as they are shown, without the heading.
func lines(t *testing.T, config rawConfig) []string {
	t.Helper()
	got, err := parseConfig(config)
	require.Error(t, err)
	assert.Nil(t, got)
	all := strings.Split(err.Error(), "\n")
	for i, line := range all[1:] {
		all[i+1] = strings.TrimPrefix(line, "  ")
	}
	return all[1:]
}

func TestMinimalConfig(t *testing.T) {
	want := &Config{
		Data: Account{ID: "111111111111", Region: "eu-west-1"},
		Load: capacity.Load{
			PeakRecordsPerSecond: 2_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 1_000, LargestRecordBytes: 262_144,
			BurstFactor: 2, Burst: 5 * time.Minute, SharedReaders: 1,
		},
		Plan: capacity.Plan{
			Mode: capacity.OnDemand, BufferMiB: 128, BufferSeconds: 120, FreshnessSeconds: 120, ObjectsPerDay: 720, ObjectBytes: 6_000_000,
		},
		Stream:   StreamConfig{Name: "log-pipeline-dev-logs", RetentionHours: 48},
		Delivery: DeliveryConfig{LogRetentionDays: 365},
		Clusters: []ClusterConfig{},
		Logging: LoggingConfig{
			Namespace: "logging", Outputs: []string{"stream"}, PartitionKey: logging.ByEvent, Oversize: logging.Truncate,
			Flows: []FlowConfig{{Flow: logging.Flow{Name: "everything", Parser: logging.JSON}}},
		},
		Access: AccessConfig{
			Side: "both", WriterRoleName: "log-pipeline-dev-writer", WriterRoleARN: "arn:aws:iam::111111111111:role/log-pipeline-dev-writer",
			ReaderRoleName: "log-pipeline-dev-reader",
		},
		Raw:     lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 90, ExpiryDays: 365},
		Protect: true,
	}

	got, err := parseConfig(minimal(nil))
	require.NoError(t, err)
	assert.Equal(t, want, got)

	t.Run("an empty value is not set", func(t *testing.T) {
		config := minimal(nil)
		for _, key := range configKeys {
			if _, set := config.Values[namespace+key.name]; !set {
				config.Values[namespace+key.name] = ""
			}
		}
		got, err := parseConfig(config)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
	t.Run("foreign namespaces are not looked at", func(t *testing.T) {
		config := minimal(map[string]string{"pulumi:disable-default-providers": `["*"]`, "other:region": "x"})
		got, err := parseConfig(config)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}

func TestServiceAccountDefaultsToTheSameRegion(t *testing.T) {
	got, err := parseConfig(minimal(map[string]string{"accounts.service.id": "222222222222", "accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"}))
	require.NoError(t, err)
	assert.Equal(t, &Account{ID: "222222222222", Region: "eu-west-1"}, got.Service)
}

func TestOneAccountInTwoRegions(t *testing.T) {
	got, err := parseConfig(minimal(map[string]string{"accounts.service.id": "111111111111", "accounts.service.region": "us-east-1"}))
	require.NoError(t, err)
	assert.Equal(t, &Account{ID: "111111111111", Region: "us-east-1"}, got.Service)
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
			got, err := parseConfig(minimal(test.change))
			require.NoError(t, err)
			require.Len(t, got.Warnings, len(test.want))
			for i, want := range test.want {
				assert.Contains(t, got.Warnings[i], want)
			}
		})
	}
}

// A setting is named after its field.
func TestSettingsHaveKeys(t *testing.T) {
	never := []string{"Region", "RefuseSmallObjects"} // what no finding is about
	for _, of := range []reflect.Type{reflect.TypeFor[capacity.Load](), reflect.TypeFor[capacity.Choice]()} {
		for _, field := range reflect.VisibleFields(of) {
			_, declared := keyNamed(settingKeys[capacity.Setting(field.Name)])
			assert.Equal(t, !slices.Contains(never, field.Name), declared, field.Name)
		}
	}
	for _, of := range []reflect.Type{reflect.TypeFor[capacity.Cluster](), reflect.TypeFor[capacity.ClusterChoice]()} {
		for _, field := range reflect.VisibleFields(of) {
			path := (&parser{raw: rawConfig{Project: "log-pipeline"}}).clusterPath(0, capacity.Setting(field.Name))
			assert.Equal(t, field.Name != "ChunkKeys", path != namespace, field.Name)
		}
	}
}

func TestConfigErrorIsTyped(t *testing.T) {
	_, err := parseConfig(minimal(map[string]string{"accounts.data.region": ""}))
	var typed *configError
	require.ErrorAs(t, err, &typed)
	assert.Len(t, typed.faults, 1)
}
