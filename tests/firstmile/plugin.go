package firstmile

import "math"

// The plugin's habits: github.com/awslabs/aws-fluent-plugin-kinesis, kinesis_helper/api.rb (batch_request_with_retry, Backoff).
const (
	batchRecords = 500
	batchBytes   = 5 << 20
	firstWait    = 0.3
	waitSpread   = 0.1

	// A call is assumed to take 50 to 150 ms.
	callLeast, callSpread = 0.05, 0.1
)

// thread flushes one chunk after the other, batch by batch.
type thread struct {
	worker  *worker
	chunk   *block
	rest    int      // records of the chunk behind the batch
	batch   []uint16 // the shard of each record that is not accepted yet
	retries int
	backoff int
}

// step does what a thread does next: take a chunk, put a batch, or put again what was refused.
func (t *thread) step(s *simulation) {
	w := t.worker
	if t.chunk == nil {
		if len(w.queue) == 0 {
			w.idle = append(w.idle, t)
			return
		}
		if s.now < w.retryAt {
			s.schedule(w.retryAt, t)
			return
		}
		t.chunk = w.queue[0]
		w.queue = w.queue[1:]
		t.rest = t.chunk.records
	}
	if len(t.batch) == 0 {
		t.nextBatch(s)
	}

	call := callLeast + callSpread*s.random.Float64()
	if in(s.config.Stream.Unreachable, s.now) {
		w.takeBack(s, t.chunk)
		t.chunk, t.batch = nil, t.batch[:0]
		s.schedule(w.retryAt, t)
		return
	}
	before := len(t.batch)
	t.batch = s.stream.put(s, t.batch)
	t.chunk.delivered += before - len(t.batch)
	switch {
	case len(t.batch) == 0:
	case t.retries < s.config.Aggregator.Retries:
		if len(t.batch) < before {
			t.backoff = 0 // reset_backoff_if_success
		}
		wait := math.Exp2(float64(t.backoff)) * (firstWait + waitSpread*(0.5-s.random.Float64()))
		t.backoff++
		t.retries++
		s.schedule(s.now+call+wait, t)
		return
	default:
		t.chunk.dropped += len(t.batch)
		t.batch = t.batch[:0]
	}

	if t.rest > 0 {
		s.schedule(s.now+call, t)
		return
	}
	w.commit(s, t.chunk)
	t.chunk = nil
	s.schedule(s.now+call+s.burstInterval, t)
}

func (t *thread) nextBatch(s *simulation) {
	n := min(t.rest, batchRecords, max(1, batchBytes/s.config.RecordBytes))
	t.rest -= n
	t.retries, t.backoff = 0, 0
	t.batch = t.batch[:0]
	shards := uint64(s.config.Stream.Shards)
	var draw uint64
	for i := range n {
		if i%2 == 0 {
			draw = s.random.Uint64() // enough for two
		}
		t.batch = append(t.batch, uint16(draw&math.MaxUint32*shards>>32))
		draw >>= 32
	}
}
