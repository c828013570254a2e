package capacity

import (
	"time"

	"example.com/log-pipeline/internal/fault"
)

// Cluster is one Kubernetes cluster: its traffic, and the outages that its logs must survive. The agents are assumed to hold
// no more for a record than Kinesis gets of it.
type Cluster struct {
	Traffic
	// Nodes that pods log on. Required.
	Nodes int
	// PodsPerNode is how many log on the fullest node; each container with a log of its own counts. Required.
	PodsPerNode int
	// PodPeakRecordsPerSecond is the peak rate of the loudest pod, of which a node may be full; 0 means that all pods log alike.
	PodPeakRecordsPerSecond float64
	// StreamOutage is how long Kinesis may accept nothing, whether it cannot be reached or refuses each record. 0 is never.
	StreamOutage time.Duration
	// AggregatorOutage is how long all Fluentds may be away. 0 is never.
	AggregatorOutage time.Duration
}

// ClusterChoice is what the user has decided. Its zero value leaves everything to ComputeCluster.
type ClusterChoice struct {
	// AgentDiskMiB is a node's limit for Fluent Bit's chunk files; 0 is computed.
	AgentDiskMiB int
	// Replicas of Fluentd; 0 is computed, at least 2.
	Replicas int
	// Workers of each replica; 0 is computed.
	Workers int
	// FlushThreads of each worker's output; 0 is computed, 2 to 16.
	FlushThreads int
	// FlushSeconds is Fluentd's flush interval, at most MaxFlushSeconds; 0 is not given: 5.
	FlushSeconds int
	// AggregatorDiskGiB is the volume of each replica, at most MaxAggregatorDiskGiB; 0 is computed.
	AggregatorDiskGiB int
	// RetriesOnBatchRequest is how often the plugin retries what a call refused before it drops it, at most
	// MaxRetriesOnBatchRequest; 0 is computed.
	RetriesOnBatchRequest int
	// ChunkKeys is how many chunks a worker's buffer has open at once. It is 1 where all events have one tag or the buffer has
	// no chunk keys (buffer.tags: ""); batches are fuller then. 0 is not given: one for each pod of the cluster, as with the
	// agents' tags and buffer.tags: tag.
	ChunkKeys int
	// Outputs is how many outputs get every record and buffer it on the same volume: 2 where S3 stands beside the stream. 0 is 1.
	Outputs int
	// WorkerRecordsPerSecond is what one Fluentd worker carries; 0 is not given: DefaultWorkerRecordsPerSecond. Plans count
	// on four fifths of it, since agents do not spread evenly over workers.
	WorkerRecordsPerSecond float64
}

// Stream is what the cluster writes to: the load that the stream is planned for, of all its clusters, and its plan.
type Stream struct {
	Load Load
	Plan Plan
}

// ClusterPlan is what to build for a cluster, and what comes of it.
type ClusterPlan struct {
	// AgentDiskMiB is the limit of a node's agent (storage.total_limit_size of its output). Fluent Bit counts its chunk files
	// on disk. The limit is enough in both cases that AgentTasks describes.
	//
	// It does not prevent that a Fluent Bit of 3.2 stalls once AgentTasks chunks wait, until it is restarted
	// (github.com/fluent/fluent-bit/issues/9706). A node has so many soon: one for each container and second without Fluentd.
	// Give the agents the image of a newer Fluent Bit, or restart the agents that send nothing afterwards.
	AgentDiskMiB int
	// Replicas of Fluentd, each with Workers processes.
	Replicas int
	// Workers of each replica.
	Workers int
	// FlushThreads of each worker (flush_thread_count).
	FlushThreads int
	// FlushSeconds is flush_interval.
	FlushSeconds int
	// QueuedChunksLimit is queued_chunks_limit_size of each worker: as many chunks as the threads flush until Fluentd queues
	// more. Fluentd's default is the number of threads. With it the threads run out of chunks where these are many and small.
	QueuedChunksLimit int
	// ChunkLimitMiB is chunk_limit_size.
	ChunkLimitMiB int
	// TotalLimitMiB is total_limit_size. Each output of each worker has a buffer of its own and this limit of its own.
	TotalLimitMiB int
	// AggregatorDiskGiB is the volume of each replica: it holds Workers times Outputs such buffers.
	AggregatorDiskGiB int
	// RetriesOnBatchRequest is retries_on_batch_request.
	RetriesOnBatchRequest int
	// FreshnessSeconds is how long a record takes from the pod's log to the stream at worst, while nothing is away.
	FreshnessSeconds int
	// StreamStall is the longest time from the start of the longest tolerated outage of Kinesis until the last flush thread
	// tries again.
	StreamStall time.Duration
	// StreamDrain is how long the backlog at that time takes to drain while the mean rate goes on.
	StreamDrain time.Duration
	// AggregatorDrain is how long the agents' backlog takes to drain after the longest tolerated absence of Fluentd.
	AggregatorDrain time.Duration
	// Alarms are the metrics that show a loss, or one to come.
	Alarms []Alarm
	// Warnings are what works at a price.
	Warnings fault.List
}

