package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/capacity"
)

// export names what people and other stacks need to know.
func export(ctx *pulumi.Context, config *Config, data *dataSide, service *serviceSide) {
	ctx.Export("region", pulumi.String(config.Data.Region))
	counterpart := pulumi.Map{}
	if data != nil {
		data.export(ctx)
		if data.writer != nil {
			ctx.Export("writerRoleArn", data.writer.RoleARN)
			counterpart["producers"] = data.writer.Counterpart
		}
		if data.reader != nil {
			counterpart["readers"] = data.reader.Counterpart
		}
	}
	if service != nil {
		service.export(ctx)
		ctx.Export("writerRoleArn", pulumi.String(config.Access.WriterRoleARN))
		for name, identity := range service.identities {
			counterpart[name] = identity.Counterpart
		}
	}
	ctx.Export("counterpart", counterpart)
	ctx.Export("plan", config.exportedPlan())
}

func (d *dataSide) export(ctx *pulumi.Context) {
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
	if d.reader != nil {
		ctx.Export("readerRoleArn", d.reader.RoleARN)
	}
}

func (s *serviceSide) export(ctx *pulumi.Context) {
	roles := pulumi.StringMap{}
	for name, identity := range s.identities {
		roles[name] = identity.RoleARN
	}
	ctx.Export("fluentdRoleArns", roles)
}

func (c *Config) exportedPlan() pulumi.Map {
	clusters := pulumi.Map{}
	for _, cluster := range c.Clusters {
		clusters[cluster.Name] = exportedCluster(cluster.Plan)
	}
	return pulumi.Map{
		"streamMode":          pulumi.String(c.Plan.Mode),
		"shards":              pulumi.Int(c.Plan.Shards),
		"rawBufferMiB":        pulumi.Int(c.Plan.BufferMiB),
		"rawBufferSeconds":    pulumi.Int(c.Plan.BufferSeconds),
		"rawObjectsPerDay":    pulumi.Float64(c.Plan.ObjectsPerDay),
		"rawObjectBytes":      pulumi.Float64(c.Plan.ObjectBytes),
		"rawFreshnessSeconds": pulumi.Int(c.Plan.FreshnessSeconds),
		"clusters":            clusters,
	}
}

func exportedCluster(plan capacity.ClusterPlan) pulumi.Map {
	alarms := pulumi.StringMap{}
	for _, alarm := range plan.Alarms {
		alarms[alarm.Metric] = pulumi.String(alarm.Condition + ": " + alarm.Reason)
	}
	return pulumi.Map{
		"agentDiskMiB":           pulumi.Int(plan.AgentDiskMiB),
		"fluentdReplicas":        pulumi.Int(plan.Replicas),
		"fluentdWorkers":         pulumi.Int(plan.Workers),
		"fluentdFlushThreads":    pulumi.Int(plan.FlushThreads),
		"fluentdFlushSeconds":    pulumi.Int(plan.FlushSeconds),
		"fluentdDiskGiB":         pulumi.Int(plan.AggregatorDiskGiB),
		"retriesOnBatchRequest":  pulumi.Int(plan.RetriesOnBatchRequest),
		"freshnessSeconds":       pulumi.Int(plan.FreshnessSeconds),
		"streamDrainSeconds":     pulumi.Float64(plan.StreamDrain.Seconds()),
		"aggregatorDrainSeconds": pulumi.Float64(plan.AggregatorDrain.Seconds()),
		"alarms":                 alarms,
	}
}
