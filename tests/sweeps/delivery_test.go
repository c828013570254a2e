package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/tests/mocks"
)

var deliveryToS3 = swept(delivery.S3Type, delivery.NewS3,
	&delivery.S3Args{
		AccountID: mocks.AccountID, Region: mocks.Region,
		Source: delivery.Source{StreamARN: pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/logs")},
		Destination: delivery.Destination{
			BucketName: pulumi.String("raw-0a1b2c3").ToStringOutput(), KeyARN: pulumi.String(keyARN),
		},
		LogKeyARN:    pulumi.String(keyARN),
		Format:       delivery.FormatParquet,
		Partitioning: &delivery.Partitioning{Name: "tenant", Query: `.tenant // "none"`},
	},
	&delivery.S3Args{
		AccountID: "1", Region: "moon-1",
		Destination: delivery.Destination{Prefix: "logs", ErrorPrefix: "*/"},
		Table: delivery.Table{
			NewDatabaseName: "my-logs", TableName: "raw-logs", Columns: []delivery.Column{{}}, ObjectExpiryDays: -1,
		},
		Format: "orc", Partitioning: &delivery.Partitioning{},
		Buffer:           &delivery.Buffer{SizeMiB: 129, IntervalSeconds: 901},
		LogRetentionDays: 2,
	},
	"AccountID", "Region", "Source.StreamARN", "Destination.BucketName", "Destination.KeyARN", "Destination.Prefix",
	"Destination.ErrorPrefix", "Table.NewDatabaseName", "Table.TableName", "Table.ObjectExpiryDays",
	"Table.Columns[0].Name", "Table.Columns[0].Type", "Format", "Partitioning.Name", "Partitioning.Query", "Buffer.SizeMiB", "Buffer.IntervalSeconds", "LogRetentionDays",
)

var documentWriter = swept(delivery.WriterType, delivery.NewWriter,
	&delivery.WriterArgs{AccountID: mocks.AccountID, Region: mocks.Region},
	&delivery.WriterArgs{AccountID: "1", Region: "moon-1"},
	"AccountID", "Region",
)

var deliveryToSearch = swept(delivery.SearchType, delivery.NewSearch,
	&delivery.SearchArgs{
		AccountID: mocks.AccountID, Region: mocks.Region,
		Source: delivery.Source{StreamARN: pulumi.String(streamARN).ToStringOutput()},
		Role: delivery.SearchRole{
			Name: pulumi.String("search-writer").ToStringOutput(), ARN: pulumi.String("arn:aws:iam::111111111111:role/search-writer"),
		},
		DomainARN: pulumi.String("arn:aws:es:eu-central-1:111111111111:domain/search").ToStringOutput(),
		Backup:    delivery.Backup{BucketName: pulumi.String("failed-0a1b2c3").ToStringOutput(), KeyARN: pulumi.String(keyARN)},
		Network:   &delivery.Network{SubnetIDs: []string{"subnet-0a1b2c3d", "subnet-1a1b2c3d"}, SecurityGroupIDs: []string{"sg-0a1b2c3d"}},
		LogKeyARN: pulumi.String(keyARN),
	},
	&delivery.SearchArgs{
		AccountID: "1", Region: "moon-1", IndexName: "Logs", Rotation: "Never", Buffer: &delivery.Buffer{SizeMiB: 101, IntervalSeconds: 901},
		RetrySeconds: new(-1), Backup: delivery.Backup{Mode: "some", Prefix: "search"},
		Network: &delivery.Network{SubnetIDs: []string{"a"}, SecurityGroupIDs: []string{"b"}}, LogRetentionDays: 2,
	},
	"AccountID", "Region", "Source.StreamARN", "Role.Name", "Role.ARN", "DomainARN", "IndexName", "Rotation", "Buffer.SizeMiB",
	"Buffer.IntervalSeconds", "RetrySeconds", "Backup.Mode", "Backup.BucketName", "Backup.KeyARN", "Backup.Prefix", "Network.SubnetIDs",
	"Network.SecurityGroupIDs", "LogRetentionDays",
)

// deliveryTogether makes both deliveries as the pipeline does, and the domain of one.
func deliveryTogether(ctx *pulumi.Context, l *lake.Lake, s *stream.Stream) error {
	source := delivery.Source{StreamARN: s.ARN}
	_, err := delivery.NewS3(ctx, "delivery", &delivery.S3Args{
		AccountID: mocks.AccountID, Region: mocks.Region, Source: source,
		Destination: delivery.Destination{BucketName: l.Raw.Name, KeyARN: l.KeyARN}, LogKeyARN: l.KeyARN,
	})
	if err != nil {
		return err
	}
	w, err := delivery.NewWriter(ctx, "search-writer", &delivery.WriterArgs{AccountID: mocks.AccountID, Region: mocks.Region})
	if err != nil {
		return err
	}
	d, err := search.New(ctx, "search", &search.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: l.KeyARN, LogKeyARN: l.KeyARN,
		Code: pulumi.NewFileArchive("function.zip"), CodeSHA256: codeSHA256,
		Access: search.Access{WriterRoleARN: w.RoleARN, ReaderRoleARNs: []string{"arn:aws:iam::111111111111:role/developers"}},
	})
	if err != nil {
		return err
	}
	_, err = delivery.NewSearch(ctx, "search-delivery", &delivery.SearchArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, Source: source,
		Role: delivery.SearchRole{Name: w.RoleName, ARN: w.RoleARN}, DomainARN: d.DomainARN,
		Backup: delivery.Backup{BucketName: l.Failed.Name, KeyARN: l.KeyARN}, LogKeyARN: l.KeyARN, After: d.Ready(),
	})
	return err
}
