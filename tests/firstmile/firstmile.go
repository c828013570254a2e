// Package firstmile simulates the way of log records from the pods of one cluster to a Kinesis data stream, second by second
// and call by call, and counts those that get lost and where. It exists to test the plans of package capacity, and so uses
// none of its formulas or numbers: what a part does is written down here as its own source has it.
//
//   - Pods write logs that the kubelet rotates: a file that is full is set aside every 10 s, and 5 are kept.
//   - Fluent Bit reads them into chunks, one open for each pod, in memory or on disk, and sends the chunks every second.
//   - Fluentd's workers take chunks into buffers of limited size, and block or throw when they are full.
//   - The plugin's threads put batches of 500 records, retry what was refused with growing waits, and drop the rest.
//   - Shards accept 1,000 records and 1 MB a second each.
//
// Everything random is drawn from one seed. Left out are disks and networks that fail, clusters that change, hot keys, and agents
// that stall when their tasks are used up.
package firstmile

import "time"

// Config is what to simulate.
type Config struct {
	// Seed of all that is random.
	Seed uint64
	// Nodes with PodsPerNode pods each.
	Nodes, PodsPerNode int
	// RecordBytes is the size of each record.
	RecordBytes int
	// Rate is the cluster's records/s at a time after the start, until End; then the pods are silent, and the run goes on until
	// nothing is on its way or Patience is over.
	Rate func(at time.Duration) float64
	// End of what the pods log.
	End time.Duration
	// Patience is how long after End to wait for the last record.
	Patience time.Duration
	// LoudNode is how many times the even share the pods of the first node log; 0 is 1.
	LoudNode float64

	Agent      Agent
	Aggregator Aggregator
	Stream     Stream
}

// Agent is Fluent Bit's configuration.
type Agent struct {
	// Filesystem is storage.type: filesystem; otherwise memory.
	Filesystem bool
	// DiskBytes is storage.total_limit_size: the oldest chunk is discarded for a new one. It counts with Filesystem.
	DiskBytes int64
	// MemoryBytes is Mem_Buf_Limit: reading pauses. It counts without Filesystem.
	MemoryBytes int64
	// RetryLimit is Retry_Limit; negative is none.
	RetryLimit int
	// Tasks is how many chunks are on their way at most.
	Tasks int
	// Locks is that each flush ends all open chunks, with or without a task for them, as is assumed of Fluent Bit 3.2.5; otherwise
	// those without one grow to 2 MB, as where flb_engine_dispatch looks for a task first.
	Locks bool
}

// Aggregator is the configuration of Fluentd and its output.
type Aggregator struct {
	// Replicas with Workers each, with Threads each.
	Replicas, Workers, Threads int
	// ByTag keeps a chunk for each pod (buffer.tags: tag), otherwise there is one for all.
	ByTag bool
	// FlushInterval of flush_mode: interval. Ignored with TimeKey.
	FlushInterval time.Duration
	// TimeKey and TimeKeyWait are for the mode lazy: a chunk is flushed when its time is over and the wait too.
	TimeKey, TimeKeyWait time.Duration
	// QueuedChunks is queued_chunks_limit_size; 0 is Threads.
	QueuedChunks int
	// ThreadInterval and BurstInterval are flush_thread_interval and flush_thread_burst_interval; 0 is 1 s.
	ThreadInterval, BurstInterval time.Duration
	// ChunkBytes is chunk_limit_size.
	ChunkBytes int64
	// LimitBytes is total_limit_size of each worker's buffer.
	LimitBytes int64
	// DiskBytes is what a replica's volume has for its buffers; writing fails when it is full. 0 is no limit.
	DiskBytes int64
	// Block is overflow_action: block; otherwise throw_exception, and the record goes to the @ERROR label, which is null.
	Block bool
	// RetryMaxInterval is retry_max_interval; 0 is none.
	RetryMaxInterval time.Duration
	// RecordsPerSecond is what a worker carries.
	RecordsPerSecond float64
	// Retries is retries_on_batch_request.
	Retries int
	// Away is when no Fluentd runs. Their volumes stay.
	Away []Span
}

// Stream is the stream and its outages.
type Stream struct {
	Shards int
	// Refusing is when PutRecords answers, and refuses every record.
	Refusing []Span
	// Unreachable is when it does not answer.
	Unreachable []Span
}

// Span is a time, from the start of the simulation.
type Span struct{ From, To time.Duration }

// Result counts records.
type Result struct {
	// Logged by the pods.
	Logged int64
	// Delivered to the stream, each counted once.
	Delivered int64
	// Rotated away by the kubelet before the agent read them.
	Rotated int64
	// Discarded by the agent for lack of disk, or after its last retry.
	Discarded int64
	// Thrown by Fluentd when its buffer or disk was full.
	Thrown int64
	// Dropped by the plugin after its last retry.
	Dropped int64
	// Left on their way when Patience was over.
	Left int64
	// Repeated were delivered more than once.
	Repeated int64
	// AgentBytes and BufferBytes are the most that any agent and any worker's buffer held.
	AgentBytes, BufferBytes int64
	// Freshness is the longest that a record was in Fluentd, and Emptied when the last record was delivered.
	Freshness, Emptied time.Duration
}

// Lost is how many records will never arrive.
func (r Result) Lost() int64 { return r.Rotated + r.Discarded + r.Thrown + r.Dropped }

// Run simulates until nothing is on its way.
func Run(config Config) Result {
	s := newSimulation(config)
	s.run()
	return s.result
}

func in(spans []Span, seconds float64) bool {
	for _, s := range spans {
		if seconds >= s.From.Seconds() && seconds < s.To.Seconds() {
			return true
		}
	}
	return false
}
