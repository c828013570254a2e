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

// Raw objects in Parquet, and those of a namespace apart. Both are decided when the delivery is made.
func ExampleNewS3_parquet() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		_, err := delivery.NewS3(ctx, "delivery", &delivery.S3Args{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			Source:    delivery.Source{StreamARN: pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/logs")},
			Destination: delivery.Destination{
				BucketName: pulumi.String("team-a-raw"),
				KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
				Prefix:     "parquet/",
			},
			Format:       delivery.FormatParquet,
			Partitioning: &delivery.Partitioning{Name: "in_namespace", Query: `.namespace // "none"`},
		})
		return err
	})
}

// A delivery to a domain that somebody else runs. Before it delivers anything, the domain's access policy has to name the
// writer's role, and a role of the domain has to be mapped to it: here an administrator has been told its ARN.
func ExampleNewSearch() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		writer, err := delivery.NewWriter(ctx, "writer", &delivery.WriterArgs{AccountID: "111111111111", Region: "eu-central-1"})
		if err != nil {
			return err
		}
		ctx.Export("writerRole", writer.RoleARN)
		_, err = delivery.NewSearch(ctx, "search", &delivery.SearchArgs{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			Source:    delivery.Source{StreamARN: pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/logs")},
			Role:      delivery.SearchRole{Name: writer.RoleName, ARN: writer.RoleARN},
			DomainARN: pulumi.String("arn:aws:es:eu-central-1:111111111111:domain/team-a"),
			Backup: delivery.Backup{
				BucketName: pulumi.String("team-a-failed"),
				KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			},
			Network: &delivery.Network{
				SubnetIDs:        []string{"subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"},
				SecurityGroupIDs: []string{"sg-0a1b2c3d4e5f60718"},
			},
		})
		return err
	})
}
