package capacity_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

func TestComputedJob(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.JobChoice
		typ     capacity.WorkerType
		workers int
		carried float64
	}{
		"the driver and one":      {load: load(), typ: capacity.G1X, workers: 2, carried: 40_000},
		"twice the peak":          {load: load(peak(60_000)), typ: capacity.G1X, workers: 4, carried: 120_000},
		"no more than that":       {load: load(peak(60_001)), typ: capacity.G1X, workers: 5, carried: 160_000},
		"a burst is more":         {load: load(peak(60_000), burst(4, time.Minute)), typ: capacity.G1X, workers: 7, carried: 240_000},
		"large records":           {load: load(peak(1_000), meanBytes(100_000)), typ: capacity.G1X, workers: 5, carried: 2_004.8},
		"a larger type":           {load: load(peak(60_000)), choice: capacity.JobChoice{WorkerType: capacity.G4X}, typ: capacity.G4X, workers: 2, carried: 160_000},
		"a smaller type":          {load: load(), choice: capacity.JobChoice{WorkerType: capacity.G025X}, typ: capacity.G025X, workers: 2, carried: 20_000},
		"what a user measured":    {load: load(), choice: capacity.JobChoice{WorkerRecordsPerSecond: 1_000}, typ: capacity.G1X, workers: 5, carried: 4_000},
		"what a user has decided": {load: load(), choice: capacity.JobChoice{Workers: 3}, typ: capacity.G1X, workers: 3, carried: 80_000},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeJob(test.load, test.choice)
			require.Empty(t, faults)
			assert.Equal(t, test.typ, plan.WorkerType)
			assert.Equal(t, test.workers, plan.Workers)
			assert.InEpsilon(t, test.carried, plan.RecordsPerSecond, 1e-9)
			assert.Empty(t, plan.Warnings)
		})
	}
}

func TestARestartAndItsBacklog(t *testing.T) {
	plan, faults := capacity.ComputeJob(load(peak(60_000), mean(30_000)), capacity.JobChoice{})
	require.Empty(t, faults)
	assert.Equal(t, 7*time.Minute, plan.Away, "five until a run is asked for, and two until it has started")
	// 60,000 x 420 s over the 90,000 records/s that are to spare at the mean rate.
	assert.Equal(t, 280*time.Second, plan.CatchUp)
	assert.Equal(t, 90, plan.FreshnessSeconds, "a minute, and half of one for its half of what the workers carry")

	often, faults := capacity.ComputeJob(load(), capacity.JobChoice{ScheduleMinutes: 1, TriggerSeconds: 20})
	require.Empty(t, faults)
	assert.Equal(t, 3*time.Minute, often.Away)
	assert.Equal(t, 21, often.FreshnessSeconds)
}

