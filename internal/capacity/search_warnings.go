package capacity

import (
	"strconv"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/searchindex"
)

// warnings are what works at a price.
func (s search) warnings(d searchDomain) fault.List {
	return fault.Join(s.full(d), s.fewVCPUs(d), s.tinyShards(d), s.single(d), s.quota(d), s.smallMasters(d), s.largeRequests(d))
}

// full warns of volumes whose FreeStorageSpace falls under a quarter.
func (s search) full(d searchDomain) fault.List {
	wanted := multiple(ceil(volumeFor(s.nodeGiB(d))), volumeStepGiB)
	found := fault.Fault{
		Path: "VolumeGiB", Reads: except("VolumeGiB", nodeSettings), Given: given(s.given.VolumeGiB),
		Problem: fault.Problemf("%s GiB on a volume of %d leave less than a quarter of it free, which AWS's alarm on FreeStorageSpace asks for; %d GiB do",
			quantity(s.nodeGiB(d)), d.volumeGiB, wanted),
	}
	if wanted <= d.typ.largestGiB {
		found.Nearest = strconv.Itoa(wanted)
	}
	return fault.When(!s.staysFree(d), found)
}

// fewVCPUs warns of fewer than AWS begins with.
func (s search) fewVCPUs(d searchDomain) fault.List {
	wanted := s.vCPUsWanted(d)
	return fault.When(wanted > d.vCPUs(), fault.Fault{
		Path: "Instances", Reads: except("Instances", nodeSettings), Given: given(s.given.Instances),
		Problem: fault.Problemf("a day fills shards for which AWS begins with %d vCPUs, %g for each, and %s of the type %s have %d: "+
			"indexing and searches may wait for each other",
			wanted, vCPUsPerShard, plural(d.instances, "data node"), d.typ.name, d.vCPUs()),
	})
}

// tinyShards warns of shards that are smaller than they need be: fewer of them would do, or a longer rotation.
func (s search) tinyShards(d searchDomain) fault.List {
	if s.shardGiB(d) >= smallestShardGiB {
		return nil
	}
	if best := max(1, ceil(s.largestGiB/shardGiB)); s.given.Shards > best {
		return fault.List{{
			Path: "Shards", Reads: except("Shards", nodeSettings), Given: d.shards, Nearest: strconv.Itoa(best),
			Problem: fault.Problemf("an index of %s GiB in %s has %s GiB in each, and each costs heap: %s would do",
				quantity(s.largestGiB), plural(d.shards, "shard"), quantity(s.shardGiB(d)), plural(best, "shard")),
		}}
	}
	longer, shards := s.longerRotation(d)
	return fault.When(longer != "", fault.Fault{
		Path: "Rotation", Reads: except("Rotation", nodeSettings), Given: s.given.givenRotation(), Nearest: longer,
		Problem: fault.Problemf("an index has shards of %s GiB, %d of which are on a data node, and %d or more GiB are better: "+
			"the rotation %s makes %d of them",
			quantity(s.shardGiB(d)), s.nodeShards(d), smallestShardGiB, longer, shards),
	})
}

// longerRotation is the next that makes shards which are large enough, or of many tiny ones fewer. Its index, which is kept
// for as long as it is written to beside the days that are kept, may be a quarter of them.
func (s search) longerRotation(d searchDomain) (rotation string, nodeShards int) {
	for _, longer := range []string{searchindex.OneDay, searchindex.OneWeek, searchindex.OneMonth} {
		hours := searchindex.RotationHours(longer)
		if hours <= searchindex.RotationHours(s.choice.Rotation) || hours*4 > s.choice.DaysKept*hoursPerDay {
			continue
		}
		choice := s.choice
		choice.Rotation = longer
		other := newSearch(s.load, choice)
		o := other.with(d.typ, d.instances)
		if other.shardGiB(o) >= smallestShardGiB || s.nodeShards(d) > d.typ.shards()/2 {
			return longer, other.nodeShards(o)
		}
	}
	return "", 0
}

// single warns of shards without a copy.
func (s search) single(d searchDomain) fault.List {
	return fault.When(s.copies == 1 && d.instances > 1, fault.Fault{
		Path: "Replicas", Reads: except("Replicas", nodeSettings), Given: 0, Nearest: "1",
		Problem: fault.Problemf("without a replica the loss of one of %s is that of its shards, until a snapshot is restored",
			plural(d.instances, "data node")),
	})
}

// quota warns of data nodes that an account may not have.
func (s search) quota(d searchDomain) fault.List {
	return fault.When(d.instances > searchInstanceQuota, fault.Fault{
		Path: "Instances", Reads: except("Instances", nodeSettings), Given: given(s.given.Instances),
		Problem: fault.Problemf("%d data nodes are above the %d that a domain may have by default: ask for a higher quota first", d.instances, searchInstanceQuota),
	})
}

// smallMasters warns of dedicated masters with less memory than AWS recommends.
func (s search) smallMasters(d searchDomain) fault.List {
	_, instanceType := s.masters(d)
	wanted := s.masterType(d)
	return fault.When(instanceType != "" && searchTypeOf(instanceType).memoryGiB < searchTypeOf(wanted).memoryGiB, fault.Fault{
		Path: "MasterType", Reads: append([]fault.Path{"Masters"}, nodeSettings...), Given: instanceType, Nearest: wanted,
		Problem: fault.Problemf("AWS recommends %d GiB of memory to a dedicated master of %s and %s, and the type has %d",
			searchTypeOf(wanted).memoryGiB, plural(d.instances, "data node"), plural(d.shards*s.copies*s.kept, "shard"),
			searchTypeOf(instanceType).memoryGiB),
	})
}

// largeRequests warns of a buffer that makes a larger request than a data node takes: Firehose writes a line more for each record
// (docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html).
func (s search) largeRequests(d searchDomain) fault.List {
	return fault.When(s.choice.BufferMiB >= d.typ.requestMiB, fault.Fault{
		Path: "BufferMiB", Reads: nodeSettings, Given: s.choice.BufferMiB, Nearest: strconv.Itoa(d.typ.requestMiB - 1),
		Problem: fault.Problemf("a full buffer of %d MiB is a request of more, and %s takes %d MiB: "+
			"OpenSearch refuses it, and its records go to the failed documents",
			s.choice.BufferMiB, d.typ.name, d.typ.requestMiB),
	})
}
