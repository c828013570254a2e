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

func TestRefusedClusters(t *testing.T) {
	hour := cluster(streamAway(time.Hour), fluentdAway(time.Hour))
	choice := func(c capacity.ClusterChoice) capacity.ClusterChoice { return c }

	for name, test := range map[string]struct {
		cluster capacity.Cluster
		choice  capacity.ClusterChoice
		shards  int
		setting fault.Path
		nearest string
		message string
	}{
		"no nodes":            {cluster: cluster(func(c *capacity.Cluster) { c.Nodes = 0 }), setting: "Nodes", message: "an integer from 1 to 15000"},
		"no pods":             {cluster: cluster(func(c *capacity.Cluster) { c.PodsPerNode = -1 }), setting: "PodsPerNode", message: "an integer from 1 to 737"},
		"no peak":             {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 0 }), setting: "PeakRecordsPerSecond", message: "out of range"},
		"negative outage":     {cluster: cluster(streamAway(-time.Second)), setting: "StreamOutage", message: `(given: "-1s"); allowed: an integer from 0 to 86400`},
		"negative absence":    {cluster: cluster(fluentdAway(-time.Second)), setting: "AggregatorOutage", message: "out of range"},
		"negative pod":        {cluster: cluster(func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = -1 }), setting: "PodPeakRecordsPerSecond", message: "an integer from 1 to 1000000"},
		"quiet loudest pod":   {cluster: cluster(func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = 9 }), setting: "PodPeakRecordsPerSecond", nearest: "0", message: "10 x 10 pods logs 9 records/s, and the cluster's peak makes 10"},
		"burst below peak":    {cluster: cluster(clusterBurst(0.5, time.Minute)), setting: "BurstFactor", message: "a number from 1 to 1000"},
		"records over 1 MiB":  {cluster: cluster(func(c *capacity.Cluster) { c.LargestRecordBytes = mib + 1 }), setting: "LargestRecordBytes", nearest: "1048576", message: "truncate or divert"},
		"negative replicas":   {choice: choice(capacity.ClusterChoice{Replicas: -1}), setting: "Replicas", message: "an integer from 1 to 500"},
		"endless flushes":     {choice: choice(capacity.ClusterChoice{FlushSeconds: 601}), setting: "FlushSeconds", message: "an integer from 1 to 600"},
		"too deep retries":    {choice: choice(capacity.ClusterChoice{RetriesOnBatchRequest: 1_001}), setting: "RetriesOnBatchRequest", message: "an integer from 1 to 1000"},
		"impossible volume":   {choice: choice(capacity.ClusterChoice{AggregatorDiskGiB: 16_385}), setting: "AggregatorDiskGiB", message: "an integer from 1 to 16384"},
		"negative worker":     {choice: choice(capacity.ClusterChoice{WorkerRecordsPerSecond: math.Inf(1)}), setting: "WorkerRecordsPerSecond", message: "an integer from 1 to 1000000"},
		"tiny agents' disk":   {choice: choice(capacity.ClusterChoice{AgentDiskMiB: 15}), setting: "AgentDiskMiB", message: "an integer from 16 to 10485760"},
		"negative chunk keys": {choice: choice(capacity.ClusterChoice{ChunkKeys: -1}), setting: "ChunkKeys", message: "an integer from 0"},
		"small agents' disk":  {cluster: hour, choice: choice(capacity.ClusterChoice{AgentDiskMiB: 500}), setting: "AgentDiskMiB", nearest: "1641", message: "500 MiB of disk, and holds 363100 records in 1h0m31s while Fluentd is away: 1641 MiB in chunk files"},
		"small volumes":       {cluster: hour, choice: choice(capacity.ClusterChoice{AggregatorDiskGiB: 2}), setting: "AggregatorDiskGiB", nearest: "4", message: "away for 1h0m0s, as flush threads may sleep until 1h35m35s after its start, and 2 replicas of it need 4 GiB each, in 1 buffer: there are 2"},
		"the plugin's own 8":  {cluster: hour, choice: choice(capacity.ClusterChoice{RetriesOnBatchRequest: 8}), setting: "RetriesOnBatchRequest", nearest: "14", message: "refuses every record for 1h0m0s, the plugin may have used up 8 of its retries after 1m4s"},
		"one weak Fluentd":    {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 5_000 }), choice: choice(capacity.ClusterChoice{Replicas: 1, Workers: 1}), shards: 10, setting: "Replicas", nearest: "2", message: "1 replica of Fluentd with 1 worker each carry 4000 records/s, and the peak is 5000"},
		"too few threads":     {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 100_000 }), choice: choice(capacity.ClusterChoice{Replicas: 5, Workers: 3, FlushThreads: 1, WorkerRecordsPerSecond: 10_000}), shards: 200, setting: "FlushThreads", nearest: "2", message: "1 thread in each of 15 workers flush 75000 records/s in calls of 0.1 s, and the peak is 100000"},
		"nothing to drain by": {cluster: cluster(streamAway(time.Hour), func(c *capacity.Cluster) { c.MeanRecordsPerSecond = 1_000 }), shards: 1, setting: "Stream.Plan.Shards", nearest: "2", message: "the buffers never drain: the mean is 1000 records/s, and 1000 is all that leaves"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cluster == (capacity.Cluster{}) {
				test.cluster = cluster()
			}
			plan, faults := capacity.ComputeCluster(test.cluster, withShards(test.cluster, test.shards), test.choice)
			found := only(t, faults)
			assert.Equal(t, test.setting, found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.String(), test.message)
			assert.Zero(t, plan, "a refused plan must not be usable")
		})
	}

	t.Run("all at once", func(t *testing.T) {
		_, faults := capacity.ComputeCluster(hour, withShards(hour, 0), capacity.ClusterChoice{AgentDiskMiB: 16, AggregatorDiskGiB: 1, RetriesOnBatchRequest: 1})
		assert.Len(t, faults, 3)
	})
	t.Run("too much for the volumes of so many replicas", func(t *testing.T) {
		long := cluster(streamAway(24*time.Hour), func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 10_000 })
		choice := capacity.ClusterChoice{Replicas: 2, Outputs: 20, ChunkKeys: 1}
		_, faults := capacity.ComputeCluster(long, withShards(long, 20), choice)
		found := only(t, faults)
		assert.Equal(t, fault.Path("Replicas"), found.Path)
		assert.Contains(t, found.Problem.String(), "a volume has 16384 at most")
	})
}

