package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// cluster is 10 nodes of 10 pods with 1,000 records/s of 1,000 bytes at the peak, no burst and no outage.
func cluster(change ...func(*capacity.Cluster)) capacity.Cluster {
	c := capacity.Cluster{
		Traffic: capacity.Traffic{PeakRecordsPerSecond: 1_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 1_000, LargestRecordBytes: 100_000},
		Nodes:   10, PodsPerNode: 10,
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func streamAway(length time.Duration) func(*capacity.Cluster) {
	return func(c *capacity.Cluster) { c.StreamOutage = length }
}

func fluentdAway(length time.Duration) func(*capacity.Cluster) {
	return func(c *capacity.Cluster) { c.AggregatorOutage = length }
}

func clusterBurst(factor float64, length time.Duration) func(*capacity.Cluster) {
	return func(c *capacity.Cluster) { c.BurstFactor, c.Burst = factor, length }
}

// loadOf is what a stream sees of a cluster that has it for itself.
func loadOf(c capacity.Cluster) capacity.Load {
	return capacity.Load{Traffic: c.Traffic, SharedReaders: 1}
}

// withShards is a stream for the cluster alone; 0 shards are on-demand.
func withShards(c capacity.Cluster, count int) capacity.Stream {
	s := capacity.Stream{Load: loadOf(c), Plan: capacity.Plan{Mode: capacity.OnDemand}}
	if count > 0 {
		s.Plan = capacity.Plan{Mode: capacity.Provisioned, Shards: count}
	}
	return s
}

func TestClusterPlan(t *testing.T) {
	t.Run("agents", func(t *testing.T) {
		// 969 s, 30 until it shows, and one on the way: 1,000 s of 100 records/s on a node. Ten pods' chunks of each second are
		// 10,000 files, which take 36 KiB more than the 100 MB and a twentieth in them.
		c := cluster(fluentdAway(969 * time.Second))
		plan, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{})
		require.Empty(t, faults)
		assert.Equal(t, ceilDiv(105_000_000+10_000*36<<10, mib), plan.AgentDiskMiB)
	})
	t.Run("agents whose tasks are used up", func(t *testing.T) {
		// 1,769 s, 30 and one: 1,800 s of 200 records/s on a node, and 30 pods' 54,000 files, of which 2,048 have a task.
		c := cluster(fluentdAway(1_769*time.Second), func(c *capacity.Cluster) { c.PodsPerNode, c.PeakRecordsPerSecond = 30, 2_000 })
		plan, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{})
		require.Empty(t, faults)
		require.Greater(t, 54_000, capacity.AgentTasks)
		assert.Equal(t, ceilDiv(378_000_000+54_000*36<<10, mib), plan.AgentDiskMiB)
	})
	t.Run("agents of few and small records", func(t *testing.T) {
		// 1 record/s and pod fills less than the first page of most files.
		c := cluster(fluentdAway(969*time.Second), func(c *capacity.Cluster) { c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = 100, 50 })
		plan, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{})
		require.Empty(t, faults)
		outgrown := (1_000.0 + 256) / 4_096
		files := 10_000 * (4_096 + 32_768*outgrown)
		assert.Equal(t, ceilDiv(10_500_000+int(files), mib), plan.AgentDiskMiB)
	})
	t.Run("agents of a loud pod", func(t *testing.T) {
		quiet := cluster(fluentdAway(time.Hour))
		loud := cluster(fluentdAway(time.Hour), func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = 50 })
		all := cluster(fluentdAway(time.Hour), func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = 900 })
		var disk []int
		for _, c := range []capacity.Cluster{quiet, loud, all} {
			plan, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{})
			require.Empty(t, faults)
			disk = append(disk, plan.AgentDiskMiB)
		}
		// 3,631 s of ten pods are 36,310 files, and these 1,276 MiB of waste.
		assert.InEpsilon(t, 5*(disk[0]-1_276), disk[1]-1_276, 0.02, "ten pods at 50 records/s are five times the even share")
		assert.InEpsilon(t, 10*(disk[0]-1_276), disk[2]-1_276, 0.02, "a node has no more than the whole cluster")
	})
	t.Run("a burst while Fluentd is away", func(t *testing.T) {
		calm, wild := cluster(fluentdAway(969*time.Second)), cluster(fluentdAway(969*time.Second), clusterBurst(3, 500*time.Second))
		without, faults := capacity.ComputeCluster(calm, withShards(calm, 0), capacity.ClusterChoice{})
		require.Empty(t, faults)
		with, faults := capacity.ComputeCluster(wild, withShards(wild, 3), capacity.ClusterChoice{})
		require.Empty(t, faults)
		assert.InDelta(t, without.AgentDiskMiB+105*1_000_000/mib, with.AgentDiskMiB, 1, "twice the node's 100 records/s more, for 500 s")
	})

	t.Run("Fluentd", func(t *testing.T) {
		c := cluster(streamAway(30 * time.Minute))
		plan, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{ChunkKeys: 1})
		require.Empty(t, faults)
		assert.Equal(t, 2, plan.Replicas)
		assert.Equal(t, 1, plan.Workers)
		assert.Equal(t, 2, plan.FlushThreads)
		assert.Equal(t, 5, plan.FlushSeconds)
		// 0.25*(2^13-1) s are 2,047 s at least, and 0.35*(2^13-1) s at most.
		assert.Equal(t, 2_867*time.Second, plan.StreamStall)
		// 2,867 s of 1,000 records/s, a quarter more, in two buffers: 1.82 GB, and 2 GiB less a tenth.
		assert.Equal(t, 2, plan.AggregatorDiskGiB)
		assert.Equal(t, 1_843, plan.TotalLimitMiB)
		assert.Equal(t, 8, plan.ChunkLimitMiB)
		// The stream takes 4,000 records/s, and 4 threads offer 20,000: 0.8^124 is less than 10^-12.
		assert.Equal(t, 124, plan.RetriesOnBatchRequest)
		assert.Equal(t, 820*time.Second, plan.StreamDrain, "2.867 million records at 4,000-500 records/s")
		assert.Zero(t, plan.AggregatorDrain)
		// A second to the agent's flush, 5 to Fluentd's, 0.6 until a thread has the chunk, and its 3,125 records are 7 calls.
		assert.Equal(t, 8, plan.FreshnessSeconds)
	})
	t.Run("each output and worker has a buffer of its own", func(t *testing.T) {
		c := cluster(streamAway(12 * time.Hour))
		one, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{Replicas: 2, Workers: 1})
		require.Empty(t, faults)
		workers, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{Replicas: 2, Workers: 4})
		require.Empty(t, faults)
		outputs, faults := capacity.ComputeCluster(c, withShards(c, 0), capacity.ClusterChoice{Replicas: 2, Workers: 1, Outputs: 2})
		require.Empty(t, faults)
		assert.InEpsilon(t, one.TotalLimitMiB, 4*workers.TotalLimitMiB, 0.1, "the workers share what a replica holds")
		assert.InEpsilon(t, one.AggregatorDiskGiB, workers.AggregatorDiskGiB, 0.1)
		assert.InEpsilon(t, one.TotalLimitMiB, outputs.TotalLimitMiB, 0.1, "each output holds everything")
		assert.InEpsilon(t, 2*one.AggregatorDiskGiB, outputs.AggregatorDiskGiB, 0.1)
		for _, plan := range []capacity.ClusterPlan{one, workers, outputs} {
			assert.LessOrEqual(t, plan.TotalLimitMiB/plan.ChunkLimitMiB, 2_048, "chunk files: %+v", plan)
		}
		assert.Greater(t, one.ChunkLimitMiB, 8)
	})
	t.Run("workers for a burst", func(t *testing.T) {
		// 60,000 records/s and a quarter more are 15 workers.
		c := cluster(clusterBurst(3, time.Minute), func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 20_000 })
		plan, faults := capacity.ComputeCluster(c, withShards(c, 60), capacity.ClusterChoice{})
		require.Empty(t, faults)
		assert.Equal(t, 2, plan.Workers)
		assert.Equal(t, 8, plan.Replicas)
		plan, faults = capacity.ComputeCluster(c, withShards(c, 60), capacity.ClusterChoice{Workers: 1})
		require.Empty(t, faults)
		assert.Equal(t, 15, plan.Replicas)
		plan, faults = capacity.ComputeCluster(c, withShards(c, 60), capacity.ClusterChoice{Replicas: 4})
		require.Empty(t, faults)
		assert.Equal(t, 4, plan.Workers)
		plan, faults = capacity.ComputeCluster(c, withShards(c, 60), capacity.ClusterChoice{Workers: 1, WorkerRecordsPerSecond: 2_500})
		require.Empty(t, faults)
		assert.Equal(t, 30, plan.Replicas)
	})
	t.Run("one replica more than the peak needs", func(t *testing.T) {
		c := cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 12_000 })
		plan, faults := capacity.ComputeCluster(c, withShards(c, 20), capacity.ClusterChoice{})
		require.Empty(t, faults)
		assert.Equal(t, 4, plan.Replicas*plan.Workers, "of 5,000 records/s and a quarter less")
	})
	t.Run("large records", func(t *testing.T) {
		// 100 records/s of 500,000 bytes are 50 MB/s, of which a worker is assumed to carry 10, and ten make a call.
		c := cluster(func(c *capacity.Cluster) {
			c.PeakRecordsPerSecond, c.MeanRecordsPerSecond, c.MeanRecordBytes, c.LargestRecordBytes = 100, 50, 500_000, 1_000_000
		})
		plan, faults := capacity.ComputeCluster(c, withShards(c, 60), capacity.ClusterChoice{ChunkKeys: 1})
		require.Empty(t, faults)
		assert.Equal(t, 8, plan.Replicas*plan.Workers)
		assert.Equal(t, 2, plan.FlushThreads)
	})
	t.Run("what does not fit one volume takes more of them", func(t *testing.T) {
		c := cluster(streamAway(24*time.Hour), func(c *capacity.Cluster) { c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = 8_000, 5_000 })
		few, faults := capacity.ComputeCluster(c, withShards(c, 16), capacity.ClusterChoice{})
		require.Empty(t, faults)
		plan, faults := capacity.ComputeCluster(c, withShards(c, 16), capacity.ClusterChoice{Outputs: 50})
		require.Empty(t, faults)
		assert.Greater(t, plan.Replicas, few.Replicas)
		assert.LessOrEqual(t, plan.AggregatorDiskGiB, capacity.MaxAggregatorDiskGiB)
	})
	t.Run("what is chosen is taken", func(t *testing.T) {
		c := cluster(streamAway(time.Minute), fluentdAway(time.Minute))
		choice := capacity.ClusterChoice{
			AgentDiskMiB: 5_000, Replicas: 5, Workers: 2, FlushThreads: 7, FlushSeconds: 20, AggregatorDiskGiB: 100, RetriesOnBatchRequest: 900,
		}
		plan, faults := capacity.ComputeCluster(c, withShards(c, 0), choice)
		require.Empty(t, faults)
		taken := capacity.ClusterChoice{
			AgentDiskMiB: plan.AgentDiskMiB, Replicas: plan.Replicas, Workers: plan.Workers, FlushThreads: plan.FlushThreads,
			FlushSeconds: plan.FlushSeconds, AggregatorDiskGiB: plan.AggregatorDiskGiB, RetriesOnBatchRequest: plan.RetriesOnBatchRequest,
		}
		assert.Equal(t, choice, taken)
		assert.InDelta(t, 45*1_024, plan.TotalLimitMiB, 1, "all of the volume but a tenth, in two workers")
	})
}

