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
	if d.writer != nil {
		ctx.Export("writerRoleArn", d.writer.RoleARN)
		counterpart["producers"] = d.writer.Counterpart
	}
	if d.reader != nil {
		ctx.Export("readerRoleArn", d.reader.RoleARN)
		counterpart["readers"] = d.reader.Counterpart
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
		clusters[cluster.Name] = exportedCluster(cluster)
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

func exportedCluster(cluster ClusterConfig) pulumi.Map {
	plan := cluster.Plan
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
