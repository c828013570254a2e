package metricspec_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that the zones do not depend on the machine

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
)

func TestDefault(t *testing.T) {
	spec := metricspec.Default()
	require.NotNil(t, spec)
	faults, warnings := spec.Against(metricspec.Surroundings{RetentionHours: 24, ProducerDelaySeconds: 120, LargestRecordBytes: 1_048_576})
	assert.Empty(t, faults)
	assert.Empty(t, warnings, "not even of cardinality or unused fields")

	names := []string{}
	for _, m := range spec.Metrics {
		assert.NotEmpty(t, m.Description, m.Name)
		names = append(names, m.Name)
	}
	for _, r := range spec.Ratios {
		assert.NotEmpty(t, r.Description, r.Name)
		names = append(names, r.Name)
	}
	assert.Equal(t, []string{
		"requests", "errors", "client_errors", "bytes_received", "bytes_sent", "latency_sum", "latency_max", "events", "concurrent_users", "participants",
		"error_rate", "latency_mean", "participation_rate",
	}, names)
	spec.Metrics[0].Name = "changed"
	assert.NotEqual(t, "changed", metricspec.Default().Metrics[0].Name, "everybody has their own")
}

func TestTheExampleInTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), "```yaml\n")
	require.True(t, found)
	example, _, _ := strings.Cut(rest, "```\n")
	spec := parse(t, example)
	assert.Len(t, spec.Ratios, 1)
}

func TestEachZoneIsOne(t *testing.T) {
	list, err := os.ReadFile("zones.txt")
	require.NoError(t, err)
	zones := strings.Fields(string(list))
	assert.True(t, slices.IsSorted(zones))
	assert.Len(t, slices.Compact(slices.Clone(zones)), len(zones))
	for _, zone := range zones {
		_, err := time.LoadLocation(zone)
		require.NoError(t, err)
	}
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "America/Argentina/Buenos_Aires", "Etc/GMT+12"} {
		assert.Contains(t, zones, zone)
	}
}
