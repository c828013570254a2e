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

func TestComputedBatch(t *testing.T) {
	for name, test := range map[string]struct {
		load      capacity.Load
		choice    capacity.BatchChoice
		executors int
		records   float64
		duration  time.Duration
	}{
		// 12 hours, 6 for late events and 26 for late objects, in chunks of 24 and 20 hours, for which 33 and 23 are read: 56 hours of
		// 500 records/s, of which 40,000 are read in a second.
		"twice a day":             {load: load(), executors: 1, records: 100.8e6, duration: 2520 * time.Second},
		"as many as an hour asks": {load: load(peak(7_000), mean(7_000)), executors: 10, records: 1411.2e6, duration: 3528 * time.Second},
		"once a day":              {load: load(), choice: capacity.BatchChoice{RunsPerDay: 1}, executors: 1, records: 138.6e6, duration: 3465 * time.Second},
		"no later than an hour":   {load: load(), choice: capacity.BatchChoice{LatenessHours: 1}, executors: 1, records: 82.8e6, duration: 2070 * time.Second},
		"large records":           {load: load(meanBytes(12_530)), executors: 7, records: 100.8e6, duration: 3600 * time.Second},
		"what a user has decided": {load: load(), choice: capacity.BatchChoice{Executors: 3}, executors: 3, records: 100.8e6, duration: 840 * time.Second},
		"no more than there are":  {load: load(peak(100_000), mean(100_000)), executors: 100, records: 20.16e9, duration: 5040 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeBatch(test.load, test.choice)
			require.Empty(t, faults)
			assert.Equal(t, test.executors, plan.Executors)
			assert.InEpsilon(t, test.records, plan.RecordsPerRun, 1e-9)
			assert.InDelta(t, test.duration.Seconds(), plan.Duration.Seconds(), 1)
		})
	}
}

func TestRefusedBatches(t *testing.T) {
	for name, test := range map[string]struct {
		load    capacity.Load
		choice  capacity.BatchChoice
		setting fault.Path
		nearest string
		message string
	}{
		"at odd hours":      {load: load(), choice: capacity.BatchChoice{RunsPerDay: 5}, setting: "RunsPerDay", message: "one of 1, 2, 3, 4, 6, 8, 12, 24"},
		"late for ever":     {load: load(), choice: capacity.BatchChoice{LatenessHours: 169}, setting: "LatenessHours", message: "an integer from 1 to 168"},
		"a crowd":           {load: load(), choice: capacity.BatchChoice{Executors: 101}, setting: "Executors", message: "an integer from 1 to 100"},
		"into the next run": {load: load(), choice: capacity.BatchChoice{RunsPerDay: 24, LatenessHours: 168, Executors: 2}, setting: "Executors", nearest: "12", message: "2 executors need 5h43m0s"},
		"more than there are": {
			load: load(peak(400_000), mean(400_000)), choice: capacity.BatchChoice{RunsPerDay: 12}, setting: "Executors",
			message: "not even 100 executors are enough before the next run is due after 2h0m0s",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeBatch(test.load, test.choice)
			require.Len(t, faults, 1)
			assert.Zero(t, plan)
			assert.Equal(t, test.setting, faults[0].Path)
			assert.Equal(t, test.nearest, faults[0].Nearest)
			require.ErrorContains(t, faults, test.message)
			if test.nearest != "" {
				var err error
				test.choice.Executors, err = strconv.Atoi(test.nearest)
				require.NoError(t, err)
				_, again := capacity.ComputeBatch(test.load, test.choice)
				assert.Empty(t, again)
			}
		})
	}
}
