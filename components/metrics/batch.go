package metrics

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/emrserverless"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
)

// BatchType is the type token of the batch.
const BatchType = "log-pipeline:metrics:Batch"

var batchKind = component.Kind{Type: BatchType, Noun: "batch"}

const (
	// releaseLabel has the Spark and the Iceberg of Glue 6.0, 4.1.1 and 1.11.0, which the tests run, and Python 3.11. It is kept up
	// until September 2029 (docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark810-release.html).
	releaseLabel = "emr-spark-8.1.0"
	// architecture is the cheaper one (docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html). The wheel has
	// nothing but Python in it.
	architecture = "ARM64"
)

// Batch is what counts the past exactly.
type Batch struct {
	pulumi.ResourceState

	// ApplicationID is the generated id of the EMR Serverless application.
	ApplicationID pulumi.StringOutput `pulumi:"applicationId"`
	// ApplicationARN is its ARN.
	ApplicationARN pulumi.StringOutput `pulumi:"applicationArn"`
	// JobRoleARN is the role that a run has.
	JobRoleARN pulumi.StringOutput `pulumi:"jobRoleArn"`
	// LogGroupName is where the driver's output goes.
	LogGroupName pulumi.StringOutput `pulumi:"logGroupName"`
	// ScheduleID is the schedule that asks for runs: its group and its name, with a slash between them.
	ScheduleID pulumi.StringOutput `pulumi:"scheduleId"`
	// Version is what a run is of: 16 hex digits of a SHA-256 over code, spec and settings.
	Version pulumi.StringOutput `pulumi:"version"`
	// Recount is the request of a run that counts certain windows again, for aws emr-serverless start-job-run --cli-input-json: JSON
	// in which [RecountFrom] and [RecountTo] stand for the range.
	Recount pulumi.StringOutput `pulumi:"recount"`

	maker

	args        BatchArgs
	code        code
	application *emrserverless.Application
	logs        *cloudwatch.LogGroup
	role        *iam.Role
	permitted   *iam.RolePolicy
}

// NewBatch makes the batch and what asks for its runs. It returns all faults of args in one error, and registers nothing then.
func NewBatch(ctx *pulumi.Context, name string, args *BatchArgs, opts ...pulumi.ResourceOption) (*Batch, error) {
	b := &Batch{args: args.resolve()}
	b.maker = maker{name: name, parent: b, region: b.args.Region, key: b.args.KeyARN, artifactsBucket: b.args.ArtifactsBucketName}
	return component.New(ctx, batchKind, name, b, args.Check(name), b.provision, opts...)
}

func (b *Batch) provision(ctx *pulumi.Context) (err error) {
	if err := b.locate(b.args.AccountID); err != nil {
		return err
	}
	if b.code, err = b.provisionCode(ctx, batchArtifacts, script{"batch.py", batchScript}, b.args.Spec); err != nil {
		return err
	}
	for _, step := range []func(*pulumi.Context) error{b.provisionApplication, b.provisionLogs, b.provisionRole, b.provisionRuns} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// provisionApplication makes the application, with no workers of its own: each run starts its own.
func (b *Batch) provisionApplication(ctx *pulumi.Context) (err error) {
	limits := b.args.Capacity.Limits
	b.application, err = emrserverless.NewApplication(ctx, b.name+"-application", &emrserverless.ApplicationArgs{
		Type:                   pulumi.String("spark"),
		ReleaseLabel:           pulumi.String(releaseLabel),
		Architecture:           pulumi.String(architecture),
		AutoStartConfiguration: emrserverless.ApplicationAutoStartConfigurationArgs{Enabled: pulumi.Bool(true)},
		AutoStopConfiguration: emrserverless.ApplicationAutoStopConfigurationArgs{
			Enabled: pulumi.Bool(true), IdleTimeoutMinutes: pulumi.Int(b.args.Capacity.IdleMinutes),
		},
		// As EMR Serverless writes them: another spelling is a difference for ever.
		MaximumCapacity: emrserverless.ApplicationMaximumCapacityArgs{
			Cpu:    pulumi.Sprintf("%d vCPU", limits.VCPUs),
			Memory: pulumi.Sprintf("%d GB", limits.MemoryGB),
			Disk:   pulumi.Sprintf("%d GB", limits.DiskGB),
		},
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("create application: %w", err)
	}
	b.ApplicationID, b.ApplicationARN = b.application.ID().ToStringOutput(), b.application.Arn
	return nil
}

// provisionLogs makes the log group before EMR Serverless does, which would keep it for ever and without the key.
func (b *Batch) provisionLogs(ctx *pulumi.Context) (err error) {
	name := b.args.Logs.GroupName
	if name == "" {
		name = "/aws/emr-serverless/" + strings.Join([]string{ctx.Project(), ctx.Stack(), b.name}, "-")
	}
	b.logs, err = cloudwatch.NewLogGroup(ctx, b.name+"-log", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(name),
		RetentionInDays: pulumi.Int(b.args.Logs.RetentionDays),
		KmsKeyId:        b.args.KeyARN.ToStringOutput(),
	}, pulumi.Parent(b), pulumi.RetainOnDelete(b.args.Protect))
	if err != nil {
		return fmt.Errorf("create log group: %w", err)
	}
	b.LogGroupName = b.logs.Name
	return nil
}

// ready are what has to be there before a run.
func (b *Batch) ready() []pulumi.Resource {
	return slices.Concat(b.args.After, b.code.objects(), []pulumi.Resource{b.permitted})
}
