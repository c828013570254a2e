package capacity_test

import (
	"math"
	"math/rand/v2"
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
	draw func(*rand.Rand, *T)
}

// bases is how many random settings each check of rapid changes one by one.
const bases = 20

// A fault is left out where one of the settings that it names is at fault. So a fault that does not name a setting must be there
// whatever that setting is, and say the same. What is changed is what is usual, and what is far from it. The problems are those
// that have to be met on the way.
func readsAreComplete[T any](t *testing.T, usual []T, settings []setting[T], compute func(T) (warnings, faults fault.List), problems ...string) {
	t.Helper()
	var known []fault.Path
	for _, s := range settings {
		known = append(known, s.path)
	}
	met := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) // draws of rapid's own take a hundred times as long
		for range bases {
			given, others := oneOf(random, usual...), oneOf(random, 0, 0.1, 0.5)
			for _, s := range settings {
				if random.Float64() < others {
					s.draw(random, &given)
				}
			}
			warnings, faults := compute(given)
			for _, f := range fault.Join(warnings, faults) {
				assert.Subset(t, known, f.About(), f.Problem.String())
				for _, p := range problems {
					if strings.Contains(f.Problem.String(), p) {
						met[p]++
					}
				}
			}
			for _, s := range settings {
				changed := given
				s.draw(random, &changed)
				otherWarnings, otherFaults := compute(changed)
				stay(t, s.path, faults, otherFaults)
				if len(otherFaults) == 0 { // else there is no plan, and so no warning
					stay(t, s.path, warnings, otherWarnings)
				}
			}
		}
	})
	for _, p := range problems {
		assert.Positive(t, met[p], p)
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

// upTo draws numbers of any size, as many of each number of digits.
func upTo(r *rand.Rand, most float64) float64 { return math.Floor(math.Pow(most+1, r.Float64())) }

// orNone draws 0 every other time, and else as upTo.
func orNone(r *rand.Rand, most float64) int {
	if r.IntN(2) == 0 {
		return 0
	}
	return int(upTo(r, most))
}

func oneOf[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

func upToSeconds(r *rand.Rand, most float64) time.Duration {
	return time.Duration(orNone(r, most)) * time.Second
}

func trafficSettings[T any](path string, of func(*T) *capacity.Traffic) []setting[T] {
	at := func(name string, draw func(*rand.Rand, *capacity.Traffic)) setting[T] {
		return setting[T]{fault.Path(path + name), func(r *rand.Rand, given *T) { draw(r, of(given)) }}
	}
	return []setting[T]{
		at("PeakRecordsPerSecond", func(r *rand.Rand, c *capacity.Traffic) { c.PeakRecordsPerSecond = upTo(r, 3e6) }),
		at("MeanRecordsPerSecond", func(r *rand.Rand, c *capacity.Traffic) { c.MeanRecordsPerSecond = upTo(r, 1e4) }),
		at("MeanRecordBytes", func(r *rand.Rand, c *capacity.Traffic) { c.MeanRecordBytes = int(upTo(r, 1e5)) }),
		at("LargestRecordBytes", func(r *rand.Rand, c *capacity.Traffic) {
			c.LargestRecordBytes = capacity.MaxRecordBytes - orNone(r, capacity.MaxRecordBytes-1)
		}),
		at("BurstFactor", func(r *rand.Rand, c *capacity.Traffic) { c.BurstFactor = 1 + 19*r.Float64() }),
		at("Burst", func(r *rand.Rand, c *capacity.Traffic) { c.Burst = upToSeconds(r, 20_000) }),
	}
}

func TestStreamFaultsNameAllTheyRead(t *testing.T) {
	type given struct {
		load   capacity.Load
		choice capacity.Choice
	}
	settings := append(trafficSettings("", func(g *given) *capacity.Traffic { return &g.load.Traffic }), []setting[given]{
		{"SharedReaders", func(r *rand.Rand, g *given) {
			g.load.SharedReaders = r.IntN(capacity.MaxSharedReaders + 1)
		}},
		{"Region", func(r *rand.Rand, g *given) { g.choice.Region = oneOf(r, "", "us-east-1") }},
		{"Mode", func(r *rand.Rand, g *given) {
			g.choice.Mode = oneOf(r, capacity.Computed, capacity.OnDemand, capacity.Provisioned)
		}},
		{"Shards", func(r *rand.Rand, g *given) { g.choice.Shards = orNone(r, capacity.MaxShards) }},
		{"BufferMiB", func(r *rand.Rand, g *given) { g.choice.BufferMiB = orNone(r, capacity.MaxBufferMiB) }},
		{"BufferSeconds", func(r *rand.Rand, g *given) {
			g.choice.BufferSeconds = nil
			if s := orNone(r, capacity.MaxBufferSeconds); s > 0 {
				g.choice.BufferSeconds = &s
			}
		}},
		{"CompressionRatio", func(r *rand.Rand, g *given) { g.choice.CompressionRatio = float64(orNone(r, 100)) }},
		{"MinObjectMiB", func(r *rand.Rand, g *given) { g.choice.MinObjectMiB = float64(orNone(r, capacity.MaxBufferMiB)) }},
		{"RefuseSmallObjects", func(r *rand.Rand, g *given) { g.choice.RefuseSmallObjects = r.IntN(2) == 0 }},
	}...)
	seconds := 10
	usual := []given{
		{load: load(burst(2, 0))},
		{load: load(burst(2, time.Minute)), choice: shards(3)},
		{load: load(peak(2_000), readers(4), burst(2, time.Minute)), choice: shards(4)},
		{load: load(peak(10_000), readers(3), burst(3, time.Minute)), choice: capacity.Choice{Mode: capacity.OnDemand}},
		{load: load(mean(2_000), readers(2), burst(2, 0)), choice: shards(2)},
		{load: load(peak(3_000_000), meanBytes(50_000), burst(2, 0))},
		{load: load(mean(100), meanBytes(100_001), burst(2, 0)), choice: capacity.Choice{MinObjectMiB: 1, BufferSeconds: &seconds}},
		{load: load(mean(100), burst(2, 0)), choice: capacity.Choice{MinObjectMiB: 1, BufferMiB: 5, BufferSeconds: &seconds}},
	}
	readsAreComplete(t, usual, settings, func(g given) (warnings, faults fault.List) {
		plan, faults := capacity.Compute(g.load, g.choice)
		return plan.Warnings, faults
	},
		"is above the peak", "is above the largest", "which has no shard count", "which is not given",
		"needs a shard count", "take the burst too", "shards are needed", "get ", "are the most: spread the load over more streams",
		"more than doubles within 15 minutes", "unless its quota is raised", "promises twice what is written",
		"computed as PROVISIONED", "is throttled until it has scaled", "MB wait in the buffers", "readers fall behind", "never caught up with", "ask for a higher quota",
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
			{"Stream.Plan.Mode", func(r *rand.Rand, g *given) {
				g.stream.Plan.Mode = oneOf(r, capacity.OnDemand, capacity.Provisioned)
			}},
			{"Stream.Plan.Shards", func(r *rand.Rand, g *given) { g.stream.Plan.Shards = int(upTo(r, 1e4)) }},
			{"Nodes", func(r *rand.Rand, g *given) { g.cluster.Nodes = int(upTo(r, 1_000)) }},
			{"PodsPerNode", func(r *rand.Rand, g *given) { g.cluster.PodsPerNode = int(upTo(r, capacity.MaxPodsPerNode)) }},
			{"PodPeakRecordsPerSecond", func(r *rand.Rand, g *given) { g.cluster.PodPeakRecordsPerSecond = float64(orNone(r, 1e5)) }},
			{"StreamOutage", func(r *rand.Rand, g *given) { g.cluster.StreamOutage = upToSeconds(r, capacity.MaxOutageSeconds) }},
			{"AggregatorOutage", func(r *rand.Rand, g *given) { g.cluster.AggregatorOutage = upToSeconds(r, capacity.MaxOutageSeconds) }},
			{"AgentDiskMiB", func(r *rand.Rand, g *given) { g.choice.AgentDiskMiB = 16 * orNone(r, 1e5) }},
			{"Replicas", func(r *rand.Rand, g *given) { g.choice.Replicas = orNone(r, capacity.MaxReplicas) }},
			{"Workers", func(r *rand.Rand, g *given) { g.choice.Workers = orNone(r, capacity.MaxWorkers) }},
			{"FlushThreads", func(r *rand.Rand, g *given) { g.choice.FlushThreads = orNone(r, capacity.MaxFlushThreads) }},
			{"FlushSeconds", func(r *rand.Rand, g *given) { g.choice.FlushSeconds = orNone(r, capacity.MaxFlushSeconds) }},
			{"AggregatorDiskGiB", func(r *rand.Rand, g *given) { g.choice.AggregatorDiskGiB = orNone(r, capacity.MaxAggregatorDiskGiB) }},
			{"RetriesOnBatchRequest", func(r *rand.Rand, g *given) {
				g.choice.RetriesOnBatchRequest = orNone(r, capacity.MaxRetriesOnBatchRequest)
			}},
			{"ChunkKeys", func(r *rand.Rand, g *given) { g.choice.ChunkKeys = orNone(r, 1e5) }},
			{"Outputs", func(r *rand.Rand, g *given) { g.choice.Outputs = orNone(r, 100) }},
			{"WorkerRecordsPerSecond", func(r *rand.Rand, g *given) { g.choice.WorkerRecordsPerSecond = float64(orNone(r, 1e5)) }},
		},
	)
	with := func(shards int, choice capacity.ClusterChoice, change ...func(*capacity.Cluster)) given {
		c := cluster(append([]func(*capacity.Cluster){clusterBurst(2, 0)}, change...)...)
		return given{c, withShards(c, shards), choice}
	}
	day := 24 * time.Hour
	peak := func(perSecond float64) func(*capacity.Cluster) {
		return func(c *capacity.Cluster) { c.PeakRecordsPerSecond = perSecond }
	}
	usual := []given{
		with(0, capacity.ClusterChoice{}, streamAway(time.Hour), fluentdAway(time.Hour)),
		with(2, capacity.ClusterChoice{ChunkKeys: 1, Workers: 1}, streamAway(time.Hour), fluentdAway(time.Hour), clusterBurst(2, time.Minute)),
		with(40, capacity.ClusterChoice{Replicas: 2, Workers: 1, ChunkKeys: 1}, clusterBurst(10, time.Minute)),
		with(20, capacity.ClusterChoice{Replicas: 1, ChunkKeys: 1, RetriesOnBatchRequest: 100}),
		with(200, capacity.ClusterChoice{Replicas: 5, Workers: 3, FlushThreads: 1, WorkerRecordsPerSecond: 10_000, ChunkKeys: 1}, peak(100_000)),
		with(20, capacity.ClusterChoice{Replicas: 2, Outputs: 20, ChunkKeys: 1}, streamAway(day), peak(10_000)),
		with(20, capacity.ClusterChoice{Replicas: 2, Workers: 2, FlushThreads: 8, Outputs: 20, ChunkKeys: 1}, streamAway(day), peak(10_000)),
		with(20, capacity.ClusterChoice{Outputs: 50}, streamAway(day), peak(10_000)),
		with(9, capacity.ClusterChoice{Replicas: 2, Workers: 1, FlushThreads: 1, ChunkKeys: 1}, streamAway(day)),
		with(5_000, capacity.ClusterChoice{Outputs: 100, ChunkKeys: 1_000_000}, streamAway(day), peak(400_000)),
		with(5_000, capacity.ClusterChoice{Replicas: 3, Workers: 1, WorkerRecordsPerSecond: 1_000_000}, peak(500_000), func(c *capacity.Cluster) {
			c.MeanRecordBytes, c.Burst = 10, time.Minute
		}),
		with(1, capacity.ClusterChoice{FlushThreads: 1, RetriesOnBatchRequest: 1_000}, streamAway(day), func(c *capacity.Cluster) {
			c.MeanRecordsPerSecond, c.MeanRecordBytes = 990, 1_000
		}),
		with(20, capacity.ClusterChoice{ChunkKeys: 1}, fluentdAway(day), peak(2_000)),
		with(20, capacity.ClusterChoice{Workers: 2}, func(c *capacity.Cluster) { c.Nodes, c.PodsPerNode = 100, 50 }),
		with(5_000, capacity.ClusterChoice{Workers: 1}, peak(2_000_000)),
		with(20, capacity.ClusterChoice{}, func(c *capacity.Cluster) { c.LargestRecordBytes = 900 }),
	}
	readsAreComplete(t, usual, settings, func(g given) (warnings, faults fault.List) {
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
			{path.Field("Nodes"), func(r *rand.Rand, g *given) { g.clusters[i].Nodes = int(upTo(r, capacity.MaxNodes)) }},
			{path.Field("PeakRecordsPerSecond"), func(r *rand.Rand, g *given) { g.clusters[i].PeakRecordsPerSecond = float64(orNone(r, 3e6)) }},
			{path.Field("MeanRecordsPerSecond"), func(r *rand.Rand, g *given) { g.clusters[i].MeanRecordsPerSecond = float64(orNone(r, 1e4)) }},
		}...)
	}
	settings = append(settings, setting[given]{"Clusters", func(*rand.Rand, *given) {}})
	usual := []given{
		{load(burst(2, 0)), [3]capacity.Cluster{nodes(1, 0, 0), nodes(2, 0, 0), nodes(3, 0, 0)}},
		{load(burst(2, 0)), [3]capacity.Cluster{nodes(1, 800, 200), nodes(2, 800, 200), nodes(3, 800, 200)}},
	}
	readsAreComplete(t, usual, settings, func(g given) (warnings, faults fault.List) {
		_, faults = capacity.Share(g.load, g.clusters[:])
		return nil, faults
	}, "leave none of PeakRecordsPerSecond", "leave none of MeanRecordsPerSecond", "the peak of 3 clusters make", "the mean of 3 clusters make")
}
