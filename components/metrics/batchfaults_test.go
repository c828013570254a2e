package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
)

func TestBatchFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*metrics.BatchArgs)
		want   string
	}{
		"no account":   {func(a *metrics.BatchArgs) { a.AccountID = "" }, "AccountID: not set, but required"},
		"no region":    {func(a *metrics.BatchArgs) { a.Region = "" }, "Region: not set, but required"},
		"no key":       {func(a *metrics.BatchArgs) { a.KeyARN = nil }, "KeyARN: not set"},
		"no spec":      {func(a *metrics.BatchArgs) { a.Spec = nil }, "Spec: not set"},
		"no records":   {func(a *metrics.BatchArgs) { a.Raw.BucketName = nil }, "Raw.BucketName: not set"},
		"no bucket":    {func(a *metrics.BatchArgs) { a.Warehouse.BucketName = nil }, "Warehouse.BucketName: not set"},
		"no database":  {func(a *metrics.BatchArgs) { a.Warehouse.DatabaseName = nil }, "Warehouse.DatabaseName: not set"},
		"no artifacts": {func(a *metrics.BatchArgs) { a.ArtifactsBucketName = nil }, "ArtifactsBucketName: not set"},
		"prefix":       {func(a *metrics.BatchArgs) { a.Raw.Prefix = "logs" }, `Raw.Prefix: not allowed (given: "logs"); allowed: path segments`},
		"lateness":     {func(a *metrics.BatchArgs) { a.LatenessHours = 169 }, `LatenessHours: out of range (given: "169"); allowed: an integer from 1 to 168`},
		"less than the live lateness": {
			func(a *metrics.BatchArgs) {
				a.LatenessHours, a.Spec = 1, spec(func(s *metricspec.Spec) { s.Lateness = 3601 })
			},
			`LatenessHours: less than the 3601 seconds of lateness with which events are counted live (given: "1"); nearest: 2`,
		},
		"settling": {
			func(a *metrics.BatchArgs) { a.SettleSeconds = 900 },
			`SettleSeconds: out of range (given: "900"); allowed: an integer from 960 to 86400`,
		},
		"timeout": {func(a *metrics.BatchArgs) { a.TimeoutMinutes = 4 }, `TimeoutMinutes: out of range (given: "4"); allowed: an integer from 5 to 10080`},
		"hour":    {func(a *metrics.BatchArgs) { a.Schedule.Hours = []int{3, 24} }, `Schedule.Hours: "24": out of range; allowed: an integer from 0 to 23`},
		"hour twice": {
			func(a *metrics.BatchArgs) { a.Schedule.Hours = []int{3, 15, 3} },
			"Schedule.Hours: 3 stands there twice; allowed: each hour once",
		},
		"vCPUs": {func(a *metrics.BatchArgs) { a.Capacity.Driver.VCPUs = 3 }, `Capacity.Driver.VCPUs: not allowed (given: "3"); allowed: one of 1, 2, 4, 8, 16`},
		"too much memory": {
			func(a *metrics.BatchArgs) { a.Capacity.Executor.MemoryGB = 31 },
			`Capacity.Executor.MemoryGB: not what a worker with 4 vCPUs can have (given: "31"); nearest: 30; allowed: an integer from 8 to 30`,
		},
		"memory between steps": {
			func(a *metrics.BatchArgs) {
				a.Capacity.Executor = metrics.Worker{VCPUs: 16, MemoryGB: 60}
			},
			`Capacity.Executor.MemoryGB: not what a worker with 16 vCPUs can have (given: "60"); nearest: 56; allowed: an integer from 32 to 120, in steps of 8`,
		},
		"memory of the default with other vCPUs": {
			func(a *metrics.BatchArgs) { a.Capacity.Driver.VCPUs = 8 },
			`Capacity.Driver.MemoryGB: not what a worker with 8 vCPUs can have (given: "8"); nearest: 16`,
		},
		"disk":      {func(a *metrics.BatchArgs) { a.Capacity.Driver.DiskGB = 10 }, `Capacity.Driver.DiskGB: out of range (given: "10"); allowed: an integer from 20 to 200`},
		"executors": {func(a *metrics.BatchArgs) { a.Capacity.Executors = -1 }, `Capacity.Executors: out of range (given: "-1"); allowed: an integer from 1 to 100`},
		"a run that does not fit": {
			func(a *metrics.BatchArgs) { a.Capacity.Limits.VCPUs = 13 },
			`Capacity.Limits.VCPUs: a driver and 3 executors have 14 vCPUs (given: "13"); nearest: 14`,
		},
		"a disk that does not fit": {
			func(a *metrics.BatchArgs) { a.Capacity.Limits.DiskGB = 79 },
			`Capacity.Limits.DiskGB: a driver and 3 executors have 80 GB of disk (given: "79"); nearest: 80`,
		},
		"idle":          {func(a *metrics.BatchArgs) { a.Capacity.IdleMinutes = -1 }, `Capacity.IdleMinutes: out of range (given: "-1"); allowed: an integer from 1 to 10080`},
		"log retention": {func(a *metrics.BatchArgs) { a.Logs.RetentionDays = 2 }, `Logs.RetentionDays: not allowed (given: "2"); allowed: one of 1, 3, 5`},
		"log group":     {func(a *metrics.BatchArgs) { a.Logs.GroupName = "batch" }, `Logs.GroupName: not allowed (given: "batch"); allowed: a slash, and`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimalBatch()
			test.change(args)
			recording, err := createBatch(args)
			require.ErrorContains(t, err, `batch "batch": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func TestEveryMemoryThatIsDocumented(t *testing.T) {
	for _, worker := range []metrics.Worker{
		{VCPUs: 1, MemoryGB: 2}, {VCPUs: 1, MemoryGB: 8}, {VCPUs: 2, MemoryGB: 4}, {VCPUs: 2, MemoryGB: 16}, {VCPUs: 4, MemoryGB: 8},
		{VCPUs: 4, MemoryGB: 30}, {VCPUs: 8, MemoryGB: 16}, {VCPUs: 8, MemoryGB: 60}, {VCPUs: 16, MemoryGB: 32}, {VCPUs: 16, MemoryGB: 120},
	} {
		args := minimalBatch()
		args.Capacity.Executor = worker
		assert.Empty(t, args.Check("batch"), worker)
	}
}

func TestFaultsOfNothingAtAll(t *testing.T) {
	var args *metrics.BatchArgs
	assert.Len(t, args.Check("batch"), 8, "what is required, and nothing that has a default")
}
