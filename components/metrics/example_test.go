package metrics_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/metricspec"
)

// A streaming job in a program of one's own, from a stream to tables that are there already, with the default metrics.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		stream, err := kinesis.NewStream(ctx, "stream", &kinesis.StreamArgs{ShardCount: pulumi.Int(2), RetentionPeriod: pulumi.Int(48)})
		if err != nil {
			return err
		}
		consumer, err := kinesis.NewStreamConsumer(ctx, "consumer", &kinesis.StreamConsumerArgs{StreamArn: stream.Arn})
		if err != nil {
			return err
		}
		job, err := metrics.New(ctx, "metrics", &metrics.Args{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			KeyARN:    pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			Spec:      metricspec.Default(),
			Stream:    metrics.Stream{ARN: stream.Arn, ConsumerARN: consumer.Arn, RetentionHours: 48},
			Warehouse: metrics.Warehouse{
				BucketName:   pulumi.String("team-a-warehouse"),
				DatabaseName: pulumi.String("team_a_metrics"),
			},
			ArtifactsBucketName: pulumi.String("team-a-artifacts"),
			Job:                 metrics.Job{WorkerType: metrics.G025X, Workers: 3, MaintenanceWindow: "Sun:3"},
		})
		if err != nil {
			return err
		}
		ctx.Export("job", job.JobName)
		return nil
	})
}

// A batch beside the job of the example above, with more to work with than a new account has, four times a day.
func ExampleNewBatch() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		batch, err := metrics.NewBatch(ctx, "batch", &metrics.BatchArgs{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			KeyARN:    pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			Spec:      metricspec.Default(),
			Raw:       metrics.Raw{BucketName: pulumi.String("team-a-raw")},
			Warehouse: metrics.Warehouse{
				BucketName:   pulumi.String("team-a-warehouse"),
				DatabaseName: pulumi.String("team_a_metrics"),
			},
			ArtifactsBucketName: pulumi.String("team-a-artifacts"),
			Capacity:            metrics.Capacity{Executor: metrics.Worker{VCPUs: 8, MemoryGB: 32, DiskGB: 100}, Executors: 10},
			Schedule:            metrics.BatchSchedule{Hours: []int{0, 6, 12, 18}},
		})
		if err != nil {
			return err
		}
		ctx.Export("recount", batch.Recount)
		return nil
	})
}
