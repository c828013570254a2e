package capacity

// Limits and habits of the agent, Fluent Bit.
const (
	// agentFlushSeconds is Fluent Bit's Flush, which the Logging Operator sets to 1 s (github.com/kube-logging/
	// logging-operator, pkg/sdk/logging/api/v1beta1/logging_types.go). Every second makes a new chunk for each tag, so for
	// each container, while the chunks before it are on their way.
	agentFlushSeconds = 1

	// AgentTasks is how many chunks a Fluent Bit up to 3.2 sends or retries at once (github.com/fluent/fluent-bit/issues/9997,
	// which cites flb_config.h of 3.2.6). The Logging Operator's SDK v0.12.0 deploys 3.2.5 (logging_types.go,
	// DefaultFluentbitImageTag). Later versions have 16,384 (pull/10044, merged in March 2025). 30 containers make 2,048
	// chunks in 68 s without Fluentd. What happens to new records then depends on the version:
	//
	//   - A version of 2026 looks for a free task before it closes a chunk (flb_engine_dispatch). Open chunks grow to 2 MB.
	//   - An older version closes the chunk, finds no task and puts it back (issues/9706). This package assumes that 3.2.5
	//     locks the chunk then, so that each container's next record makes a new file, every second as before.
	//
	// The second case takes more disk, most where containers log little. Disks are sized for it, so no formula has the
	// number of tasks.
	//
	// An agent of 3.2 may also stall for good at this limit. The open chunks fill storage.max_chunks_up, and no chunk that is
	// to be retried finds a place in memory. The agent puts off all of them again and again, also when Fluentd is back, until
	// it is restarted (issues/9706, of December 2024; issues/8395 and pull/8681 are about the like before). The restarted
	// agent sends the chunk files. No buffer's size prevents this. An image of Fluent Bit with both changes should.
	AgentTasks = 2_048

	// A chunk's file starts with a page and grows by eight, and is not trimmed (github.com/fluent/fluent-bit, lib/chunkio:
	// cio_file.c, chunkio.h); storage.total_limit_size counts the file.
	pageBytes           = 4_096
	agentFileGrowth     = 8 * pageBytes
	agentChunkHeader    = 256  // assumed: 24 bytes and the tag, which holds pod, namespace, container and its 64 digits
	agentRecordOverhead = 1.05 // assumed: MessagePack's framing, and the files of chunks that reach 2 MB

	// agentResumeSeconds is how long after Fluentd's return agents are assumed to fill their disks on. New chunks are sent with
	// the next flush, and retries come at random times (docs.fluentbit.io/manual/administration/scheduling-and-retries).
	agentResumeSeconds = 30

	// largeAgentDiskMiB is half the root volume that EKS gives a node by default, 20 GiB (docs.aws.amazon.com/eks/latest/
	// APIReference/API_CreateNodegroup.html); images and pods want the rest.
	largeAgentDiskMiB = 10 * 1_024
)

// Limits and habits of the aggregator, Fluentd.
const (
	// DefaultWorkerRecordsPerSecond is what one Fluentd worker is assumed to carry: "up to 5,000 messages/sec" is what
	// Fluentd's guide says of a single process (docs.fluentd.org/deployment/performance-tuning-single-process). Parsing and
	// redacting cost more than nothing: measure your own.
	DefaultWorkerRecordsPerSecond = 5_000.0
	// workerBytesPerSecond is assumed, so that large records do not make a worker limitless.
	workerBytesPerSecond = 10_000_000.0

	// FlushThreadIntervalSeconds and FlushThreadBurstIntervalSeconds are Fluentd's flush_thread_interval and
	// flush_thread_burst_interval that plans count with: the plugin's own advice (github.com/awslabs/aws-fluent-plugin-kinesis,
	// README.md, "For better throughput"). Fluentd's default is 1 s for both, one chunk a second and thread.
	FlushThreadIntervalSeconds      = 0.1
	FlushThreadBurstIntervalSeconds = 0.01
	// RetryMaxIntervalSeconds is the retry_max_interval that plans count with. Without one Fluentd waits, after an outage
	// in which Kinesis could not be reached, up to as long again (docs.fluentd.org/configuration/buffer-section).
	RetryMaxIntervalSeconds = 30
	// retryRandomness is what retry_randomize adds to it at most.
	retryRandomness = 1.125

	// enqueueChecks is how often per flush interval Fluentd looks for chunks to queue, and no more often than the flush
	// thread interval (github.com/fluent/fluentd, lib/fluent/plugin/output.rb, enqueue_thread_run).
	enqueueChecks = 11

	// DefaultFlushSeconds is how long records are gathered where nobody says: as fresh as metrics of a minute need.
	DefaultFlushSeconds  = 5
	minFlushThreads      = 2
	computedFlushThreads = 16 // the most for retries and calls: the plugin's advice has 15

	minReplicas     = 2 // one may be away, for an upgrade or with its node
	computedWorkers = 4 // the most without a number of replicas given
	// manyReplicas is how many replicas there may be before each gets more workers than one.
	manyReplicas = 8

	// unevenSpread is how many times its share a worker is assumed to get, of the traffic and of what piles up.
	unevenSpread = 1.25
	// aggregatorRecordOverhead is MessagePack's framing of [data, partition key] in the plugin's buffer.
	aggregatorRecordOverhead = 16
	// A chunk is two files on disk, the data and its metadata, and each wastes part of a block.
	aggregatorChunkOverhead = 2 * pageBytes
	// UsableTenths is how many tenths of a volume buffers may fill: the operator's own alert goes off at a tenth left
	// (github.com/kube-logging/logging-operator, pkg/resources/fluentd/buffervolumeprometheusrules.go).
	UsableTenths = 9
	usableVolume = UsableTenths / 10.0

	minChunkMiB = 8   // Fluentd's default for memory; its default for files, 256, is one flush thread's work for minutes
	MaxChunkMiB = 256 // Fluentd's default for files (docs.fluentd.org/configuration/buffer-section), and the most here
	// manyChunks is how many chunk files a buffer is assumed to do well with: each full one keeps two files open.
	manyChunks = 2_048
)

// Limits and habits of the plugin, github.com/awslabs/aws-fluent-plugin-kinesis: lib/fluent/plugin/out_kinesis_streams.rb and
// kinesis_helper/api.rb.
const (
	batchRecords = 500
	batchBytes   = 5 << 20

	// Before the nth retry of a batch that is refused whole the plugin waits between shortestFirstWait and longestFirstWait
	// times 2^n seconds. Where a batch is refused in part, n starts over at 0, but the count of retries goes on.
	shortestFirstWait = 0.25
	longestFirstWait  = 0.35

	// DefaultRetriesOnBatchRequest is the plugin's own number of retries: 64 s at least in which nothing is accepted, and
	// 2 s at least where a part is.
	DefaultRetriesOnBatchRequest = 8
	// callSeconds is assumed for a call to PutRecords with a full batch; CloudWatch's PutRecords.Latency has the real one.
	callSeconds = 0.1

	// tolerableDrops is the share of throttled records that computed retries let the plugin drop at most.
	tolerableDrops = 1e-12
)
