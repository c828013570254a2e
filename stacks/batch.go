package stacks

import (
	"math"
	"time"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

const (
	// batchName is the component's logical name. A change renames every resource in it.
	batchName = "batch"
	// firstBatchHour is the hour of a day's first run, in UTC: not that in which days end and everybody's jobs run.
	firstBatchHour = 1
	// mostSettleSeconds is a day: what is later is late for the batch too.
	mostSettleSeconds = 86_400
)

// batchConfig is the batch. Choice is what the user has decided of its runs, and Plan what follows from that and the load.
type batchConfig struct {
	Enabled, Paused  bool
	LogRetentionDays int

	Choice capacity.BatchChoice
	Plan   capacity.BatchPlan
}

func (c *batchConfig) declare(s *settings.Section) {
	settings.Boolean(s, &c.Enabled, "enabled", true, "Makes the batch that counts exactly what the streaming job counted live. It needs metrics.enabled.")
	settings.Boolean(s, &c.Paused, "paused", false, "Starts no run by the schedule.")
	settings.Integer(s, &c.Choice.RunsPerDay, "runsPerDay", capacity.DefaultBatchRuns, capacity.BatchRuns,
		"How often it runs, at the same distance, the first at 01:00 UTC.")
	settings.Integer(s, &c.Choice.LatenessHours, "latenessHours", 0, capacity.LatenessHours,
		"Hours after its own time that an event may reach S3 and be counted. Each run reads so many hours again. Empty: 6, or the lateness of the "+
			"metric spec where that is longer.")
	settings.Integer(s, &c.Choice.Executors, "executors", 0, capacity.Executors,
		"Executors that a run may have, of 4 vCPUs each. Empty: as many as it needs to end in an hour.")
	settings.Integer(s, &c.LogRetentionDays, "logRetentionDays", metrics.DefaultLogRetentionDays, metrics.LogRetentionDays,
		"Days that CloudWatch Logs keeps its logs.")
}

// batchSettings are all but the one that says whether there is a batch.
var batchSettings = fault.Path("batch").Fields("paused", "runsPerDay", "latenessHours", "executors", "logRetentionDays")

// makesBatch says whether there is a batch.
func (c *Config) makesBatch() bool { return c.Batch.Enabled && c.makesMetrics() }

func (c *Config) batchRules(reading *settings.Reading) fault.List {
	switch {
	case !c.Metrics.Enabled:
		return noEffects(reading, append(batchSettings, "batch.enabled"), "metrics.enabled")
	case !c.Batch.Enabled:
		return noEffects(reading, batchSettings, "batch.enabled")
	}
	return nil
}

// batchPlanSources are where the sizing model of the batch has its settings from.
var batchPlanSources = fault.Sources{
	"":              fault.From("load"),
	"Burst":         fault.From("load.burstSeconds"),
	"SharedReaders": fault.From("search.enabled"),
	"RunsPerDay":    fault.From("batch.runsPerDay"),
	"LatenessHours": fault.From("batch.latenessHours"),
	"Executors":     fault.From("batch.executors"),
}

// planBatch sizes the batch.
func (c *Config) planBatch(reading *settings.Reading) {
	if !c.makesBatch() {
		return
	}
	choice := c.Batch.Choice
	if choice.LatenessHours == 0 {
		choice.LatenessHours = max(capacity.DefaultLatenessHours, c.liveLatenessHours())
	}
	var refused fault.List
	c.Batch.Plan, refused = capacity.ComputeBatch(c.Load, choice)
	reading.Report(refused.From(batchPlanSources)...)
}

// liveLatenessHours is how late an event may be and count live, in whole hours.
func (c *Config) liveLatenessHours() int {
	if c.Metrics.Spec == nil {
		return 0
	}
	return int(math.Ceil((time.Duration(c.Metrics.Spec.Lateness) * time.Second).Hours()))
}

// batchSources are where the batch's args come from.
var batchSources = fault.Sources{
	"":                    fault.From("batch"),
	"AccountID":           fault.From("accounts.data.id"),
	"Region":              fault.From("accounts.data.region"),
	"KeyARN":              fault.Wired,
	"Spec":                fault.Wired,
	"Raw":                 fault.Wired,
	"Warehouse":           fault.Wired,
	"ArtifactsBucketName": fault.Wired,
	"LatenessHours":       fault.From("batch.latenessHours", "metrics.specFile"),
	"SettleSeconds":       fault.From("delivery.bufferSeconds", "metrics.specFile"),
	"Capacity.Executors":  fault.From("batch.executors"),
	"Schedule.Hours":      fault.From("batch.runsPerDay"),
	"Schedule.Paused":     fault.From("batch.paused"),
	"Logs.GroupName":      fault.From("namePrefix"),
	"Logs.RetentionDays":  fault.From("batch.logRetentionDays"),
	"Protect":             fault.From("protect"),
}

func (c *Config) checkBatch() fault.List {
	if !c.makesBatch() {
		return nil
	}
	return c.batchArgs(nil).Check(batchName).From(batchSources)
}

// batchArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) batchArgs(data *dataSide) *metrics.BatchArgs {
	args := &metrics.BatchArgs{
		AccountID:     c.Accounts.Data.ID,
		Region:        c.Accounts.Data.Region,
		Spec:          c.Metrics.Spec,
		Raw:           metrics.Raw{Prefix: recordPrefix},
		LatenessHours: c.Batch.Plan.LatenessHours,
		SettleSeconds: c.settleSeconds(),
		Capacity:      metrics.Capacity{Executors: c.Batch.Plan.Executors},
		Schedule:      metrics.BatchSchedule{Hours: batchHours(c.Batch.Plan.RunsPerDay), Paused: c.Batch.Paused},
		Logs:          metrics.BatchLogs{GroupName: "/aws/emr-serverless/" + c.NamePrefix + "-" + batchName, RetentionDays: c.Batch.LogRetentionDays},
		Protect:       c.Protect,
	}
	if data != nil {
		args.KeyARN, args.ArtifactsBucketName, args.Raw.BucketName = data.store.KeyARN, data.store.Artifacts.Name, data.store.Raw.Name
		args.Warehouse = metrics.Warehouse{BucketName: data.store.Warehouse.Name, DatabaseName: data.tables.DatabaseName}
		args.After = data.tables.Ready()
	}
	return args
}

// settleSeconds is how old a window is when it is counted: the events that count live are in S3 then.
func (c *Config) settleSeconds() int {
	if c.Metrics.Spec == nil {
		return metrics.DefaultSettleSeconds
	}
	return min(mostSettleSeconds, max(metrics.DefaultSettleSeconds, c.Metrics.Spec.Lateness+c.Plan.FreshnessSeconds))
}

func batchHours(runsPerDay int) []int {
	hours := make([]int, runsPerDay)
	for i := range hours {
		hours[i] = (firstBatchHour + i*24/runsPerDay) % 24
	}
	return hours
}
