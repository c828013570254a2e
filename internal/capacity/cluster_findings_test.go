package capacity_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
)

func TestRefusedClusters(t *testing.T) {
	hour := cluster(streamAway(time.Hour), fluentdAway(time.Hour))
	choice := func(c capacity.ClusterChoice) capacity.ClusterChoice { return c }

	for name, test := range map[string]struct {
		cluster capacity.Cluster
		choice  capacity.ClusterChoice
		shards  int
		setting capacity.Setting
		nearest string
		message string
	}{
		"no nodes":            {cluster: cluster(func(c *capacity.Cluster) { c.Nodes = 0 }), setting: capacity.SettingNodes, nearest: "1", message: "0 nodes"},
		"no pods":             {cluster: cluster(func(c *capacity.Cluster) { c.PodsPerNode = -1 }), setting: capacity.SettingPodsPerNode, nearest: "1", message: "-1 pods"},
		"no peak":             {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 0 }), setting: capacity.SettingPeakRecordsPerSecond, message: "above 0"},
		"negative outage":     {cluster: cluster(streamAway(-time.Second)), setting: capacity.SettingStreamOutage, nearest: "0", message: "-1s"},
		"negative absence":    {cluster: cluster(fluentdAway(-time.Second)), setting: capacity.SettingAggregatorOutage, nearest: "0", message: "-1s"},
		"negative pod":        {cluster: cluster(func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = -1 }), setting: capacity.SettingPodPeakRecordsPerSecond, nearest: "0", message: "0 (all log alike)"},
		"quiet loudest pod":   {cluster: cluster(func(c *capacity.Cluster) { c.PodPeakRecordsPerSecond = 9 }), setting: capacity.SettingPodPeakRecordsPerSecond, nearest: "0", message: "10 x 10 pods logs 9 records/s, and the cluster's peak makes 10"},
		"burst below peak":    {cluster: cluster(clusterBurst(0.5, time.Minute)), setting: capacity.SettingBurstFactor, nearest: "1", message: "at least 1 times"},
		"records over 1 MiB":  {cluster: cluster(func(c *capacity.Cluster) { c.LargestRecordBytes = mib + 1 }), setting: capacity.SettingLargestRecordBytes, nearest: "1048576", message: "truncate or divert"},
		"negative replicas":   {choice: choice(capacity.ClusterChoice{Replicas: -1}), setting: capacity.SettingReplicas, nearest: "1", message: "-1 replicas"},
		"endless flushes":     {choice: choice(capacity.ClusterChoice{FlushSeconds: 601}), setting: capacity.SettingFlushSeconds, nearest: "600", message: "600 is the most"},
		"too deep retries":    {choice: choice(capacity.ClusterChoice{RetriesOnBatchRequest: 1_001}), setting: capacity.SettingRetriesOnBatchRequest, nearest: "1000", message: "1000 is the most"},
		"impossible volume":   {choice: choice(capacity.ClusterChoice{AggregatorDiskGiB: 16_385}), setting: capacity.SettingAggregatorDiskGiB, nearest: "16384", message: "16384 is the most"},
		"negative worker":     {choice: choice(capacity.ClusterChoice{WorkerRecordsPerSecond: math.Inf(1)}), setting: capacity.SettingWorkerRecordsPerSecond, nearest: "0", message: "worker's rate"},
		"small agents' disk":  {cluster: hour, choice: choice(capacity.ClusterChoice{AgentDiskMiB: 500}), setting: capacity.SettingAgentDiskMiB, nearest: "1641", message: "500 MiB of disk, and holds 363100 records in 1h0m31s while Fluentd is away: 1641 MiB in chunk files"},
		"small volumes":       {cluster: hour, choice: choice(capacity.ClusterChoice{AggregatorDiskGiB: 2}), setting: capacity.SettingAggregatorDiskGiB, nearest: "4", message: "away for 1h0m0s, as flush threads may sleep until 1h35m35s after its start, and 2 replicas of it need 4 GiB each, in 1 buffer: there are 2"},
		"the plugin's own 8":  {cluster: hour, choice: choice(capacity.ClusterChoice{RetriesOnBatchRequest: 8}), setting: capacity.SettingRetriesOnBatchRequest, nearest: "14", message: "refuses every record for 1h0m0s, the plugin may have used up 8 of its retries after 1m4s"},
		"one weak Fluentd":    {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 5_000 }), choice: choice(capacity.ClusterChoice{Replicas: 1, Workers: 1}), shards: 10, setting: capacity.SettingReplicas, nearest: "2", message: "1 replica of Fluentd with 1 worker each carry 4000 records/s, and the peak is 5000"},
		"too few threads":     {cluster: cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = 100_000 }), choice: choice(capacity.ClusterChoice{Replicas: 5, Workers: 3, FlushThreads: 1, WorkerRecordsPerSecond: 10_000}), shards: 200, setting: capacity.SettingFlushThreads, nearest: "2", message: "1 thread in each of 15 workers flush 75000 records/s in calls of 0.1 s, and the peak is 100000"},
		"nothing to drain by": {cluster: cluster(streamAway(time.Hour), func(c *capacity.Cluster) { c.MeanRecordsPerSecond = 1_000 }), shards: 1, setting: capacity.SettingShards, nearest: "2", message: "the buffers never drain: the mean is 1000 records/s, and 1000 is all that leaves"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cluster == (capacity.Cluster{}) {
				test.cluster = cluster()
			}
			plan, err := capacity.ComputeCluster(test.cluster, withShards(test.cluster, test.shards), test.choice)
			refusal := onlyRefusal(t, err)
			assert.Equal(t, test.setting, refusal.Setting)
			assert.Equal(t, test.nearest, refusal.Nearest)
			assert.Contains(t, refusal.Message, test.message)
			assert.Zero(t, plan, "a refused plan must not be usable")
		})
	}

	t.Run("all at once", func(t *testing.T) {
		_, err := capacity.ComputeCluster(hour, withShards(hour, 0), capacity.ClusterChoice{AgentDiskMiB: 1, AggregatorDiskGiB: 1, RetriesOnBatchRequest: 1})
		assert.Len(t, capacity.Refusals(err), 3, "%v", err)
	})
	t.Run("too much for the volumes of so many replicas", func(t *testing.T) {
		long := cluster(streamAway(365 * 24 * time.Hour))
		_, err := capacity.ComputeCluster(long, withShards(long, 0), capacity.ClusterChoice{Replicas: 2})
		refusal := onlyRefusal(t, err)
		assert.Equal(t, capacity.SettingReplicas, refusal.Setting)
		assert.Contains(t, refusal.Message, "a volume has 16384 at most")
	})
}

