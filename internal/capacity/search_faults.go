package capacity

import (
	"cmp"
	"fmt"
	"strconv"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/searchindex"
)

// What the size of an index follows from, and what all that is computed does.
var (
	indexSettings = []fault.Path{"Rotation", "IndexRatio", "PeakRecordsPerSecond", "MeanRecordsPerSecond", "MeanRecordBytes"}
	nodeSettings  = append([]fault.Path{
		"Instances", "InstanceType", "Zones", "VolumeGiB", "Shards", "Replicas", "DaysKept", "VCPURecordsPerSecond",
	}, indexSettings...)
)

// contradictions are the faults of values that are possible alone, but not together.
func (c SearchChoice) contradictions() fault.List {
	d := c.withDefaults()
	faults := searchindex.Settings{Rotation: d.Rotation, DaysKept: d.DaysKept, RefreshSeconds: d.RefreshSeconds}.WithDefaults().Check("")
	add := func(found fault.Fault) { faults = append(faults, found) }
	if c.Instances != 0 && c.Zones > c.Instances {
		add(fault.Fault{
			Path: "Zones", Reads: []fault.Path{"Instances"}, Given: c.Zones, Nearest: strconv.Itoa(min(c.Instances, computedZones)),
			Problem: fault.Problemf("%s cannot be in %d zones", plural(c.Instances, "data node"), c.Zones),
		})
	}
	if c.Instances > d.Zones && c.Instances%d.Zones != 0 {
		// AWS refuses it of two zones, and of three the nodes of the smallest would hold more shards than the others.
		add(fault.Fault{
			Path: "Instances", Reads: []fault.Path{"Zones"}, Given: c.Instances, Nearest: nearest(SearchInstances, multiple(c.Instances, d.Zones)),
			Problem: fault.Problemf("%s are not as many in each of %d zones", plural(c.Instances, "data node"), d.Zones),
		})
	}
	if c.Instances != 0 && *d.Replicas >= c.Instances {
		add(fault.Fault{
			Path: "Replicas", Reads: []fault.Path{"Instances"}, Given: *d.Replicas, Nearest: strconv.Itoa(c.Instances - 1),
			Problem: fault.Problemf("each copy of a shard needs a data node of its own, and %d beside the primary shard are too many for %s",
				*d.Replicas, plural(c.Instances, "data node")),
		})
	}
	t := searchTypeOf(c.InstanceType)
	if c.InstanceType != "" && c.Instances > t.most {
		add(fault.Fault{
			Path: "Instances", Reads: []fault.Path{"InstanceType"}, Given: c.Instances, Nearest: nearest(SearchInstances, t.most),
			Problem: fault.Problemf("a domain has at most %d data nodes of the type %s", t.most, t.name),
		})
	}
	if t.family() == segmentReplicated && d.RefreshSeconds < smallestRefresh {
		add(fault.Fault{
			Path: "RefreshSeconds", Reads: []fault.Path{"InstanceType"}, Given: d.RefreshSeconds, Nearest: strconv.Itoa(smallestRefresh),
			Problem: fault.Problemf("data nodes of the type %s make records visible every %d s at the soonest", t.name, smallestRefresh),
		})
	}
	return faults
}

// misfits refuses data nodes that do not carry the load.
func (s search) misfits(d searchDomain) fault.List {
	faults := s.shardFaults(d)
	if !d.volumeExists() {
		// Each of the others may follow from a volume that there is not.
		return append(faults, s.noSuchVolume(d))
	}
	if !s.heapFits(d) {
		faults = append(faults, s.tooFew(fault.Problemf("%d indexes of %s in %s make %d shards on %s, and the heap of %s takes %d, %d for each GiB",
			s.kept, plural(d.shards, "shard"), s.inCopies(), s.nodeShards(d), d.fullest(), d.typ.name, d.typ.shards(), shardsPerHeapGiB)))
	}
	if !s.volumeFits(d) {
		faults = append(faults, s.tooSmall(d))
	}
	if !s.keepsUp(d) {
		faults = append(faults, s.tooSlow(d))
	}
	return faults
}

