package capacity_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
)

// anySearch draws settings that may contradict each other.
func anySearch(t *rapid.T) (capacity.Load, capacity.SearchChoice) {
	perSecond := rapid.SampledFrom([]float64{1, 30, 1_000, 30_000, 1_000_000}).Draw(t, "about") * rapid.Float64Range(1, 30).Draw(t, "times")
	return load(peak(perSecond), mean(perSecond*rapid.Float64Range(0.01, 1).Draw(t, "mean"))), capacity.SearchChoice{
		InstanceType: rapid.SampledFrom([]string{"", "t3.small.search", "m7g.large.search", "r6g.2xlarge.search", "or1.16xlarge.search"}).Draw(t, "type"),
		Instances:    rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 20)).Draw(t, "instances"),
		Zones:        rapid.IntRange(0, 3).Draw(t, "zones"),
		VolumeGiB:    rapid.OneOf(rapid.Just(0), rapid.IntRange(10, 3_000)).Draw(t, "volume"),
		Rotation:     rapid.SampledFrom([]string{"OneHour", "OneDay", "OneWeek", "OneMonth"}).Draw(t, "rotation"),
		DaysKept:     rapid.IntRange(1, 100).Draw(t, "days"),
		Shards:       rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 100)).Draw(t, "shards"),
		Replicas:     rapid.Ptr(rapid.IntRange(0, 2), true).Draw(t, "replicas"),
	}
}

// What is planned is accepted where it is given, and is the same then.
func TestSearchPlansAreAcceptedWhenGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anySearch(t)
		plan, faults := capacity.ComputeSearch(load, choice)
		if len(faults) > 0 {
			return
		}
		again, faults := capacity.ComputeSearch(load, capacity.SearchChoice{
			InstanceType: plan.InstanceType, Instances: plan.Instances, Zones: plan.Zones, VolumeGiB: plan.VolumeGiB,
			Masters: &plan.Masters, MasterType: plan.MasterType,
			Rotation: plan.Rotation, DaysKept: plan.DaysKept, Shards: plan.Shards, Replicas: &plan.Replicas,
			BufferSeconds: &plan.BufferSeconds, BufferMiB: plan.BufferMiB, RefreshSeconds: plan.RefreshSeconds,
		})
		require.Empty(t, faults)
		plan.Warnings, again.Warnings = nil, nil // what is computed needs less advice
		assert.Equal(t, plan, again)
	})
}

// Whatever the load, the shards are within AWS's bounds where they can be, and nothing is on a volume that does not hold it.
func TestSearchPlansKeepTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anySearch(t)
		plan, faults := capacity.ComputeSearch(load, choice)
		if len(faults) > 0 {
			return
		}
		assert.LessOrEqual(t, plan.ShardGiB, 50.000001)
		assert.GreaterOrEqual(t, plan.RecordsPerSecond, load.PeakRecordsPerSecond*(1-1e-6))
		assert.GreaterOrEqual(t, float64(plan.VolumeGiB*plan.Instances)*0.76, plan.StoredGiB*(1-1e-6))
		assert.GreaterOrEqual(t, plan.Instances, max(plan.Zones, 1+plan.Replicas))
		assert.Equal(t, plan.Instances > 10, plan.Masters > 0)
		if plan.Shards > 1 && choice.Shards == 0 && choice.Rotation == "OneDay" && plan.ShardGiB < 10 {
			assert.Less(t, load.MeanRecordsPerSecond*2, load.PeakRecordsPerSecond, "only a peak that one shard's nodes do not index makes small shards")
		}
	})
}

// The value that a fault of an integer setting suggests takes that fault away.
func TestNearestSearchSettingsWork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, choice := anySearch(t)
		_, faults := capacity.ComputeSearch(load, choice)
		faults = faults.Trusted()
		if len(faults) == 0 || faults[0].Nearest == "" {
			return
		}
		first := faults[0]
		value, err := strconv.Atoi(first.Nearest)
		require.NoError(t, err)
		switch first.Path {
		case "Instances":
			choice.Instances = value
		case "Zones":
			choice.Zones = value
		case "VolumeGiB":
			choice.VolumeGiB = value
		case "DaysKept":
			choice.DaysKept = value
		case "Shards":
			choice.Shards = value
		case "Replicas":
			choice.Replicas = &value
		default:
			t.Fatalf("no setting of this test: %v", first)
		}
		_, faults = capacity.ComputeSearch(load, choice)
		for _, f := range faults {
			assert.NotEqual(t, first.Problem, f.Problem)
			if !strings.Contains(first.Problem.String(), "at least") {
				continue
			}
			switch first.Path {
			case "Instances":
				assert.EqualValues(t, "Masters", f.Path, "so many carry the load: %v\n%v", first, f)
			case "VolumeGiB":
				assert.NotEqual(t, first.Path, f.Path, "the volume is large enough: %v\n%v", first, f)
			}
		}
	})
}
