package capacity

import "time"

// Cluster is the traffic of one Kubernetes cluster, and the outages that its logs must survive.
type Cluster struct {
	// Nodes that pods log on. Required.
	Nodes int
	// PodsPerNode is how many log on the fullest node; each container with a log of its own counts. Required.
	PodsPerNode int
	// PeakRecordsPerSecond is the highest rate of the whole cluster that lasts, as at the busiest hour. Required.
	PeakRecordsPerSecond float64
	// MeanRecordsPerSecond is the cluster's rate over a whole day, at most the peak. Required.
	MeanRecordsPerSecond float64
	// PodPeakRecordsPerSecond is the peak rate of the loudest pod, of which a node may be full; 0 means that all pods log alike.
	PodPeakRecordsPerSecond float64
	// MeanRecordBytes is the mean size of a record as Kinesis gets it: JSON with its metadata, and the partition key. Required.
	// The agents are assumed to hold no more for it.
	MeanRecordBytes int
	// LargestRecordBytes is the size of the largest such record, at most MaxRecordBytes. Required.
	LargestRecordBytes int
	// BurstFactor is how many times the peak a burst reaches, at least 1. It counts only when Burst is set.
	BurstFactor float64
	// Burst is how long a burst lasts; 0 means that there are none.
	Burst time.Duration
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
	// FlushSeconds is Fluentd's flush interval, at most 600; 0 is not given: 5.
	FlushSeconds int
	// AggregatorDiskGiB is the volume of each replica, at most MaxAggregatorDiskGiB; 0 is computed.
	AggregatorDiskGiB int
	// RetriesOnBatchRequest is how often the plugin retries what a call refused before it drops it, at most
	// MaxRetriesOnBatchRequest; 0 is computed.
	RetriesOnBatchRequest int
	// ChunkKeys is how many chunks a worker's buffer has open at once: 1 where all events have one tag or the buffer has no
	// chunk keys (buffer.tags: ""), which makes fuller batches; 0 is not given: one for each pod of the cluster, as with
	// buffer.tags: tag and the tags of the agents.
	ChunkKeys int
	// Outputs is how many outputs get every record and buffer it on the same volume: 2 where S3 stands beside the stream. 0 is 1.
	Outputs int
	// WorkerRecordsPerSecond is what one Fluentd worker carries; 0 is not given: DefaultWorkerRecordsPerSecond. Four fifths of
	// it are counted on, since agents do not spread evenly over workers.
	WorkerRecordsPerSecond float64
}

// Stream is what the cluster writes to: the load that the stream is planned for, of all its clusters, and its plan.
type Stream struct {
	Load Load
	Plan Plan
}

// ClusterPlan is what to build for a cluster, and what comes of it.
type ClusterPlan struct {
	// AgentDiskMiB is the limit of a node's agent (storage.total_limit_size of its output), counted as files on disk. It holds
	// whether or not chunks grow once AgentTasks of them wait. What it cannot prevent is that a Fluent Bit of 3.2 stalls there
	// until it is restarted (github.com/fluent/fluent-bit/issues/9706): where containers times seconds without Fluentd are more
	// than AgentTasks, as they soon are, give the agents the image of a newer one, or restart those that send nothing afterwards.
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
	// more. Its default, the number of threads, starves them where chunks are many and small.
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
	// StreamStall is how long after the start of the longest tolerated outage of Kinesis the last thread tries again at worst.
	StreamStall time.Duration
	// StreamDrain is how long what has piled up by then takes to drain while the mean rate goes on.
	StreamDrain time.Duration
	// AggregatorDrain is the same for what the agents hold when Fluentd comes back.
	AggregatorDrain time.Duration
	// Alarms are the metrics that show a loss, or one to come.
	Alarms []Alarm
	// Warnings are what works at a price.
	Warnings []Finding
}

// ComputeCluster plans the first mile of a cluster: agents, Fluentd and its plugin for Kinesis. The error joins a Finding for
// everything that cannot hold what it must (Refusals lists them); the plan is empty then. The stream's own plan is not
// questioned, and whether all clusters of a stream are what it is planned for is for CheckClusters to say.
func ComputeCluster(cluster Cluster, stream Stream, choice ClusterChoice) (ClusterPlan, error) {
	refused := append(cluster.check(), choice.check()...)
	if len(refused) > 0 {
		// What is derived from impossible numbers would only repeat their faults.
		return ClusterPlan{}, join(refused)
	}
	choice = choice.withDefaults(cluster)

	var plan ClusterPlan
	refused = fits(stream.Load, cluster)
	f := plan.sizeWorkers(cluster, stream, choice)
	refused = append(refused, plan.checkWorkers(cluster, f)...)
	refused = append(refused, plan.sizeAgent(cluster, choice, f.carried)...)
	refused = append(refused, plan.sizeRetries(cluster, choice, f)...)
	refused = append(refused, plan.sizeBuffer(cluster, choice, f)...)
	refused = append(refused, plan.drain(cluster, stream, f)...)
	if len(refused) > 0 {
		return ClusterPlan{}, join(refused)
	}
	plan.Alarms = FirstMileAlarms()
	return plan, nil
}

func (c ClusterChoice) withDefaults(cluster Cluster) ClusterChoice {
	if c.FlushSeconds == 0 {
		c.FlushSeconds = defaultFlushSeconds
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

// load is the cluster's traffic as a stream would see it.
func (c Cluster) load() Load {
	return Load{
		PeakRecordsPerSecond: c.PeakRecordsPerSecond, MeanRecordsPerSecond: c.MeanRecordsPerSecond,
		MeanRecordBytes: c.MeanRecordBytes, LargestRecordBytes: c.LargestRecordBytes, BurstFactor: c.BurstFactor, Burst: c.Burst,
	}
}

func (c Cluster) burstFactor() float64 {
	if c.Burst <= 0 {
		return 1
	}
	return c.BurstFactor
}

// accepts is how many of the cluster's records the stream takes in a second: the cluster's share of all it takes.
func (s Stream) accepts(c Cluster) float64 {
	writes := float64(s.Plan.Shards)
	if s.Plan.Mode == OnDemand {
		writes = onDemandWrites(s.Load.peak())
	}
	peak := c.load().peak()
	share := min(1, peak.writes()/s.Load.peak().writes())
	return peak.records * writes * share / peak.writes()
}
