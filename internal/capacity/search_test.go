package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
)

// gib is a rate in records of 1,024 bytes that makes so many GiB a day.
func gib(aDay float64) float64 { return aDay * (1 << 20) / 86_400 }

// searched is a load of records of 1,024 bytes, the peak twice the mean.
func searched(gibADay float64, change ...func(*capacity.Load)) capacity.Load {
	return load(append([]func(*capacity.Load){mean(gib(gibADay)), peak(2 * gib(gibADay)), meanBytes(1_024)}, change...)...)
}

func number(n int) *int { return &n }

func TestComputedSearch(t *testing.T) {
	for name, test := range map[string]struct {
		load   capacity.Load
		choice capacity.SearchChoice
		want   capacity.SearchPlan
	}{
		// 1.1 GiB a day on 3 nodes, of which the fullest holds 21 of 31 days in 2 copies: 23.1 GiB, which may be half of a volume.
		"a little of everything": {
			load: searched(1),
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 3, Zones: 3, VolumeGiB: 50, Shards: 1, Replicas: 1, ShardGiB: 1.1, IndexesKept: 31, ShardsPerNode: 21, StoredGiB: 68.2, RecordsPerSecond: 3_000},
		},
		// 110 GiB a day are 4 shards of 30 GiB or less, and 6 on 6 nodes: 22 GiB of 62 days' copies on each, and 20 GiB more than
		// seven tenths of the volume.
		"shards for all nodes alike": {
			load: searched(100),
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 9, Zones: 3, VolumeGiB: 1_120, Shards: 9, Replicas: 1, ShardGiB: 110.0 / 9, IndexesKept: 31, ShardsPerNode: 62, StoredGiB: 6_820, RecordsPerSecond: 13_500},
		},
		"a node alone": {
			load: searched(1), choice: capacity.SearchChoice{InstanceType: "t3.small.search", Instances: 1, DaysKept: 7},
			want: capacity.SearchPlan{InstanceType: "t3.small.search", Instances: 1, Zones: 1, VolumeGiB: 20, Shards: 1, Replicas: 0, ShardGiB: 1.1, IndexesKept: 8, ShardsPerNode: 8, StoredGiB: 8.8, RecordsPerSecond: 3_000},
		},
		"two nodes": {
			load: searched(1), choice: capacity.SearchChoice{Instances: 2, DaysKept: 7},
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 2, Zones: 2, VolumeGiB: 20, Shards: 1, Replicas: 1, ShardGiB: 1.1, IndexesKept: 8, ShardsPerNode: 8, StoredGiB: 17.6, RecordsPerSecond: 3_000},
		},
		// The peak's hour has 9.2 GiB, and the mean's 4.6.
		"hours of the peak": {
			load: searched(100), choice: capacity.SearchChoice{Rotation: "OneHour", DaysKept: 1},
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 3, Zones: 3, VolumeGiB: 140, Shards: 1, Replicas: 1, ShardGiB: 220.0 / 24, IndexesKept: 25, ShardsPerNode: 17, StoredGiB: 5_500.0 / 24, RecordsPerSecond: 3_000},
		},
		"no replica": {
			load: searched(1), choice: capacity.SearchChoice{Instances: 1, Replicas: number(0), DaysKept: 1, IndexRatio: 5},
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 1, Zones: 1, VolumeGiB: 20, Shards: 1, Replicas: 0, ShardGiB: 5, IndexesKept: 2, ShardsPerNode: 2, StoredGiB: 10, RecordsPerSecond: 3_000},
		},
		// A day of 1,100 GiB fills 37 shards in 2 copies: 111 vCPUs.
		"vCPUs for the shards of a day": {
			load: searched(1_000), choice: capacity.SearchChoice{DaysKept: 1},
			want: capacity.SearchPlan{InstanceType: "r7g.4xlarge.search", Instances: 9, Zones: 3, VolumeGiB: 730, Shards: 45, Replicas: 1, ShardGiB: 1_100.0 / 45, IndexesKept: 2, ShardsPerNode: 20, StoredGiB: 4_400, RecordsPerSecond: 108_000},
		},
		// An index is on two nodes of three alone where it has one shard.
		"shards for those that index": {
			load: load(peak(4_000), mean(100), meanBytes(1_024)), choice: capacity.SearchChoice{InstanceType: "r7g.large.search", DaysKept: 1},
			want: capacity.SearchPlan{InstanceType: "r7g.large.search", Instances: 3, Zones: 3, VolumeGiB: 30, Shards: 2, Replicas: 1, ShardGiB: 9.063720703125 / 2, IndexesKept: 2, ShardsPerNode: 3, StoredGiB: 36.2548828125, RecordsPerSecond: 4_500},
		},
		"what a user measured": {
			load: load(peak(1_000), mean(100), meanBytes(1_024)), choice: capacity.SearchChoice{VCPURecordsPerSecond: 100, DaysKept: 1, InstanceType: "m7g.xlarge.search"},
			want: capacity.SearchPlan{InstanceType: "m7g.xlarge.search", Instances: 6, Zones: 3, VolumeGiB: 20, Shards: 3, Replicas: 1, ShardGiB: 9.063720703125 / 3, IndexesKept: 2, ShardsPerNode: 2, StoredGiB: 36.2548828125, RecordsPerSecond: 1_200},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeSearch(test.load, test.choice)
			require.Empty(t, faults)
			assert.Empty(t, plan.Warnings)
			for what, pair := range map[string][2]float64{
				"GiB of a shard": {test.want.ShardGiB, plan.ShardGiB}, "GiB stored": {test.want.StoredGiB, plan.StoredGiB},
				"records/s": {test.want.RecordsPerSecond, plan.RecordsPerSecond},
			} {
				assert.InEpsilon(t, pair[0], pair[1], 1e-9, what)
			}
			test.want.ShardGiB, test.want.StoredGiB, test.want.RecordsPerSecond = plan.ShardGiB, plan.StoredGiB, plan.RecordsPerSecond
			test.want.Rotation, test.want.DaysKept = plan.Rotation, plan.DaysKept
			test.want.BufferSeconds, test.want.BufferMiB, test.want.RefreshSeconds, test.want.FreshnessSeconds = 60, 5, 10, 70
			assert.Equal(t, test.want, plan)
		})
	}
}

