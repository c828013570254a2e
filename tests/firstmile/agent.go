package firstmile

import "math"

// Fluent Bit's habits: github.com/fluent/fluent-bit, include/fluent-bit/flb_input_chunk.h (2 MB), lib/chunkio (a file starts
// with a page and grows by eight), docs.fluentbit.io/manual/administration/scheduling-and-retries (5 s, 2,000 s).
const (
	agentChunkBytes  = 2_048_000
	filePage         = 4_096
	fileGrowth       = 32_768
	fileHeader       = 24 + 160 // with a tag of usual length
	retryBase        = 5
	retryCap         = 2_000
	readBytesASecond = 64 << 20 // assumed

	// The Logging Operator's keepalive_max_recycle with several replicas (pkg/resources/fluentbit/configsecret.go).
	connectionUses = 100
	connections    = 4
)

// agent is the Fluent Bit of a node.
type agent struct {
	index int
	pods  []pod
	bytes int64 // on disk or in memory

	open   []parcelID // of each pod, or none
	turn   int        // whose open chunk is the first to get a task
	closed []parcelID // full or locked, and without a task yet
	tasks  int
	conns  [connections]struct{ worker, uses int }
	// retries has the chunks by the second in which they are due.
	retries [retryCap + 2*retryBase][]parcelID

	held []parcelID // all that were not delivered at once, oldest first, with those gone among them
	kept int        // where in held the first is that is not gone
	scan int        // where in held to look for the next one to discard, until the next flush
	busy bool       // all of them are being sent, so that none can be discarded until the next flush
}

// size is what a chunk takes on disk or in memory.
func (s *simulation) size(records int32) int64 {
	content := int64(records) * int64(s.config.RecordBytes)
	if !s.config.Agent.Filesystem {
		return content
	}
	if records == 0 {
		return 0
	}
	over := content + fileHeader - filePage
	if over <= 0 {
		return filePage
	}
	return filePage + (over+fileGrowth-1)/fileGrowth*fileGrowth
}

// read takes what the pods have written into open chunks.
func (s *simulation) read(a *agent) {
	budget := int64(readBytesASecond / s.config.RecordBytes)
	most := int64(agentChunkBytes/s.config.RecordBytes) + 1
	for j := range a.pods {
		p := &a.pods[j]
		for p.read < p.written && budget > 0 {
			if !s.config.Agent.Filesystem && a.bytes >= s.config.Agent.MemoryBytes {
				return // paused
			}
			if a.open[j] == none {
				a.open[j] = s.parcels.add(j)
			}
			chunk := s.parcels.at(a.open[j])
			n := min(p.written-p.read, budget, most-int64(chunk.records))
			a.bytes -= s.size(chunk.records)
			chunk.records += int32(n)
			a.bytes += s.size(chunk.records)
			p.read += n
			budget -= n
			if int64(chunk.records) >= most {
				s.closeOpen(a, j)
			}
			if !s.discard(a) {
				s.unread(a, chunk, int32(n))
			}
		}
	}
	s.result.AgentBytes = max(s.result.AgentBytes, a.bytes)
}

// closeOpen sets a pod's open chunk aside until there is a task for it.
func (s *simulation) closeOpen(a *agent, j int) {
	id := a.open[j]
	a.closed = append(a.closed, id)
	s.hold(a, id)
	s.parcels.at(id).listed = true
	a.open[j] = none
}

// hold remembers a chunk that stays for longer than it takes to send it.
func (s *simulation) hold(a *agent, id parcelID) {
	if chunk := s.parcels.at(id); !chunk.held {
		chunk.held = true
		a.held = append(a.held, id)
	}
}

// discard makes room on the disk, oldest chunk first, but for those that are being sent. False is that there is none, and what
// is new has no place.
func (s *simulation) discard(a *agent) bool {
	if !s.config.Agent.Filesystem || s.config.Agent.DiskBytes == 0 || a.bytes <= s.config.Agent.DiskBytes {
		return true
	}
	if a.busy {
		return false
	}
	for a.scan = max(a.scan, a.kept); a.bytes > s.config.Agent.DiskBytes && a.scan < len(a.held); a.scan++ {
		chunk := s.parcels.at(a.held[a.scan])
		if !chunk.gone && !chunk.connected {
			s.result.Discarded += int64(chunk.records)
			s.remove(a, a.held[a.scan])
		}
		if chunk.gone && a.scan == a.kept {
			a.kept++
		}
	}
	a.busy = a.bytes > s.config.Agent.DiskBytes
	return !a.busy
}

