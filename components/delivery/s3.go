// Package delivery takes records from the stream to where they rest: Firehose delivery streams with a role, a log group
// and a table of their own.
//
// [S3] writes them to the raw bucket: few, large objects of GZIP JSON lines under
// logs/dt=2026-01-31/hour=07/, and a Glue table over them, with partition projection, so that Athena reads them at once
// and no crawler runs.
//
// Default settings: objects of 128 MiB before compression or every 300 seconds, whichever is first; a database of its
// own; a table raw_logs with the columns of Kubernetes logs and Istio's access logs; delivery errors logged for 365 days,
// encrypted with a key of CloudWatch Logs unless S3Args.LogKeyARN names one; a role with the permissions that
// docs.aws.amazon.com/firehose/latest/dev/controlling-access.html names, but for one stream, one key and two prefixes of
// one bucket.
//
// A delivery stream reads from the moment it exists (LATEST): make it before there are producers. Its name, its source
// and the kind of its destination cannot be changed in place: a replacement leaves a gap, which is what Args.Protect is
// against. Buffers, prefixes, logging and processing can.
//
// What it does not do: no Parquet conversion, no dynamic partitioning (both are fixed at creation and need 64 MiB
// buffers), no transformation, no alarms. It has no server-side encryption of its own, which is for direct puts only: the
// stream's covers the records on their way (CKV_AWS_240 and 241 do not apply).
//
// Records that cannot be processed go to the error prefix of the same bucket, outside the table: Firehose has one bucket
// per S3 destination, for both (the backup bucket takes a copy of every record, not of the failed). What Firehose cannot
// write to S3 at all it retries for 24 hours and then drops, for which the stream's retention has to be longer.
package delivery

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
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
	log, err := d.provisionLog(ctx)
	if err != nil {
		return err
	}
	role, policy, err := d.provisionRole(ctx, log)
	if err != nil {
		return err
	}
	if err := d.provisionDeliveryStream(ctx, log, role, policy); err != nil {
		return err
	}
	return d.provisionTable(ctx)
}

// bucketARN is the destination's.
func (d *S3) bucketARN() pulumi.StringOutput {
	return d.args.Destination.BucketName.ToStringOutput().ApplyT(d.place.BucketARN).(pulumi.StringOutput)
}

// neededByTheStream are the options of what the delivery stream works with: a stream that is retained goes on only if
// that is retained too.
func (d *S3) neededByTheStream() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Parent(d), pulumi.RetainOnDelete(d.args.Protect)}
}

// errorLog is where Firehose says what it could not deliver.
type errorLog struct {
	group  *cloudwatch.LogGroup
	stream *cloudwatch.LogStream
}

func (d *S3) provisionLog(ctx *pulumi.Context) (errorLog, error) {
	args := &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(d.args.LogRetentionDays)}
	if d.args.LogKeyARN != nil {
		args.KmsKeyId = d.args.LogKeyARN.ToStringOutput()
	}
	group, err := cloudwatch.NewLogGroup(ctx, d.name+"-errors", args, d.neededByTheStream()...)
	if err != nil {
		return errorLog{}, fmt.Errorf("create log group: %w", err)
	}
	stream, err := cloudwatch.NewLogStream(ctx, d.name+"-errors-s3", &cloudwatch.LogStreamArgs{
		LogGroupName: group.Name,
		// What the console calls it; the name is unique within its group.
		Name: pulumi.String("DestinationDelivery"),
	}, d.neededByTheStream()...)
	if err != nil {
		return errorLog{}, fmt.Errorf("create log stream: %w", err)
	}
	d.LogGroupName = group.Name
	return errorLog{group: group, stream: stream}, nil
}

func (d *S3) provisionDeliveryStream(ctx *pulumi.Context, log errorLog, role *iam.Role, policy *iam.RolePolicy) error {
	destination := &kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationArgs{
		RoleArn:           role.Arn,
		BucketArn:         d.bucketARN(),
		Prefix:            pulumi.String(d.args.Destination.Prefix + partitionedBy),
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
			LogStreamName: log.stream.Name,
		},
	}
	if d.args.AppendDelimiter {
		destination.ProcessingConfiguration = delimiterProcessor()
	}
	stream, err := kinesis.NewFirehoseDeliveryStream(ctx, d.name+"-to-s3", &kinesis.FirehoseDeliveryStreamArgs{
		Destination: pulumi.String("extended_s3"),
		KinesisSourceConfiguration: kinesis.FirehoseDeliveryStreamKinesisSourceConfigurationArgs{
			KinesisStreamArn: d.args.Source.StreamARN.ToStringOutput(),
			RoleArn:          role.Arn,
		},
		ExtendedS3Configuration: destination,
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

// delimiterProcessor ends each record with a newline. It has the one parameter that is not a default: the others would
// be a difference for ever (gh:hashicorp/terraform-provider-aws#33014).
func delimiterProcessor() kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs {
	return kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs{
		Enabled: pulumi.Bool(true),
		Processors: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArray{
			kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs{
				Type: pulumi.String("AppendDelimiterToRecord"),
				Parameters: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArray{
					kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs{
						ParameterName: pulumi.String("Delimiter"),
						// A backslash and an n: the service reads the escape itself.
						ParameterValue: pulumi.String(`\n`),
					},
				},
			},
		},
	}
}