// shardFaults refuses shards that are too large, given or computed.
func (s search) shardFaults(d searchDomain) fault.List {
	if s.given.Shards == 0 {
		return fault.When(!searchindex.Shards.Takes(ceil(s.largestGiB/shardGiB)), fault.Fault{
			Path: "Rotation", Reads: except("Rotation", indexSettings, []fault.Path{"Shards"}), Given: s.given.givenRotation(),
			Problem: fault.Problemf("an index of %s GiB needs %d shards of %d GiB, which is more than an index can have: "+
				"rotate more often, or spread the load over more domains",
				quantity(s.largestGiB), ceil(s.largestGiB/shardGiB), shardGiB),
		})
	}
	least := ceil(s.largestGiB / largestShardGiB)
	return fault.When(!s.shardFits(d), fault.Fault{
		Path: "Shards", Reads: indexSettings, Given: d.shards, Nearest: nearest(searchindex.Shards, least),
		Problem: fault.Problemf("an index of %s GiB in %s has %s GiB in each, and %d are the most; at least %d are needed, "+
			"and %d make the size that is best for logs",
			quantity(s.largestGiB), plural(d.shards, "shard"), quantity(s.shardGiB(d)), largestShardGiB, least, ceil(s.largestGiB/shardGiB)),
	})
}

func (c SearchChoice) givenRotation() any {
	if c.Rotation == "" {
		return nil
	}
	return c.Rotation
}

func (s search) noSuchVolume(d searchDomain) fault.Fault {
	return fault.Fault{
		Path: "VolumeGiB", Reads: except("VolumeGiB", nodeSettings), Given: d.volumeGiB,
		Nearest: strconv.Itoa(min(max(d.volumeGiB, d.typ.smallestGiB), d.typ.largestGiB)),
		Problem: fault.Problemf("a data node of the type %s has a volume of %d to %d GiB", d.typ.name, d.typ.smallestGiB, d.typ.largestGiB),
	}
}

// tooSmall names a larger volume where the type has one, and else more data nodes.
func (s search) tooSmall(d searchDomain) fault.Fault {
	needed := ceil(smallestVolumeFor(s.nodeGiB(d)))
	problem := fault.Problemf("%d indexes in %s take %s GiB on %s, and of a volume of %d GiB AWS leaves %s to them",
		s.kept, s.inCopies(), quantity(s.nodeGiB(d)), d.fullest(),
		d.volumeGiB, quantity(float64(d.volumeGiB)/smallestVolumeFor(1)))
	switch {
	case d.volumeGiB == d.typ.largestGiB:
		return s.tooFew(problem.And(", the largest of %s", d.typ.name))
	case needed > d.typ.largestGiB:
		return s.tooFew(problem.And(": %d GiB are needed, and the largest of %s has %d", needed, d.typ.name, d.typ.largestGiB))
	}
	return fault.Fault{
		Path: "VolumeGiB", Reads: except("VolumeGiB", nodeSettings), Given: d.volumeGiB, Nearest: strconv.Itoa(needed),
		Problem: problem.And("; at least %d GiB are needed, and %d leave the quarter free that FreeStorageSpace should have",
			needed, ceil(volumeFor(s.nodeGiB(d)))),
	}
}

// tooSlow names more shards where they leave data nodes idle, and else more data nodes.
func (s search) tooSlow(d searchDomain) fault.Fault {
	busy := min(d.instances, d.shards*s.copies)
	problem := fault.Problemf("%s of the type %s %s %s records/s in %s, and the peak is %s", plural(busy, "data node"), d.typ.name,
		verb(busy, "index", "indexes"), quantity(s.indexing(d)), s.inCopies(), quantity(s.load.PeakRecordsPerSecond))
	wanted := ceil(s.load.PeakRecordsPerSecond * float64(s.copies) / s.nodeRate(d.typ))
	if busy == d.instances || wanted > d.instances {
		return s.tooFew(problem)
	}
	shards := (wanted + s.copies - 1) / s.copies
	return fault.Fault{
		Path: "Shards", Reads: except("Shards", nodeSettings), Given: d.shards, Nearest: nearest(searchindex.Shards, shards),
		Problem: problem.And(": the others of %d have no shard of the index that is written to; at least %d shards are needed", d.instances, shards),
	}
}

