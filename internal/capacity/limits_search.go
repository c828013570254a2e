package capacity

import (
	"fmt"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// searchType is an instance type of OpenSearch Service.
type searchType struct {
	name             string
	vCPUs, memoryGiB int
	// smallestGiB and largestGiB are the gp3 volumes that it takes.
	smallestGiB, largestGiB int
	// requestMiB is the largest request that it takes.
	requestMiB int
	// most is how many a domain can have.
	most int
}

// searchSizes are the sizes of a family, with their vCPUs.
var searchSizes = []struct {
	name  string
	vCPUs int
}{{"medium", 1}, {"large", 2}, {"xlarge", 4}, {"2xlarge", 8}, {"4xlarge", 16}, {"8xlarge", 32}, {"12xlarge", 48}, {"16xlarge", 64}}

// searchFamilies have a volume limit for each size, 0 where there is no such size or AWS gives no limit. The first is that of
// computed types: logs need volumes and heap for shards before they need vCPUs.
//
// Volumes: docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html, EBS volume size quotas. vCPUs and memory are
// those of the EC2 types of the same name (docs.aws.amazon.com/ec2/latest/instancetypes), and or1 has those of r6g.
var searchFamilies = []struct {
	name       string
	gibPerVCPU int
	largestGiB [8]int
}{
	{"r7g", 8, [...]int{0, 1536, 3072, 6144, 12288, 16384, 24576, 36864}},
	{"m7g", 4, [...]int{0, 768, 2048, 3072, 6144, 12288, 18432, 24576}},
	{"c7g", 2, [...]int{0, 256, 512, 1024, 1536, 3072, 4608, 6144}},
	{"m6g", 4, [...]int{0, 1024, 2048, 3072, 6144, 12288, 18432, 0}},
	{"r6g", 8, [...]int{0, 2048, 3072, 6144, 12288, 16384, 24576, 0}},
	{"c6g", 2, [...]int{0, 256, 512, 1024, 1536, 3072, 4608, 0}},
	{"m5", 4, [...]int{0, 1024, 2048, 3072, 6144, 0, 18432, 0}},
	{"r5", 8, [...]int{0, 2048, 3072, 6144, 12288, 0, 24576, 0}},
	{segmentReplicated, 8, [...]int{768, 1536, 3072, 6144, 12288, 16384, 24576, 32768}},
}

// segmentReplicated is the family whose volumes begin at 20 GiB, and whose indexes are refreshed every 10 s at most
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/or1.html).
const segmentReplicated = "or1"

// searchTypes are all of them. t3 is burstable, with ten instances a domain (limits.html, which calls t3.small none for production).
var searchTypes = allSearchTypes()

func allSearchTypes() []searchType {
	burstable := searchType{vCPUs: 2, smallestGiB: minSearchVolumeGiB, requestMiB: smallRequestMiB, most: mostBurstable}
	small, medium := burstable, burstable
	small.name, small.memoryGiB, small.largestGiB = "t3.small.search", 2, 100
	medium.name, medium.memoryGiB, medium.largestGiB = "t3.medium.search", 4, 200
	types := []searchType{small, medium}
	for _, family := range searchFamilies {
		smallest := minSearchVolumeGiB
		if family.name == segmentReplicated {
			smallest = 2 * minSearchVolumeGiB
		}
		for i, size := range searchSizes {
			if family.largestGiB[i] == 0 {
				continue
			}
			memory, request := size.vCPUs*family.gibPerVCPU, largeRequestMiB
			if memory <= 8 && size.vCPUs <= 2 {
				request = smallRequestMiB
			}
			types = append(types, searchType{
				name: fmt.Sprintf("%s.%s.search", family.name, size.name), vCPUs: size.vCPUs, memoryGiB: memory,
				smallestGiB: smallest, largestGiB: family.largestGiB[i], requestMiB: request, most: MaxSearchInstances,
			})
		}
	}
	return types
}

