package firstmile

// event is the next step of a thread.
type event struct {
	at     float64
	thread *thread
}

// events is a heap by time. (container/heap would allocate for each of a run's millions of events.)
type events []event

func (e *events) push(next event) {
	*e = append(*e, next)
	h := *e
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if h[parent].at <= h[i].at {
			return
		}
		h[parent], h[i] = h[i], h[parent]
		i = parent
	}
}

func (e *events) pop() event {
	h := *e
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h[last] = event{}
	h = h[:last]
	*e = h
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return first
		}
		if child+1 < last && h[child+1].at < h[child].at {
			child++
		}
		if h[i].at <= h[child].at {
			return first
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