// unread loses what was read last.
func (s *simulation) unread(a *agent, chunk *parcel, records int32) {
	if chunk.gone {
		return // and counted
	}
	s.result.Discarded += int64(records)
	a.bytes -= s.size(chunk.records)
	chunk.records -= records
	a.bytes += s.size(chunk.records)
}

// remove takes a chunk away that is delivered or lost.
func (s *simulation) remove(a *agent, id parcelID) {
	chunk := s.parcels.at(id)
	chunk.gone = true
	a.bytes -= s.size(chunk.records)
	if chunk.sending {
		a.tasks--
	}
	if !chunk.held {
		s.parcels.free(id)
	}
}

// forget drops the oldest chunks that are gone from the list of those held.
func (s *simulation) forget(a *agent) {
	n := 0
	for n < len(a.held) {
		chunk := s.parcels.at(a.held[n])
		if !chunk.gone || chunk.listed {
			break
		}
		s.parcels.free(a.held[n])
		n++
	}
	a.held, a.kept = a.held[n:], max(0, a.kept-n)
}

// flush sends what is to be retried, and new chunks while there are tasks left.
func (s *simulation) flush(a *agent) {
	due := &a.retries[int(s.now)%len(a.retries)]
	for _, id := range *due {
		chunk := s.parcels.at(id)
		if chunk.listed = false; !chunk.gone {
			s.send(a, id)
		}
	}
	*due = (*due)[:0]

	started := 0
	for _, id := range a.closed {
		if a.tasks >= s.config.Agent.Tasks {
			break
		}
		chunk := s.parcels.at(id)
		if chunk.listed = false; !chunk.gone {
			s.start(a, id)
		}
		started++
	}
	a.closed = a.closed[started:]

	for k := range a.open {
		j := (k + a.turn) % len(a.open)
		switch id := a.open[j]; {
		case id == none:
		case a.tasks < s.config.Agent.Tasks:
			a.open[j] = none
			s.start(a, id)
		case s.config.Agent.Locks:
			s.closeOpen(a, j)
		}
	}
	a.turn++
	a.busy, a.scan = false, 0
	s.forget(a)
}

// start gives a chunk a task.
func (s *simulation) start(a *agent, id parcelID) {
	s.parcels.at(id).sending = true
	a.tasks++
	s.send(a, id)
}

// send hands a chunk to a worker, on a connection of its own. Where the worker has no room it waits; where it is away the
// chunk is retried later.
func (s *simulation) send(a *agent, id parcelID) {
	if s.aggregatorAway {
		s.hold(a, id)
		s.retryLater(a, id)
		return
	}
	w := s.workers[a.connection(s)]
	if len(w.waiting) == 0 && s.deliver(w, a, id) {
		return
	}
	s.parcels.at(id).connected = true
	s.hold(a, id)
	w.waiting = append(w.waiting, delivery{a, id})
}

func (s *simulation) deliver(w *worker, a *agent, id parcelID) bool {
	chunk := s.parcels.at(id)
	if !w.take(s, a.index*len(a.pods)+int(chunk.pod), int(chunk.records)) {
		return false
	}
	s.remove(a, id)
	return true
}

func (s *simulation) retryLater(a *agent, id parcelID) {
	chunk := s.parcels.at(id)
	chunk.attempts++
	if limit := s.config.Agent.RetryLimit; limit >= 0 && int(chunk.attempts) > limit {
		s.result.Discarded += int64(chunk.records)
		s.remove(a, id)
		return
	}
	longest := min(retryCap, retryBase*math.Exp2(float64(chunk.attempts)))
	at := int(s.now+retryBase+s.random.Float64()*(longest-retryBase)) + 1
	chunk.listed = true
	a.retries[at%len(a.retries)] = append(a.retries[at%len(a.retries)], id)
}

// connection is the worker at the other end of one of the agent's connections, which are drawn anew after some uses.
func (a *agent) connection(s *simulation) int {
	c := &a.conns[s.random.IntN(connections)]
	if c.uses == 0 {
		c.worker, c.uses = s.random.IntN(len(s.workers)), connectionUses
	}
	c.uses--
	return c.worker
}
