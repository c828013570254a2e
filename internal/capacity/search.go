package capacity

import (
	"cmp"
	"time"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/searchindex"
)

// SearchChoice is what the user has decided of the search domain. Its zero value leaves everything to ComputeSearch.
type SearchChoice struct {
	// InstanceType is the type of the data nodes; empty is computed: the smallest of the family r7g of which few carry the load.
	InstanceType string
	// Instances is the number of data nodes; 0 is computed.
	Instances int
	// Zones is the number of availability zones that they are spread over; 0 is computed: three, or of given instances as many
	// as divide them.
	Zones int
	// VolumeGiB is the volume of each data node; 0 is computed.
	VolumeGiB int
	// Masters is the number of dedicated masters; nil is computed: none up to ten data nodes, and then three.
	Masters *int
	// MasterType is the type of the dedicated masters; empty is computed.
	MasterType string

	// Rotation is how much time an index is written for; empty is not given: searchindex.DefaultRotation.
	Rotation string
	// DaysKept is how many days a record is found; 0 is not given: searchindex.DefaultDaysKept.
	DaysKept int
	// Shards is the number of primary shards of an index; 0 is computed.
	Shards int
	// Replicas is the number of copies beside the primary shards; nil is computed: one, or none on a single data node.
	Replicas *int

	// BufferSeconds is the interval of Firehose's buffer to OpenSearch; nil is not given: DefaultSearchBufferSeconds.
	BufferSeconds *int
	// BufferMiB is the size of that buffer; 0 is not given: DefaultSearchBufferMiB.
	BufferMiB int
	// RefreshSeconds is how often what was indexed becomes visible; 0 is not given: searchindex.DefaultRefreshSeconds.
	RefreshSeconds int
	// IndexRatio is the bytes that one copy of an index has on disk by the bytes of its records; 0 is not given: DefaultIndexRatio.
	IndexRatio float64
	// VCPURecordsPerSecond is what a vCPU of a data node indexes in one copy; 0 is not given: 1,500, or 1.7 MB/s.
	VCPURecordsPerSecond float64
}

// SearchPlan is what to build, and what comes of it.
type SearchPlan struct {
	// InstanceType is the type of each data node.
	InstanceType string
	// Instances is the number of data nodes, and Zones that of the availability zones that they are spread over.
	Instances, Zones int
	// VolumeGiB is the volume of each data node.
	VolumeGiB int
	// Masters is the number of dedicated masters, 0 or at least three, and MasterType their type; empty for none.
	Masters    int
	MasterType string

	// Rotation is how much time an index is written for.
	Rotation string
	// DaysKept is how many days a record is found.
	DaysKept int
	// Shards is the number of primary shards of an index, and Replicas that of copies beside them.
	Shards, Replicas int

	// ShardGiB is the size of a shard of the largest index.
	ShardGiB float64
	// IndexesKept is how many indexes there are at most, the one that is written to among them.
	IndexesKept int
	// ShardsPerNode is how many shards the fullest node holds then.
	ShardsPerNode int
	// StoredGiB is what all copies of them take together.
	StoredGiB float64
	// RecordsPerSecond is what the data nodes index.
	RecordsPerSecond float64

	// BufferSeconds and BufferMiB are Firehose's buffer, and RefreshSeconds is how often what was indexed becomes visible.
	BufferSeconds, BufferMiB, RefreshSeconds int
	// FreshnessSeconds is how long a record waits at worst until it is found, while the data nodes keep up: for both. The
	// delivery itself and Firehose's retries come on top: AWS gives no number for them.
	FreshnessSeconds int
	// CatchUp is how long the search stays behind after a burst, at the mean rate; 0 where the data nodes carry it.
	CatchUp time.Duration
	// Warnings are what works at a price.
	Warnings fault.List
}

