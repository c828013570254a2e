package capacity

import (
	"strconv"

	"example.com/log-pipeline/internal/fault"
)

// The ceilings of settings that AWS does not limit are far beyond any use: more is a slip of the hand, or a load that one
// pipeline does not carry.
const (
	// MaxRecordsPerSecond is 100 GB/s of records of 1,000 bytes: ten times the largest quota of an on-demand stream.
	MaxRecordsPerSecond = 100_000_000
	// MaxPodRecordsPerSecond is assumed to be more than a container runtime writes for one pod.
	MaxPodRecordsPerSecond = 1_000_000
	// MaxWorkerRecordsPerSecond is 200 times what Fluentd's guide gives a worker.
	MaxWorkerRecordsPerSecond = 1_000_000
	// MaxBurstFactor is the most that a burst may be of the peak.
	MaxBurstFactor = 1_000
	// MaxBurstSeconds is a day: what lasts longer is the peak.
	MaxBurstSeconds = 86_400
	// MaxOutageSeconds is a day, as long as Kinesis keeps records by default.
	MaxOutageSeconds = 86_400
	// MaxCompressionRatio is near what GZIP makes of a single repeated byte, 1,032 (zlib.net/zlib_tech.html).
	MaxCompressionRatio = 1_000
	// MaxShards is five times the largest default quota of an account.
	MaxShards = 100_000

	// MaxNodes is three times what Kubernetes is made for (kubernetes.io/docs/setup/best-practices/cluster-large).
	MaxNodes = 15_000
	// MaxPodsPerNode is the most that EKS puts on a node: 15 interfaces of 50 addresses (github.com/awslabs/amazon-eks-ami,
	// eni-max-pods.txt).
	MaxPodsPerNode = 737

	// MinAgentDiskMiB is a few chunks of 2 MB: Fluent Bit drops what finds no place.
	MinAgentDiskMiB = 16
	// MaxAgentDiskMiB is 10 TiB on every node.
	MaxAgentDiskMiB = 10 << 20
	// MaxReplicas of Fluentd in a cluster.
	MaxReplicas = 500
	// MaxWorkers of a replica: a process each.
	MaxWorkers = 32
	// MaxFlushThreads of a worker, which share one processor: Ruby runs one of them at a time.
	MaxFlushThreads = 64
	// MaxFlushSeconds is ten minutes, for which a record waits in the cluster.
	MaxFlushSeconds = 600
	// MaxAggregatorDiskGiB is the largest gp3 volume (docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html).
	MaxAggregatorDiskGiB = 16_384
	// MaxRetriesOnBatchRequest is where this package stops: the plugin retries by calling itself, and a thread's stack ends
	// somewhere above this (assumed).
	MaxRetriesOnBatchRequest = 1_000
)

// What a setting of the traffic takes.
var (
	// Rate is for a peak and for a mean, in records/s.
	Rate = fault.Between(1, MaxRecordsPerSecond)
	// RecordBytes is for the mean size of records.
	RecordBytes = fault.Between(1, MaxRecordBytes)
	// LargestRecordBytes is for the size of the largest record. Of larger ones than the stream takes it says what becomes of them.
	LargestRecordBytes = largestRecordBytes()
	// BurstFactor is for what a burst is of the peak.
	BurstFactor = fault.Numbers(1, MaxBurstFactor)
	// BurstSeconds is for the length of a burst; 0 means that there are none.
	BurstSeconds = fault.Between(0, MaxBurstSeconds)
	// SharedReaders is for the number of consumers that share a shard's reads.
	SharedReaders = sharedReaders()
)

// What a setting of stream and delivery takes.
var (
	// Modes is for the capacity mode of a stream.
	Modes = fault.OneOf(OnDemand, Provisioned)
	// ShardCount is for the shards of a provisioned stream.
	ShardCount = fault.Between(1, MaxShards)
	// RetentionHours is for how long a stream keeps records: up to 365 days (docs.aws.amazon.com/streams/latest/dev/
	// service-sizes-and-limits.html).
	RetentionHours = fault.Between(24, 8760)
	// BufferMiB is for the size of Firehose's buffer.
	BufferMiB = fault.Between(MinBufferMiB, MaxBufferMiB)
	// BufferSeconds is for the interval of Firehose's buffer.
	BufferSeconds = fault.Between(0, MaxBufferSeconds)
	// CompressionRatio is for uncompressed by compressed size.
	CompressionRatio = fault.Numbers(1, MaxCompressionRatio)
	// ObjectMiB is for the floor of the size of objects, of which no buffer makes larger ones than it holds; 0 is no floor.
	ObjectMiB = fault.Numbers(0, MaxBufferMiB)
)

// What a setting of a cluster takes.
var (
	// Nodes is for the nodes of a cluster.
	Nodes = fault.Between(1, MaxNodes)
	// PodsPerNode is for the pods that log on a node.
	PodsPerNode = fault.Between(1, MaxPodsPerNode)
	// PodRate is for the peak of the loudest pod, in records/s.
	PodRate = fault.Between(1, MaxPodRecordsPerSecond)
	// OutageSeconds is for how long something may be away; 0 means never.
	OutageSeconds = fault.Between(0, MaxOutageSeconds)

	// AgentDiskMiB is for the disk limit of a node's agent.
	AgentDiskMiB = fault.Between(MinAgentDiskMiB, MaxAgentDiskMiB)
	// Replicas is for the replicas of Fluentd.
	Replicas = fault.Between(1, MaxReplicas)
	// Workers is for the workers of a replica.
	Workers = fault.Between(1, MaxWorkers)
	// WorkerRate is for what a worker carries, in records/s.
	WorkerRate = fault.Between(1, MaxWorkerRecordsPerSecond)
	// FlushThreads is for the flush threads of a worker.
	FlushThreads = fault.Between(1, MaxFlushThreads)
	// FlushSeconds is for Fluentd's flush interval.
	FlushSeconds = fault.Between(1, MaxFlushSeconds)
	// AggregatorDiskGiB is for the volume of a replica.
	AggregatorDiskGiB = fault.Between(1, MaxAggregatorDiskGiB)
	// RetriesOnBatchRequest is for the retries of the plugin.
	RetriesOnBatchRequest = fault.Between(1, MaxRetriesOnBatchRequest)
)

func largestRecordBytes() fault.Rule[int] {
	rule := fault.Between(1, MaxRecordBytes)
	inRange := rule.Refuse
	rule.Refuse = func(bytes int) (fault.Problem, bool) {
		if bytes > MaxRecordBytes {
			return fault.Problemf("records of %d bytes are larger than stream and Fluentd plugin take (1 MiB, partition key included), "+
				"and would be dropped: truncate or divert them", bytes), true
		}
		return inRange(bytes)
	}
	rule.Nearest = func(bytes int) string {
		if bytes <= MaxRecordBytes {
			return ""
		}
		return strconv.Itoa(MaxRecordBytes)
	}
	return rule
}

func sharedReaders() fault.Rule[int] {
	rule := fault.Between(0, MaxSharedReaders)
	inRange := rule.Refuse
	rule.Refuse = func(readers int) (fault.Problem, bool) {
		if readers > MaxSharedReaders {
			return fault.Problemf("%d shared readers are too many, as each calls GetRecords once a second and a shard takes 5 such calls: "+
				"make the others fan-out consumers", readers), true
		}
		return inRange(readers)
	}
	return rule
}
