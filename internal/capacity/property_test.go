package capacity_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
)

// anyLoad draws from everything that a load may be, up to what a stream may have shards for.
func anyLoad(t *rapid.T) capacity.Load {
	bytes := rapid.IntRange(1, capacity.MaxRecordBytes).Draw(t, "bytes")
	factor := rapid.Float64Range(1, 50).Draw(t, "burst factor")
	// Five readers read 2 MB/s a shard, and half of that is written.
	perRecord := max(float64(bytes)*2.5/1e6, 1.0/1_000)
	peak := rapid.Float64Range(0.01, min(1e7, capacity.MaxShards/factor/perRecord)).Draw(t, "peak")
	return capacity.Load{
		Traffic: capacity.Traffic{
			PeakRecordsPerSecond: peak,
			MeanRecordsPerSecond: peak * rapid.Float64Range(0.001, 1).Draw(t, "mean"),
			MeanRecordBytes:      bytes,
			LargestRecordBytes:   rapid.IntRange(bytes, capacity.MaxRecordBytes).Draw(t, "largest"),
			BurstFactor:          factor,
			Burst:                time.Duration(rapid.IntRange(0, 3_600).Draw(t, "burst")) * time.Second,
		},
		SharedReaders: rapid.IntRange(0, capacity.MaxSharedReaders).Draw(t, "readers"),
	}
}

func anyFloor(t *rapid.T) capacity.Choice {
	return capacity.Choice{
		CompressionRatio: rapid.Float64Range(1, 30).Draw(t, "ratio"),
		MinObjectMiB:     rapid.Float64Range(0, 128).Draw(t, "floor"),
	}
}

// refused says whether the shards are refused.
func refused(t *rapid.T, load capacity.Load, shards int) bool {
	_, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: shards})
	for _, r := range faults {
		require.EqualValues(t, "Shards", r.Path)
	}
	return len(faults) > 0
}

func TestSuggestedShardsAreTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		_, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: 1})
		if len(faults) == 0 {
			return
		}
		nearest, err := strconv.Atoi(faults[0].Nearest)
		require.NoError(t, err)
		assert.False(t, refused(t, load, nearest), "the suggested count is accepted")
		assert.True(t, refused(t, load, nearest-1), "one fewer is refused")
	})
}

// A shard serves twice what it takes, so the delivery to search needs no shards of its own beside that to S3.
func TestASecondReaderNeedsNoShards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		load.SharedReaders = 1
		one, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned})
		require.Len(t, faults, 1, "%v", one)
		load.SharedReaders = 2
		_, two := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned})
		assert.Equal(t, faults, two)
		onDemand, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.OnDemand})
		require.Empty(t, faults)
		for _, w := range onDemand.Warnings {
			assert.NotContains(t, w.Problem.String(), "shared reader")
		}
	})
}

func TestBurstSuggestionEndsTheWarning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		_, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned})
		forBurst, err := strconv.Atoi(faults[0].Nearest)
		require.NoError(t, err)
		plan, faults := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: forBurst})
		require.Empty(t, faults)
		for _, w := range plan.Warnings {
			assert.NotContains(t, w.Problem.String(), "a burst of")
		}
	})
}

func TestComputedPlansAreNeverRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anyLoad(t), anyFloor(t)
		plan, faults := capacity.Compute(load, choice)
		require.Empty(t, faults)
		assert.Equal(t, plan.Mode == capacity.Provisioned, plan.Shards > 0)
		if plan.Mode == capacity.Provisioned {
			assert.False(t, refused(t, load, plan.Shards), "what is computed is accepted when given")
		}
	})
}

func TestComputedBufferMeetsTheFloorOrIsTheLongest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anyLoad(t), anyFloor(t)
		plan, faults := capacity.Compute(load, choice)
		require.Empty(t, faults)
		assert.Zero(t, plan.BufferSeconds%60)
		assert.GreaterOrEqual(t, plan.BufferSeconds, 60)

		met := plan.ObjectBytes >= choice.MinObjectMiB*mib*(1-1e-6)
		assert.True(t, met || plan.BufferSeconds == capacity.MaxBufferSeconds)
		if met && plan.BufferSeconds > 60 {
			shorter := plan.BufferSeconds - 60
			choice.BufferSeconds, choice.RefuseSmallObjects = &shorter, true
			_, faults := capacity.Compute(load, choice)
			assert.NotEmpty(t, faults, "a minute less makes small objects")
		}
	})
}

func TestNearestBufferSettingWorks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anyLoad(t), anyFloor(t)
		choice.RefuseSmallObjects = true
		choice.BufferMiB = rapid.OneOf(rapid.IntRange(1, capacity.MaxBufferMiB), rapid.Just(capacity.MaxBufferMiB)).Draw(t, "MiB")
		seconds := rapid.OneOf(rapid.IntRange(0, capacity.MaxBufferSeconds), rapid.Just(capacity.MaxBufferSeconds)).Draw(t, "seconds")
		choice.BufferSeconds = &seconds
		_, faults := capacity.Compute(load, choice)
		if len(faults) == 0 {
			return
		}

		nearest := faults[0]
		if nearest.Nearest == "" {
			return // More than one setting has to change: delivery_test.go has the cases.
		}
		value, err := strconv.ParseFloat(nearest.Nearest, 64)
		require.NoError(t, err)
		switch nearest.Path {
		case "BufferSeconds":
			longer := int(value)
			choice.BufferSeconds = &longer
		case "BufferMiB":
			choice.BufferMiB = int(value)
		case "MinObjectMiB":
			choice.MinObjectMiB = value
		default:
			t.Fatalf("no buffer setting: %v", nearest)
		}
		_, faults = capacity.Compute(load, choice)
		assert.Empty(t, faults)
	})
}

func TestMoreLoadNeverMeansFewerShards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less := anyLoad(t)
		more := less
		more.PeakRecordsPerSecond *= rapid.Float64Range(1, 10).Draw(t, "more records")
		more.SharedReaders = rapid.IntRange(less.SharedReaders, capacity.MaxSharedReaders).Draw(t, "more readers")
		more.BurstFactor *= rapid.Float64Range(1, 3).Draw(t, "more burst")

		lessPlan, faults := capacity.Compute(less, capacity.Choice{})
		require.Empty(t, faults)
		morePlan, faults := capacity.Compute(more, capacity.Choice{})
		if tooMuch(t, faults) {
			return
		}
		assert.GreaterOrEqual(t, morePlan.Shards, lessPlan.Shards)
	})
}
