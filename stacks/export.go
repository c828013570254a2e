package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// export names what people and other stacks need to know.
func export(ctx *pulumi.Context, config *Config, data *dataSide, service *serviceSide) error {
	ctx.Export("region", pulumi.String(config.Accounts.Data.Region))
	counterpart := pulumi.Map{}
	if data != nil {
		data.export(ctx, counterpart)
		data.exportSearch(ctx, config)
		for name, value := range config.kept() {
			ctx.Export(name, pulumi.Any(value))
		}
		if err := data.exportMetrics(ctx, config); err != nil {
			return err
		}
	} else {
		trust, err := config.writerTrust()
		if err != nil {
			return err
		}
		counterpart["writerTrust"] = pulumi.String(trust)
		ctx.Export("writerRoleArn", pulumi.String(config.Access.WriterRoleARN))
	}
	if service != nil {
		service.export(ctx)
	}
	ctx.Export("counterpart", counterpart)
	ctx.Export("plan", config.exportedPlan())
	return nil
}

// writerTrust is the trust policy that the writer role needs where it is made elsewhere.
func (c *Config) writerTrust() (string, error) {
	return c.writerArgs(nil, nil).Trust()
}

// export adds to counterpart what the other accounts' roles need.
func (d *dataSide) export(ctx *pulumi.Context, counterpart pulumi.Map) {
	ctx.Export("keyArn", d.store.KeyARN)
	ctx.Export("rawBucket", d.store.Raw.Name)
	ctx.Export("warehouseBucket", d.store.Warehouse.Name)
	ctx.Export("failedBucket", d.store.Failed.Name)
	ctx.Export("resultsBucket", d.store.Results.Name)
	ctx.Export("artifactsBucket", d.store.Artifacts.Name)
	ctx.Export("streamName", d.logs.Name)
	ctx.Export("streamArn", d.logs.ARN)
	ctx.Export("consumerArns", d.logs.ConsumerARNs)
	ctx.Export("deliveryStreamName", d.raw.DeliveryStreamName)
	ctx.Export("databaseName", d.raw.DatabaseName)
	ctx.Export("rawTableName", d.raw.TableName)
	ctx.Export("warehouseDatabaseName", d.tables.DatabaseName)
	ctx.Export("liveTableName", d.tables.LiveTableName)
	ctx.Export("gapsTableName", d.tables.GapsTableName)
	ctx.Export("batchTableName", d.tables.BatchTableName)
	ctx.Export("batchRunsTableName", d.tables.RunsTableName)
	if d.writer != nil {
		ctx.Export("writerRoleArn", d.writer.RoleARN)
		counterpart["producers"] = d.writer.Counterpart
	}
	if d.reader != nil {
		ctx.Export("readerRoleArn", d.reader.RoleARN)
		counterpart["readers"] = d.reader.Counterpart
	}
}

// exportSearch says where logs are searched, and as whom.
func (d *dataSide) exportSearch(ctx *pulumi.Context, config *Config) {
	if d.search == nil {
		return
	}
	ctx.Export("searchEndpoint", d.search.Endpoint)
	ctx.Export("searchDashboardUrl", d.search.DashboardURL)
	ctx.Export("searchIndexPattern", d.search.IndexPattern)
	ctx.Export("searchReaderRoleArns", pulumi.ToStringArray(config.searchReaders()))
	ctx.Export("searchDeliveryStreamName", d.searched.DeliveryStreamName)
}

// exportMetrics names the streaming job, and says what it counts.
func (d *dataSide) exportMetrics(ctx *pulumi.Context, config *Config) error {
	if d.metrics == nil {
		return nil
	}
	spec, err := exportedSpec(config.Metrics.Spec)
	if err != nil {
		return err
	}
	ctx.Export("metricsJobName", d.metrics.JobName)
	ctx.Export("metricsVersion", d.metrics.Version)
	ctx.Export("metricsCheckpoint", d.metrics.Checkpoint)
	ctx.Export("metricsErrorLogGroup", d.metrics.ErrorLogGroupName)
	ctx.Export("metricsOutputLogGroup", d.metrics.OutputLogGroupName)
	ctx.Export(specOutput, spec)
	ctx.Export("workGroupName", d.query.WorkGroupName)
	ctx.Export("viewNames", d.query.ViewNames)
	if d.batch != nil {
		d.exportBatch(ctx)
	}
	if d.dashboard != nil {
		ctx.Export("dashboardUrl", d.dashboard.URL)
		ctx.Export("dashboardArn", d.dashboard.DashboardARN)
		ctx.Export("quickSightPolicy", d.dashboard.ServicePolicy)
	}
	return nil
}

