package capacity_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// anyCluster draws from what a cluster may be, with a mean that leaves a stream of its own something to drain with. Even ten
// times as much and a burst of ten times that is not more than a stream takes.
func anyCluster(t *rapid.T) capacity.Cluster {
	peak := rapid.Float64Range(1, 1e6).Draw(t, "peak")
	bytes := rapid.IntRange(50, min(100_000, int(max(50, 1e9/peak)))).Draw(t, "bytes")
	length := func(name string, most time.Duration) time.Duration {
		return time.Duration(rapid.IntRange(0, int(most/time.Second)).Draw(t, name)) * time.Second
	}
	c := capacity.Cluster{
		Traffic: capacity.Traffic{
			PeakRecordsPerSecond: peak,
			MeanRecordsPerSecond: peak * rapid.Float64Range(0.001, 0.9).Draw(t, "mean"),
			MeanRecordBytes:      bytes,
			LargestRecordBytes:   capacity.MaxRecordBytes,
			BurstFactor:          rapid.Float64Range(1, 10).Draw(t, "burst factor"),
			Burst:                length("burst", time.Hour),
		},
		Nodes:            rapid.IntRange(1, 500).Draw(t, "nodes"),
		PodsPerNode:      rapid.IntRange(1, 250).Draw(t, "pods"),
		StreamOutage:     length("stream outage", 24*time.Hour),
		AggregatorOutage: length("aggregator outage", 24*time.Hour),
	}
	if rapid.Bool().Draw(t, "loud") {
		even := peak / float64(c.Nodes*c.PodsPerNode)
		c.PodPeakRecordsPerSecond = min(even*rapid.Float64Range(1, 1_000).Draw(t, "loudest"), capacity.MaxPodRecordsPerSecond)
	}
	return c
}

// streamOf is a computed stream that the cluster has for itself.
func streamOf(t *rapid.T, c capacity.Cluster) capacity.Stream {
	plan, faults := capacity.Compute(loadOf(c), capacity.Choice{})
	require.Empty(t, faults)
	return capacity.Stream{Load: loadOf(c), Plan: plan}
}

// tooMuch says whether a load is more than the ceilings of settings allow, which is all that a computed plan is refused for.
func tooMuch(t *rapid.T, faults fault.List) bool {
	for _, f := range faults {
		require.Contains(t, f.Problem.String(), "are the most")
	}
	return len(faults) > 0
}

func anyClusterChoice(t *rapid.T) capacity.ClusterChoice {
	return capacity.ClusterChoice{
		ChunkKeys: rapid.SampledFrom([]int{0, 1, 100}).Draw(t, "chunk keys"),
		Outputs:   rapid.IntRange(0, 3).Draw(t, "outputs"),
		Workers:   rapid.IntRange(0, 8).Draw(t, "workers"),
	}
}

func TestComputedClusterPlansAreAcceptedAsChosen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, choice := anyCluster(t), anyClusterChoice(t)
		stream := streamOf(t, c)
		plan, faults := capacity.ComputeCluster(c, stream, choice)
		if tooMuch(t, faults) {
			return
		}

		choice.AgentDiskMiB, choice.AggregatorDiskGiB = plan.AgentDiskMiB, plan.AggregatorDiskGiB
		choice.Replicas, choice.Workers, choice.FlushThreads = plan.Replicas, plan.Workers, plan.FlushThreads
		choice.FlushSeconds, choice.RetriesOnBatchRequest = plan.FlushSeconds, plan.RetriesOnBatchRequest
		again, faults := capacity.ComputeCluster(c, stream, choice)
		require.Empty(t, faults)
		assert.Equal(t, problems(plan.Warnings), problems(again.Warnings))
		assert.Equal(t, withoutWarnings(plan), withoutWarnings(again))

		assert.Positive(t, plan.TotalLimitMiB)
		assert.LessOrEqual(t, plan.ChunkLimitMiB, plan.TotalLimitMiB)
		assert.LessOrEqual(t, plan.TotalLimitMiB*plan.Workers*max(1, choice.Outputs), plan.AggregatorDiskGiB*1_024, "the buffers fit the volume")
		assert.GreaterOrEqual(t, plan.StreamStall, c.StreamOutage)
	})
}

