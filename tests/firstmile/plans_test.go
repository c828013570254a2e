package firstmile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/tests/firstmile"
)

// TestPlannedBuffersLoseNothing is what the plans are for.
func TestPlannedBuffersLoseNothing(t *testing.T) {
	for name, test := range map[string]struct {
		subject subject
		without []string // scenarios that another subject shows as well
	}{
		"dev": {subject: newSubject(t, dev, capacity.Choice{}, capacity.ClusterChoice{})},
		"dev, several workers": {
			subject: newSubject(t, dev, capacity.Choice{}, capacity.ClusterChoice{Workers: 3, ChunkKeys: 1}),
		},
		"prod, chunks by tag": {
			subject: newSubject(t, prod, sixtyShards, capacity.ClusterChoice{}),
			without: []string{"Kinesis cannot be reached", "both at once"},
		},
		"prod, one worker": {
			subject: newSubject(t, prod, sixtyShards, capacity.ClusterChoice{Workers: 1, ChunkKeys: 1}),
			without: []string{"Kinesis cannot be reached", "both at once"},
		},
		"prod on as many shards as its peak needs": {
			subject: newSubject(t, prod, capacity.Choice{Mode: capacity.Provisioned, Shards: 20}, capacity.ClusterChoice{ChunkKeys: 1}),
			without: []string{"Kinesis cannot be reached", "Kinesis refuses everything", "both at once", "Fluentd is away"},
		},
		"loud node, several workers": {
			subject: newSubject(t, loud, capacity.Choice{}, capacity.ClusterChoice{Workers: 2}).withLoudNode(),
		},
	} {
		for scenario, happens := range scenarios {
			if slices.Contains(test.without, scenario) {
				continue
			}
			t.Run(name+"/"+scenario, func(t *testing.T) {
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

// TestAgentsDisksHoldEitherWay: when an agent's tasks are used up, its files go on to be many and small or grow to 2 MB, and it
// may have more tasks if its image is a newer one.
func TestAgentsDisksHoldEitherWay(t *testing.T) {
	tag := capacity.ClusterChoice{}
	for name, subject := range map[string]subject{
		"dev":          newSubject(t, dev, capacity.Choice{}, tag),
		"prod":         newSubject(t, prod, sixtyShards, tag),
		"loud node":    newSubject(t, loud, capacity.Choice{}, tag).withLoudNode(),
		"half an hour": newSubject(t, long, capacity.Choice{}, tag),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := func(tasks int, locks bool) firstmile.Result {
				config := scenarios["Fluentd is away"](subject, subject.config)
				config.Agent.Tasks, config.Agent.Locks = tasks, locks
				result := firstmile.Run(config)
				t.Logf("%d tasks, locks %t: %d logged, %d lost, agents held up to %d MiB of %d, empty after %s", tasks, locks,
					result.Logged, result.Lost(), result.AgentBytes>>20, subject.plan.AgentDiskMiB, result.Emptied.Round(time.Second))
				assert.Zero(t, result.Lost(), "%+v", result)
				assert.Zero(t, result.Left, "everything is delivered in the end: %+v", result)
				return result
			}
			few := run(agentTasks, false)
			if subject.cluster == long { // TestPlannedBuffersLoseNothing has the others with locks
				many, locked := run(newerAgentTasks, false), run(agentTasks, true)
				assert.Greater(t, many.AgentBytes, few.AgentBytes, "or the tasks are not used up")
				assert.Greater(t, locked.AgentBytes, many.AgentBytes, "or the tasks are not used up")
			}
		})
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
		"half an hour, the agents' disk": {
			subject: newSubject(t, long, capacity.Choice{}, tag), scenario: "Fluentd is away",
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
