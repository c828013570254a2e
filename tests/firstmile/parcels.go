package firstmile

// parcel is a chunk of an agent.
type parcel struct {
	records   int32
	pod       int32
	attempts  int32
	sending   bool // it has a task
	connected bool // it waits for a worker
	held      bool // it is in the agent's list
	listed    bool // it is among those to be retried, or closed and without a task
	gone      bool // delivered or lost
}

// parcels has all chunks of all agents in one place, which there are millions of in a run: it uses them again.
type parcels struct {
	all  []parcel
	idle []parcelID
}

type parcelID int32

const none parcelID = -1

func (p *parcels) at(id parcelID) *parcel { return &p.all[id] }

func (p *parcels) add(pod int) parcelID {
	fresh := parcel{pod: int32(pod)}
	if n := len(p.idle); n > 0 {
		id := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.all[id] = fresh
		return id
	}
	p.all = append(p.all, fresh)
	return parcelID(len(p.all) - 1)
}

func (p *parcels) free(id parcelID) { p.idle = append(p.idle, id) }