// ComputeSearch plans the search domain that a load is indexed in. With a fault the plan is empty.
func ComputeSearch(load Load, choice SearchChoice) (SearchPlan, fault.List) {
	impossible := fault.Join(load.impossible(), choice.impossible())
	contradictions := trusted(fault.Join(load.contradictions(), choice.contradictions()), impossible)
	if len(impossible) > 0 {
		// Nothing can be derived from impossible numbers.
		return SearchPlan{}, fault.Join(impossible, contradictions)
	}
	s := newSearch(load, choice)
	d := s.domain()
	if faults := fault.Join(contradictions, s.misfits(d), s.masterFaults(d)); len(faults) > 0 {
		return SearchPlan{}, faults
	}
	plan := SearchPlan{
		InstanceType: d.typ.name, Instances: d.instances, Zones: s.choice.Zones, VolumeGiB: d.volumeGiB,
		Rotation: s.choice.Rotation, DaysKept: s.choice.DaysKept, Shards: d.shards, Replicas: s.copies - 1,
		ShardGiB: s.shardGiB(d), IndexesKept: s.kept, ShardsPerNode: s.nodeShards(d),
		StoredGiB:        s.indexGiB * float64(s.kept*s.copies),
		RecordsPerSecond: s.indexing(d),
		BufferSeconds:    *s.choice.BufferSeconds, BufferMiB: s.choice.BufferMiB, RefreshSeconds: s.choice.RefreshSeconds,
		FreshnessSeconds: *s.choice.BufferSeconds + s.choice.RefreshSeconds,
	}
	plan.Masters, plan.MasterType = s.masters(d)
	plan.CatchUp = s.catchUp(d)
	plan.Warnings = s.warnings(d)
	return plan, nil
}

// impossible are the faults of single values.
func (c SearchChoice) impossible() fault.List {
	faults := fault.Join(
		checkGiven(SearchInstanceTypes, "InstanceType", c.InstanceType),
		checkGiven(SearchInstances, "Instances", c.Instances),
		checkGiven(SearchZones, "Zones", c.Zones),
		checkGiven(SearchVolumeGiB, "VolumeGiB", c.VolumeGiB),
		checkGiven(SearchInstanceTypes, "MasterType", c.MasterType),
		checkGiven(searchindex.Rotations, "Rotation", c.Rotation),
		checkGiven(searchindex.DaysKept, "DaysKept", c.DaysKept),
		checkGiven(searchindex.Shards, "Shards", c.Shards),
		checkGiven(SearchBufferMiB, "BufferMiB", c.BufferMiB),
		checkGiven(searchindex.RefreshSeconds, "RefreshSeconds", c.RefreshSeconds),
		checkGiven(IndexRatio, "IndexRatio", c.IndexRatio),
		fault.When(c.VCPURecordsPerSecond != 0, checkRate(SearchVCPURate, "VCPURecordsPerSecond", c.VCPURecordsPerSecond)...),
	)
	if c.Masters != nil {
		faults = append(faults, SearchMasters.Check("Masters", *c.Masters)...)
	}
	if c.Replicas != nil {
		faults = append(faults, searchindex.Replicas.Check("Replicas", *c.Replicas)...)
	}
	if c.BufferSeconds != nil {
		faults = append(faults, SearchBufferSeconds.Check("BufferSeconds", *c.BufferSeconds)...)
	}
	return faults
}

func (c SearchChoice) withDefaults() SearchChoice {
	c.Rotation = cmp.Or(c.Rotation, searchindex.DefaultRotation)
	c.DaysKept = cmp.Or(c.DaysKept, searchindex.DefaultDaysKept)
	c.RefreshSeconds = cmp.Or(c.RefreshSeconds, searchindex.DefaultRefreshSeconds)
	c.BufferMiB = cmp.Or(c.BufferMiB, DefaultSearchBufferMiB)
	c.IndexRatio = cmp.Or(c.IndexRatio, DefaultIndexRatio)
	if c.Zones == 0 {
		c.Zones = zonesOf(c.Instances)
	}
	if c.Replicas == nil {
		replicas := searchindex.DefaultReplicas
		if c.Instances == 1 {
			replicas = 0
		}
		c.Replicas = &replicas
	}
	if c.BufferSeconds == nil {
		seconds := DefaultSearchBufferSeconds
		c.BufferSeconds = &seconds
	}
	return c
}

// zonesOf is the number of zones that are chosen for that many data nodes, 0 where they are computed too.
func zonesOf(instances int) int {
	switch {
	case instances == 1:
		return 1
	case instances != 0 && instances%computedZones != 0 && instances%2 == 0:
		return 2
	default:
		return computedZones
	}
}
