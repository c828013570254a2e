package capacity_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// load is 2,000 records/s of 1,000 bytes at the peak with no burst and one shared reader, which carries without a warning.
func load(change ...func(*capacity.Load)) capacity.Load {
	l := capacity.Load{
		Traffic:       capacity.Traffic{PeakRecordsPerSecond: 2_000, MeanRecordsPerSecond: 500, MeanRecordBytes: 1_000, LargestRecordBytes: 100_000},
		SharedReaders: 1,
	}
	for _, c := range change {
		c(&l)
	}
	return l
}

func peak(perSecond float64) func(*capacity.Load) {
	return func(l *capacity.Load) { l.PeakRecordsPerSecond = perSecond }
}

func mean(perSecond float64) func(*capacity.Load) {
	return func(l *capacity.Load) { l.MeanRecordsPerSecond = perSecond }
}

func meanBytes(n int) func(*capacity.Load) {
	return func(l *capacity.Load) { l.MeanRecordBytes = n }
}

func burst(factor float64, length time.Duration) func(*capacity.Load) {
	return func(l *capacity.Load) { l.BurstFactor, l.Burst = factor, length }
}

func readers(n int) func(*capacity.Load) {
	return func(l *capacity.Load) { l.SharedReaders = n }
}

func shards(n int) capacity.Choice {
	return capacity.Choice{Mode: capacity.Provisioned, Shards: n}
}

func TestComputedMode(t *testing.T) {
	for name, test := range map[string]struct {
		load   capacity.Load
		region string
		mode   capacity.Mode
		shards int
		reason string
	}{
		"small": {load: load(), mode: capacity.OnDemand},
		"a burst that doubles": {
			load: load(peak(4_000), burst(2, time.Minute)), mode: capacity.OnDemand,
		},
		"a burst that more than doubles": {
			load: load(peak(4_000), burst(2.5, time.Minute)), mode: capacity.Provisioned, shards: 10, reason: "more than doubles",
		},
		"a burst factor without a burst": {
			load: load(peak(4_000), burst(10, 0)), mode: capacity.OnDemand,
		},
		"a burst that a new stream takes anyway": {
			load: load(peak(500), burst(8, time.Minute)), mode: capacity.OnDemand,
		},
		"a burst that a new stream does not take": {
			load: load(peak(501), burst(8, time.Minute)), mode: capacity.Provisioned, shards: 5, reason: "more than doubles",
		},
		"on-demand's quota": {
			load: load(peak(100_000), burst(2, time.Minute)), mode: capacity.OnDemand,
		},
		"over on-demand's quota": {
			load: load(peak(100_001), burst(2, time.Minute)), mode: capacity.Provisioned, shards: 201, reason: "quota",
		},
		"the larger quota of Ireland": {
			load: load(peak(100_001), burst(2, time.Minute)), region: "eu-west-1", mode: capacity.OnDemand,
		},
		"over the larger quota": {
			load: load(peak(10_001_000)), region: "us-east-1", mode: capacity.Provisioned, shards: 10_001, reason: "10000 MB/s",
		},
		"two shared readers": {load: load(peak(10_000), readers(2)), mode: capacity.OnDemand},
		"three shared readers": {
			load: load(peak(10_000), readers(3)), mode: capacity.Provisioned, shards: 15, reason: "3 shared readers want 30 MB/s",
		},
		"three shared readers of what a new stream serves": {
			load: load(peak(2_600), readers(3)), mode: capacity.OnDemand,
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, capacity.Choice{Region: test.region})
			require.Empty(t, faults)
			assert.Equal(t, test.mode, plan.Mode)
			assert.Equal(t, test.shards, plan.Shards)
			if test.reason == "" {
				assert.Empty(t, plan.ModeReason.String())
				return
			}
			assert.Contains(t, plan.ModeReason.String(), test.reason)
			pin := streamWarnings(plan)[0]
			assert.EqualValues(t, "Mode", pin.Path)
			assert.Contains(t, pin.Problem.String(), "computed as PROVISIONED with "+strconv.Itoa(test.shards)+" shards")
			assert.Contains(t, pin.Problem.String(), "when it is live, set the mode and the shards")

			plan, faults = capacity.Compute(test.load, capacity.Choice{Region: test.region, Mode: plan.Mode, Shards: plan.Shards})
			require.Empty(t, faults)
			assert.Empty(t, streamWarnings(plan), "what is set needs no advice")
		})
	}
}

