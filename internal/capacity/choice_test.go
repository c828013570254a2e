package capacity_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

func TestRefusedSettings(t *testing.T) {
	seconds := func(s int) capacity.Choice { return capacity.Choice{BufferSeconds: &s} }
	largest := func(n int) func(*capacity.Load) { return func(l *capacity.Load) { l.LargestRecordBytes = n } }

	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.Choice
		setting fault.Path
		nearest string
		message string
	}{
		"no peak":              {load: load(peak(0)), setting: "PeakRecordsPerSecond", message: "an integer from 1 to 100000000"},
		"peak is not a number": {load: load(peak(math.NaN())), setting: "PeakRecordsPerSecond", message: "out of range"},
		"endless peak":         {load: load(peak(math.Inf(1))), setting: "PeakRecordsPerSecond", message: "out of range"},
		"peak over all bounds": {load: load(peak(100_000_000.5)), setting: "PeakRecordsPerSecond", message: "out of range"},
		"no mean":              {load: load(mean(0)), setting: "MeanRecordsPerSecond", message: "an integer from 1 to 100000000"},
		"mean over peak": {
			load: load(mean(2_001)), setting: "MeanRecordsPerSecond", nearest: "2000",
			message: `2001 records/s is above the peak of 2000 records/s (given: "2001")`,
		},
		"empty records": {load: load(meanBytes(0)), setting: "MeanRecordBytes", message: "an integer from 1 to 1048576"},
		"mean record over largest": {
			load: load(meanBytes(100_001)), setting: "MeanRecordBytes", nearest: "100000",
			message: "100001 bytes is above the largest of 100000",
		},
		"no largest record": {load: load(largest(0)), setting: "LargestRecordBytes", message: "out of range"},
		"over 1 MiB": {
			load: load(largest(1<<20 + 1)), setting: "LargestRecordBytes", nearest: "1048576",
			message: "records of 1048577 bytes are larger than stream and Fluentd plugin take (1 MiB, partition key included), " +
				"and would be dropped: truncate or divert them (given: \"1048577\"); nearest: 1048576; allowed: an integer from 1 to 1048576",
		},
		"negative burst":   {load: load(burst(2, -time.Second)), setting: "Burst", message: `(given: "-1s"); allowed: an integer from 0 to 86400`},
		"next to no burst": {load: load(burst(2, -time.Millisecond)), setting: "Burst", message: "out of range"},
		"burst below peak": {load: load(burst(0.5, time.Second)), setting: "BurstFactor", message: `(given: "0.5"); allowed: a number from 1 to 1000`},
		"six readers": {
			load: load(readers(6)), setting: "SharedReaders", message: "6 shared readers are too many",
		},
		"unknown mode": {
			choice: capacity.Choice{Mode: "on_demand"}, setting: "Mode", message: `(given: "on_demand"); allowed: ON_DEMAND or PROVISIONED`,
		},
		"on-demand with shards": {
			choice: capacity.Choice{Mode: capacity.OnDemand, Shards: 1}, setting: "Shards", message: "1 shard contradicts the mode",
		},
		"shards with no mode": {
			choice: capacity.Choice{Shards: 4}, setting: "Shards", message: "4 shards need the mode PROVISIONED",
		},
		"negative shards": {choice: shards(-1), setting: "Shards", message: `(given: "-1"); allowed: an integer from 1 to 100000`},
		"buffer too large": {
			choice: capacity.Choice{BufferMiB: 129}, setting: "BufferMiB", message: `(given: "129"); allowed: an integer from 1 to 128`,
		},
		"negative buffer":   {choice: capacity.Choice{BufferMiB: -5}, setting: "BufferMiB", message: "out of range"},
		"interval too long": {choice: seconds(901), setting: "BufferSeconds", message: `(given: "901"); allowed: an integer from 0 to 900`},
		"negative interval": {choice: seconds(-1), setting: "BufferSeconds", message: "out of range"},
		"ratio below 1": {
			choice: capacity.Choice{CompressionRatio: 0.5}, setting: "CompressionRatio", message: "a number from 1 to 1000",
		},
		"negative floor": {
			choice: capacity.Choice{MinObjectMiB: -1}, setting: "MinObjectMiB", message: "a number from 0 to 128",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.load == (capacity.Load{}) {
				test.load = load()
			}
			plan, faults := capacity.Compute(test.load, test.choice)
			found := only(t, faults)
			assert.Equal(t, test.setting, found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.String(), test.message)
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
			_, faults := capacity.Compute(atLimits, choice)
			assert.Empty(t, faults)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, faults := capacity.Compute(load(peak(0), meanBytes(0)), capacity.Choice{BufferMiB: 500, Shards: 3})
	var settings []fault.Path
	for _, r := range faults {
		settings = append(settings, r.Path)
	}
	assert.Equal(t, []fault.Path{
		"PeakRecordsPerSecond", "MeanRecordBytes", "BufferMiB", "Shards",
	}, settings)

	_, faults = capacity.Compute(load(), capacity.Choice{Mode: capacity.Provisioned, MinObjectMiB: 100, RefuseSmallObjects: true})
	require.Len(t, faults, 2, "derived founds come together too")

	_, faults = capacity.Compute(load(peak(0)), capacity.Choice{Mode: capacity.Provisioned})
	require.Len(t, faults, 2)
	assert.Equal(t, "the mode PROVISIONED needs a shard count", faults[1].Problem.String())
	assert.Equal(t, []fault.Path{"Mode"}, faults[1].Reads)

	_, faults = capacity.Compute(load(mean(2_001)), capacity.Choice{Mode: capacity.Provisioned, Shards: 1})
	require.Len(t, faults, 2, "the peak needs two shards, whatever the mean is")
}
