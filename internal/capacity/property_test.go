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

// anyLoad draws from everything that a load may be.
func anyLoad(t *rapid.T) capacity.Load {
	peak := rapid.Float64Range(0.01, 1e7).Draw(t, "peak")
	bytes := rapid.IntRange(1, capacity.MaxRecordBytes).Draw(t, "bytes")
	return capacity.Load{
		PeakRecordsPerSecond: peak,
		MeanRecordsPerSecond: peak * rapid.Float64Range(0.001, 1).Draw(t, "mean"),
		MeanRecordBytes:      bytes,
		LargestRecordBytes:   rapid.IntRange(bytes, capacity.MaxRecordBytes).Draw(t, "largest"),
		BurstFactor:          rapid.Float64Range(1, 50).Draw(t, "burst factor"),
		Burst:                time.Duration(rapid.IntRange(0, 3_600).Draw(t, "burst")) * time.Second,
		SharedReaders:        rapid.IntRange(0, capacity.MaxSharedReaders).Draw(t, "readers"),
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
	_, err := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: shards})
	for _, r := range capacity.Refusals(err) {
		require.Equal(t, capacity.SettingShards, r.Setting)
	}
	return err != nil
}

func TestSuggestedShardsAreTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		_, err := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: 1})
		if err == nil {
			return
		}
		nearest, parseErr := strconv.Atoi(capacity.Refusals(err)[0].Nearest)
		require.NoError(t, parseErr)
		assert.False(t, refused(t, load, nearest), "the suggested count is accepted")
		assert.True(t, refused(t, load, nearest-1), "one fewer is refused")
	})
}

func TestBurstSuggestionEndsTheWarning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		_, err := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned})
		forBurst, parseErr := strconv.Atoi(capacity.Refusals(err)[0].Nearest)
		require.NoError(t, parseErr)
		plan, err := capacity.Compute(load, capacity.Choice{Mode: capacity.Provisioned, Shards: forBurst})
		require.NoError(t, err)
		for _, w := range plan.Warnings {
			assert.NotContains(t, w.Message, "a burst of")
		}
	})
}

func TestComputedPlansAreNeverRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anyLoad(t), anyFloor(t)
		plan, err := capacity.Compute(load, choice)
		require.NoError(t, err)
		assert.Equal(t, plan.Mode == capacity.Provisioned, plan.Shards > 0)
		if plan.Mode == capacity.Provisioned {
			assert.False(t, refused(t, load, plan.Shards), "what is computed is accepted when given")
		}
	})
}

func TestComputedBufferMeetsTheFloorOrIsTheLongest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anyLoad(t), anyFloor(t)
		plan, err := capacity.Compute(load, choice)
		require.NoError(t, err)
		assert.Zero(t, plan.BufferSeconds%60)
		assert.GreaterOrEqual(t, plan.BufferSeconds, 60)

		met := plan.ObjectBytes >= choice.MinObjectMiB*mib*(1-1e-6)
		assert.True(t, met || plan.BufferSeconds == capacity.MaxBufferSeconds)
		if met && plan.BufferSeconds > 60 {
			shorter := plan.BufferSeconds - 60
			choice.BufferSeconds, choice.RefuseSmallObjects = &shorter, true
			_, err := capacity.Compute(load, choice)
			assert.Error(t, err, "a minute less makes small objects")
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
		_, err := capacity.Compute(load, choice)
		if err == nil {
			return
		}

		nearest := capacity.Refusals(err)[0]
		if nearest.Nearest == "" {
			return // More than one setting has to change: delivery_test.go has the cases.
		}
		value, parseErr := strconv.ParseFloat(nearest.Nearest, 64)
		require.NoError(t, parseErr)
		switch nearest.Setting {
		case capacity.SettingBufferSeconds:
			longer := int(value)
			choice.BufferSeconds = &longer
		case capacity.SettingBufferMiB:
			choice.BufferMiB = int(value)
		case capacity.SettingMinObjectMiB:
			choice.MinObjectMiB = value
		default:
			t.Fatalf("no buffer setting: %v", nearest)
		}
		_, err = capacity.Compute(load, choice)
		assert.NoError(t, err)
	})
}

func TestMoreLoadNeverMeansFewerShards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less := anyLoad(t)
		more := less
		more.PeakRecordsPerSecond *= rapid.Float64Range(1, 100).Draw(t, "more records")
		more.SharedReaders = rapid.IntRange(less.SharedReaders, capacity.MaxSharedReaders).Draw(t, "more readers")
		more.BurstFactor *= rapid.Float64Range(1, 3).Draw(t, "more burst")

		lessPlan, err := capacity.Compute(less, capacity.Choice{})
		require.NoError(t, err)
		morePlan, err := capacity.Compute(more, capacity.Choice{})
		require.NoError(t, err)
		assert.GreaterOrEqual(t, morePlan.Shards, lessPlan.Shards)
	})
}