func problems(faults fault.List) []string {
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.Problem.String())
	}
	return texts
}

// withoutWarnings leaves out what differs between what is computed and what is chosen: the settings behind a number.
func withoutWarnings(plan capacity.ClusterPlan) capacity.ClusterPlan {
	plan.Warnings = nil
	return plan
}

func TestNearestClusterSettingIsTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCluster(t)
		c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = c.PeakRecordsPerSecond*10, c.MeanRecordsPerSecond*10
		if c.PodPeakRecordsPerSecond *= 10; c.PodPeakRecordsPerSecond > capacity.MaxPodRecordsPerSecond {
			c.PodPeakRecordsPerSecond = 0
		}
		stream := streamOf(t, c)
		enough, faults := capacity.ComputeCluster(c, stream, capacity.ClusterChoice{})
		if tooMuch(t, faults) {
			return
		}

		for _, of := range []struct {
			least int
			set   func(*capacity.ClusterChoice, int)
		}{
			{capacity.MinAgentDiskMiB, func(c *capacity.ClusterChoice, n int) { c.AgentDiskMiB = n }},
			{1, func(c *capacity.ClusterChoice, n int) { c.AggregatorDiskGiB = n }},
			{1, func(c *capacity.ClusterChoice, n int) { c.RetriesOnBatchRequest = n }},
			{1, func(c *capacity.ClusterChoice, n int) {
				c.Replicas, c.Workers, c.FlushThreads = n, enough.Workers, enough.FlushThreads
				c.AggregatorDiskGiB = capacity.MaxAggregatorDiskGiB
				c.AgentDiskMiB = capacity.MaxAgentDiskMiB
			}},
			{1, func(c *capacity.ClusterChoice, n int) {
				c.Replicas, c.Workers, c.FlushThreads = enough.Replicas, enough.Workers, n
				c.AggregatorDiskGiB = capacity.MaxAggregatorDiskGiB
			}},
		} {
			var choice capacity.ClusterChoice
			of.set(&choice, of.least)
			_, faults := capacity.ComputeCluster(c, stream, choice)
			if len(faults) == 0 || faults[0].Nearest == "" {
				continue
			}
			found := faults[0]
			nearest, err := strconv.Atoi(found.Nearest)
			require.NoError(t, err, "%v", found)

			of.set(&choice, nearest)
			_, faults = capacity.ComputeCluster(c, stream, choice)
			for _, f := range faults {
				assert.NotEqual(t, found.Path, f.Path, "%d was suggested: %v", nearest, f)
			}
			of.set(&choice, nearest-1)
			_, faults = capacity.ComputeCluster(c, stream, choice)
			assert.NotEmpty(t, faults, "one less than %d %s", nearest, found.Path)
		}
	})
}

func TestMoreToSurviveNeverMeansSmallerBuffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less := anyCluster(t)
		more := less
		longer := func(name string, d time.Duration) time.Duration {
			return min(d+time.Duration(rapid.IntRange(0, 3_600).Draw(t, name))*time.Second, capacity.MaxOutageSeconds*time.Second)
		}
		more.StreamOutage = longer("longer stream outage", less.StreamOutage)
		more.AggregatorOutage = longer("longer aggregator outage", less.AggregatorOutage)
		choice := capacity.ClusterChoice{Replicas: capacity.MaxReplicas, Workers: capacity.MaxWorkers, FlushThreads: 16}

		stream := streamOf(t, less)
		lessPlan, faults := capacity.ComputeCluster(less, stream, choice)
		if tooMuch(t, faults) {
			return
		}
		morePlan, faults := capacity.ComputeCluster(more, stream, choice)
		if tooMuch(t, faults) {
			return
		}
		assert.GreaterOrEqual(t, morePlan.AgentDiskMiB, lessPlan.AgentDiskMiB)
		assert.GreaterOrEqual(t, morePlan.AggregatorDiskGiB, lessPlan.AggregatorDiskGiB)
		assert.GreaterOrEqual(t, morePlan.RetriesOnBatchRequest, lessPlan.RetriesOnBatchRequest)
	})
}
