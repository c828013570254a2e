package capacity_test

import (
	"math/rand/v2"
	"testing"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

func TestSearchFaultsNameAllTheyRead(t *testing.T) {
	type given struct {
		load   capacity.Load
		choice capacity.SearchChoice
	}
	orNil := func(r *rand.Rand, n int) *int {
		if r.IntN(2) == 0 {
			return nil
		}
		return &n
	}
	types := []string{"", "t3.small.search", "t3.medium.search", "m7g.large.search", "r7g.xlarge.search", "c6g.12xlarge.search", "or1.medium.search"}
	settings := append(trafficSettings("", func(g *given) *capacity.Traffic { return &g.load.Traffic }), []setting[given]{
		{"InstanceType", func(r *rand.Rand, g *given) { g.choice.InstanceType = oneOf(r, types...) }},
		{"Instances", func(r *rand.Rand, g *given) { g.choice.Instances = orNone(r, capacity.MaxSearchInstances) }},
		{"Zones", func(r *rand.Rand, g *given) { g.choice.Zones = r.IntN(4) }},
		{"VolumeGiB", func(r *rand.Rand, g *given) { g.choice.VolumeGiB = 10 * orNone(r, 3_000) }},
		{"Masters", func(r *rand.Rand, g *given) { g.choice.Masters = orNil(r, oneOf(r, 0, 3, 5)) }},
		{"MasterType", func(r *rand.Rand, g *given) { g.choice.MasterType = oneOf(r, types...) }},
		{"Rotation", func(r *rand.Rand, g *given) {
			g.choice.Rotation = oneOf(r, "", "OneHour", "OneDay", "OneWeek", "OneMonth")
		}},
		{"DaysKept", func(r *rand.Rand, g *given) { g.choice.DaysKept = orNone(r, 3_650) }},
		{"Shards", func(r *rand.Rand, g *given) { g.choice.Shards = orNone(r, 1_024) }},
		{"Replicas", func(r *rand.Rand, g *given) { g.choice.Replicas = orNil(r, r.IntN(5)) }},
		{"BufferSeconds", func(r *rand.Rand, g *given) { g.choice.BufferSeconds = orNil(r, r.IntN(901)) }},
		{"BufferMiB", func(r *rand.Rand, g *given) { g.choice.BufferMiB = r.IntN(101) }},
		{"RefreshSeconds", func(r *rand.Rand, g *given) { g.choice.RefreshSeconds = oneOf(r, 0, 5, 10, 60) }},
		{"IndexRatio", func(r *rand.Rand, g *given) { g.choice.IndexRatio = float64(orNone(r, 10)) }},
		{"VCPURecordsPerSecond", func(r *rand.Rand, g *given) { g.choice.VCPURecordsPerSecond = float64(orNone(r, 1e6)) }},
	}...)
	none := load(burst(2, 0))
	usual := []given{
		{load: none},
		{load: none, choice: capacity.SearchChoice{Rotation: "OneHour"}},
		{load: none, choice: capacity.SearchChoice{Instances: 3, VolumeGiB: 1_300}},
		{load: none, choice: capacity.SearchChoice{Instances: 3, VolumeGiB: 100}},
		{load: none, choice: capacity.SearchChoice{Instances: 6, Replicas: new(int), Shards: 20}},
		{load: none, choice: capacity.SearchChoice{InstanceType: "t3.medium.search", Instances: 8, Zones: 1, DaysKept: 7}},
		{load: load(peak(2_000_000), mean(10_000), burst(2, 0)), choice: capacity.SearchChoice{Instances: 81, DaysKept: 1}},
		{load: load(peak(2_000_000), mean(100), burst(2, 0)), choice: capacity.SearchChoice{DaysKept: 1, Shards: 1}},
		{load: load(peak(2_000_000), mean(2_000_000), burst(2, 0)), choice: capacity.SearchChoice{DaysKept: 1}},
		{load: load(peak(10_000), mean(10_000), burst(2, 0)), choice: capacity.SearchChoice{InstanceType: "r7g.xlarge.search", Instances: 6, DaysKept: 1}},
		{load: load(meanBytes(100_001), burst(2, 0))},
	}
	readsAreComplete(t, usual, settings, func(g given) (warnings, faults fault.List) {
		plan, faults := capacity.ComputeSearch(g.load, g.choice)
		return plan.Warnings, faults
	},
		"is above the peak", "is above the largest", "for which one index is written", "cannot be in", "are not as many", "a data node of its own",
		"a domain has at most", "at the soonest", "has a volume of", "and the heap of", "AWS leaves", "and the peak is", "have no shard of the index",
		"no number of them is enough", "are the most; at least", "which is more than an index can have", "need dedicated masters", "a burstable type manages",
		"less than a quarter", "for which AWS begins with", "would do", "GiB are better", "without a replica", "ask for a higher quota",
		"AWS recommends", "a full buffer of",
	)
}