// searchTypeOf is the type of that name; the zero value for one that is not known.
func searchTypeOf(name string) searchType {
	i := slices.IndexFunc(searchTypes, func(t searchType) bool { return t.name == name })
	if i < 0 {
		return searchType{}
	}
	return searchTypes[i]
}

// computedSearchTypes are those that are chosen where none is given, in order of size.
var computedSearchTypes = slices.DeleteFunc(slices.Clone(searchTypes), func(t searchType) bool { return t.family() != searchFamilies[0].name })

func (t searchType) family() string {
	family, _, _ := strings.Cut(t.name, ".")
	return family
}

// heapGiB is half of the memory, 32 GiB at most (docs.aws.amazon.com/opensearch-service/latest/developerguide/auto-tune.html).
func (t searchType) heapGiB() float64 { return min(float64(t.memoryGiB)/2, 32) }

// shards is how many a node should hold. 25 for each GiB of heap are 800 at most, fewer than the 1,000 that OpenSearch
// allows on a node.
func (t searchType) shards() int { return int(shardsPerHeapGiB * t.heapGiB()) }

// Limits and habits of OpenSearch: docs.aws.amazon.com/opensearch-service/latest/developerguide/sizing-domains.html, bp.html and
// limits.html.
const (
	// A shard of logs has 30 to 50 GiB, one that is searched much 10 to 30; 50 is the most.
	smallestShardGiB, shardGiB, largestShardGiB = 10, 30, 50
	shardsPerHeapGiB                            = 25
	// vCPUsPerShard is where AWS begins, for each shard that is written to.
	vCPUsPerShard = 1.5

	// Of a volume, Linux keeps a part for root, and the service a part for merges and logs, up to so many GiB a node.
	reservedByLinux, reservedByService, mostReservedGiB = 0.05, 0.2, 20
	// freeStorage is the part of a volume that FreeStorageSpace, which leaves out what is reserved, should not fall under
	// (cloudwatch-alarms.html).
	freeStorage        = 0.25
	minSearchVolumeGiB = 10
	// volumeStepGiB is what computed volumes are multiples of: a load that grows a little changes none.
	volumeStepGiB = 10

	// MaxSearchInstances is what a domain's quota can be raised to, and searchInstanceQuota what it is by default.
	MaxSearchInstances  = 200
	searchInstanceQuota = 80
	mostBurstable       = 10
	// mostWithoutMasters is how many data nodes do without dedicated masters (createupdatedomains.html), and fewSearchInstances
	// how many there are at most where the computed type can be larger.
	mostWithoutMasters = 10
	fewSearchInstances = mostWithoutMasters
	// dedicatedMasters is the number that AWS recommends.
	dedicatedMasters = 3
	// smallestRefresh is that of indexes of the family or1 (or1.html).
	smallestRefresh = 10
	// computedZones is what AWS recommends, where no instances are given.
	computedZones = 3

	// DefaultIndexRatio is AWS's own: an index is up to 10 % larger than its source. 90,000 events of services and Istio, of 1,156
	// bytes, were measured to take 0.65 of their size with the template of internal/searchindex (OpenSearch 2.19.4), but they repeat
	// themselves more than logs do: measure your own by _cat/indices.
	DefaultIndexRatio = 1.1
	// searchVCPURecordsPerSecond is less than half of what a core was measured to index of those events, in one copy, through the
	// pipeline of internal/searchindex: 3,300 records/s of its processor time. The other half is for merges and searches.
	searchVCPURecordsPerSecond = 1_500.0
	// searchVCPUBytesPerSecond is the same in bytes, so that large records do not make a node limitless.
	searchVCPUBytesPerSecond = searchVCPURecordsPerSecond * 1_156

	// smallRequestMiB is what types of the size large take that have 8 GiB of memory or less, and smaller ones, and largeRequestMiB
	// what others do (limits.html, network quotas, up to the generation of m6g; later ones are assumed to take the same).
	smallRequestMiB, largeRequestMiB = 10, 100
	// DefaultSearchBufferMiB is Firehose's own (docs.aws.amazon.com/firehose/latest/APIReference/
	// API_AmazonopensearchserviceBufferingHints.html), and within the 3 to 5 MiB that AWS begins with for a request (bp.html).
	DefaultSearchBufferMiB = 5
	// DefaultSearchBufferSeconds makes a log line found about a minute after it was written.
	DefaultSearchBufferSeconds = 60
)