func ceilDiv(x, y int) int { return (x + y - 1) / y }

// The plugin's waits are between 0.25 and 0.35 s, doubled each time; tests/firstmile simulates what they do.
func TestRetriesAndStall(t *testing.T) {
	for name, test := range map[string]struct {
		outage  time.Duration
		retries int // the fewest
		stall   time.Duration
	}{
		"none":                   {outage: 0, retries: 0, stall: 0},
		"the plugin's own limit": {outage: 63 * time.Second, retries: 8, stall: 63*time.Second + 34*time.Second},
		"a second more":          {outage: 64 * time.Second, retries: 9, stall: 64*time.Second + 90*time.Second},
		"half an hour":           {outage: 30 * time.Minute, retries: 13, stall: 2_867 * time.Second},
		"an hour":                {outage: time.Hour, retries: 14, stall: 5_735 * time.Second},
		"so short that Fluentd's own wait is longer": {outage: time.Second, retries: 3, stall: 35 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			c := cluster(streamAway(test.outage))
			stream := withShards(c, 0)
			plan, faults := capacity.ComputeCluster(c, stream, capacity.ClusterChoice{})
			require.Empty(t, faults)
			assert.Equal(t, test.stall, plan.StreamStall)
			assert.GreaterOrEqual(t, plan.RetriesOnBatchRequest, test.retries)
			if test.retries < 2 {
				return
			}

			_, faults = capacity.ComputeCluster(c, stream, capacity.ClusterChoice{RetriesOnBatchRequest: test.retries})
			require.Empty(t, faults)
			_, faults = capacity.ComputeCluster(c, stream, capacity.ClusterChoice{RetriesOnBatchRequest: test.retries - 1})
			found := only(t, faults)
			assert.EqualValues(t, "RetriesOnBatchRequest", found.Path)
			assert.Contains(t, found.Problem.String(), "drops what it holds")
		})
	}
}

