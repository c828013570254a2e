package capacity_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
)

func TestRefusedSettings(t *testing.T) {
	seconds := func(s int) capacity.Choice { return capacity.Choice{BufferSeconds: &s} }
	largest := func(n int) func(*capacity.Load) { return func(l *capacity.Load) { l.LargestRecordBytes = n } }

	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.Choice
		setting capacity.Setting
		nearest string
		message string
	}{
		"no peak":              {load: load(peak(0)), setting: capacity.SettingPeakRecordsPerSecond, message: "above 0"},
		"peak is not a number": {load: load(peak(math.NaN())), setting: capacity.SettingPeakRecordsPerSecond, message: "above 0"},
		"endless peak":         {load: load(peak(math.Inf(1))), setting: capacity.SettingPeakRecordsPerSecond, message: "above 0"},
		"no mean":              {load: load(mean(0)), setting: capacity.SettingMeanRecordsPerSecond, message: "above 0"},
		"mean over peak": {
			load: load(mean(2_001)), setting: capacity.SettingMeanRecordsPerSecond, nearest: "2000",
			message: "2001 records/s is above the peak of 2000 records/s",
		},
		"empty records": {load: load(meanBytes(0)), setting: capacity.SettingMeanRecordBytes, message: "at least 1 byte"},
		"mean record over largest": {
			load: load(meanBytes(100_001)), setting: capacity.SettingMeanRecordBytes, nearest: "100000",
			message: "100001 bytes is above the largest of 100000",
		},
		"no largest record": {load: load(largest(0)), setting: capacity.SettingLargestRecordBytes, message: "at least 1 byte"},
		"over 1 MiB": {
			load: load(largest(1<<20 + 1)), setting: capacity.SettingLargestRecordBytes, nearest: "1048576",
			message: "records of 1048577 bytes are above the 1048576",
		},
		"negative burst":   {load: load(burst(2, -time.Second)), setting: capacity.SettingBurst, nearest: "0", message: "-1s"},
		"burst below peak": {load: load(burst(0.5, time.Second)), setting: capacity.SettingBurstFactor, nearest: "1", message: "at least 1 times"},
		"six readers": {
			load: load(readers(6)), setting: capacity.SettingSharedReaders, nearest: "5", message: "at most 5 may share it",
		},
		"unknown mode": {
			choice: capacity.Choice{Mode: "on_demand"}, setting: capacity.SettingMode, message: "ON_DEMAND and PROVISIONED are",
		},
		"on-demand with shards": {
			choice: capacity.Choice{Mode: capacity.OnDemand, Shards: 1}, setting: capacity.SettingShards, message: "1 shard contradicts the mode",
		},
		"shards with no mode": {
			choice: capacity.Choice{Shards: 4}, setting: capacity.SettingShards, message: "4 shards need the mode PROVISIONED",
		},
		"negative shards": {choice: shards(-1), setting: capacity.SettingShards, nearest: "1", message: "-1 shards"},
		"buffer too large": {
			choice: capacity.Choice{BufferMiB: 129}, setting: capacity.SettingBufferMiB, nearest: "128", message: "1 to 128 MiB",
		},
		"negative buffer":   {choice: capacity.Choice{BufferMiB: -5}, setting: capacity.SettingBufferMiB, nearest: "1", message: "-5 MiB"},
		"interval too long": {choice: seconds(901), setting: capacity.SettingBufferSeconds, nearest: "900", message: "0 to 900 s"},
		"negative interval": {choice: seconds(-1), setting: capacity.SettingBufferSeconds, nearest: "0", message: "0 to 900 s"},
		"ratio below 1": {
			choice: capacity.Choice{CompressionRatio: 0.5}, setting: capacity.SettingCompressionRatio, nearest: "1", message: "at least 1",
		},
		"negative floor": {
			choice: capacity.Choice{MinObjectMiB: -1}, setting: capacity.SettingMinObjectMiB, nearest: "0", message: "0 (none) or more",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.load == (capacity.Load{}) {
				test.load = load()
			}
			plan, err := capacity.Compute(test.load, test.choice)
			refusal := onlyRefusal(t, err)
			assert.Equal(t, test.setting, refusal.Setting)
			assert.Equal(t, test.nearest, refusal.Nearest)
			assert.Contains(t, refusal.Message, test.message)
			assert.Zero(t, plan, "a refused plan must not be usable")
		})
	}
}

func TestLimitsAreInclusive(t *testing.T) {
	longest, none := 900, 0
	atLimits := load(mean(2_000), readers(5), burst(1, time.Second))
	atLimits.MeanRecordBytes, atLimits.LargestRecordBytes = 1<<20, 1<<20

	for name, choice := range map[string]capacity.Choice{
		"largest buffer":  {BufferMiB: 128, BufferSeconds: &longest, CompressionRatio: 1},
		"smallest buffer": {BufferMiB: 1, BufferSeconds: &none},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := capacity.Compute(atLimits, choice)
			assert.NoError(t, err)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := capacity.Compute(load(peak(0), meanBytes(0)), capacity.Choice{BufferMiB: 500, Shards: 3})
	var settings []capacity.Setting
	for _, r := range capacity.Refusals(err) {
		settings = append(settings, r.Setting)
	}
	assert.Equal(t, []capacity.Setting{
		capacity.SettingPeakRecordsPerSecond, capacity.SettingMeanRecordBytes, capacity.SettingShards, capacity.SettingBufferMiB,
	}, settings)

	_, err = capacity.Compute(load(), capacity.Choice{Mode: capacity.Provisioned, MinObjectMiB: 100, RefuseSmallObjects: true})
	require.Len(t, capacity.Refusals(err), 2, "derived refusals come together too: %v", err)

	_, err = capacity.Compute(load(peak(0)), capacity.Choice{Mode: capacity.Provisioned})
	require.Len(t, capacity.Refusals(err), 2, "%v", err)
	assert.Contains(t, capacity.Refusals(err)[1].Message, "needs a shard count")
}

func TestRefusalsOfOtherErrors(t *testing.T) {
	assert.Empty(t, capacity.Refusals(nil))
	assert.Empty(t, capacity.Refusals(errors.New("other")))
	assert.Empty(t, capacity.Refusals(errors.Join(errors.New("other"))))
}
