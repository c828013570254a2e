package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
)

// FuzzParseConfig sets two keys to anything: the loader never panics, and returns a usable configuration or faults.
func FuzzParseConfig(f *testing.F) {
	for key, values := range faulty {
		for value := range values {
			f.Add(namespace+key, value, "aws:region", "")
		}
	}
	for key, value := range everything() {
		f.Add(namespace+key, value, namespace+"protect", "false")
	}
	f.Add("log-pipeline:strange\nkey", "x", "", "")
	f.Add(namespace+"rawInfrequentAccessDays", "36500", namespace+"rawArchiveDays", "36500")
	f.Add(namespace+"streamMode", "PROVISIONED", namespace+"shardCount", "2")

	f.Fuzz(func(t *testing.T, key1, value1, key2, value2 string) {
		config := minimal(nil)
		config.Values[key1], config.Values[key2] = value1, value2
		got, err := parseConfig(config)
		if err != nil {
			require.Nil(t, got)
			var typed *configError
			require.ErrorAs(t, err, &typed)
			require.NotEmpty(t, typed.faults)
			assert.Equal(t, len(typed.faults), strings.Count(err.Error(), "\n"), "a line for each fault")
			return
		}
		assertUsable(t, got)
	})
}

// assertUsable holds for every configuration that is accepted.
func assertUsable(t *testing.T, c *Config) {
	t.Helper()
	for _, account := range []*Account{&c.Data, c.Service} {
		if account == nil {
			continue
		}
		assert.Regexp(t, accountPattern, account.ID)
		assert.Regexp(t, regionPattern, account.Region)
		if account.RoleARN == "" {
			assert.Empty(t, account.ExternalID)
		} else {
			assert.Contains(t, account.RoleARN, account.ID)
		}
	}

	assert.Regexp(t, kinesisName, c.Stream.Name)
	assert.True(t, c.Stream.RetentionHours >= 24 && c.Stream.RetentionHours <= 8_760)
	assert.LessOrEqual(t, len(c.Stream.FanOutConsumers), 20)

	assert.LessOrEqual(t, c.Load.LargestRecordBytes, capacity.MaxRecordBytes)
	assert.LessOrEqual(t, c.Load.MeanRecordsPerSecond, c.Load.PeakRecordsPerSecond)
	switch c.Plan.Mode {
	case capacity.OnDemand:
		assert.Zero(t, c.Plan.Shards)
	case capacity.Provisioned:
		assert.GreaterOrEqual(t, float64(c.Plan.Shards)*1_000, c.Load.PeakRecordsPerSecond)
	default:
		t.Errorf("no capacity mode: %q", c.Plan.Mode)
	}
	assert.True(t, c.Plan.BufferMiB >= 1 && c.Plan.BufferMiB <= 128)
	assert.True(t, c.Plan.BufferSeconds >= 0 && c.Plan.BufferSeconds <= 900)

	infrequent, archive, expiry := c.Lake.InfrequentAccessDays, c.Lake.ArchiveDays, c.Lake.ExpiryDays
	assert.True(t, infrequent == 0 || infrequent >= 30)
	assert.True(t, infrequent == 0 || archive == 0 || archive >= infrequent+30)
	assert.True(t, expiry == 0 || expiry > max(infrequent, archive))
	assert.False(t, c.Lake.Protect && c.Lake.ForceDestroy)
}
