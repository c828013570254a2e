package capacity_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// setting is one of those that a computation takes, and draws a value that is possible for it.
type setting[T any] struct {
	path fault.Path
	draw func(*rapid.T, *T)
}

// A fault of which a setting is not to be trusted is left out. So one that does not name a setting must be there whatever that
// setting is, and say the same. The problems are those that have to be met, for this to show it.
func readsAreComplete[T any](t *testing.T, settings []setting[T], compute func(T) (warnings, faults fault.List), problems ...string) {
	t.Helper()
	var known []fault.Path
	for _, s := range settings {
		known = append(known, s.path)
	}
	met := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		for range 40 {
			var given T
			for _, s := range settings {
				s.draw(t, &given)
			}
			warnings, faults := compute(given)
			for _, f := range fault.Join(warnings, faults) {
				assert.Subset(t, known, f.About(), f.Problem.String())
				for _, p := range problems {
					met[p] = met[p] || strings.Contains(f.Problem.String(), p)
				}
			}
			for _, s := range settings {
				changed := given
				s.draw(t, &changed)
				otherWarnings, otherFaults := compute(changed)
				stay(t, s.path, faults, otherFaults)
				if len(otherFaults) == 0 { // else there is no plan, and so no warning
					stay(t, s.path, warnings, otherWarnings)
				}
			}
		}
	})
	for _, p := range problems {
		assert.True(t, met[p], p)
	}
}

// stay asserts that all but the faults that name a setting are among others.
func stay(t *rapid.T, changed fault.Path, faults, others fault.List) {
	for _, f := range faults {
		if slices.Contains(f.About(), changed) {
			continue
		}
		if !slices.ContainsFunc(others, func(o fault.Fault) bool { return o.Path == f.Path && o.String() == f.String() }) {
			t.Fatalf("%s has changed\n%s\nand does not read it: %v\n%v", changed, f, f.Reads, others)
		}
	}
}

// upTo draws numbers of any size, each digit as often.
func upTo(t *rapid.T, most float64) float64 {
	return math.Floor(math.Pow(10, rapid.Float64Range(0, math.Log10(most)).Draw(t, "")))
}

// orNone draws 0 every other time, and else as upTo.
func orNone(t *rapid.T, most float64) int {
	if rapid.Bool().Draw(t, "") {
		return 0
	}
	return int(upTo(t, most))
}

func seconds(t *rapid.T, most int) time.Duration {
	return time.Duration(orNone(t, float64(most))) * time.Second
}

func trafficSettings[T any](path string, of func(*T) *capacity.Traffic) []setting[T] {
	at := func(name string, draw func(*rapid.T, *capacity.Traffic)) setting[T] {
		return setting[T]{fault.Path(path + name), func(t *rapid.T, given *T) { draw(t, of(given)) }}
	}
	return []setting[T]{
		at("PeakRecordsPerSecond", func(t *rapid.T, c *capacity.Traffic) { c.PeakRecordsPerSecond = upTo(t, 3e6) }),
		at("MeanRecordsPerSecond", func(t *rapid.T, c *capacity.Traffic) { c.MeanRecordsPerSecond = upTo(t, 1e4) }),
		at("MeanRecordBytes", func(t *rapid.T, c *capacity.Traffic) { c.MeanRecordBytes = int(upTo(t, 1e5)) }),
		at("LargestRecordBytes", func(t *rapid.T, c *capacity.Traffic) {
			c.LargestRecordBytes = capacity.MaxRecordBytes - orNone(t, capacity.MaxRecordBytes-1)
		}),
		at("BurstFactor", func(t *rapid.T, c *capacity.Traffic) { c.BurstFactor = rapid.Float64Range(1, 20).Draw(t, "") }),
		at("Burst", func(t *rapid.T, c *capacity.Traffic) { c.Burst = seconds(t, 20_000) }),
	}
}

