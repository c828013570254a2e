// Package stacks says what an environment is: its configuration, the accounts
// that it lives in, and the components that it is made of, in the order in
// which the data flows. It makes no resources of its own.
package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
)

// Deploy registers the whole pipeline for the stack that it is run for. If
// anything is wrong with the configuration, it registers nothing and its error
// names every fault.
func Deploy(ctx *pulumi.Context) error {
	config, err := LoadConfig(ctx)
	if err != nil {
		return err
	}
	if err := say(ctx, config); err != nil {
		return err
	}
	providers, err := NewProviders(ctx, config)
	if err != nil {
		return err
	}
	data := pulumi.Providers(providers.Data)

	store, err := lake.New(ctx, "lake", config.lakeArgs(), data)
	if err != nil {
		return err
	}
	logs, err := stream.New(ctx, "logs", config.streamArgs(store), data)
	if err != nil {
		return err
	}
	raw, err := delivery.NewS3(ctx, "raw", config.deliveryArgs(store, logs), data)
	if err != nil {
		return err
	}
	export(ctx, config, store, logs, raw)
	return nil
}

// say tells what works at a price, and why a computed capacity mode is what it is.
func say(ctx *pulumi.Context, config *Config) error {
	for _, warning := range config.Warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("show a warning: %w", err)
		}
	}
	if reason := config.Plan.ModeReason; reason != "" {
		if err := ctx.Log.Info(reason, nil); err != nil {
			return fmt.Errorf("explain the capacity mode: %w", err)
		}
	}
	return nil
}

func (c *Config) lakeArgs() *lake.Args {
	return &lake.Args{
		AccountID: c.Data.ID,
		Region:    c.Data.Region,
		Raw:       c.Raw,
		Producers: lake.Producers{
			AccountIDs: c.Stream.ProducerAccountIDs,
			StreamName: c.Stream.Name,
		},
		ForceDestroy: c.ForceDestroy,
		Protect:      c.Protect,
	}
}

func (c *Config) streamArgs(store *lake.Lake) *stream.Args {
	return &stream.Args{
		StreamName:     c.Stream.Name,
		KeyARN:         store.KeyARN,
		Mode:           stream.Mode(c.Plan.Mode),
		ShardCount:     c.Plan.Shards,
		RetentionHours: c.Stream.RetentionHours,
		Consumers:      c.Stream.FanOutConsumers,
		Protect:        c.Protect,
	}
}

func (c *Config) deliveryArgs(store *lake.Lake, logs *stream.Stream) *delivery.S3Args {
	return &delivery.S3Args{
		AccountID:        c.Data.ID,
		Region:           c.Data.Region,
		Source:           delivery.Source{StreamARN: logs.ARN},
		Destination:      delivery.Destination{BucketName: store.Raw.Name, KeyARN: store.KeyARN},
		Buffer:           &delivery.Buffer{SizeMiB: c.Plan.BufferMiB, IntervalSeconds: c.Plan.BufferSeconds},
		Table:            delivery.Table{ObjectExpiryDays: c.Raw.ExpiryDays},
		AppendDelimiter:  c.Delivery.AppendDelimiter,
		LogRetentionDays: c.Delivery.LogRetentionDays,
		LogKeyARN:        store.KeyARN,
		Protect:          c.Protect,
	}
}

// export names what people and other stacks need to know.
func export(ctx *pulumi.Context, config *Config, store *lake.Lake, logs *stream.Stream, raw *delivery.S3) {
	ctx.Export("region", pulumi.String(config.Data.Region))
	ctx.Export("keyArn", store.KeyARN)
	ctx.Export("rawBucket", store.Raw.Name)
	ctx.Export("warehouseBucket", store.Warehouse.Name)
	ctx.Export("failedBucket", store.Failed.Name)
	ctx.Export("resultsBucket", store.Results.Name)
	ctx.Export("artifactsBucket", store.Artifacts.Name)
	ctx.Export("streamName", logs.Name)
	ctx.Export("streamArn", logs.ARN)
	ctx.Export("consumerArns", logs.ConsumerARNs)
	ctx.Export("deliveryStreamName", raw.DeliveryStreamName)
	ctx.Export("databaseName", raw.DatabaseName)
	ctx.Export("rawTableName", raw.TableName)
	ctx.Export("plan", pulumi.Map{
		"streamMode":          pulumi.String(config.Plan.Mode),
		"shards":              pulumi.Int(config.Plan.Shards),
		"rawBufferMiB":        pulumi.Int(config.Plan.BufferMiB),
		"rawBufferSeconds":    pulumi.Int(config.Plan.BufferSeconds),
		"rawObjectsPerDay":    pulumi.Float64(config.Plan.ObjectsPerDay),
		"rawObjectBytes":      pulumi.Float64(config.Plan.ObjectBytes),
		"rawFreshnessSeconds": pulumi.Int(config.Plan.FreshnessSeconds),
	})
}
