package stacks

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/settings"
)

const (
	// metricsName is the component's logical name. A change renames every resource in it.
	metricsName = "metrics"
	// metricsConsumer is the job's fan-out consumer of the stream.
	metricsConsumer = "metrics"
)

// metricsConfig is the streaming job. Choice is what the user has decided of its workers, and Plan what follows from that and the
// load. Spec is what SpecFile says; nil where no job is made.
type metricsConfig struct {
	Enabled, Paused, AutoScaling bool
	SpecFile, MaintenanceWindow  string
	LogRetentionDays             int

	Choice capacity.JobChoice
	Spec   *metricspec.Spec
	Plan   capacity.JobPlan
}

func (c *metricsConfig) declare(s *settings.Section) {
	settings.Boolean(s, &c.Enabled, "enabled", true, "Makes the streaming job that counts events, and its fan-out consumer of the stream.")
	settings.Text(s, &c.SpecFile, "specFile", "", anyPath, "The file with the metric spec, which says what is counted. Empty: the default spec.")
	settings.Boolean(s, &c.Paused, "paused", false, "Ends the job after its batch, and starts it no more. When it goes on it begins where it was.")
	settings.Text(s, &c.Choice.WorkerType, "workerType", capacity.DefaultWorkerType, capacity.WorkerTypes, "Type of the job's workers.")
	settings.Integer(s, &c.Choice.Workers, "workers", 0, capacity.JobWorkers,
		"The job's workers, the driver's among them; with autoScaling the most. Empty: computed.")
	settings.Boolean(s, &c.AutoScaling, "autoScaling", true, "Lets Glue take away the workers that have nothing to do.")
	settings.Rate(s, &c.Choice.WorkerRecordsPerSecond, "workerRecordsPerSecond", 0, capacity.JobWorkerRate,
		"Records a second that a worker carries, as you measured it. Empty: a cautious guess by its vCPUs.")
	settings.Integer(s, &c.Choice.TriggerSeconds, "triggerSeconds", capacity.DefaultTriggerSeconds, capacity.TriggerSeconds,
		"Time from the start of one batch to the next.")
	settings.Integer(s, &c.Choice.ScheduleMinutes, "scheduleMinutes", capacity.DefaultScheduleMinutes, capacity.ScheduleMinutes,
		"How often a run is asked for, and so how long one that has ended is missed at most.")
	settings.Text(s, &c.MaintenanceWindow, "maintenanceWindow", "", metrics.MaintenanceWindow,
		"When Glue restarts a run that has been going on for days. Empty: seven days after its start.")
	settings.Integer(s, &c.LogRetentionDays, "logRetentionDays", metrics.DefaultLogRetentionDays, metrics.LogRetentionDays,
		"Days that CloudWatch Logs keeps the job's logs.")
}

// metricsSettings are all but the one that says whether there is a job.
var metricsSettings = fault.Path("metrics").Fields("specFile", "paused", "workerType", "workers", "autoScaling", "workerRecordsPerSecond",
	"triggerSeconds", "scheduleMinutes", "maintenanceWindow", "logRetentionDays")

// makesMetrics says whether there is a streaming job.
func (c *Config) makesMetrics() bool { return c.Metrics.Enabled && c.Accounts.makesData() }

func (c *Config) metricsRules(reading *settings.Reading) fault.List {
	if c.Metrics.Enabled {
		return nil
	}
	return noEffects(reading, metricsSettings, "metrics.enabled")
}

// readSpec reads the file that the configuration names.
func (c *Config) readSpec(reading *settings.Reading) {
	if !c.makesMetrics() {
		return
	}
	var faults fault.List
	c.Metrics.Spec, faults = metricspec.Read(c.Metrics.SpecFile)
	reading.Report(faults.From(specSources)...)
}

// specSources are where a metric spec and what it is held against come from.
var specSources = fault.Sources{
	"":                      fault.From("metrics.specFile"),
	"RetentionHours":        fault.From("stream.retentionHours"),
	"ProducerDelaySeconds":  fault.From("clusters", "load"),
	"ProducerOutageSeconds": fault.From("load.streamOutageSeconds", "load.fluentdOutageSeconds", "clusters"),
	"LargestRecordBytes":    fault.From("load.largestRecordBytes"),
}

// holdSpec holds the spec against the stream and the clusters.
func (c *Config) holdSpec(reading *settings.Reading) {
	if c.Metrics.Spec == nil {
		return
	}
	around := metricspec.Surroundings{RetentionHours: c.Stream.RetentionHours, LargestRecordBytes: c.Load.LargestRecordBytes}
	for _, cluster := range c.Clusters {
		around.ProducerDelaySeconds = max(around.ProducerDelaySeconds, cluster.Plan.FreshnessSeconds)
	}
	if c.choosesOutages(reading) {
		around.ProducerOutageSeconds = int(max(c.StreamOutage, c.FluentdOutage).Seconds())
	}
	faults, warnings := c.Metrics.Spec.Against(around)
	reading.Report(faults.From(specSources)...)
	reading.Warn(warnings.From(specSources)...)
}