func TestMastersOfASearchDomain(t *testing.T) {
	for name, test := range map[string]struct {
		choice     capacity.SearchChoice
		masters    int
		masterType string
	}{
		"ten do without":         {choice: capacity.SearchChoice{Instances: 10}},
		"eleven do not":          {choice: capacity.SearchChoice{Instances: 11, Zones: 1}, masters: 3, masterType: "c7g.2xlarge.search"},
		"as a user wants":        {choice: capacity.SearchChoice{Instances: 3, Masters: number(3)}, masters: 3, masterType: "m7g.large.search"},
		"many data nodes":        {choice: capacity.SearchChoice{Instances: 33}, masters: 3, masterType: "r7g.xlarge.search"},
		"more, of a user's type": {choice: capacity.SearchChoice{Instances: 33, Masters: number(5), MasterType: "r6g.2xlarge.search"}, masters: 5, masterType: "r6g.2xlarge.search"},
		"many shards": {
			choice:  capacity.SearchChoice{InstanceType: "r7g.4xlarge.search", Instances: 10, Zones: 1, Masters: number(3), Rotation: "OneHour", DaysKept: 120, Shards: 1},
			masters: 3, masterType: "m7g.large.search",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeSearch(searched(100), test.choice)
			require.Empty(t, faults)
			assert.Equal(t, test.masters, plan.Masters)
			assert.Equal(t, test.masterType, plan.MasterType)
		})
	}
}

func TestFreshnessOfASearch(t *testing.T) {
	plan, faults := capacity.ComputeSearch(searched(1), capacity.SearchChoice{BufferSeconds: number(0), RefreshSeconds: 5})
	require.Empty(t, faults)
	assert.Equal(t, 5, plan.FreshnessSeconds)
	assert.Zero(t, plan.CatchUp)

	// 3,000 records/s are indexed, and for a minute there are 4,000: 60,000 wait, and 2,500 are to spare at the mean rate.
	burst := load(peak(2_000), mean(500), meanBytes(1_024), burst(2, time.Minute))
	plan, faults = capacity.ComputeSearch(burst, capacity.SearchChoice{Instances: 3, DaysKept: 1, Shards: 1, IndexRatio: 0.5})
	require.Empty(t, faults)
	assert.Equal(t, 24*time.Second, plan.CatchUp)
}

// 0.2 of a volume, and 20 GiB of one over 100 GiB, are reserved, 0.05 more is Linux's, and a quarter is to be free.
func TestComputedVolumesLeaveAQuarterFree(t *testing.T) {
	for stored, volume := range map[float64]int{50: 100, 51: 110, 680: 1_000, 681: 1_010} {
		// A node alone keeps two days of half of it.
		choice := capacity.SearchChoice{InstanceType: "m6g.large.search", Instances: 1, DaysKept: 1, IndexRatio: 1, VCPURecordsPerSecond: 100_000}
		plan, faults := capacity.ComputeSearch(searched(stored/2, peak(gib(stored/2))), choice)
		require.Empty(t, faults)
		assert.Equal(t, volume, plan.VolumeGiB, "%g GiB", stored)

		choice.VolumeGiB = volume - 10
		plan, faults = capacity.ComputeSearch(searched(stored/2, peak(gib(stored/2))), choice)
		require.Empty(t, faults, "AWS's own minimum is less")
		found := about(t, plan.Warnings, "VolumeGiB")
		assert.Contains(t, found.Problem.String(), "leave less than a quarter of it free")
	}
}