func TestClustersOfAStream(t *testing.T) {
	load := loadOf(cluster())
	half := cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = 500, 250 })

	require.Empty(t, capacity.CheckClusters(load, cluster()))
	require.Empty(t, capacity.CheckClusters(load, half, half))
	require.Empty(t, capacity.CheckClusters(load))

	faults := capacity.CheckClusters(load, half, half, half)
	require.Len(t, faults, 2)
	assert.EqualValues(t, "PeakRecordsPerSecond", faults[0].Path)
	assert.Equal(t, "1500", faults[0].Nearest)
	assert.Contains(t, faults[0].Problem.String(), "the peak of 3 clusters make 1500 records/s, and the stream is planned for 1000")
	assert.EqualValues(t, "MeanRecordsPerSecond", faults[1].Path)
	assert.Equal(t, "750", faults[1].Nearest)

	heavy, large := half, half
	heavy.MeanRecordBytes, heavy.LargestRecordBytes, large.LargestRecordBytes = 2_500, 100_000, 200_000
	faults = capacity.CheckClusters(load, heavy)
	require.Len(t, faults, 2, "peak and mean")
	assert.EqualValues(t, "MeanRecordBytes", faults[0].Path)
	assert.Equal(t, "1250", faults[0].Nearest)
	assert.Contains(t, faults[0].Problem.String(), "1.2 MB/s, and the stream is planned for 1 MB/s")
	faults = capacity.CheckClusters(load, large)
	require.Len(t, faults, 1)
	assert.EqualValues(t, "LargestRecordBytes", faults[0].Path)
	assert.Equal(t, "200000", faults[0].Nearest)

	t.Run("one alone", func(t *testing.T) {
		twice := cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 2_000 })
		_, faults := capacity.ComputeCluster(twice, capacity.Stream{Load: load, Plan: withShards(twice, 10).Plan}, capacity.ClusterChoice{})
		found := only(t, faults)
		assert.EqualValues(t, "Stream.Load.PeakRecordsPerSecond", found.Path)
		assert.Equal(t, []fault.Path{"PeakRecordsPerSecond"}, found.Reads)
		assert.Equal(t, "2000", found.Nearest)
	})
	t.Run("a share each", func(t *testing.T) {
		half.StreamOutage = time.Hour
		stream := capacity.Stream{Load: load, Plan: withShards(half, 3).Plan}
		plan, faults := capacity.ComputeCluster(half, stream, capacity.ClusterChoice{})
		require.Empty(t, faults)
		// Of 3,000 records/s it gets half, and 250 are its mean.
		assert.InDelta(t, 500*plan.StreamStall.Seconds()/1_250, plan.StreamDrain.Seconds(), 1)
	})
}

func TestAlarms(t *testing.T) {
	plan, faults := capacity.ComputeCluster(cluster(), withShards(cluster(), 0), capacity.ClusterChoice{})
	require.Empty(t, faults)
	watched := make(map[string]bool)
	for _, a := range plan.Alarms {
		assert.NotEmpty(t, a.Condition, a.Metric)
		assert.NotEmpty(t, a.Reason, a.Metric)
		watched[a.Metric] = true
	}
	for _, metric := range []string{
		"AWS/Kinesis WriteProvisionedThroughputExceeded", "fluentd_output_status_num_errors", "fluentd_output_status_retry_wait",
		"fluentd_output_status_buffer_available_space_ratio", "fluentbit_output_dropped_records_total",
	} {
		assert.True(t, watched[metric], metric)
	}
}