// ComputeCluster plans the first mile of a cluster: agents, Fluentd and its plugin for Kinesis. With a fault the plan is
// empty. It takes the stream's plan as it is. CheckClusters says whether all clusters of a stream are what it is planned for.
//
// Paths in faults are the fields of Cluster and ClusterChoice, and those of the stream: Stream.Load.PeakRecordsPerSecond,
// Stream.Load.MeanRecordBytes, Stream.Plan.Mode and Stream.Plan.Shards.
func ComputeCluster(cluster Cluster, stream Stream, choice ClusterChoice) (ClusterPlan, fault.List) {
	impossible := fault.Join(cluster.impossible(), choice.impossible())
	contradictions := trusted(cluster.contradictions(), impossible)
	if len(impossible) > 0 {
		// Nothing can be derived from impossible numbers.
		return ClusterPlan{}, fault.Join(impossible, contradictions)
	}
	reads := choice.reads()
	choice = choice.withDefaults(cluster)

	var plan ClusterPlan
	f := plan.sizeWorkers(cluster, stream, choice)
	plan.sizeFlush(cluster, choice, reads)
	faults := fault.Join(
		contradictions,
		fits(stream.Load, "Stream.Load", []Cluster{cluster}, []fault.Path{""}),
		plan.checkWorkers(cluster, choice, f, reads),
		plan.sizeAgent(cluster, choice, f.carried, reads),
		plan.sizeRetries(cluster, choice, f, reads),
		plan.sizeBuffer(cluster, choice, f, reads),
		plan.drain(cluster, stream, choice, f, reads),
		plan.ceilings(reads),
	)
	if len(faults) > 0 {
		return ClusterPlan{}, faults
	}
	plan.Alarms = FirstMileAlarms()
	return plan, nil
}

// impossible are the faults of single values.
func (c Cluster) impossible() fault.List {
	return fault.Join(
		c.Traffic.impossible(),
		Nodes.Check("Nodes", c.Nodes),
		PodsPerNode.Check("PodsPerNode", c.PodsPerNode),
		fault.When(c.PodPeakRecordsPerSecond != 0, checkRate(PodRate, "PodPeakRecordsPerSecond", c.PodPeakRecordsPerSecond)...),
		checkSeconds(OutageSeconds, "StreamOutage", c.StreamOutage),
		checkSeconds(OutageSeconds, "AggregatorOutage", c.AggregatorOutage),
	)
}

// contradictions are the faults of values that are possible alone, but not together.
func (c Cluster) contradictions() fault.List {
	loudest, even := c.PodPeakRecordsPerSecond, c.PeakRecordsPerSecond/(float64(c.Nodes)*float64(c.PodsPerNode))
	return append(c.Traffic.contradictions(), fault.When(loudest != 0 && loudest < even*(1-rounding), fault.Fault{
		Path: "PodPeakRecordsPerSecond", Reads: []fault.Path{"Nodes", "PodsPerNode", "PeakRecordsPerSecond"},
		Given: given(loudest), Nearest: "0",
		Problem: fault.Problemf("the loudest of %d x %d pods logs %s records/s, and the cluster's peak makes %s for each",
			c.Nodes, c.PodsPerNode, quantity(loudest), quantity(even)),
	})...)
}

// impossible are the faults of single values.
func (c ClusterChoice) impossible() fault.List {
	counted := fault.Passing("an integer from 0", func(n int) bool { return n >= 0 })
	return fault.Join(
		checkGiven(AgentDiskMiB, "AgentDiskMiB", c.AgentDiskMiB),
		checkGiven(Replicas, "Replicas", c.Replicas),
		checkGiven(Workers, "Workers", c.Workers),
		checkGiven(FlushThreads, "FlushThreads", c.FlushThreads),
		checkGiven(FlushSeconds, "FlushSeconds", c.FlushSeconds),
		checkGiven(AggregatorDiskGiB, "AggregatorDiskGiB", c.AggregatorDiskGiB),
		checkGiven(RetriesOnBatchRequest, "RetriesOnBatchRequest", c.RetriesOnBatchRequest),
		counted.Check("ChunkKeys", c.ChunkKeys),
		counted.Check("Outputs", c.Outputs),
		fault.When(c.WorkerRecordsPerSecond != 0, checkRate(WorkerRate, "WorkerRecordsPerSecond", c.WorkerRecordsPerSecond)...),
	)
}

func (c ClusterChoice) withDefaults(cluster Cluster) ClusterChoice {
	if c.FlushSeconds == 0 {
		c.FlushSeconds = DefaultFlushSeconds
	}
	if c.ChunkKeys == 0 {
		c.ChunkKeys = cluster.Nodes * cluster.PodsPerNode
	}
	if c.Outputs == 0 {
		c.Outputs = 1
	}
	if c.WorkerRecordsPerSecond == 0 {
		c.WorkerRecordsPerSecond = DefaultWorkerRecordsPerSecond
	}
	return c
}

// accepts is how many of the cluster's records the stream takes in a second: the cluster's share of all it takes.
func (s Stream) accepts(c Cluster) float64 {
	writes := float64(s.Plan.Shards)
	if s.Plan.Mode == OnDemand {
		writes = onDemandWrites(s.Load.peak())
	}
	peak := c.peak()
	share := min(1, peak.writes()/s.Load.peak().writes())
	return peak.records * writes * share / peak.writes()
}
