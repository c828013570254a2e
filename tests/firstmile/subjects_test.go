package firstmile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/tests/firstmile"
)

// subject is a cluster, its plan, and the configuration that follows from the plan.
type subject struct {
	cluster capacity.Cluster
	plan    capacity.ClusterPlan
	config  firstmile.Config
}

// onDemandShards is what a new on-demand stream takes, 4 MB/s or 4,000 records/s (docs.aws.amazon.com/streams/latest/dev/
// how-do-i-size-a-stream.html).
const onDemandShards = 4

// agentTasks is the limit of the Fluent Bit that the Logging Operator deploys, 3.2.5 (github.com/fluent/fluent-bit/issues/9997).
const agentTasks = 2_048

// newerAgentTasks is the limit since github.com/fluent/fluent-bit/pull/10044.
const newerAgentTasks = 16_384

func newSubject(t *testing.T, cluster capacity.Cluster, stream capacity.Choice, choice capacity.ClusterChoice) subject {
	t.Helper()
	load := capacity.Load{Traffic: cluster.Traffic, SharedReaders: 1}
	streamPlan, faults := capacity.Compute(load, stream)
	require.Empty(t, faults)
	plan, faults := capacity.ComputeCluster(cluster, capacity.Stream{Load: load, Plan: streamPlan}, choice)
	require.Empty(t, faults)

	config := firstmile.Config{
		Seed: 1, Nodes: cluster.Nodes, PodsPerNode: cluster.PodsPerNode, RecordBytes: cluster.MeanRecordBytes, Patience: 3 * time.Hour,
		Agent: firstmile.Agent{Filesystem: true, DiskBytes: int64(plan.AgentDiskMiB) << 20, RetryLimit: -1, Tasks: agentTasks, Locks: true},
		Aggregator: firstmile.Aggregator{
			Replicas: plan.Replicas, Workers: plan.Workers, Threads: plan.FlushThreads, ByTag: choice.ChunkKeys == 0,
			FlushInterval: time.Duration(plan.FlushSeconds) * time.Second, QueuedChunks: plan.QueuedChunksLimit,
			ThreadInterval: time.Duration(capacity.FlushThreadIntervalSeconds * float64(time.Second)),
			BurstInterval:  time.Duration(capacity.FlushThreadBurstIntervalSeconds * float64(time.Second)),
			ChunkBytes:     int64(plan.ChunkLimitMiB) << 20, LimitBytes: int64(plan.TotalLimitMiB) << 20,
			DiskBytes: int64(plan.AggregatorDiskGiB) << 30, Block: true,
			RetryMaxInterval: capacity.RetryMaxIntervalSeconds * time.Second,
			RecordsPerSecond: capacity.DefaultWorkerRecordsPerSecond, Retries: plan.RetriesOnBatchRequest,
		},
		Stream: firstmile.Stream{Shards: streamPlan.Shards},
	}
	if streamPlan.Mode == capacity.OnDemand {
		config.Stream.Shards = onDemandShards
	}
	return subject{cluster, plan, config}
}

// operatorDefaults is the same cluster with what the Logging Operator and its programs do unless told otherwise: the tail
// input in 5 MB of memory (pkg/sdk/logging/api/v1beta1/logging_types.go), one retry (docs.fluentbit.io/manual/administration/
// scheduling-and-retries), one Fluentd with one worker on 20 GiB, buffers by tag and time of 10 minutes and one more
// (pkg/sdk/logging/model/output/buffer.go), Fluentd's own flush_thread_count, overflow_action and sizes of file buffers, and
// the plugin's 8 retries.
func (s subject) operatorDefaults() firstmile.Config {
	config := s.config
	config.Agent = firstmile.Agent{MemoryBytes: 5_000_000, RetryLimit: 1, Tasks: agentTasks, Locks: true}
	config.Aggregator = firstmile.Aggregator{
		Replicas: 1, Workers: 1, Threads: 1, ByTag: true, TimeKey: 10 * time.Minute, TimeKeyWait: time.Minute,
		ChunkBytes: 256 << 20, LimitBytes: 64 << 30, DiskBytes: 20 << 30, RecordsPerSecond: 5_000, Retries: 8,
	}
	return config
}

// start is when something happens, after a while at the mean rate.
const start = time.Minute