// exportBatch names the batch, and gives stacks/recount what it starts a run with.
func (d *dataSide) exportBatch(ctx *pulumi.Context) {
	ctx.Export("batchApplicationId", d.batch.ApplicationID)
	ctx.Export("batchLogGroup", d.batch.LogGroupName)
	ctx.Export("batchSchedule", d.batch.ScheduleID)
	ctx.Export("batchRecount", d.batch.Recount)
}

func (s *serviceSide) export(ctx *pulumi.Context) {
	roles := pulumi.StringMap{}
	for name, identity := range s.identities {
		roles[name] = identity.RoleARN
	}
	ctx.Export("fluentdRoleArns", roles)
}

// exportedPlan is the plan by the sections whose settings it decides.
func (c *Config) exportedPlan() pulumi.Map {
	clusters := pulumi.Map{}
	for _, cluster := range c.Clusters {
		clusters[cluster.Name] = exportedCluster(cluster)
	}
	return pulumi.Map{
		"stream": pulumi.Map{"mode": pulumi.String(c.Plan.Mode), "shardCount": pulumi.Int(c.Plan.Shards)},
		"delivery": pulumi.Map{
			"bufferMiB":        pulumi.Int(c.Plan.BufferMiB),
			"bufferSeconds":    pulumi.Int(c.Plan.BufferSeconds),
			"objectsPerDay":    pulumi.Float64(c.Plan.ObjectsPerDay),
			"objectBytes":      pulumi.Float64(c.Plan.ObjectBytes),
			"freshnessSeconds": pulumi.Int(c.Plan.FreshnessSeconds),
		},
		"metrics": pulumi.Map{
			"workerType":       pulumi.String(c.Metrics.Plan.WorkerType),
			"workers":          pulumi.Int(c.Metrics.Plan.Workers),
			"recordsPerSecond": pulumi.Float64(c.Metrics.Plan.RecordsPerSecond),
			"catchUpSeconds":   pulumi.Float64(c.Metrics.Plan.CatchUp.Seconds()),
			"freshnessSeconds": pulumi.Int(c.Metrics.Plan.FreshnessSeconds),
		},
		"batch": pulumi.Map{
			"executors":       pulumi.Int(c.Batch.Plan.Executors),
			"recordsPerRun":   pulumi.Float64(c.Batch.Plan.RecordsPerRun),
			"durationSeconds": pulumi.Float64(c.Batch.Plan.Duration.Seconds()),
		},
		"search": pulumi.Map{
			"instanceType":     pulumi.String(c.Search.Plan.InstanceType),
			"instances":        pulumi.Int(c.Search.Plan.Instances),
			"zones":            pulumi.Int(c.Search.Plan.Zones),
			"volumeGiB":        pulumi.Int(c.Search.Plan.VolumeGiB),
			"masters":          pulumi.Int(c.Search.Plan.Masters),
			"shards":           pulumi.Int(c.Search.Plan.Shards),
			"replicas":         pulumi.Int(c.Search.Plan.Replicas),
			"shardGiB":         pulumi.Float64(c.Search.Plan.ShardGiB),
			"storedGiB":        pulumi.Float64(c.Search.Plan.StoredGiB),
			"recordsPerSecond": pulumi.Float64(c.Search.Plan.RecordsPerSecond),
			"freshnessSeconds": pulumi.Int(c.Search.Plan.FreshnessSeconds),
			"catchUpSeconds":   pulumi.Float64(c.Search.Plan.CatchUp.Seconds()),
		},
		"clusters": clusters,
	}
}

func exportedCluster(cluster clusterConfig) pulumi.Map {
	plan := cluster.Plan
	alarms := pulumi.StringMap{}
	for _, alarm := range plan.Alarms {
		alarms[alarm.Metric] = pulumi.String(alarm.Condition + ": " + alarm.Reason)
	}
	return pulumi.Map{
		"agentDiskMiB": pulumi.Int(plan.AgentDiskMiB),
		"fluentd": pulumi.Map{
			"replicas":              pulumi.Int(plan.Replicas),
			"workers":               pulumi.Int(plan.Workers),
			"flushThreads":          pulumi.Int(plan.FlushThreads),
			"flushSeconds":          pulumi.Int(plan.FlushSeconds),
			"diskGiB":               pulumi.Int(plan.AggregatorDiskGiB),
			"retriesOnBatchRequest": pulumi.Int(plan.RetriesOnBatchRequest),
		},
		"freshnessSeconds":    pulumi.Int(plan.FreshnessSeconds),
		"streamDrainSeconds":  pulumi.Float64(plan.StreamDrain.Seconds()),
		"fluentdDrainSeconds": pulumi.Float64(plan.AggregatorDrain.Seconds()),
		"alarms":              alarms,
	}
}