// choosesOutages says whether there is somebody to warn that the live metrics miss what is late after an outage: those who have
// decided how long one may last, or how late an event may be. The defaults are known to differ.
func (c *Config) choosesOutages(reading *settings.Reading) bool {
	return len(c.Clusters) > 0 && slices.ContainsFunc(
		[]fault.Path{"metrics.specFile", "load.streamOutageSeconds", "load.fluentdOutageSeconds"}, reading.IsSet)
}

// consumers are those that the stream is to have: the job's own, and others that were named.
func (c *Config) consumers() []string {
	if !c.Metrics.Enabled || slices.Contains(c.Stream.FanOutConsumers, metricsConsumer) {
		return c.Stream.FanOutConsumers
	}
	return append(slices.Clone(c.Stream.FanOutConsumers), metricsConsumer)
}

// jobSources are where the sizing model of the job has its settings from.
var jobSources = fault.Sources{
	"":                       fault.From("load"),
	"Burst":                  fault.From("load.burstSeconds"),
	"SharedReaders":          fault.From("search.enabled"),
	"WorkerType":             fault.From("metrics.workerType"),
	"Workers":                fault.From("metrics.workers"),
	"WorkerRecordsPerSecond": fault.From("metrics.workerRecordsPerSecond"),
	"TriggerSeconds":         fault.From("metrics.triggerSeconds"),
	"ScheduleMinutes":        fault.From("metrics.scheduleMinutes"),
}

// planMetrics sizes the job.
func (c *Config) planMetrics(reading *settings.Reading) {
	if !c.makesMetrics() {
		return
	}
	var refused fault.List
	c.Metrics.Plan, refused = capacity.ComputeJob(c.Load, c.Metrics.Choice)
	reading.Report(refused.From(jobSources)...)
	reading.Warn(c.Metrics.Plan.Warnings.From(jobSources)...)
}

// metricsSources are where the job's args come from.
var metricsSources = fault.Sources{
	"":                      fault.From("metrics"),
	"AccountID":             fault.From("accounts.data.id"),
	"Region":                fault.From("accounts.data.region"),
	"KeyARN":                fault.Wired,
	"Spec":                  fault.Wired,
	"Stream":                fault.Wired,
	"Stream.RetentionHours": fault.From("stream.retentionHours"),
	"Warehouse":             fault.Wired,
	"ArtifactsBucketName":   fault.Wired,
	"Job.WorkerType":        fault.From("metrics.workerType"),
	"Job.Workers":           fault.From("metrics.workers"),
	"Job.FixedWorkers":      fault.From("metrics.autoScaling"),
	"Job.TriggerSeconds":    fault.From("metrics.triggerSeconds"),
	"Job.MaintenanceWindow": fault.From("metrics.maintenanceWindow"),
	"Schedule.Minutes":      fault.From("metrics.scheduleMinutes"),
	"Schedule.Paused":       fault.From("metrics.paused"),
	"Logs.GroupPrefix":      fault.From("namePrefix"),
	"Logs.RetentionDays":    fault.From("metrics.logRetentionDays"),
	"MetricNamespace":       fault.From("namePrefix"),
	"Protect":               fault.From("protect"),
}

func (c *Config) checkMetrics() fault.List {
	if !c.makesMetrics() {
		return nil
	}
	return c.metricsArgs(nil).Check(metricsName).From(metricsSources)
}

// metricsArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) metricsArgs(data *dataSide) *metrics.Args {
	args := &metrics.Args{
		AccountID: c.Accounts.Data.ID,
		Region:    c.Accounts.Data.Region,
		Spec:      c.Metrics.Spec,
		Stream:    metrics.Stream{RetentionHours: c.Stream.RetentionHours},
		Job: metrics.Job{
			WorkerType:        c.Metrics.Plan.WorkerType,
			Workers:           c.Metrics.Plan.Workers,
			FixedWorkers:      !c.Metrics.AutoScaling,
			TriggerSeconds:    c.Metrics.Plan.TriggerSeconds,
			MaintenanceWindow: c.Metrics.MaintenanceWindow,
		},
		Schedule:        metrics.Schedule{Minutes: c.Metrics.Plan.ScheduleMinutes, Paused: c.Metrics.Paused},
		Logs:            metrics.Logs{GroupPrefix: "/aws-glue/" + c.NamePrefix + "-" + metricsName, RetentionDays: c.Metrics.LogRetentionDays},
		MetricNamespace: c.NamePrefix + "/" + metricsName,
		Protect:         c.Protect,
	}
	if data != nil {
		args.KeyARN, args.ArtifactsBucketName = data.store.KeyARN, data.store.Artifacts.Name
		args.Stream.ARN, args.Stream.ConsumerARN = data.logs.ARN, data.logs.ConsumerARNs.MapIndex(pulumi.String(metricsConsumer))
		args.Warehouse = metrics.Warehouse{BucketName: data.store.Warehouse.Name, DatabaseName: data.tables.DatabaseName}
		args.After = data.tables.Ready()
	}
	return args
}