func TestClusterWarnings(t *testing.T) {
	many := func(c *capacity.Cluster) { c.Nodes, c.PodsPerNode = 100, 50 }
	for name, test := range map[string]struct {
		cluster capacity.Cluster
		choice  capacity.ClusterChoice
		shards  int
		setting capacity.Setting // empty where there is none
		nearest string
		message []string
	}{
		"a stream that takes all that is offered": {choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 20},
		"a backlog offers more": {
			choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 10, setting: capacity.SettingRetriesOnBatchRequest,
			message: []string{
				"while a backlog drains Fluentd offers more than the 10000 records/s", "refused 41 times, which takes as little as 10s",
				"drop_failed_records_after_batch_request_retries", "alarm on WriteProvisionedThroughputExceeded and fluentd_output_status_num_errors",
			},
		},
		"few retries": {
			choice: capacity.ClusterChoice{ChunkKeys: 1, RetriesOnBatchRequest: 8}, shards: 10,
			setting: capacity.SettingRetriesOnBatchRequest, nearest: "40",
			message: []string{"refused 9 times, which takes as little as 2s", "40 make that next to impossible"},
		},
		"a burst over the stream": {
			cluster: cluster(clusterBurst(4, time.Minute)), choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 2,
			setting: capacity.SettingRetriesOnBatchRequest, message: []string{"and in a burst of 4000 records/s, Fluentd offers more than the 2000"},
		},
		"chunks by tag": {
			cluster: cluster(many), choice: capacity.ClusterChoice{}, shards: 200, setting: capacity.SettingChunkKeys, nearest: "1",
			message: []string{"a chunk for each of 5000 pods", "16 threads flush them in 35s, not in the 5 s", `buffer.tags: ""`},
		},
		"the only Fluentd": {
			choice: capacity.ClusterChoice{Replicas: 1, ChunkKeys: 1}, shards: 20, setting: capacity.SettingReplicas, nearest: "2",
			message: []string{"while one of 1 replica of Fluentd is away the others carry 0 records/s"},
		},
		"a burst over Fluentd": {
			cluster: cluster(clusterBurst(10, time.Minute)), choice: capacity.ClusterChoice{Replicas: 2, Workers: 1, ChunkKeys: 1}, shards: 40,
			setting: capacity.SettingReplicas, nearest: "3", message: []string{"a burst of 10000 records/s for 1m0s is more than the 8000"},
		},
		"agents that fill the node": {
			cluster: cluster(fluentdAway(48 * time.Hour)), choice: capacity.ClusterChoice{ChunkKeys: 1}, shards: 20,
			setting: capacity.SettingAgentDiskMiB, message: []string{"the root volume of an EKS node has 20 GiB", "less than 48h0m0s"},
		},
		"a drain of days": {
			cluster: cluster(streamAway(24*time.Hour), func(c *capacity.Cluster) { c.MeanRecordsPerSecond = 990 }), shards: 1,
			choice: capacity.ClusterChoice{ChunkKeys: 1, FlushThreads: 1, RetriesOnBatchRequest: 1_000}, setting: capacity.SettingShards,
			message: []string{"to drain at the mean rate of 990 records/s, as at most 1000 leave"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cluster == (capacity.Cluster{}) {
				test.cluster = cluster()
			}
			plan, err := capacity.ComputeCluster(test.cluster, withShards(test.cluster, test.shards), test.choice)
			require.NoError(t, err)
			if test.setting == "" {
				assert.Empty(t, plan.Warnings)
				return
			}
			var about []capacity.Finding
			for _, w := range plan.Warnings {
				if w.Setting == test.setting {
					about = append(about, w)
				}
			}
			require.Len(t, about, 1, "%v", plan.Warnings)
			assert.Equal(t, test.nearest, about[0].Nearest)
			for _, m := range test.message {
				assert.Contains(t, about[0].Message, m)
			}
		})
	}
}