func TestProvisionedShards(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		shards  int
		nearest string // of the fault; empty where the plan is accepted
		message string
	}{
		"records bind":              {load: load(peak(3_000), meanBytes(100)), shards: 3},
		"records, one too many":     {load: load(peak(3_001), meanBytes(100)), shards: 3, nearest: "4", message: "3 shards take 3 MB/s and 3000 records/s"},
		"bytes bind":                {load: load(peak(100), mean(50), meanBytes(20_000)), shards: 2},
		"bytes, one too many":       {load: load(peak(101), mean(50), meanBytes(20_000)), shards: 2, nearest: "3", message: "2 MB/s and 101 records/s"},
		"a MB is not a MiB":         {load: load(peak(1_000), meanBytes(1_048)), shards: 1, nearest: "2", message: "1 shard takes 1 MB/s"},
		"two readers never bind":    {load: load(peak(3_000), readers(2)), shards: 3},
		"two readers of one record": {load: load(peak(1), mean(1), meanBytes(1), readers(2)), shards: 1},
		"two readers, too few":      {load: load(peak(3_001), readers(2)), shards: 3, nearest: "4", message: "2 shared readers read 6 MB/s together and get 6 MB/s"},
		"two readers, half of it":   {load: load(peak(4_000), readers(2)), shards: 2, nearest: "4", message: "2 shared readers read 8 MB/s together and get 4 MB/s"},
		"three readers bind":        {load: load(peak(2_000), readers(3)), shards: 3},
		"three readers, too few":    {load: load(peak(2_000), readers(3)), shards: 2, nearest: "3", message: "3 shared readers read 6 MB/s together and get 4 MB/s"},
		"none given":                {load: load(peak(2_000)), shards: 0, nearest: "2", message: "needs a shard count: 2 take the peak"},
		"none given, with a burst":  {load: load(peak(2_000), burst(3, time.Minute)), shards: 0, nearest: "6", message: "(6 take the burst too)"},
		"fewer, with a burst":       {load: load(peak(2_000), burst(3, time.Minute)), shards: 1, nearest: "2", message: "(6 take the burst too)"},
		"a fraction rounds up once": {load: load(peak(10_000), burst(1.1, time.Minute)), shards: 11},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, shards(test.shards))
			if test.nearest == "" {
				require.Empty(t, faults)
				assert.Equal(t, test.shards, plan.Shards)
				assert.Empty(t, streamWarnings(plan))
				return
			}
			found := only(t, faults)
			assert.EqualValues(t, "Shards", found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.Problem.String(), test.message)
		})
	}
}

func TestBurstOverTheShards(t *testing.T) {
	for name, test := range map[string]struct {
		load     capacity.Load
		shards   int
		nearest  string
		messages []string
	}{
		// 6,000 records/s meet 2,000: 4 MB/s for 60 s wait, and 2,000 - 500 records/s drain them.
		"waits and drains": {
			load: load(peak(2_000), burst(3, time.Minute)), shards: 2, nearest: "6",
			messages: []string{"6 MB/s and 6000 records/s for 1m0s", "2 shards take", "240 MB wait", "2m40s to drain", "6 shards take it"},
		},
		// Two thirds of the records wait, whatever they weigh.
		"records bind": {
			load: load(peak(2_000), meanBytes(100), burst(3, time.Minute)), shards: 2, nearest: "6",
			messages: []string{"24 MB wait", "2m40s to drain"},
		},
		"nothing left to drain with": {
			load: load(peak(2_000), mean(2_000), burst(3, time.Minute)), shards: 2, nearest: "6",
			messages: []string{"nothing drains"},
		},
		"next to nothing left to drain with": {
			load: load(peak(2_000), mean(2_000-1e-9), burst(3, time.Minute)), shards: 2, nearest: "6",
			messages: []string{"which takes more than a year to drain"},
		},
		"only the readers fall behind": {
			load: load(peak(2_000), readers(4), burst(2, time.Minute)), shards: 4, nearest: "8",
			messages: []string{"readers fall behind", "8 shards take it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, shards(test.shards))
			require.Empty(t, faults)
			warnings := streamWarnings(plan)
			require.Len(t, warnings, 1)
			assert.EqualValues(t, "Shards", warnings[0].Path)
			assert.Equal(t, test.nearest, warnings[0].Nearest)
			for _, m := range test.messages {
				assert.Contains(t, warnings[0].Problem.String(), m)
			}
		})
	}
}

