package capacity

import (
	"time"

	"example.com/log-pipeline/internal/searchindex"
)

// search is a search domain that is being planned.
type search struct {
	load Load
	// given is the choice, and choice has defaults.
	given, choice SearchChoice
	// copies of each shard, its primary among them.
	copies int
	// kept is how many indexes there are at most.
	kept int
	// indexGiB is one copy of an index at the mean rate, and largestGiB one of the largest index.
	indexGiB, largestGiB float64
	// dayGiB is one copy of a day's records.
	dayGiB float64
}

// searchDomain are data nodes that may carry the load or not.
type searchDomain struct {
	typ                          searchType
	instances, shards, volumeGiB int
}

func newSearch(load Load, choice SearchChoice) search {
	s := search{load: load, given: choice, choice: choice.withDefaults()}
	s.copies = 1 + *s.choice.Replicas
	hours := searchindex.RotationHours(s.choice.Rotation)
	// An index goes when its last record has been kept for long enough, and one is written to.
	s.kept = (s.choice.DaysKept*hoursPerDay+hours-1)/hours + 1
	s.dayGiB = s.gib(load.mean(), hoursPerDay)
	s.indexGiB = s.gib(load.mean(), hours)
	s.largestGiB = s.indexGiB
	if hours < hoursPerDay {
		s.largestGiB = s.gib(load.peak(), hours)
	}
	return s
}

// gib is what one copy of the records of so many hours takes on disk.
func (s search) gib(r rate, hours int) float64 {
	return r.bytes * float64(hours*secondsPerHour) * s.choice.IndexRatio / bytesPerGiB
}

// domain is what is given, and for the rest the smallest that carries the load without a warning.
func (s search) domain() searchDomain {
	types := computedSearchTypes
	if s.choice.InstanceType != "" {
		types = []searchType{searchTypeOf(s.choice.InstanceType)}
	}
	if s.choice.Instances != 0 {
		for _, t := range types {
			if d := s.with(t, s.choice.Instances); s.comfortable(d) {
				return d
			}
		}
		return s.with(types[len(types)-1], s.choice.Instances)
	}
	for _, most := range []int{fewSearchInstances, searchInstanceQuota, MaxSearchInstances} {
		for _, t := range types {
			if d, found := s.fewest(t, most, s.comfortable); found {
				return d
			}
		}
	}
	largest := types[len(types)-1]
	d, _ := s.fewest(largest, MaxSearchInstances, s.carries)
	return d
}

// fewest is the domain of a type with the fewest data nodes that will do, in as many in each zone. Where none does it has the most.
func (s search) fewest(t searchType, most int, will func(searchDomain) bool) (searchDomain, bool) {
	most = min(most, t.most)
	step := s.choice.Zones
	var d searchDomain
	for n := multiple(max(s.copies, step), step); n <= most; n += step {
		if d = s.with(t, n); will(d) {
			return d, true
		}
	}
	return d, false
}

// with is the domain of so many nodes of a type.
func (s search) with(t searchType, instances int) searchDomain {
	d := searchDomain{typ: t, instances: instances, shards: s.choice.Shards, volumeGiB: s.choice.VolumeGiB}
	if d.shards == 0 {
		d.shards = s.shards(t, instances)
	}
	if d.volumeGiB == 0 {
		d.volumeGiB = min(t.largestGiB, max(t.smallestGiB, multiple(ceil(volumeFor(s.nodeGiB(d))), volumeStepGiB)))
	}
	return d
}

// shards are as many as make shards of the size that is aimed at, and as the nodes need that index the peak. Where the shards
// stay large enough they are a multiple of the nodes, so that all nodes have the same part of an index.
func (s search) shards(t searchType, instances int) int {
	busy := min(instances, ceil(s.load.peak().records*float64(s.copies)/s.nodeRate(t)))
	shards := max(1, ceil(s.largestGiB/shardGiB), (busy+s.copies-1)/s.copies)
	even := searchDomain{typ: t, instances: instances, shards: multiple(shards, instances)}
	if s.shardGiB(even) >= smallestShardGiB && s.heapFits(even) && searchindex.Shards.Takes(even.shards) {
		shards = even.shards
	}
	return shards
}

