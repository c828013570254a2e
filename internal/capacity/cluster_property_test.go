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

// anyCluster draws from what a cluster may be, with a mean that leaves a stream of its own something to drain with.
func anyCluster(t *rapid.T) capacity.Cluster {
	peak := rapid.Float64Range(1, 1e6).Draw(t, "peak")
	bytes := rapid.IntRange(50, 100_000).Draw(t, "bytes")
	length := func(name string, most time.Duration) time.Duration {
		return time.Duration(rapid.IntRange(0, int(most/time.Second)).Draw(t, name)) * time.Second
	}
	c := capacity.Cluster{
		Nodes:                rapid.IntRange(1, 500).Draw(t, "nodes"),
		PodsPerNode:          rapid.IntRange(1, 250).Draw(t, "pods"),
		PeakRecordsPerSecond: peak,
		MeanRecordsPerSecond: peak * rapid.Float64Range(0.001, 0.9).Draw(t, "mean"),
		MeanRecordBytes:      bytes,
		LargestRecordBytes:   capacity.MaxRecordBytes,
		BurstFactor:          rapid.Float64Range(1, 10).Draw(t, "burst factor"),
		Burst:                length("burst", time.Hour),
		StreamOutage:         length("stream outage", 24*time.Hour),
		AggregatorOutage:     length("aggregator outage", 24*time.Hour),
	}
	if rapid.Bool().Draw(t, "loud") {
		even := peak / float64(c.Nodes*c.PodsPerNode)
		c.PodPeakRecordsPerSecond = even * rapid.Float64Range(1, 1_000).Draw(t, "loudest")
	}
	return c
}

// streamOf is a computed stream that the cluster has for itself.
func streamOf(t *rapid.T, c capacity.Cluster) capacity.Stream {
	plan, err := capacity.Compute(loadOf(c), capacity.Choice{})
	require.NoError(t, err)
	return capacity.Stream{Load: loadOf(c), Plan: plan}
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
		plan, err := capacity.ComputeCluster(c, stream, choice)
		require.NoError(t, err)

		choice.AgentDiskMiB, choice.AggregatorDiskGiB = plan.AgentDiskMiB, plan.AggregatorDiskGiB
		choice.Replicas, choice.Workers, choice.FlushThreads = plan.Replicas, plan.Workers, plan.FlushThreads
		choice.FlushSeconds, choice.RetriesOnBatchRequest = plan.FlushSeconds, plan.RetriesOnBatchRequest
		again, err := capacity.ComputeCluster(c, stream, choice)
		require.NoError(t, err)
		assert.Equal(t, plan, again)

		assert.Positive(t, plan.TotalLimitMiB)
		assert.LessOrEqual(t, plan.ChunkLimitMiB, plan.TotalLimitMiB)
		assert.LessOrEqual(t, plan.TotalLimitMiB*plan.Workers*max(1, choice.Outputs), plan.AggregatorDiskGiB*1_024, "the buffers fit the volume")
		assert.GreaterOrEqual(t, plan.StreamStall, c.StreamOutage)
	})
}

func TestNearestClusterSettingIsTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCluster(t)
		c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = c.PeakRecordsPerSecond*10, c.MeanRecordsPerSecond*10
		c.PodPeakRecordsPerSecond *= 10
		stream := streamOf(t, c)
		enough, err := capacity.ComputeCluster(c, stream, capacity.ClusterChoice{})
		require.NoError(t, err)

		for _, set := range []func(*capacity.ClusterChoice, int){
			func(c *capacity.ClusterChoice, n int) { c.AgentDiskMiB = n },
			func(c *capacity.ClusterChoice, n int) { c.AggregatorDiskGiB = n },
			func(c *capacity.ClusterChoice, n int) { c.RetriesOnBatchRequest = n },
			func(c *capacity.ClusterChoice, n int) {
				c.Replicas, c.Workers, c.FlushThreads = n, enough.Workers, enough.FlushThreads
				c.AggregatorDiskGiB = capacity.MaxAggregatorDiskGiB
				c.AgentDiskMiB = 1 << 40
			},
			func(c *capacity.ClusterChoice, n int) {
				c.Replicas, c.Workers, c.FlushThreads = enough.Replicas, enough.Workers, n
				c.AggregatorDiskGiB = capacity.MaxAggregatorDiskGiB
			},
		} {
			var choice capacity.ClusterChoice
			set(&choice, 1)
			_, err := capacity.ComputeCluster(c, stream, choice)
			if err == nil {
				continue
			}
			refusal := capacity.Refusals(err)[0]
			nearest, parseErr := strconv.Atoi(refusal.Nearest)
			require.NoError(t, parseErr, "%v", refusal)

			set(&choice, nearest)
			_, err = capacity.ComputeCluster(c, stream, choice)
			for _, r := range capacity.Refusals(err) {
				assert.NotEqual(t, refusal.Setting, r.Setting, "%d was suggested: %v", nearest, r)
			}
			set(&choice, nearest-1)
			_, err = capacity.ComputeCluster(c, stream, choice)
			assert.Error(t, err, "one less than %d %s", nearest, refusal.Setting)
		}
	})
}

func TestMoreToSurviveNeverMeansSmallerBuffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less := anyCluster(t)
		more := less
		longer := func(name string, d time.Duration) time.Duration {
			return d + time.Duration(rapid.IntRange(0, 3_600).Draw(t, name))*time.Second
		}
		more.StreamOutage = longer("longer stream outage", less.StreamOutage)
		more.AggregatorOutage = longer("longer aggregator outage", less.AggregatorOutage)
		choice := capacity.ClusterChoice{Replicas: 100_000, Workers: 4, FlushThreads: 16}

		stream := streamOf(t, less)
		lessPlan, err := capacity.ComputeCluster(less, stream, choice)
		require.NoError(t, err)
		morePlan, err := capacity.ComputeCluster(more, stream, choice)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, morePlan.AgentDiskMiB, lessPlan.AgentDiskMiB)
		assert.GreaterOrEqual(t, morePlan.AggregatorDiskGiB, lessPlan.AggregatorDiskGiB)
		assert.GreaterOrEqual(t, morePlan.RetriesOnBatchRequest, lessPlan.RetriesOnBatchRequest)
	})
}
