package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/fault"
)

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*metrics.Args)
		want   string
	}{
		"no account":            {func(a *metrics.Args) { a.AccountID = "" }, "AccountID: not set, but required"},
		"no region":             {func(a *metrics.Args) { a.Region = "" }, "Region: not set, but required"},
		"no key":                {func(a *metrics.Args) { a.KeyARN = nil }, "KeyARN: not set"},
		"no spec":               {func(a *metrics.Args) { a.Spec = nil }, "Spec: not set"},
		"no stream":             {func(a *metrics.Args) { a.Stream.ARN = nil }, "Stream.ARN: not set"},
		"no consumer":           {func(a *metrics.Args) { a.Stream.ConsumerARN = nil }, "Stream.ConsumerARN: not set"},
		"no bucket":             {func(a *metrics.Args) { a.Warehouse.BucketName = nil }, "Warehouse.BucketName: not set"},
		"no database":           {func(a *metrics.Args) { a.Warehouse.DatabaseName = nil }, "Warehouse.DatabaseName: not set"},
		"no artifacts":          {func(a *metrics.Args) { a.ArtifactsBucketName = nil }, "ArtifactsBucketName: not set"},
		"retention":             {func(a *metrics.Args) { a.Stream.RetentionHours = 23 }, `Stream.RetentionHours: out of range (given: "23"); allowed: an integer from 24 to 8760`},
		"role of nobody":        {func(a *metrics.Args) { a.Stream.RoleARN = "reader" }, `Stream.RoleARN: not allowed (given: "reader")`},
		"type for Ray":          {func(a *metrics.Args) { a.Job.WorkerType = "Z.2X" }, `Job.WorkerType: the type is for Ray jobs alone (given: "Z.2X"); allowed: G.025X, G.1X`},
		"type of old versions":  {func(a *metrics.Args) { a.Job.WorkerType = "Standard" }, "Job.WorkerType: the type is none of Glue 6.0, which the job runs on"},
		"the driver alone":      {func(a *metrics.Args) { a.Job.Workers = 1 }, `Job.Workers: out of range (given: "1"); allowed: an integer from 2 to 299`},
		"more than of the type": {func(a *metrics.Args) { a.Job = metrics.Job{WorkerType: metrics.G8X, Workers: 40} }, `Job.Workers: a job has at most 37 workers of the type G.8X (given: "40"); nearest: 37`},
		"trigger":               {func(a *metrics.Args) { a.Job.TriggerSeconds = 5 }, `Job.TriggerSeconds: out of range (given: "5"); allowed: an integer from 10 to 600`},
		"window of no day":      {func(a *metrics.Args) { a.Job.MaintenanceWindow = "Sunday:3" }, `Job.MaintenanceWindow: not allowed (given: "Sunday:3"); allowed: a day and an hour in GMT`},
		"window of no hour":     {func(a *metrics.Args) { a.Job.MaintenanceWindow = "Sun:24" }, "Job.MaintenanceWindow: not allowed"},
		"rate":                  {func(a *metrics.Args) { a.Schedule.Minutes = 61 }, `Schedule.Minutes: out of range (given: "61"); allowed: an integer from 1 to 60`},
		"log retention":         {func(a *metrics.Args) { a.Logs.RetentionDays = 2 }, `Logs.RetentionDays: not allowed (given: "2"); allowed: one of 1, 3, 5`},
		"group of no name":      {func(a *metrics.Args) { a.Logs.GroupPrefix = "/a/" }, `Logs.GroupPrefix: not allowed (given: "/a/"); allowed: a slash, and`},
		"group with wildcard":   {func(a *metrics.Args) { a.Logs.GroupPrefix = "/a*" }, "Logs.GroupPrefix: not allowed"},
		"AWS's namespace":       {func(a *metrics.Args) { a.MetricNamespace = "AWS/Glue" }, `MetricNamespace: not allowed (given: "AWS/Glue"); allowed: 1 to 255`},
		"namespace with space":  {func(a *metrics.Args) { a.MetricNamespace = "a b" }, "MetricNamespace: not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `streaming job "metrics": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func TestWindowsOfEveryHour(t *testing.T) {
	for _, window := range []string{"Sun:0", "Mon:09", "Sat:23"} {
		assert.True(t, metrics.MaintenanceWindow.Takes(window), window)
	}
}