func TestClusterWarnings(t *testing.T) {
	many := func(c *capacity.Cluster) { c.Nodes, c.PodsPerNode = 100, 50 }
	for name, test := range map[string]struct {
		cluster capacity.Cluster
		choice  capacity.ClusterChoice
		shards  int
		setting fault.Path // empty where there is none
		nearest string
		message []string
	}{
		"a stream that takes all that is offered": {choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 20},
		"a backlog offers more": {
			choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 10, setting: "RetriesOnBatchRequest",
			message: []string{
				"while a backlog drains Fluentd offers more than the 10000 records/s", "refused 41 times, which takes as little as 10s",
				"drop_failed_records_after_batch_request_retries", "alarm on WriteProvisionedThroughputExceeded and fluentd_output_status_num_errors",
			},
		},
		"few retries": {
			choice: capacity.ClusterChoice{ChunkKeys: 1, RetriesOnBatchRequest: 8}, shards: 10,
			setting: "RetriesOnBatchRequest", nearest: "40",
			message: []string{"refused 9 times, which takes as little as 2s", "40 make that next to impossible"},
		},
		"a burst over the stream": {
			cluster: cluster(clusterBurst(4, time.Minute)), choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 2,
			setting: "RetriesOnBatchRequest", message: []string{"and in a burst of 4000 records/s, Fluentd offers more than the 2000"},
		},
		"chunks by tag": {
			cluster: cluster(many), choice: capacity.ClusterChoice{}, shards: 200, setting: "ChunkKeys", nearest: "1",
			message: []string{"a chunk for each of 5000 pods", "16 threads flush them in 35s, not in the 5 s", `buffer.tags: ""`},
		},
		"the only Fluentd": {
			choice: capacity.ClusterChoice{Replicas: 1, ChunkKeys: 1}, shards: 20, setting: "Replicas", nearest: "2",
			message: []string{"while one of 1 replica of Fluentd is away the others carry 0 records/s"},
		},
		"a burst over Fluentd": {
			cluster: cluster(clusterBurst(10, time.Minute)), choice: capacity.ClusterChoice{Replicas: 2, Workers: 1, ChunkKeys: 1}, shards: 40,
			setting: "Replicas", nearest: "3", message: []string{"a burst of 10000 records/s for 1m0s is more than the 8000"},
		},
		"agents that fill the node": {
			cluster: cluster(fluentdAway(24 * time.Hour)), choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 20,
			setting: "AgentDiskMiB", message: []string{"the root volume of an EKS node has 20 GiB", "less than 24h0m0s"},
		},
		"a drain of days": {
			cluster: cluster(streamAway(24*time.Hour), func(c *capacity.Cluster) { c.MeanRecordsPerSecond = 990 }), shards: 1,
			choice: capacity.ClusterChoice{ChunkKeys: 1, FlushThreads: 1, RetriesOnBatchRequest: 1_000}, setting: "Stream.Plan.Shards",
			message: []string{"to drain at the mean rate of 990 records/s, as at most 1000 leave"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cluster == (capacity.Cluster{}) {
				test.cluster = cluster()
			}
			plan, faults := capacity.ComputeCluster(test.cluster, withShards(test.cluster, test.shards), test.choice)
			require.Empty(t, faults)
			if test.setting == "" {
				assert.Empty(t, plan.Warnings)
				return
			}
			var about fault.List
			for _, w := range plan.Warnings {
				if w.Path == test.setting {
					about = append(about, w)
				}
			}
			require.Len(t, about, 1, "%v", plan.Warnings)
			assert.Equal(t, test.nearest, about[0].Nearest)
			for _, m := range test.message {
				assert.Contains(t, about[0].Problem.String(), m)
			}
		})
	}
}