func (s search) inCopies() string {
	return fmt.Sprintf("%d %s", s.copies, verb(s.copies, "copies", "copy"))
}

// fullest is the data node that holds most.
func (d searchDomain) fullest() string {
	if d.instances == 1 {
		return "the data node"
	}
	return fmt.Sprintf("the fullest of %d data nodes", d.instances)
}

// tooFew adds to a problem how many data nodes have it no more.
func (s search) tooFew(problem fault.Problem) fault.Fault {
	found := fault.Fault{Path: "Instances", Reads: except("Instances", nodeSettings), Given: given(s.given.Instances)}
	const larger fault.Path = "InstanceType"
	if enough, ok := s.enough(); ok {
		found.Nearest = nearest(SearchInstances, enough)
		found.Problem = problem.And("; at least %s are needed, or a larger %s", plural(enough, "data node"), larger)
		return found
	}
	found.Problem = problem.And("; no number of them is enough: choose a larger %s, or fewer %s", larger, fault.Path("DaysKept"))
	return found
}

// enough is the next number of data nodes that carry the load if they are given, as many in each of the zones that there are.
func (s search) enough() (int, bool) {
	choice := s.given
	step := s.choice.Zones
	for n := multiple(s.given.Instances+1, step); n <= MaxSearchInstances; n += step {
		choice.Instances = n
		other := newSearch(s.load, choice)
		if d := other.domain(); d.possible(other) && other.carries(d) {
			return n, true
		}
	}
	return 0, false
}

// possible says whether so many data nodes may be given: as many in each zone, with one for each copy.
func (d searchDomain) possible(s search) bool {
	return d.instances >= s.copies && d.instances <= d.typ.most && d.instances%s.choice.Zones == 0
}

// masters are those given, or those that the data nodes need.
func (s search) masters(d searchDomain) (count int, instanceType string) {
	if s.given.Masters != nil {
		count = *s.given.Masters
	} else if d.instances > mostWithoutMasters {
		count = dedicatedMasters
	}
	if count == 0 {
		return 0, ""
	}
	return count, cmp.Or(s.given.MasterType, s.masterType(d))
}

// masterType is the smallest that AWS recommends for the data nodes and their shards.
func (s search) masterType(d searchDomain) string {
	fit := searchMasters[len(searchMasters)-1]
	for _, m := range searchMasters {
		if d.instances <= m.instances && d.shards*s.copies*s.kept <= m.shards {
			fit = m
			break
		}
	}
	if graviton(d.typ.name) {
		return fit.graviton
	}
	return fit.x86
}

// masterFaults refuses what AWS refuses of dedicated masters.
func (s search) masterFaults(d searchDomain) fault.List {
	count, instanceType := s.masters(d)
	found := fault.When(count > 0 && graviton(instanceType) != graviton(d.typ.name), fault.Fault{
		Path: "MasterType", Reads: append([]fault.Path{"Masters"}, nodeSettings...), Given: instanceType, Nearest: s.masterType(d),
		Problem: fault.Problemf("data nodes of the type %s and such masters are not of the same kind of processor, Graviton or x86", d.typ.name),
	})
	if d.instances <= mostWithoutMasters {
		return found
	}
	return fault.Join(
		found,
		fault.When(count == 0, fault.Fault{
			Path: "Masters", Reads: nodeSettings, Given: 0, Nearest: strconv.Itoa(dedicatedMasters),
			Problem: fault.Problemf("%s need dedicated masters, as more than %d do", plural(d.instances, "data node"), mostWithoutMasters),
		}),
		fault.When(searchTypeOf(instanceType).most == mostBurstable, fault.Fault{
			Path: "MasterType", Reads: append([]fault.Path{"Masters"}, nodeSettings...), Given: instanceType, Nearest: s.masterType(d),
			Problem: fault.Problemf("a burstable type manages at most %d data nodes, and there are %d", mostWithoutMasters, d.instances),
		}),
	)
}
