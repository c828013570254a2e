package firstmile

import (
	"math"
	"slices"
)

// Fluentd's habits: github.com/fluent/fluentd, lib/fluent/plugin/output.rb and buffer.rb.
const (
	bufferRecordBytes = 8    // MessagePack of [data, key]
	chunkFull         = 0.95 // chunk_full_threshold
	enqueueChecks     = 11
	retryWait         = 1
	retryRandom       = 0.125
)

// block is a chunk of Fluentd's buffer.
type block struct {
	records   int
	key       int
	created   float64
	queued    bool
	delivered int // accepted by Kinesis in all tries
	dropped   int // by the plugin in this try
}

// worker is a process of Fluentd with its buffer.
type worker struct {
	replica  int
	budget   float64        // records that it may take yet in this second
	staged   map[int]*block // by chunk key
	order    []*block       // staged, oldest first, with those queued since among them
	queue    []*block
	bytes    int64 // staged, queued and in the threads
	idle     []*thread
	waiting  []delivery // chunks of the agents, in the order in which they came
	attempts int        // of Fluentd's own retries
	retryAt  float64    // no thread flushes before
}

// delivery is an agent's chunk on its connection.
type delivery struct {
	agent *agent
	chunk parcelID
}

// serve takes what waits, while there is room.
func (w *worker) serve(s *simulation) {
	n := 0
	for n < len(w.waiting) && s.deliver(w, w.waiting[n].agent, w.waiting[n].chunk) {
		n++
	}
	w.waiting = w.waiting[n:]
}

// hangUp breaks all connections.
func (w *worker) hangUp(s *simulation) {
	for _, d := range w.waiting {
		s.parcels.at(d.chunk).connected = false
		s.retryLater(d.agent, d.chunk)
	}
	w.waiting = nil
}

func (s *simulation) recordBytes() int64 { return int64(s.config.RecordBytes + bufferRecordBytes) }

// take writes records into the buffer. False is that the connection has to wait.
func (w *worker) take(s *simulation, pod, records int) bool {
	c := &s.config.Aggregator
	if w.budget <= 0 {
		return false
	}
	full := w.bytes >= c.LimitBytes
	if full && c.Block {
		return false
	}
	w.budget -= float64(records)
	size := int64(records) * s.recordBytes()
	if full || (c.DiskBytes > 0 && s.disks[w.replica]+size > c.DiskBytes) {
		s.result.Thrown += int64(records)
		return true
	}

	w.bytes += size
	s.disks[w.replica] += size
	s.result.BufferBytes = max(s.result.BufferBytes, w.bytes)
	key := 0
	if c.ByTag {
		key = pod
	}
	if c.TimeKey > 0 { // a chunk of an earlier time stays as it is
		key = key*1_000_000 + int(s.now/c.TimeKey.Seconds())
	}
	room := int(float64(c.ChunkBytes) * chunkFull / float64(s.recordBytes()))
	for records > 0 {
		b := w.staged[key]
		if b == nil {
			b = &block{key: key, created: s.now}
			w.staged[key] = b
			w.order = append(w.order, b)
		}
		n := min(records, max(1, room-b.records))
		b.records += n
		records -= n
		if b.records >= room {
			w.enqueue(s, b)
		}
	}
	return true
}

func (w *worker) enqueue(s *simulation, b *block) {
	delete(w.staged, b.key)
	b.queued = true
	w.queue = append(w.queue, b)
	w.wake(s)
}

// wake gives queued chunks to threads that have nothing to do: each looks every flush_thread_interval.
func (w *worker) wake(s *simulation) {
	for n := min(len(w.queue), len(w.idle)); n > 0; n-- {
		t := w.idle[len(w.idle)-1]
		w.idle = w.idle[:len(w.idle)-1]
		s.schedule(max(s.now+s.random.Float64()*s.threadInterval, w.retryAt), t)
	}
}

// enqueueDue queues the chunks whose time has come, while the queue is not full.
func (w *worker) enqueueDue(s *simulation) {
	done := 0
	for _, b := range w.order {
		if !b.queued {
			if len(w.queue) >= s.queuedChunks || !s.due(b) {
				break
			}
			w.enqueue(s, b)
		}
		done++
	}
	w.order = slices.Delete(w.order, 0, done)
}

func (s *simulation) due(b *block) bool {
	c := &s.config.Aggregator
	if c.TimeKey > 0 {
		ends := (math.Floor(b.created/c.TimeKey.Seconds()) + 1) * c.TimeKey.Seconds()
		return s.now >= ends+c.TimeKeyWait.Seconds()
	}
	return s.now >= b.created+c.FlushInterval.Seconds()
}

func (s *simulation) enqueueInterval() float64 {
	c := &s.config.Aggregator
	interval := c.FlushInterval.Seconds()
	if c.TimeKey > 0 {
		interval = min(c.TimeKey.Seconds(), c.TimeKeyWait.Seconds())
	}
	return max(interval/enqueueChecks, s.threadInterval)
}

// commit forgets a chunk that the plugin calls delivered.
func (w *worker) commit(s *simulation, b *block) {
	size := int64(b.records) * s.recordBytes()
	w.bytes -= size
	s.disks[w.replica] -= size
	w.attempts, w.retryAt = 0, 0
	s.result.Dropped += int64(b.dropped)
	arrived := b.records - b.dropped
	s.result.Delivered += int64(arrived)
	s.result.Repeated += int64(b.delivered - arrived)
	s.result.Emptied = seconds(s.now)
	s.result.Freshness = max(s.result.Freshness, seconds(s.now-b.created))
}

// takeBack puts a chunk before all others after an exception of the plugin, and makes every thread wait longer each time.
func (w *worker) takeBack(s *simulation, b *block) {
	b.dropped = 0
	w.queue = slices.Insert(w.queue, 0, b)
	wait := retryWait * math.Exp2(float64(min(w.attempts, 30)))
	if most := s.config.Aggregator.RetryMaxInterval.Seconds(); most > 0 {
		wait = min(wait, most)
	}
	w.attempts++
	w.retryAt = s.now + wait*(1+retryRandom*(2*s.random.Float64()-1))
}
