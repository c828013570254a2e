package delivery_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
)

// A delivery in a program of one's own, from a stream to a bucket and a key that are there already. The key is for the
// objects alone: it may encrypt the error log too (LogKeyARN) where its policy lets CloudWatch Logs use it.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		stream, err := kinesis.NewStream(ctx, "stream", &kinesis.StreamArgs{ShardCount: pulumi.Int(1)})
		if err != nil {
			return err
		}
		d, err := delivery.NewS3(ctx, "delivery", &delivery.S3Args{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			Source:    delivery.Source{StreamARN: stream.Arn},
			Destination: delivery.Destination{
				BucketName: pulumi.String("team-a-raw"),
				KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			},
			Table: delivery.Table{
				Columns: []delivery.Column{
					{Name: "message", Type: "string", Comment: "The line"},
					{Name: "user_id", Key: "userId", Type: "string", Comment: "Who asked"},
				},
			},
			AppendDelimiter: true,
		})
		if err != nil {
			return err
		}
		ctx.Export("table", pulumi.Sprintf("%s.%s", d.DatabaseName, d.TableName))
		return nil
	})
}