func TestStreamFaultsNameAllTheyRead(t *testing.T) {
	type given struct {
		load   capacity.Load
		choice capacity.Choice
	}
	settings := append(trafficSettings("", func(g *given) *capacity.Traffic { return &g.load.Traffic }), []setting[given]{
		{"SharedReaders", func(t *rapid.T, g *given) {
			g.load.SharedReaders = rapid.IntRange(0, capacity.MaxSharedReaders).Draw(t, "")
		}},
		{"Region", func(t *rapid.T, g *given) { g.choice.Region = rapid.SampledFrom([]string{"", "us-east-1"}).Draw(t, "") }},
		{"Mode", func(t *rapid.T, g *given) {
			g.choice.Mode = rapid.SampledFrom([]capacity.Mode{capacity.Computed, capacity.OnDemand, capacity.Provisioned}).Draw(t, "")
		}},
		{"Shards", func(t *rapid.T, g *given) { g.choice.Shards = orNone(t, capacity.MaxShards) }},
		{"BufferMiB", func(t *rapid.T, g *given) { g.choice.BufferMiB = orNone(t, capacity.MaxBufferMiB) }},
		{"BufferSeconds", func(t *rapid.T, g *given) {
			g.choice.BufferSeconds = nil
			if s := orNone(t, capacity.MaxBufferSeconds); s > 0 {
				g.choice.BufferSeconds = &s
			}
		}},
		{"CompressionRatio", func(t *rapid.T, g *given) { g.choice.CompressionRatio = float64(orNone(t, 100)) }},
		{"MinObjectMiB", func(t *rapid.T, g *given) { g.choice.MinObjectMiB = float64(orNone(t, capacity.MaxBufferMiB)) }},
		{"RefuseSmallObjects", func(t *rapid.T, g *given) { g.choice.RefuseSmallObjects = rapid.Bool().Draw(t, "") }},
	}...)
	readsAreComplete(t, settings, func(g given) (warnings, faults fault.List) {
		plan, faults := capacity.Compute(g.load, g.choice)
		return plan.Warnings, faults
	},
		"is above the peak", "is above the largest", "which has no shard count", "which is not given",
		"needs a shard count", "take the burst too", "shards are needed", "get ", "are the most: spread the load over more streams",
		"more than doubles within 15 minutes", "unless its quota is raised", "promises twice what is written",
		"computed as PROVISIONED", "is throttled until it has scaled", "MB wait in the buffers", "readers fall behind", "ask for a higher quota",
		"s reach it", "MiB reach it", "together reach it", "no Firehose buffer reaches it",
	)
}

