package firstmile

import (
	"math/rand/v2"
	"time"
)

// simulation is the state of everything. Time goes from event to event: a thread's next step, a worker's look for chunks that are
// due, and every full second, in which pods log and agents read and send.
type simulation struct {
	config  Config
	random  *rand.Rand
	now     float64
	events  events
	agents  []*agent
	parcels parcels
	workers []*worker
	threads []*thread
	disks   []int64 // bytes in the buffers of each replica
	stream  stream
	result  Result

	aggregatorAway                bool
	queuedChunks                  int
	threadInterval, burstInterval float64
}

func newSimulation(c Config) *simulation {
	s := &simulation{
		config: c, random: rand.New(rand.NewPCG(c.Seed, c.Seed)), //nolint:gosec // a run must be repeatable
		stream: newStream(c.Stream.Shards),
		disks:  make([]int64, c.Aggregator.Replicas), queuedChunks: c.Aggregator.QueuedChunks,
		threadInterval: c.Aggregator.ThreadInterval.Seconds(), burstInterval: c.Aggregator.BurstInterval.Seconds(),
	}
	if s.queuedChunks == 0 {
		s.queuedChunks = c.Aggregator.Threads
	}
	if s.threadInterval == 0 {
		s.threadInterval = 1
	}
	if s.burstInterval == 0 {
		s.burstInterval = 1
	}
	for i := range c.Nodes {
		a := &agent{index: i, pods: make([]pod, c.PodsPerNode), open: make([]parcelID, c.PodsPerNode)}
		for j := range a.open {
			a.open[j] = none
		}
		s.agents = append(s.agents, a)
	}
	for replica := range c.Aggregator.Replicas {
		for range c.Aggregator.Workers {
			w := &worker{replica: replica, staged: make(map[int]*block)}
			for range c.Aggregator.Threads {
				t := &thread{worker: w}
				w.idle = append(w.idle, t)
				s.threads = append(s.threads, t)
			}
			s.workers = append(s.workers, w)
		}
	}
	return s
}

func (s *simulation) run() {
	over := (s.config.End + s.config.Patience).Seconds()
	nextEnqueue := s.enqueueInterval()
	for second := 0.0; second < over; second++ {
		for s.now = second; nextEnqueue < second+1; nextEnqueue += s.enqueueInterval() {
			s.stepThreads(nextEnqueue)
			for _, w := range s.workers {
				if !s.aggregatorAway {
					w.enqueueDue(s)
				}
			}
		}
		s.stepThreads(second + 1)
		s.second()
		if s.now >= s.config.End.Seconds() && s.left() == 0 {
			return
		}
	}
	s.result.Left = s.left()
}

// second is what happens at a full second.
func (s *simulation) second() {
	s.setAway(in(s.config.Aggregator.Away, s.now))
	for _, w := range s.workers {
		rate := s.config.Aggregator.RecordsPerSecond
		w.budget = min(rate, w.budget+rate)
		w.serve(s)
	}
	s.logSecond()
	first := s.random.IntN(len(s.agents)) // nobody is always the first to find room
	for k := range s.agents {
		a := s.agents[(first+k)%len(s.agents)]
		s.read(a)
		s.flush(a)
	}
	if int(s.now)%logCheckSeconds == 0 {
		s.rotateLogs()
	}
}

// setAway stops all Fluentds or starts them: what threads were at is back in the queue.
func (s *simulation) setAway(away bool) {
	if away == s.aggregatorAway {
		return
	}
	s.aggregatorAway = away
	s.events = s.events[:0]
	for _, w := range s.workers {
		w.idle = w.idle[:0]
		w.attempts, w.retryAt = 0, 0
		w.hangUp(s)
	}
	for _, t := range s.threads {
		if t.chunk != nil {
			t.chunk.dropped = 0
			t.worker.queue = append(t.worker.queue, t.chunk)
			t.chunk, t.batch = nil, t.batch[:0]
		}
		t.worker.idle = append(t.worker.idle, t)
	}
	if !away {
		for _, w := range s.workers {
			w.wake(s)
		}
	}
}

// stepThreads lets threads do all that comes before a time.
func (s *simulation) stepThreads(until float64) {
	for len(s.events) > 0 && s.events[0].at < until {
		next := s.events.pop()
		s.now = next.at
		next.thread.step(s)
	}
	s.now = until
}

func (s *simulation) schedule(at float64, t *thread) {
	s.events.push(event{at: max(at, s.now), thread: t})
}

// left is how many records are on their way.
func (s *simulation) left() int64 {
	r := &s.result
	return r.Logged - r.Delivered - r.Lost()
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
