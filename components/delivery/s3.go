package delivery

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
)

// S3Type is the type token of the component that [NewS3] makes.
const S3Type = "log-pipeline:delivery:S3"

var s3Kind = component.Kind{Type: S3Type, Noun: "delivery to S3"}

// S3 is a delivery stream from Kinesis to S3, with its role, its log group and its table.
type S3 struct {
	pulumi.ResourceState

	// DeliveryStreamName is the generated name of the delivery stream.
	DeliveryStreamName pulumi.StringOutput `pulumi:"deliveryStreamName"`
	// DeliveryStreamARN is the delivery stream's ARN.
	DeliveryStreamARN pulumi.StringOutput `pulumi:"deliveryStreamArn"`
	// RoleARN is the role that Firehose takes on.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// LogGroupName is where Firehose logs delivery errors.
	LogGroupName pulumi.StringOutput `pulumi:"logGroupName"`
	// DatabaseName is the Glue database of the table, made or given.
	DatabaseName pulumi.StringOutput `pulumi:"databaseName"`
	// TableName is the Glue table over what is delivered.
	TableName pulumi.StringOutput `pulumi:"tableName"`

	args  S3Args
	name  string
	ready []pulumi.Resource
	place iampolicy.Place
}

// NewS3 makes a delivery to S3. It returns all faults of args in one error, and registers nothing then.
func NewS3(ctx *pulumi.Context, name string, args *S3Args, opts ...pulumi.ResourceOption) (*S3, error) {
	d := &S3{args: args.resolve(), name: name}
	return component.New(ctx, s3Kind, name, d, args.Check(name), d.provision, opts...)
}

// Ready are the resources that have to exist before anything relies on the delivery, for pulumi.DependsOn. The component itself
// does not serve there: the SDK waits for the children that it knows of, and learns of them while it registers them
// (sdk/go/pulumi/context.go, getOpts; rpc.go, addDependency).
func (d *S3) Ready() []pulumi.Resource { return d.ready }

func (d *S3) provision(ctx *pulumi.Context) (err error) {
	if d.place, err = iampolicy.NewPlace(d.args.AccountID, d.args.Region); err != nil {
		return err
	}
	log, err := newErrorLog(ctx, d.name, d.args.LogRetentionDays, d.args.LogKeyARN,
		[]logStream{{"s3", "DestinationDelivery"}}, d.neededByTheStream()...)
	if err != nil {
		return err
	}
	d.LogGroupName = log.group.Name
	steps := []func(*pulumi.Context) error{
		func(ctx *pulumi.Context) error { return d.provisionDeliveryStream(ctx, log) },
		d.provisionTable,
	}
	if d.args.Format == FormatParquet { // Firehose asks for the table when it is created, and its role names it
		slices.Reverse(steps)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// neededByTheStream are the options of what the delivery stream works with: a stream that is retained goes on only if
// that is retained too.
func (d *S3) neededByTheStream() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Parent(d), pulumi.RetainOnDelete(d.args.Protect)}
}

func (d *S3) provisionDeliveryStream(ctx *pulumi.Context, log errorLog) error {
	role, policy, err := d.provisionRole(ctx, log)
	if err != nil {
		return err
	}
	stream, err := kinesis.NewFirehoseDeliveryStream(ctx, d.name+"-to-s3", &kinesis.FirehoseDeliveryStreamArgs{
		Destination:                pulumi.String("extended_s3"),
		KinesisSourceConfiguration: d.args.Source.readBy(role.Arn),
		ExtendedS3Configuration:    d.destination(log, role.Arn),
	},
		pulumi.Parent(d), pulumi.Protect(d.args.Protect), pulumi.RetainOnDelete(d.args.Protect),
		// The policy is not among the inputs, but Firehose tries the role out when it is created, and fails without it
		// (gh:hashicorp/terraform-provider-aws#47937, #4513).
		pulumi.DependsOn([]pulumi.Resource{role, policy}))
	if err != nil {
		return fmt.Errorf("create delivery stream: %w", err)
	}
	d.DeliveryStreamName, d.DeliveryStreamARN = stream.Name, stream.Arn
	d.ready = []pulumi.Resource{stream}
	return nil
}

func (d *S3) destination(log errorLog, roleARN pulumi.StringInput) kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationArgs {
	destination := kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationArgs{
		RoleArn:           roleARN,
		BucketArn:         d.args.Destination.objects().bucketARN(d.place),
		Prefix:            pulumi.String(d.args.Destination.Prefix + d.args.Partitioning.folder("!{partitionKeyFromQuery:%s}") + partitionedBy),
		ErrorOutputPrefix: pulumi.String(d.args.Destination.ErrorPrefix + errorsBy),
		BufferingSize:     pulumi.Int(d.args.Buffer.SizeMiB),
		BufferingInterval: pulumi.Int(d.args.Buffer.IntervalSeconds),
		CompressionFormat: pulumi.String("GZIP"),
		// Athena tells compression by the extension alone.
		FileExtension:  pulumi.String(".json.gz"),
		KmsKeyArn:      d.args.Destination.KeyARN.ToStringOutput(),
		CustomTimeZone: pulumi.String("UTC"),
		S3BackupMode:   pulumi.String("Disabled"),
		CloudwatchLoggingOptions: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptionsArgs{
			Enabled:       pulumi.Bool(true),
			LogGroupName:  log.group.Name,
			LogStreamName: log.streams[0].Name,
		},
		ProcessingConfiguration:          d.processing(),
		DynamicPartitioningConfiguration: d.args.Partitioning.dynamic(),
	}
	if d.args.Format == FormatParquet { // which is compressed within
		destination.CompressionFormat, destination.FileExtension = pulumi.String("UNCOMPRESSED"), pulumi.String(".parquet")
		destination.DataFormatConversionConfiguration = d.conversion(roleARN)
	}
	return destination
}
