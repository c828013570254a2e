package delivery

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// SearchType is the type token of the component that [NewSearch] makes.
const SearchType = "log-pipeline:delivery:Search"

var searchKind = component.Kind{Type: SearchType, Noun: "delivery to OpenSearch"}

// firehoseModes are Firehose's words for the modes of a backup.
var firehoseModes = map[string]string{BackupFailed: "FailedDocumentsOnly", BackupAll: "AllDocuments"}

// Search is a delivery stream from Kinesis to OpenSearch, with the policy of its role and its log group.
type Search struct {
	pulumi.ResourceState

	// DeliveryStreamName is the generated name of the delivery stream.
	DeliveryStreamName pulumi.StringOutput `pulumi:"deliveryStreamName"`
	// DeliveryStreamARN is the delivery stream's ARN.
	DeliveryStreamARN pulumi.StringOutput `pulumi:"deliveryStreamArn"`
	// LogGroupName is where Firehose logs delivery errors.
	LogGroupName pulumi.StringOutput `pulumi:"logGroupName"`

	args  SearchArgs
	name  string
	ready []pulumi.Resource
	place iampolicy.Place
}

// NewSearch makes a delivery to OpenSearch. It returns all faults of args in one error, and registers nothing then.
func NewSearch(ctx *pulumi.Context, name string, args *SearchArgs, opts ...pulumi.ResourceOption) (*Search, error) {
	d := &Search{args: args.resolve(), name: name}
	return component.New(ctx, searchKind, name, d, args.Check(name), d.provision, opts...)
}

// Ready are the resources that have to exist before anything relies on the delivery, for pulumi.DependsOn.
func (d *Search) Ready() []pulumi.Resource { return d.ready }

func (d *Search) provision(ctx *pulumi.Context) (err error) {
	if d.place, err = iampolicy.NewPlace(d.args.AccountID, d.args.Region); err != nil {
		return err
	}
	retained := []pulumi.ResourceOption{pulumi.Parent(d), pulumi.RetainOnDelete(d.args.Protect)}
	log, err := newErrorLog(ctx, d.name, d.args.LogRetentionDays, d.args.LogKeyARN,
		[]logStream{{"opensearch", "DestinationDelivery"}, {"backup", "BackupDelivery"}}, retained...)
	if err != nil {
		return err
	}
	d.LogGroupName = log.group.Name
	policy, err := iamrole.Permit(ctx, d.name, d.args.Role.Name, d.permissions(log), retained...)
	if err != nil {
		return err
	}
	return d.provisionDeliveryStream(ctx, log, policy)
}

func (d *Search) provisionDeliveryStream(ctx *pulumi.Context, log errorLog, policy *iam.RolePolicy) error {
	stream, err := kinesis.NewFirehoseDeliveryStream(ctx, d.name+"-to-opensearch", &kinesis.FirehoseDeliveryStreamArgs{
		Destination:                pulumi.String("opensearch"),
		KinesisSourceConfiguration: d.args.Source.readBy(d.args.Role.ARN.ToStringOutput()),
		OpensearchConfiguration:    d.destination(log),
	},
		pulumi.Parent(d), pulumi.Protect(d.args.Protect), pulumi.RetainOnDelete(d.args.Protect),
		// Firehose tries the role out when the stream is created, and the first records come at once.
		pulumi.DependsOn(append([]pulumi.Resource{policy}, d.args.After...)))
	if err != nil {
		return fmt.Errorf("create delivery stream: %w", err)
	}
	d.DeliveryStreamName, d.DeliveryStreamARN = stream.Name, stream.Arn
	d.ready = []pulumi.Resource{stream}
	return nil
}

// destination has no processing and no type name: OpenSearch has no types, and what is left out is no difference.
func (d *Search) destination(log errorLog) kinesis.FirehoseDeliveryStreamOpensearchConfigurationArgs {
	destination := kinesis.FirehoseDeliveryStreamOpensearchConfigurationArgs{
		RoleArn:             d.args.Role.ARN.ToStringOutput(),
		DomainArn:           d.args.DomainARN.ToStringOutput(),
		IndexName:           pulumi.String(d.args.IndexName),
		IndexRotationPeriod: pulumi.String(d.args.Rotation),
		BufferingSize:       pulumi.Int(d.args.Buffer.SizeMiB),
		BufferingInterval:   pulumi.Int(d.args.Buffer.IntervalSeconds),
		RetryDuration:       pulumi.Int(*d.args.RetrySeconds),
		S3BackupMode:        pulumi.String(firehoseModes[d.args.Backup.Mode]),
		S3Configuration:     d.backup(log),
		DocumentIdOptions: kinesis.FirehoseDeliveryStreamOpensearchConfigurationDocumentIdOptionsArgs{
			DefaultDocumentIdFormat: pulumi.String("FIREHOSE_DEFAULT"),
		},
		CloudwatchLoggingOptions: kinesis.FirehoseDeliveryStreamOpensearchConfigurationCloudwatchLoggingOptionsArgs{
			Enabled:       pulumi.Bool(true),
			LogGroupName:  log.group.Name,
			LogStreamName: log.streams[0].Name,
		},
	}
	if d.args.Network != nil {
		destination.VpcConfig = kinesis.FirehoseDeliveryStreamOpensearchConfigurationVpcConfigArgs{
			RoleArn:          d.args.Role.ARN.ToStringOutput(),
			SubnetIds:        pulumi.ToStringArray(d.args.Network.SubnetIDs),
			SecurityGroupIds: pulumi.ToStringArray(d.args.Network.SecurityGroupIDs),
		}
	}
	return destination
}

func (d *Search) backup(log errorLog) kinesis.FirehoseDeliveryStreamOpensearchConfigurationS3ConfigurationArgs {
	return kinesis.FirehoseDeliveryStreamOpensearchConfigurationS3ConfigurationArgs{
		RoleArn:           d.args.Role.ARN.ToStringOutput(),
		BucketArn:         d.args.Backup.objects().bucketARN(d.place),
		Prefix:            pulumi.String(d.args.Backup.Prefix),
		ErrorOutputPrefix: pulumi.String(d.args.Backup.Prefix + errorsBy),
		BufferingSize:     pulumi.Int(defaultBuffer.SizeMiB),
		BufferingInterval: pulumi.Int(defaultBuffer.IntervalSeconds),
		CompressionFormat: pulumi.String("GZIP"),
		KmsKeyArn:         d.args.Backup.KeyARN.ToStringOutput(),
		CloudwatchLoggingOptions: kinesis.FirehoseDeliveryStreamOpensearchConfigurationS3ConfigurationCloudwatchLoggingOptionsArgs{
			Enabled:       pulumi.Bool(true),
			LogGroupName:  log.group.Name,
			LogStreamName: log.streams[1].Name,
		},
	}
}
