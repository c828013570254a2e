package firstmile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/tests/firstmile"
)

// simple is one pod on one node, and one thread, with room for everything.
func simple(change func(*firstmile.Config)) firstmile.Config {
	c := firstmile.Config{
		Seed: 1, Nodes: 1, PodsPerNode: 1, RecordBytes: 1_000, End: 10 * time.Minute, Patience: time.Hour,
		Rate:  func(time.Duration) float64 { return 200 },
		Agent: firstmile.Agent{Filesystem: true, RetryLimit: -1, Tasks: 2_048},
		Aggregator: firstmile.Aggregator{
			Replicas: 1, Workers: 1, Threads: 1, FlushInterval: time.Second, ChunkBytes: 8 << 20, LimitBytes: 64 << 30,
			Block: true, RecordsPerSecond: 5_000, Retries: 8,
		},
		Stream: firstmile.Stream{Shards: 4},
	}
	change(&c)
	return c
}

// until is from the second minute on.
func until(end time.Duration) []firstmile.Span { return []firstmile.Span{{From: time.Minute, To: end}} }

// TestWhatIsLostWhere shows each way to lose records, and how little keeps them.
func TestWhatIsLostWhere(t *testing.T) {
	memory := firstmile.Agent{MemoryBytes: 5_000_000, RetryLimit: -1, Tasks: 2_048}
	fast := func(time.Duration) float64 { return 1_000 }

	for name, test := range map[string]struct {
		change func(*firstmile.Config)
		lost   func(firstmile.Result) int64 // nil where nothing is
	}{
		"nothing happens": {change: func(*firstmile.Config) {}},
		// 0.25*(2^8-1) s is the least that 8 retries wait.
		"refused for less than 64 s": {change: func(c *firstmile.Config) { c.Stream.Refusing = until(123 * time.Second) }},
		// 0.35*(2^8-1) s is the most.
		"refused for more than 90 s": {
			change: func(c *firstmile.Config) { c.Stream.Refusing = until(155 * time.Second) },
			lost:   func(r firstmile.Result) int64 { return r.Dropped },
		},
		"not reached for as long": {change: func(c *firstmile.Config) { c.Stream.Unreachable = until(155 * time.Second) }},
		// The shard accepts a part of each of 32 threads' batches, so that they come back after 0.3 s, and 8 times are soon over.
		"throttled for 20 s": {
			change: func(c *firstmile.Config) {
				c.Stream.Shards, c.Aggregator.Threads, c.Aggregator.ChunkBytes = 1, 32, 1<<20
				c.Aggregator.RecordsPerSecond = 50_000
				c.Rate = func(at time.Duration) float64 {
					if at > time.Minute && at < 80*time.Second {
						return 40_000
					}
					return 100
				}
			},
			lost: func(r firstmile.Result) int64 { return r.Dropped },
		},
		// 1 MB/s for a minute are 57 MiB, and 5 MB of memory and 5 files of 10 MiB are about as much.
		"a paused agent for half a minute": {
			change: func(c *firstmile.Config) {
				c.Agent, c.Rate = memory, fast
				c.Aggregator.Away = until(90 * time.Second)
			},
		},
		"a paused agent for two minutes": {
			change: func(c *firstmile.Config) {
				c.Agent, c.Rate = memory, fast
				c.Aggregator.Away = until(3 * time.Minute)
			},
			lost: func(r firstmile.Result) int64 { return r.Rotated },
		},
		"an agent on disk for two minutes": {
			change: func(c *firstmile.Config) {
				c.Rate = fast
				c.Aggregator.Away = until(3 * time.Minute)
			},
		},
		"an agent on a small disk for two minutes": {
			change: func(c *firstmile.Config) {
				c.Agent.DiskBytes, c.Rate = 60<<20, fast
				c.Aggregator.Away = until(3 * time.Minute)
			},
			lost: func(r firstmile.Result) int64 { return r.Discarded },
		},
		"an agent that retries once": {
			change: func(c *firstmile.Config) {
				c.Agent.RetryLimit = 1
				c.Aggregator.Away = until(3 * time.Minute)
			},
			lost: func(r firstmile.Result) int64 { return r.Discarded },
		},
		"a full Fluentd that throws": {
			change: func(c *firstmile.Config) {
				c.Aggregator.Block, c.Aggregator.LimitBytes = false, 4<<20
				c.Stream.Unreachable = until(3 * time.Minute)
			},
			lost: func(r firstmile.Result) int64 { return r.Thrown },
		},
		"a full Fluentd that blocks": {
			change: func(c *firstmile.Config) {
				c.Aggregator.LimitBytes = 4 << 20
				c.Stream.Unreachable = until(3 * time.Minute)
			},
		},
		"a Fluentd whose disk is full": {
			change: func(c *firstmile.Config) {
				c.Aggregator.DiskBytes = 4 << 20
				c.Stream.Unreachable = until(3 * time.Minute)
			},
			lost: func(r firstmile.Result) int64 { return r.Thrown },
		},
	} {
		t.Run(name, func(t *testing.T) {
			result := firstmile.Run(simple(test.change))
			assert.Zero(t, result.Left, "all is accounted for: %+v", result)
			if test.lost == nil {
				assert.Zero(t, result.Lost(), "%+v", result)
				assert.Equal(t, result.Logged, result.Delivered)
				return
			}
			assert.Positive(t, test.lost(result), "%+v", result)
			assert.Equal(t, test.lost(result), result.Lost(), "and nowhere else: %+v", result)
		})
	}
}

func TestShardsTakeWhatTheyTake(t *testing.T) {
	result := firstmile.Run(simple(func(c *firstmile.Config) {
		c.Stream.Shards, c.Aggregator.Threads, c.Aggregator.Retries = 2, 8, 1_000
		c.Rate, c.End = func(time.Duration) float64 { return 4_000 }, 2*time.Minute
	}))
	assert.Zero(t, result.Lost(), "%+v", result)
	assert.InDelta(t, float64(result.Logged)/2_000, result.Emptied.Seconds(), 10, "at 1,000 records/s a shard")
}

func TestRunsAreRepeatable(t *testing.T) {
	config := simple(func(c *firstmile.Config) { c.Stream.Refusing = until(155 * time.Second) })
	first, second := firstmile.Run(config), firstmile.Run(config)
	assert.Equal(t, first, second)
	config.Seed = 2
	assert.NotEqual(t, first, firstmile.Run(config))
}