// Two readers of shards that are always full read all that there is to read.
func TestReadersThatNeverCatchUp(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		shards  int
		nearest string
	}{
		"one reader of full shards":         {load: load(peak(2_000), mean(2_000)), shards: 2},
		"two readers of full shards":        {load: load(peak(2_000), mean(2_000), readers(2)), shards: 2, nearest: "3"},
		"two readers of nearly full shards": {load: load(peak(2_000), mean(1_999), readers(2)), shards: 2},
		"three readers of full shards":      {load: load(peak(2_000), mean(2_000), readers(3)), shards: 3, nearest: "4"},
		"small records":                     {load: load(peak(2_000), mean(2_000), meanBytes(999), readers(2)), shards: 2},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, shards(test.shards))
			require.Empty(t, faults)
			if test.nearest == "" {
				assert.Empty(t, streamWarnings(plan))
				return
			}
			found := only(t, streamWarnings(plan))
			assert.EqualValues(t, "Shards", found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.Problem.String(), "is never caught up with; "+test.nearest+" shards leave something over")
		})
	}

	plan, faults := capacity.Compute(load(peak(4_000), mean(4_000), readers(3)), capacity.Choice{})
	require.Empty(t, faults)
	assert.Equal(t, 7, plan.Shards, "computed shards leave something over")
}

func TestShardQuota(t *testing.T) {
	many := load(peak(1_001_000))
	choice := shards(1_001)

	plan, faults := capacity.Compute(many, choice)
	require.Empty(t, faults)
	require.Len(t, streamWarnings(plan), 1)
	assert.Contains(t, plan.Warnings[0].Problem.String(), "1001 shards are above the 1000")

	choice.Region = "us-west-2"
	plan, faults = capacity.Compute(many, choice)
	require.Empty(t, faults)
	assert.Empty(t, streamWarnings(plan), "Oregon has 20,000")
}

func TestOnDemandWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		load     capacity.Load
		messages []string // one a warning
	}{
		"what a new stream takes":        {load: load(peak(4_000))},
		"more than a new stream takes":   {load: load(peak(4_001)), messages: []string{"PROVISIONED with 5 shards and switch it to ON_DEMAND"}},
		"more bytes than it takes":       {load: load(peak(3_000), meanBytes(1_500)), messages: []string{"a peak of 4.5 MB/s and 3000 records/s"}},
		"a burst that doubles":           {load: load(peak(4_000), burst(2, time.Minute))},
		"a burst that more than doubles": {load: load(peak(4_000), burst(3, time.Minute)), messages: []string{"240 MB wait in the buffers"}},
		"its way out":                    {load: load(peak(4_000), burst(3, time.Minute)), messages: []string{"PROVISIONED with 12 shards takes it"}},
		"two readers":                    {load: load(peak(4_000), readers(2))},
		"two readers of more":            {load: load(peak(100_000), mean(100_000), readers(2)), messages: []string{"with 100 shards and switch it"}},
		"three readers":                  {load: load(peak(4_000), readers(3)), messages: []string{"3 shared readers want 12 MB/s"}},
		"the quota": {
			load:     load(peak(201_000)),
			messages: []string{"above the 200 MB/s and 200000 records/s", "PROVISIONED with 201 shards and switch"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.Compute(test.load, capacity.Choice{Mode: capacity.OnDemand})
			require.Empty(t, faults)
			assert.Equal(t, capacity.OnDemand, plan.Mode)
			assert.Zero(t, plan.Shards)
			warnings := streamWarnings(plan)
			require.Len(t, warnings, len(test.messages))
			for i, m := range test.messages {
				assert.Contains(t, warnings[i].Problem.String(), m)
				assert.EqualValues(t, "Mode", warnings[i].Path)
			}
		})
	}
}

// streamWarnings leaves out the warning about small objects.
func streamWarnings(plan capacity.Plan) fault.List {
	var found fault.List
	for _, w := range plan.Warnings {
		if w.Path == "Mode" || w.Path == "Shards" {
			found = append(found, w)
		}
	}
	return found
}

func only(t *testing.T, faults fault.List) fault.Fault {
	t.Helper()
	require.Len(t, faults, 1)
	return faults[0]
}