// scenarios change what happens, and leave how things are configured.
var scenarios = map[string]func(subject, firstmile.Config) firstmile.Config{
	"ten times the mean for 15 minutes": func(s subject, c firstmile.Config) firstmile.Config {
		mean := s.cluster.MeanRecordsPerSecond
		c.Rate = func(at time.Duration) float64 {
			if at >= start && at < start+15*time.Minute {
				return 10 * mean
			}
			return mean
		}
		c.End = start + 17*time.Minute
		return c
	},
	// The retries of the plugin end with one that comes up to an outage after the outage: the peak lasts until then.
	"Kinesis refuses everything": func(s subject, c firstmile.Config) firstmile.Config {
		c.Stream.Refusing = outage(s.cluster.StreamOutage)
		return s.burstAndPeak(c, s.plan.StreamStall)
	},
	"Kinesis cannot be reached": func(s subject, c firstmile.Config) firstmile.Config {
		c.Stream.Unreachable = outage(s.cluster.StreamOutage)
		return s.burstAndPeak(c, s.plan.StreamStall)
	},
	"Fluentd is away": func(s subject, c firstmile.Config) firstmile.Config {
		c.Aggregator.Away = outage(s.cluster.AggregatorOutage)
		return s.burstAndPeak(c, max(s.cluster.AggregatorOutage, s.cluster.Burst))
	},
	"both at once": func(s subject, c firstmile.Config) firstmile.Config {
		c.Stream.Refusing = outage(s.cluster.StreamOutage)
		ends := start + s.cluster.StreamOutage
		c.Aggregator.Away = []firstmile.Span{{From: ends - s.cluster.AggregatorOutage, To: ends}}
		return s.burstAndPeak(c, s.plan.StreamStall)
	},
}

func outage(length time.Duration) []firstmile.Span {
	return []firstmile.Span{{From: start, To: start + length}}
}

// burstAndPeak has a burst at the start, and the peak after it for so long.
func (s subject) burstAndPeak(c firstmile.Config, lasts time.Duration) firstmile.Config {
	c.Rate = func(at time.Duration) float64 {
		switch at -= start; {
		case at < 0 || at >= lasts:
			return s.cluster.MeanRecordsPerSecond
		case at < s.cluster.Burst:
			return s.cluster.PeakRecordsPerSecond * s.cluster.BurstFactor
		default:
			return s.cluster.PeakRecordsPerSecond
		}
	}
	c.End = start + lasts + time.Minute
	return c
}

var dev = capacity.Cluster{
	Traffic: capacity.Traffic{
		PeakRecordsPerSecond: 200, MeanRecordsPerSecond: 50, MeanRecordBytes: 1_000, LargestRecordBytes: 262_144,
		BurstFactor: 2, Burst: 5 * time.Minute,
	},
	Nodes: 3, PodsPerNode: 15, StreamOutage: 30 * time.Minute, AggregatorOutage: 10 * time.Minute,
}

// prod has short bursts of three times the peak, and Fluentd back soon: with a longer outage of Fluentd the agents' disks are so
// large that they hold what half of Fluentd's buffers do not.
var prod = capacity.Cluster{
	Traffic: capacity.Traffic{
		PeakRecordsPerSecond: 20_000, MeanRecordsPerSecond: 7_000, MeanRecordBytes: 900, LargestRecordBytes: 262_144,
		BurstFactor: 3, Burst: 10 * time.Minute,
	},
	Nodes: 60, PodsPerNode: 30, StreamOutage: 30 * time.Minute, AggregatorOutage: 3 * time.Minute,
}

// loud has a node that is full of pods five times as loud as an even share.
var loud = capacity.Cluster{
	Traffic: capacity.Traffic{
		PeakRecordsPerSecond: 4_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 2_000, LargestRecordBytes: 262_144,
		BurstFactor: 2, Burst: 5 * time.Minute,
	},
	Nodes: 20, PodsPerNode: 20, PodPeakRecordsPerSecond: 50, StreamOutage: 15 * time.Minute, AggregatorOutage: 10 * time.Minute,
}

// long has Fluentd away for half an hour, in which 30 pods fill more files than any Fluent Bit has tasks.
var long = capacity.Cluster{
	Traffic: capacity.Traffic{
		PeakRecordsPerSecond: 800, MeanRecordsPerSecond: 200, MeanRecordBytes: 1_000, LargestRecordBytes: 262_144,
		BurstFactor: 2, Burst: 5 * time.Minute,
	},
	Nodes: 4, PodsPerNode: 30, StreamOutage: 30 * time.Minute, AggregatorOutage: 30 * time.Minute,
}

// withLoudNode gives the first node what PodPeakRecordsPerSecond says, and the others the rest.
func (s subject) withLoudNode() subject {
	c := s.cluster
	one := float64(c.PodsPerNode) * c.PodPeakRecordsPerSecond
	other := (c.PeakRecordsPerSecond - one) / float64(c.Nodes-1)
	s.config.LoudNode = one / other
	return s
}

var sixtyShards = capacity.Choice{Mode: capacity.Provisioned, Shards: 60}
