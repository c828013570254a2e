package capacity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

const mib = 1 << 20

func TestBuffer(t *testing.T) {
	seconds := func(s int) *int { return &s }

	for name, test := range map[string]struct {
		load          capacity.Load
		choice        capacity.Choice
		bufferSeconds int
		objectsPerDay float64
		objectBytes   float64
	}{
		// 1 MB/s, a minute of it by 10.
		"a minute is enough": {
			load: load(mean(1_000)), choice: capacity.Choice{MinObjectMiB: 1},
			bufferSeconds: 60, objectsPerDay: 1_440, objectBytes: 6_000_000,
		},
		// 0.1 MB/s need 104.9 s for 10 MiB.
		"the shortest whole minute": {
			load: load(mean(100)), choice: capacity.Choice{MinObjectMiB: 1},
			bufferSeconds: 120, objectsPerDay: 720, objectBytes: 1_200_000,
		},
		"a worse ratio needs more before compression, so less time": {
			load: load(mean(100)), choice: capacity.Choice{MinObjectMiB: 1, CompressionRatio: 5},
			bufferSeconds: 60, objectsPerDay: 1_440, objectBytes: 1_200_000,
		},
		"no floor": {
			load: load(mean(1)), bufferSeconds: 60, objectsPerDay: 1_440, objectBytes: 6_000,
		},
		"nothing is enough": {
			load: load(mean(1)), choice: capacity.Choice{MinObjectMiB: 1},
			bufferSeconds: 900, objectsPerDay: 96, objectBytes: 90_000,
		},
		"exactly 900 s": {
			load: load(mean(1), meanBytes(65_536)), choice: capacity.Choice{MinObjectMiB: 5.625},
			bufferSeconds: 900, objectsPerDay: 96, objectBytes: 5.625 * mib,
		},
		"a floor above what the size allows": {
			load: load(mean(16), meanBytes(65_536)), choice: capacity.Choice{MinObjectMiB: 90},
			bufferSeconds: 900, objectsPerDay: 86_400.0 / 128, objectBytes: 12.8 * mib,
		},
		"the size is reached before the time": {
			load: load(peak(128), mean(128), meanBytes(65_536)), choice: capacity.Choice{MinObjectMiB: 1, BufferSeconds: seconds(300)},
			bufferSeconds: 300, objectsPerDay: 86_400.0 / 16, objectBytes: 12.8 * mib,
		},
		"a given size": {
			load: load(peak(128), mean(128), meanBytes(65_536)), choice: capacity.Choice{BufferMiB: 64, BufferSeconds: seconds(300)},
			bufferSeconds: 300, objectsPerDay: 86_400.0 / 8, objectBytes: 6.4 * mib,
		},
		"0 s is not unset": {
			load: load(), choice: capacity.Choice{BufferSeconds: seconds(0)},
			bufferSeconds: 0, objectsPerDay: 86_400, objectBytes: 50_000,
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, test.choice)
			require.Empty(t, faults)
			assert.Equal(t, test.bufferSeconds, plan.BufferSeconds)
			assert.Equal(t, test.bufferSeconds, plan.FreshnessSeconds)
			assert.InEpsilon(t, test.objectsPerDay, plan.ObjectsPerDay, 1e-6)
			assert.InEpsilon(t, test.objectBytes, plan.ObjectBytes, 1e-6)
			wantMiB := test.choice.BufferMiB
			if wantMiB == 0 {
				wantMiB = 128
			}
			assert.Equal(t, wantMiB, plan.BufferMiB)
		})
	}
}

func TestSmallObjects(t *testing.T) {
	seconds := func(s int) *int { return &s }

	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.Choice
		setting fault.Path
		nearest string
		message string
	}{
		"more time": {
			load: load(mean(100)), choice: capacity.Choice{MinObjectMiB: 1, BufferSeconds: seconds(60)},
			setting: "BufferSeconds", nearest: "105",
			message: "1440 objects a day of 0.57 MiB at the mean rate, under the floor of 1 MiB: 105 s reach it",
		},
		"a larger buffer": {
			load: load(mean(1_000)), choice: capacity.Choice{MinObjectMiB: 1, BufferMiB: 5},
			setting: "BufferMiB", nearest: "10", message: "10 MiB reach it",
		},
		"both": {
			load: load(mean(100)), choice: capacity.Choice{MinObjectMiB: 1, BufferMiB: 5, BufferSeconds: seconds(10)},
			setting: "BufferMiB", nearest: "", message: "10 MiB and 105 s together reach it",
		},
		"no buffer at this rate": {
			load: load(mean(1)), choice: capacity.Choice{MinObjectMiB: 1},
			setting: "MinObjectMiB", nearest: "0.085", message: "no Firehose buffer reaches it at this rate",
		},
		"no buffer, and this is not the largest": {
			load: load(mean(1)), choice: capacity.Choice{MinObjectMiB: 1, BufferSeconds: seconds(60)},
			setting: "MinObjectMiB", nearest: "", message: "128 MiB and 900 s reach 0.085 MiB",
		},
		"no buffer at any rate": {
			load: load(peak(100_000), mean(100_000)), choice: capacity.Choice{MinObjectMiB: 20},
			setting: "MinObjectMiB", nearest: "12", message: "128 MiB and 900 s reach 12 MiB",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, test.choice)
			require.Empty(t, faults, "small objects are a warning unless the choice says otherwise")
			warning := plan.Warnings[len(plan.Warnings)-1]
			assert.Equal(t, test.setting, warning.Path)
			assert.Equal(t, test.nearest, warning.Nearest)
			assert.Contains(t, warning.Problem.String(), test.message)

			test.choice.RefuseSmallObjects = true
			_, faults = capacity.Compute(test.load, test.choice)
			assert.Equal(t, warning, only(t, faults))
		})
	}
}