func TestRefusedJobs(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.JobChoice
		setting fault.Path
		nearest string
		message string
	}{
		"no peak":               {load: load(peak(0)), setting: "PeakRecordsPerSecond", message: "an integer from 1"},
		"mean over peak":        {load: load(mean(2_001)), setting: "MeanRecordsPerSecond", nearest: "2000", message: "above the peak"},
		"type for Ray":          {choice: capacity.JobChoice{WorkerType: "Z.2X"}, setting: "WorkerType", message: `the type is for Ray jobs alone (given: "Z.2X"); allowed: G.025X, G.1X, G.2X, G.4X or G.8X`},
		"type of old versions":  {choice: capacity.JobChoice{WorkerType: "Standard"}, setting: "WorkerType", message: "none of Glue 6.0"},
		"unknown to provider":   {choice: capacity.JobChoice{WorkerType: "R.1X"}, setting: "WorkerType", message: "pulumi-aws 6.83.2) does not know the type"},
		"no type at all":        {choice: capacity.JobChoice{WorkerType: "g1x"}, setting: "WorkerType", message: "not allowed"},
		"the driver alone":      {choice: capacity.JobChoice{Workers: 1}, setting: "Workers", message: "an integer from 2 to 299"},
		"more than of the type": {choice: capacity.JobChoice{WorkerType: capacity.G8X, Workers: 38}, setting: "Workers", nearest: "37", message: "at most 37 workers of the type G.8X"},
		"negative rate":         {choice: capacity.JobChoice{WorkerRecordsPerSecond: math.Inf(-1)}, setting: "WorkerRecordsPerSecond", message: "an integer from 1 to 10000000"},
		"a batch a second":      {choice: capacity.JobChoice{TriggerSeconds: 1}, setting: "TriggerSeconds", message: "an integer from 10 to 600"},
		"once a day":            {choice: capacity.JobChoice{ScheduleMinutes: 1440}, setting: "ScheduleMinutes", message: "an integer from 1 to 60"},
		"too few": {
			load: load(peak(100_000)), choice: capacity.JobChoice{Workers: 3}, setting: "Workers", nearest: "4",
			message: "2 workers of the type G.1X beside the driver's carry 80000 records/s, and the peak is 100000; at least 4 workers are needed, the driver's among them",
		},
		"never caught up with": {
			load: load(peak(40_000), mean(40_000)), choice: capacity.JobChoice{Workers: 2}, setting: "Workers", nearest: "3",
			message: "1 worker of the type G.1X beside the driver's carries 40000 records/s, and the mean is 40000: what piles up while the job restarts is never caught up with; at least 3",
		},
		"no number is enough": {
			load: load(peak(90_000_000)), choice: capacity.JobChoice{WorkerType: capacity.G8X, Workers: 37}, setting: "Workers",
			message: "at least 283 workers are needed",
		},
		"computed beyond what there is": {
			load: load(peak(10_000_000)), setting: "Workers",
			message: "the load needs 501, and 299 are the most: choose a larger WorkerType, or set WorkerRecordsPerSecond where you measured that a worker carries more",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.load == (capacity.Load{}) {
				test.load = load()
			}
			plan, faults := capacity.ComputeJob(test.load, test.choice)
			found := only(t, faults)
			assert.Equal(t, test.setting, found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.String(), test.message)
			assert.Zero(t, plan, "a refused plan must not be usable")
		})
	}
}

func TestJobWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		workers int
		nearest string
		message string
	}{
		"hardly more than the peak": {
			load: load(peak(60_000), mean(20_000)), workers: 3, nearest: "4",
			message: "2 workers of the type G.1X beside the driver's carry 80000 records/s, and the peak is 60000: what piles up in the 7m0s of a restart " +
				"is caught up with in 7m0s at the mean rate; 4 workers need no more than the restart took, even at the peak",
		},
		"less than a burst": {
			load: load(peak(60_000), burst(3, time.Minute)), workers: 4, nearest: "6",
			message: "and a burst is 180000 for 1m0s: 3600000 records wait in the stream then; 6 workers carry it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeJob(test.load, capacity.JobChoice{Workers: test.workers})
			require.Empty(t, faults)
			found := only(t, plan.Warnings)
			assert.EqualValues(t, "Workers", found.Path)
			assert.Equal(t, test.nearest, found.Nearest)
			assert.Contains(t, found.Problem.String(), test.message)
		})
	}
}

// Computed workers are as few as can be without a warning, and what a fault suggests is taken.
func TestComputedWorkersAreTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		choice := capacity.JobChoice{WorkerType: rapid.SampledFrom([]capacity.WorkerType{capacity.G025X, capacity.G1X, capacity.G8X}).Draw(t, "type")}
		plan, faults := capacity.ComputeJob(load, choice)
		if len(faults) > 0 {
			return
		}
		require.Empty(t, plan.Warnings)
		if plan.Workers == 2 {
			return
		}
		choice.Workers = plan.Workers - 1
		fewer, faults := capacity.ComputeJob(load, choice)
		require.NotEmpty(t, append(faults, fewer.Warnings...), "%d are enough", choice.Workers)
	})
}

func TestSuggestedWorkersAreTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		choice := capacity.JobChoice{Workers: 2}
		_, faults := capacity.ComputeJob(load, choice)
		if len(faults) == 0 || faults[0].Nearest == "" {
			return
		}
		var err error
		choice.Workers, err = strconv.Atoi(faults[0].Nearest)
		require.NoError(t, err)
		_, faults = capacity.ComputeJob(load, choice)
		assert.Empty(t, faults, "%d workers are suggested", choice.Workers)
	})
}