// searchMasters are the dedicated masters that AWS recommends at least, by the data nodes and shards that they manage
// (managedomains-dedicatedmasternodes.html): 8, 16, 32, 64 and 128 GiB of memory, here of the generation after. From OpenSearch
// 2.17 on they manage more. A domain is of Graviton or of x86 as a whole (docs.aws.amazon.com/
// opensearch-service/latest/developerguide/supported-instance-types.html).
var searchMasters = []struct {
	instances, shards int
	graviton, x86     string
}{
	{10, 10_000, "m7g.large.search", "m5.large.search"},
	{30, 30_000, "c7g.2xlarge.search", "m5.xlarge.search"},
	{75, 40_000, "r7g.xlarge.search", "r5.xlarge.search"},
	{125, 75_000, "r7g.2xlarge.search", "r5.2xlarge.search"},
	{MaxSearchInstances, 75_000, "r7g.4xlarge.search", "r5.4xlarge.search"},
}

// graviton says whether a type is of AWS's own processors.
func graviton(instanceType string) bool {
	family, _, _ := strings.Cut(instanceType, ".")
	return strings.HasSuffix(family, "g") || family == "or1"
}

// What a setting of the search domain takes. The rules for its indexes are those of internal/searchindex.
var (
	// SearchInstanceTypes is for the type of its nodes.
	SearchInstanceTypes = knownSearchTypes()
	// SearchInstances is for the number of its data nodes.
	SearchInstances = fault.Between(1, MaxSearchInstances)
	// SearchZones is for the availability zones that they are spread over.
	SearchZones = fault.Between(1, 3)
	// SearchVolumeGiB is for the volume of a node: the largest is that of the largest type.
	SearchVolumeGiB = fault.Between(minSearchVolumeGiB, 36_864)
	// SearchMasters is for the number of dedicated masters: one is refused by AWS, and an even number is no better than one fewer.
	SearchMasters = fault.AnyOf(0, 3, 5)
	// SearchBufferSeconds is for the interval of Firehose's buffer to OpenSearch.
	SearchBufferSeconds = fault.Between(0, MaxBufferSeconds)
	// SearchBufferMiB is for the size of that buffer.
	SearchBufferMiB = fault.Between(1, 100)
	// IndexRatio is for the bytes of an index by those of its records: AWS has seen 1:10 to 10:1 (bp.html).
	IndexRatio = fault.Numbers(0.1, 10)
	// SearchVCPURate is for what a vCPU indexes, in records/s.
	SearchVCPURate = fault.Between(1, 1_000_000)
)

// knownSearchTypes says why it does not take some that OpenSearch Service has
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html).
func knownSearchTypes() fault.Rule[string] {
	names := make([]string, len(searchTypes))
	for i, t := range searchTypes {
		names[i] = t.name
	}
	families := make([]string, len(searchFamilies))
	for i, family := range searchFamilies {
		families[i] = family.name
	}
	rule := fault.OneOf(names...)
	rule.Allowed = "t3.small.search, t3.medium.search, or a type with gp3 volumes of the families " + strings.Join(families, ", ") +
		", as " + computedSearchTypes[0].name
	refuse := rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		switch family, _, _ := strings.Cut(name, "."); family {
		case "t2", "m3", "r3":
			return fault.Problemf("the type has no encryption at rest"), true
		case "i3", "r6gd", "im4gn", "i4g", "i4i":
			return fault.Problemf("the type has disks of its own, and the nodes of this domain have gp3 volumes"), true
		}
		return refuse(name)
	}
	rule.Nearest = func(name string) string { return fault.NearestOf(name, names) }
	return rule
}
