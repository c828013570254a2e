package firstmile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/capacity/firstmile"
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

func newSubject(t *testing.T, cluster capacity.Cluster, stream capacity.Choice, choice capacity.ClusterChoice) subject {
	t.Helper()
	load := capacity.Load{
		PeakRecordsPerSecond: cluster.PeakRecordsPerSecond, MeanRecordsPerSecond: cluster.MeanRecordsPerSecond,
		MeanRecordBytes: cluster.MeanRecordBytes, LargestRecordBytes: cluster.LargestRecordBytes,
		BurstFactor: cluster.BurstFactor, Burst: cluster.Burst, SharedReaders: 1,
	}
	streamPlan, err := capacity.Compute(load, stream)
	require.NoError(t, err)
	plan, err := capacity.ComputeCluster(cluster, capacity.Stream{Load: load, Plan: streamPlan}, choice)
	require.NoError(t, err)

	config := firstmile.Config{
		Seed: 1, Nodes: cluster.Nodes, PodsPerNode: cluster.PodsPerNode, RecordBytes: cluster.MeanRecordBytes, Patience: 3 * time.Hour,
		Agent: firstmile.Agent{Filesystem: true, DiskBytes: int64(plan.AgentDiskMiB) << 20, RetryLimit: -1, Tasks: 16_384},
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
	config.Agent = firstmile.Agent{MemoryBytes: 5_000_000, RetryLimit: 1, Tasks: 2_048}
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
	Nodes: 3, PodsPerNode: 15, PeakRecordsPerSecond: 200, MeanRecordsPerSecond: 50, MeanRecordBytes: 1_000, LargestRecordBytes: 262_144,
	BurstFactor: 2, Burst: 5 * time.Minute, StreamOutage: 30 * time.Minute, AggregatorOutage: 10 * time.Minute,
}

// prod has short bursts of three times the peak, and Fluentd back soon: with a longer outage of Fluentd the agents' disks are so
// large that they hold what half of Fluentd's buffers do not.
var prod = capacity.Cluster{
	Nodes: 60, PodsPerNode: 30, PeakRecordsPerSecond: 20_000, MeanRecordsPerSecond: 7_000, MeanRecordBytes: 900, LargestRecordBytes: 262_144,
	BurstFactor: 3, Burst: 10 * time.Minute, StreamOutage: 30 * time.Minute, AggregatorOutage: 3 * time.Minute,
}

// loud has a node that is full of pods five times as loud as an even share.
var loud = capacity.Cluster{
	Nodes: 20, PodsPerNode: 20, PeakRecordsPerSecond: 4_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 2_000, LargestRecordBytes: 262_144,
	PodPeakRecordsPerSecond: 50, BurstFactor: 2, Burst: 5 * time.Minute, StreamOutage: 15 * time.Minute, AggregatorOutage: 10 * time.Minute,
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

// TestPlannedBuffersLoseNothing is what the plans are for.
func TestPlannedBuffersLoseNothing(t *testing.T) {
	for name, test := range map[string]struct {
		subject subject
		skip    []string // what another subject shows as well
	}{
		"dev": {subject: newSubject(t, dev, capacity.Choice{}, capacity.ClusterChoice{})},
		"dev, several workers": {
			subject: newSubject(t, dev, capacity.Choice{}, capacity.ClusterChoice{Workers: 3, ChunkKeys: 1}),
		},
		"prod, chunks by tag": {
			subject: newSubject(t, prod, sixtyShards, capacity.ClusterChoice{}),
			skip:    []string{"Kinesis cannot be reached", "both at once"},
		},
		"prod, one worker": {
			subject: newSubject(t, prod, sixtyShards, capacity.ClusterChoice{Workers: 1, ChunkKeys: 1}),
			skip:    []string{"Kinesis cannot be reached", "both at once"},
		},
		"prod on as many shards as its peak needs": {
			subject: newSubject(t, prod, capacity.Choice{Mode: capacity.Provisioned, Shards: 20}, capacity.ClusterChoice{ChunkKeys: 1}),
			skip:    []string{"Kinesis cannot be reached", "Kinesis refuses everything", "both at once", "Fluentd is away"},
		},
		"loud node, several workers": {
			subject: newSubject(t, loud, capacity.Choice{}, capacity.ClusterChoice{Workers: 2}).withLoudNode(),
		},
	} {
		for scenario, happens := range scenarios {
			t.Run(name+"/"+scenario, func(t *testing.T) {
				if slices.Contains(test.skip, scenario) {
					t.Skip("shown by another load")
				}
				t.Parallel()
				result := firstmile.Run(happens(test.subject, test.subject.config))
				t.Logf("%d logged, %d lost, agents held up to %d MiB of %d, buffers %d MiB of %d, empty after %s",
					result.Logged, result.Lost(), result.AgentBytes>>20, test.subject.plan.AgentDiskMiB,
					result.BufferBytes>>20, test.subject.plan.TotalLimitMiB, result.Emptied.Round(time.Second))
				assert.Zero(t, result.Lost(), "%+v", result)
				assert.Zero(t, result.Left, "everything is delivered in the end: %+v", result)
			})
		}
	}
}

// TestNoPlannedBufferIsMuchTooLarge halves one buffer at a time.
func TestNoPlannedBufferIsMuchTooLarge(t *testing.T) {
	tag := capacity.ClusterChoice{}
	for name, test := range map[string]struct {
		subject  subject
		scenario string
		change   func(*firstmile.Config)
		lost     func(firstmile.Result) int64
	}{
		"dev, the agents' disk": {
			subject: newSubject(t, dev, capacity.Choice{}, tag), scenario: "Fluentd is away",
			change: func(c *firstmile.Config) { c.Agent.DiskBytes /= 2 }, lost: discarded,
		},
		"prod, the agents' disk": {
			subject: newSubject(t, prod, sixtyShards, tag), scenario: "Fluentd is away",
			change: func(c *firstmile.Config) { c.Agent.DiskBytes /= 2 }, lost: discarded,
		},
		"loud node, the agents' disk": {
			subject: newSubject(t, loud, capacity.Choice{}, tag).withLoudNode(), scenario: "Fluentd is away",
			change: func(c *firstmile.Config) { c.Agent.DiskBytes /= 2 }, lost: discarded,
		},
		// Fluentd holds the agents up then, and their disks are not meant for as long.
		"prod, Fluentd's buffers": {
			subject: newSubject(t, prod, sixtyShards, tag), scenario: "Kinesis refuses everything",
			change: func(c *firstmile.Config) { c.Aggregator.LimitBytes /= 2 }, lost: discarded,
		},
		// 12 retries end after 17 to 24 minutes of the 30.
		"dev, the plugin's retries": {
			subject: newSubject(t, dev, capacity.Choice{}, tag), scenario: "Kinesis refuses everything",
			change: func(c *firstmile.Config) { c.Aggregator.Retries = 12 },
			lost:   func(r firstmile.Result) int64 { return r.Dropped },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := scenarios[test.scenario](test.subject, test.subject.config)
			test.change(&config)
			result := firstmile.Run(config)
			t.Logf("%d of %d lost", result.Lost(), result.Logged)
			assert.Positive(t, test.lost(result), "%+v", result)
		})
	}
}

func discarded(r firstmile.Result) int64 { return r.Discarded }

// TestOperatorsDefaultsLose prints what the same clusters lose without a plan.
func TestOperatorsDefaultsLose(t *testing.T) {
	tag := capacity.ClusterChoice{}
	for name, test := range map[string]struct {
		subject subject
		loses   []string
	}{
		"dev": {
			subject: newSubject(t, dev, capacity.Choice{}, tag),
			loses:   []string{"Kinesis refuses everything", "Fluentd is away"},
		},
		"prod": {
			subject: newSubject(t, prod, sixtyShards, tag),
			loses: []string{
				"ten times the mean for 15 minutes", "Kinesis refuses everything", "Kinesis cannot be reached", "Fluentd is away",
			},
		},
	} {
		for scenario, happens := range scenarios {
			t.Run(name+"/"+scenario, func(t *testing.T) {
				t.Parallel()
				result := firstmile.Run(happens(test.subject, test.subject.operatorDefaults()))
				t.Logf("%d of %d lost: %d rotated away, %d given up by the agents, %d thrown by Fluentd, %d dropped by the plugin; %d still in buffers",
					result.Lost(), result.Logged, result.Rotated, result.Discarded, result.Thrown, result.Dropped, result.Left)
				if slices.Contains(test.loses, scenario) {
					assert.Positive(t, result.Lost())
				}
			})
		}
	}
}

// TestPlannedFreshness holds the promise of a plan against what records take while nothing is away.
func TestPlannedFreshness(t *testing.T) {
	for name, subject := range map[string]subject{
		"dev":                   newSubject(t, dev, capacity.Choice{}, capacity.ClusterChoice{}),
		"prod, chunks by tag":   newSubject(t, prod, sixtyShards, capacity.ClusterChoice{}),
		"prod, one chunk":       newSubject(t, prod, sixtyShards, capacity.ClusterChoice{ChunkKeys: 1}),
		"prod, slow flushing":   newSubject(t, prod, sixtyShards, capacity.ClusterChoice{ChunkKeys: 1, FlushSeconds: 30}),
		"prod, too few threads": newSubject(t, prod, sixtyShards, capacity.ClusterChoice{FlushThreads: 2}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := subject.config
			config.Rate = func(time.Duration) float64 { return subject.cluster.PeakRecordsPerSecond }
			config.End = 5 * time.Minute
			result := firstmile.Run(config)
			const agentFlush = time.Second // after which the simulation's Fluentd has a record
			promised, took := time.Duration(subject.plan.FreshnessSeconds)*time.Second, result.Freshness+agentFlush
			t.Logf("%s promised, %s at worst", promised, took.Round(time.Millisecond))
			assert.LessOrEqual(t, took, promised)
			assert.Greater(t, took, promised/3, "and not much too pessimistic")
		})
	}
}
