package capacity_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

func TestRefusedSearch(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.SearchChoice
		setting fault.Path
		nearest string
		message string
	}{
		"no peak":         {load: searched(1, peak(0), mean(0)), setting: "PeakRecordsPerSecond", message: "an integer from 1"},
		"type misspelt":   {choice: capacity.SearchChoice{InstanceType: "m7g.larg.search"}, setting: "InstanceType", nearest: "m7g.large.search", message: "allowed: t3.small.search, t3.medium.search, or a type with gp3 volumes"},
		"type in clear":   {choice: capacity.SearchChoice{InstanceType: "r3.large.search"}, setting: "InstanceType", nearest: "r5.large.search", message: "no encryption at rest"},
		"type with disks": {choice: capacity.SearchChoice{InstanceType: "r6gd.large.search"}, setting: "InstanceType", nearest: "r6g.large.search", message: "disks of its own"},
		"four masters":    {choice: capacity.SearchChoice{Masters: number(4)}, setting: "Masters", message: "one of 0, 3, 5"},
		"four zones":      {choice: capacity.SearchChoice{Zones: 4}, setting: "Zones", message: "an integer from 1 to 3"},
		"a long buffer":   {choice: capacity.SearchChoice{BufferSeconds: number(901)}, setting: "BufferSeconds", message: "an integer from 0 to 900"},
		"no ratio":        {choice: capacity.SearchChoice{IndexRatio: math.NaN()}, setting: "IndexRatio", message: "a number from 0.1 to 10"},
		"ratio of none":   {choice: capacity.SearchChoice{VCPURecordsPerSecond: -1}, setting: "VCPURecordsPerSecond", message: "an integer from 1"},
		"no such rotation": {
			choice: capacity.SearchChoice{Rotation: "NoRotation"}, setting: "Rotation", message: "OneHour, OneDay, OneWeek or OneMonth",
		},
		"kept for less than a rotation": {
			choice: capacity.SearchChoice{Rotation: "OneWeek", DaysKept: 6}, setting: "DaysKept", nearest: "7", message: "for which one index is written",
		},
		"zones without a node": {
			choice: capacity.SearchChoice{Instances: 2, Zones: 3}, setting: "Zones", nearest: "2", message: "2 data nodes cannot be in 3 zones",
		},
		"an odd number in two zones": {
			choice: capacity.SearchChoice{Instances: 3, Zones: 2}, setting: "Instances", nearest: "4", message: "3 data nodes are not as many in each of 2 zones",
		},
		"more nodes in one of three zones": {
			choice: capacity.SearchChoice{Instances: 5}, setting: "Instances", nearest: "6", message: "5 data nodes are not as many in each of 3 zones",
		},
		"copies without a node": {
			choice: capacity.SearchChoice{Instances: 2, Replicas: number(2)}, setting: "Replicas", nearest: "1",
			message: "each copy of a shard needs a data node of its own, and 2 beside the primary shard are too many for 2 data nodes",
		},
		"a crowd of burstable nodes": {
			choice: capacity.SearchChoice{InstanceType: "t3.small.search", Instances: 12}, setting: "Instances", nearest: "10", message: "at most 10 data nodes of the type t3.small.search",
		},
		"sooner than segments come": {
			choice: capacity.SearchChoice{InstanceType: "or1.large.search", RefreshSeconds: 5}, setting: "RefreshSeconds", nearest: "10", message: "every 10 s at the soonest",
		},
		"a volume that the type has not": {
			choice: capacity.SearchChoice{InstanceType: "m7g.large.search", VolumeGiB: 769}, setting: "VolumeGiB", nearest: "768", message: "m7g.large.search has a volume of 10 to 768 GiB",
		},
		"a volume that the type has not either": {
			choice: capacity.SearchChoice{InstanceType: "or1.large.search", VolumeGiB: 19}, setting: "VolumeGiB", nearest: "20", message: "has a volume of 20 to 1536 GiB",
		},
		"a small volume": {
			load: searched(10), choice: capacity.SearchChoice{Instances: 3, VolumeGiB: 100}, setting: "VolumeGiB", nearest: "304",
			message: "31 indexes in 2 copies take 231 GiB on the fullest of 3 data nodes, and of a volume of 100 GiB AWS leaves 76 to them; " +
				"at least 304 GiB are needed, and 359 leave the quarter free",
		},
		"more than the largest volume": {
			load: searched(10), choice: capacity.SearchChoice{InstanceType: "t3.medium.search", Instances: 3, DaysKept: 20}, setting: "Instances", nearest: "6",
			message: "154 GiB on the fullest of 3 data nodes, and of a volume of 200 GiB AWS leaves 152 to them, the largest of t3.medium.search; " +
				"at least 6 data nodes are needed, or a larger InstanceType",
		},
		"a volume larger than the largest": {
			load: searched(10), choice: capacity.SearchChoice{InstanceType: "t3.medium.search", Instances: 3, DaysKept: 20, VolumeGiB: 100}, setting: "Instances", nearest: "9",
			message: "of a volume of 100 GiB AWS leaves 76 to them: 203 GiB are needed, and the largest of t3.medium.search has 200; at least 9 data nodes are needed",
		},
		"a large shard": {
			load: searched(100), choice: capacity.SearchChoice{Shards: 2}, setting: "Shards", nearest: "3",
			message: "an index of 110 GiB in 2 shards has 55 GiB in each, and 50 are the most; at least 3 are needed, and 4 make the size that is best for logs",
		},
		"an index beyond shards": {
			load: searched(1_000_000), setting: "Rotation", message: "an index of 1100000 GiB needs 36667 shards of 30 GiB, which is more than an index can have",
		},
		"shards beyond heap": {
			choice: capacity.SearchChoice{InstanceType: "t3.small.search", Instances: 3, DaysKept: 37}, setting: "Instances", nearest: "6",
			message: "38 indexes of 1 shard in 2 copies make 26 shards on the fullest of 3 data nodes, and the heap of t3.small.search takes 25, 25 for each GiB; " +
				"at least 6 data nodes are needed, or a larger InstanceType",
		},
		"a peak beyond the nodes": {
			load: searched(1, peak(4_000)), choice: capacity.SearchChoice{InstanceType: "m7g.large.search", Instances: 2}, setting: "Instances", nearest: "4",
			message: "2 data nodes of the type m7g.large.search index 3000 records/s in 2 copies, and the peak is 4000; at least 4 data nodes are needed",
		},
		"a peak beyond those with a shard": {
			load: searched(1, peak(4_000)), choice: capacity.SearchChoice{InstanceType: "m7g.large.search", Instances: 3, Shards: 1}, setting: "Shards", nearest: "2",
			message: "and the peak is 4000: the others of 3 have no shard of the index that is written to; at least 2 shards are needed",
		},
		"no number of nodes": {
			load: searched(1_000), choice: capacity.SearchChoice{InstanceType: "t3.small.search", DaysKept: 1, Shards: 30, VCPURecordsPerSecond: 100_000}, setting: "Instances",
			message: "no number of them is enough: choose a larger InstanceType, or fewer DaysKept",
		},
		"eleven without masters": {
			choice: capacity.SearchChoice{Instances: 11, Zones: 1, Masters: number(0)}, setting: "Masters", nearest: "3", message: "11 data nodes need dedicated masters, as more than 10 do",
		},
		"masters of another kind": {
			choice: capacity.SearchChoice{InstanceType: "r5.large.search", Masters: number(3), MasterType: "m7g.large.search"}, setting: "MasterType", nearest: "m5.large.search",
			message: "are not of the same kind of processor, Graviton or x86",
		},
		"burstable masters": {
			choice: capacity.SearchChoice{InstanceType: "r5.large.search", Instances: 12, MasterType: "t3.medium.search"}, setting: "MasterType", nearest: "m5.xlarge.search",
			message: "a burstable type manages at most 10 data nodes, and there are 12",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.load == (capacity.Load{}) {
				test.load = searched(1)
			}
			plan, faults := capacity.ComputeSearch(test.load, test.choice)
			assert.Zero(t, plan, "a refused plan must not be usable")
			found := about(t, faults.Trusted(), test.setting)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.String(), test.message)
		})
	}
}

func TestSearchWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.SearchChoice
		setting fault.Path
		nearest string
		message string
	}{
		"hours that make tiny shards": {
			load: searched(100), choice: capacity.SearchChoice{Rotation: "OneHour", DaysKept: 4}, setting: "Rotation", nearest: "OneDay",
			message: "an index has shards of 9.2 GiB",
		},
		"days that make tiny shards": {
			load: searched(2), choice: capacity.SearchChoice{DaysKept: 28}, setting: "Rotation", nearest: "OneWeek",
			message: "an index has shards of 2.2 GiB, 20 of which are on a data node, and 10 or more GiB are better: the rotation OneWeek makes 4 of them",
		},
		"so many that they fill the heap": {
			load: searched(0.1), choice: capacity.SearchChoice{InstanceType: "t3.small.search", Instances: 2, Rotation: "OneWeek", DaysKept: 124}, setting: "Rotation", nearest: "OneMonth",
			message: "the rotation OneMonth makes 5 of them",
		},
		"more shards than it takes": {
			load: searched(100), choice: capacity.SearchChoice{Shards: 12}, setting: "Shards", nearest: "4", message: "an index of 110 GiB in 12 shards has 9.2 GiB in each, and each costs heap: 4 shards would do",
		},
		"no copy": {
			load: searched(1), choice: capacity.SearchChoice{Replicas: number(0)}, setting: "Replicas", nearest: "1", message: "the loss of one of 3 data nodes is that of its shards",
		},
		"fewer vCPUs than shards want": {
			load: searched(1_000, peak(gib(1_000))), choice: capacity.SearchChoice{InstanceType: "r7g.2xlarge.search", Instances: 3, DaysKept: 1, VCPURecordsPerSecond: 5_000}, setting: "Instances",
			message: "a day fills shards for which AWS begins with 111 vCPUs, 1.5 for each, and 3 data nodes of the type r7g.2xlarge.search have 24",
		},
		"over the quota": {
			load: searched(1), choice: capacity.SearchChoice{Instances: 81, Zones: 3}, setting: "Instances", message: "81 data nodes are above the 80 that a domain may have by default",
		},
		"small masters": {
			load: searched(1), choice: capacity.SearchChoice{InstanceType: "r5.large.search", Masters: number(3), MasterType: "t3.medium.search"}, setting: "MasterType", nearest: "m5.large.search",
			message: "AWS recommends 8 GiB of memory to a dedicated master of 3 data nodes and 62 shards, and the type has 4",
		},
		"requests that a small type refuses": {
			load: searched(1), choice: capacity.SearchChoice{InstanceType: "m7g.large.search", BufferMiB: 10}, setting: "BufferMiB", nearest: "9",
			message: "a full buffer of 10 MiB is a request of more, and m7g.large.search takes 10 MiB",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeSearch(test.load, test.choice)
			require.Empty(t, faults)
			found := about(t, plan.Warnings, test.setting)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.Problem.String(), test.message)
		})
	}
}

// about is the one fault of a setting.
func about(t *testing.T, faults fault.List, path fault.Path) fault.Fault {
	t.Helper()
	var found fault.List
	for _, f := range faults {
		if f.Path == path {
			found = append(found, f)
		}
	}
	return only(t, found)
}