// carries says whether a domain does what it must.
func (s search) carries(d searchDomain) bool {
	return searchindex.Shards.Takes(d.shards) && s.shardFits(d) && s.heapFits(d) && d.volumeExists() && s.volumeFits(d) && s.keepsUp(d)
}

// comfortable says whether it does so with what is to spare by AWS's advice.
func (s search) comfortable(d searchDomain) bool {
	return s.carries(d) && s.staysFree(d) && s.vCPUsWanted(d) <= d.vCPUs()
}

func (s search) shardFits(d searchDomain) bool { return s.shardGiB(d) <= largestShardGiB*(1+rounding) }
func (s search) heapFits(d searchDomain) bool  { return s.nodeShards(d) <= d.typ.shards() }
func (s search) keepsUp(d searchDomain) bool {
	return s.indexing(d) >= s.load.PeakRecordsPerSecond*(1-rounding)
}

func (d searchDomain) volumeExists() bool {
	return d.volumeGiB >= d.typ.smallestGiB && d.volumeGiB <= d.typ.largestGiB
}

// volumeFits is by AWS's own minimum, and staysFree by the part that FreeStorageSpace should not fall under.
func (s search) volumeFits(d searchDomain) bool {
	return smallestVolumeFor(s.nodeGiB(d)) <= float64(d.volumeGiB)*(1+rounding)
}

func (s search) staysFree(d searchDomain) bool {
	return volumeFor(s.nodeGiB(d)) <= float64(d.volumeGiB)*(1+rounding)
}

func (d searchDomain) vCPUs() int { return d.instances * d.typ.vCPUs }

// shardGiB is a shard of the largest index.
func (s search) shardGiB(d searchDomain) float64 { return s.largestGiB / float64(d.shards) }

// nodeShards is how many shards the fullest node holds: OpenSearch spreads them by their number.
func (s search) nodeShards(d searchDomain) int {
	return (d.shards*s.copies*s.kept + d.instances - 1) / d.instances
}

// nodeGiB is what they take.
func (s search) nodeGiB(d searchDomain) float64 {
	return float64(s.nodeShards(d)) * s.indexGiB / float64(d.shards)
}

// nodeRate is what a node indexes, in records/s of one copy.
func (s search) nodeRate(t searchType) float64 {
	perVCPU := min(searchVCPURecordsPerSecond, searchVCPUBytesPerSecond/float64(s.load.MeanRecordBytes))
	if s.choice.VCPURecordsPerSecond != 0 {
		perVCPU = s.choice.VCPURecordsPerSecond
	}
	return perVCPU * float64(t.vCPUs)
}

// indexing is what a domain indexes, in records/s. Each copy is indexed for itself, on the nodes that hold a shard of the index
// that is written to.
func (s search) indexing(d searchDomain) float64 {
	return s.nodeRate(d.typ) * float64(min(d.instances, d.shards*s.copies)) / float64(s.copies)
}

// vCPUsWanted is where AWS begins, for the shards that a day's records fill: of a longer rotation no more are written to at once.
func (s search) vCPUsWanted(d searchDomain) int {
	filled := min(d.shards, max(1, ceil(s.dayGiB/shardGiB)))
	return ceil(vCPUsPerShard * float64(filled*s.copies))
}

// catchUp is how long a burst's backlog takes. A plan that is not refused indexes the peak at least.
func (s search) catchUp(d searchDomain) time.Duration {
	over := s.load.burst().records - s.indexing(d)
	if over <= 0 || s.load.Burst <= 0 {
		return 0
	}
	return duration(over * s.load.Burst.Seconds() / max(0, s.indexing(d)-s.load.MeanRecordsPerSecond))
}

// volumeFor is the volume on which so much leaves the part free that FreeStorageSpace should not fall under.
func volumeFor(storedGiB float64) float64 {
	const used = 1 - reservedByLinux - freeStorage
	if small := storedGiB / (used - reservedByService); small*reservedByService <= mostReservedGiB {
		return small
	}
	return (storedGiB + mostReservedGiB) / used
}

// smallestVolumeFor is AWS's own minimum, which takes what the service reserves for a fifth on any volume.
func smallestVolumeFor(storedGiB float64) float64 {
	return storedGiB / (1 - reservedByLinux) / (1 - reservedByService)
}

// multiple rounds up to a multiple.
func multiple(n, of int) int { return (n + of - 1) / of * of }