func TestClusterFaultsNameAllTheyRead(t *testing.T) {
	type given struct {
		cluster capacity.Cluster
		stream  capacity.Stream
		choice  capacity.ClusterChoice
	}
	settings := slices.Concat(
		trafficSettings("", func(g *given) *capacity.Traffic { return &g.cluster.Traffic }),
		trafficSettings("Stream.Load.", func(g *given) *capacity.Traffic { return &g.stream.Load.Traffic }),
		[]setting[given]{
			{"Stream.Plan.Mode", func(t *rapid.T, g *given) {
				g.stream.Plan.Mode = rapid.SampledFrom([]capacity.Mode{capacity.OnDemand, capacity.Provisioned}).Draw(t, "")
			}},
			{"Stream.Plan.Shards", func(t *rapid.T, g *given) { g.stream.Plan.Shards = int(upTo(t, 1e4)) }},
			{"Nodes", func(t *rapid.T, g *given) { g.cluster.Nodes = int(upTo(t, 1_000)) }},
			{"PodsPerNode", func(t *rapid.T, g *given) { g.cluster.PodsPerNode = int(upTo(t, capacity.MaxPodsPerNode)) }},
			{"PodPeakRecordsPerSecond", func(t *rapid.T, g *given) { g.cluster.PodPeakRecordsPerSecond = float64(orNone(t, 1e5)) }},
			{"StreamOutage", func(t *rapid.T, g *given) { g.cluster.StreamOutage = seconds(t, capacity.MaxOutageSeconds) }},
			{"AggregatorOutage", func(t *rapid.T, g *given) { g.cluster.AggregatorOutage = seconds(t, capacity.MaxOutageSeconds) }},
			{"AgentDiskMiB", func(t *rapid.T, g *given) { g.choice.AgentDiskMiB = 16 * orNone(t, 1e5) }},
			{"Replicas", func(t *rapid.T, g *given) { g.choice.Replicas = orNone(t, capacity.MaxReplicas) }},
			{"Workers", func(t *rapid.T, g *given) { g.choice.Workers = orNone(t, capacity.MaxWorkers) }},
			{"FlushThreads", func(t *rapid.T, g *given) { g.choice.FlushThreads = orNone(t, capacity.MaxFlushThreads) }},
			{"FlushSeconds", func(t *rapid.T, g *given) { g.choice.FlushSeconds = orNone(t, capacity.MaxFlushSeconds) }},
			{"AggregatorDiskGiB", func(t *rapid.T, g *given) { g.choice.AggregatorDiskGiB = orNone(t, capacity.MaxAggregatorDiskGiB) }},
			{"RetriesOnBatchRequest", func(t *rapid.T, g *given) {
				g.choice.RetriesOnBatchRequest = orNone(t, capacity.MaxRetriesOnBatchRequest)
			}},
			{"ChunkKeys", func(t *rapid.T, g *given) { g.choice.ChunkKeys = orNone(t, 1e5) }},
			{"Outputs", func(t *rapid.T, g *given) { g.choice.Outputs = orNone(t, 100) }},
			{"WorkerRecordsPerSecond", func(t *rapid.T, g *given) { g.choice.WorkerRecordsPerSecond = float64(orNone(t, 1e5)) }},
		},
	)
	readsAreComplete(t, settings, func(g given) (warnings, faults fault.List) {
		plan, faults := capacity.ComputeCluster(g.cluster, g.stream, g.choice)
		return plan.Warnings, faults
	},
		"is above the peak", "is above the largest", "the loudest of", "records/s, and the stream is planned for",
		"MB/s, and the stream is planned for", "a cluster's largest record",
		"each carry", "is away the others carry", "that Fluentd carries: the agents' disks hold the rest", "in calls of 0.1 s",
		"a chunk for each of", "of the node that logs most", "each node's agent may fill", "used up", "next to impossible", "fewer than one in 10^12",
		"Fluentd holds", "a volume has 16384 at most", "never drain", "to drain at the mean rate of", "are the most",
	)
}

func TestSharesFaultsNameAllTheyRead(t *testing.T) {
	type given struct {
		load     capacity.Load
		clusters [3]capacity.Cluster
	}
	settings := trafficSettings("", func(g *given) *capacity.Traffic { return &g.load.Traffic })
	for i := range len(given{}.clusters) {
		path := fault.Path("Clusters").Index(i)
		settings = append(settings, []setting[given]{
			{path.Field("Nodes"), func(t *rapid.T, g *given) { g.clusters[i].Nodes = int(upTo(t, capacity.MaxNodes)) }},
			{path.Field("PeakRecordsPerSecond"), func(t *rapid.T, g *given) { g.clusters[i].PeakRecordsPerSecond = float64(orNone(t, 3e6)) }},
			{path.Field("MeanRecordsPerSecond"), func(t *rapid.T, g *given) { g.clusters[i].MeanRecordsPerSecond = float64(orNone(t, 1e4)) }},
		}...)
	}
	settings = append(settings, setting[given]{"Clusters", func(*rapid.T, *given) {}})
	readsAreComplete(t, settings, func(g given) (warnings, faults fault.List) {
		_, faults = capacity.Share(g.load, g.clusters[:])
		return nil, faults
	}, "leave none of PeakRecordsPerSecond", "leave none of MeanRecordsPerSecond", "the peak of 3 clusters make", "the mean of 3 clusters make")
}
