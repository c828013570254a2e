package stream_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/stream"
)

// A stream in a program of one's own: on demand, 48 hours, with one fan-out reader.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		key, err := kms.NewKey(ctx, "key", &kms.KeyArgs{EnableKeyRotation: pulumi.Bool(true)})
		if err != nil {
			return err
		}
		logs, err := stream.New(ctx, "ingest", &stream.Args{
			StreamName: "team-a-logs",
			KeyARN:     key.Arn,
			Consumers:  []string{"metrics"},
		})
		if err != nil {
			return err
		}
		ctx.Export("metricsConsumer", logs.ConsumerARNs.MapIndex(pulumi.String("metrics")))
		return nil
	})
}
