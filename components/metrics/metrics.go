// Package metrics builds what counts events minute by minute, twice over: a streaming job ([New]), early and as good as it can be,
// and a batch ([NewBatch]), late and exact. Both count one metric spec by the code in spark/: one Python wheel of pure functions, and
// a script each that calls it. Wheel, script and spec are S3 objects whose keys hold the SHA-256 of what is in them. Old ones stay,
// as a run that goes on still needs them.
//
// # The streaming job
//
// A Glue streaming job that keeps itself running.
//
//   - The Glue job, Glue 6.0 (Spark 4.1.1, Iceberg 1.11.0), with a role, a security configuration and log groups of its own. It
//     reads the stream by fan-out, and merges whole values of windows into the warehouse's Iceberg tables.
//   - A schedule that asks for a run every few minutes. One run is allowed at a time, so that Glue refuses while there is one.
//   - The published document, metrics/published.json: the version that is to run, and whether it is paused. The run reads it
//     every few seconds, and ends after its batch if it is of another version or paused. It is written last, when all that a
//     new run needs is there.
//
// So nobody starts, restarts or repairs the job by hand: another spec, other code or other settings are another version. The
// state of the windows lies under a checkpoint whose path holds the hash of what shapes it (Spec.StateHash). Another one makes
// the job begin anew, far enough back that every window that it emits is whole; rows that are there stay.
//
// Default settings: G.1X, 2 workers at most with auto scaling, a batch every 60 seconds, a run asked for every 5 minutes,
// no maintenance window, no timeout of our own (the API's documentation says that Glue ends runs of version 5.0 and later after
// 480 minutes then, and the provider's that streaming runs have no end: the schedule starts the next in either case), no retries
// by Glue, which the schedule does. Log groups kept 365 days; everything encrypted with Args.KeyARN.
//
// # The batch
//
// Runs on EMR Serverless that count what is in S3 anew, each event once, and move the cut-over: metrics_batch counts before it, and
// metrics_live from it on.
//
//   - The application, EMR Serverless release emr-spark-8.1.0 (Spark 4.1.1, Iceberg 1.11.0), with no workers of its own: it starts
//     with a run, and stops some minutes after the last.
//   - The role of a run, which reads records, code and the live tables, and writes metrics_batch and batch_runs; and a log group.
//   - A schedule that starts a run twice a day, in UTC. A run counts from a day and more before the cut-over, so that what came
//     late is in it, to SettleSeconds before its start.
//   - Batch.Recount, the request of a run that counts certain windows again, to be started by hand.
//
// A run is of the version that its request names, so that there is nothing to publish: one that goes on ends as it began.
//
// Default settings: at 1 and 13 h UTC, for 12 hours at most; an event counts if it was in S3 within 6 hours, a window an hour after
// its end; a driver of 2 vCPUs and 8 GB and at most 3 executors of 4 vCPUs and 16 GB, on ARM64; 16 vCPUs, 64 GB of memory and 100 GB
// of disk for all runs together; the application stops after 5 idle minutes. The driver's output goes to the log group, kept 365
// days, and nowhere else: EMR Serverless keeps no logs of its own, and so shows no Spark UI of a run that has ended. Objects, logs
// and the schedule's input are encrypted with BatchArgs.KeyARN, the workers' disks with a key of AWS's.
//
// The application can be updated or deleted only while it is stopped
// (docs.aws.amazon.com/emr-serverless/latest/APIReference/API_UpdateApplication.html): an update during a run, or in the idle
// minutes after it, fails, and the next one succeeds. It is updated for Capacity.Limits and IdleMinutes alone, and for a new release.
//
// # What it does not do
//
// It makes no stream, no consumer, no tables and no alarms, and starts no run in a network of yours. That no two batches run at once
// is the code's affair, which finds the other in batch_runs; the provider cannot set EMR Serverless' own limit of runs.
package metrics

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
)

// Type is the component's type token.
const Type = "log-pipeline:metrics:Streaming"

var kind = component.Kind{Type: Type, Noun: "streaming job"}

// Streaming is the streaming job, and what keeps it running.
type Streaming struct {
	pulumi.ResourceState

	// JobName is the generated name of the Glue job.
	JobName pulumi.StringOutput `pulumi:"jobName"`
	// JobARN is the job's ARN.
	JobARN pulumi.StringOutput `pulumi:"jobArn"`
	// RoleARN is the role that a run has.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// Version is what is published: 16 hex digits of a SHA-256 over code, spec and settings.
	Version pulumi.StringOutput `pulumi:"version"`
	// Checkpoint is the S3 URI of the state, which holds Spec.StateHash.
	Checkpoint pulumi.StringOutput `pulumi:"checkpoint"`
	// ErrorLogGroupName is where Spark and Glue log.
	ErrorLogGroupName pulumi.StringOutput `pulumi:"errorLogGroupName"`
	// OutputLogGroupName is where the code's own output goes.
	OutputLogGroupName pulumi.StringOutput `pulumi:"outputLogGroupName"`
	// ScheduleName is the schedule that asks for runs.
	ScheduleName pulumi.StringOutput `pulumi:"scheduleName"`

	maker

	args      Args
	names     names
	code      code
	security  *glue.SecurityConfiguration
	role      *iam.Role
	permitted *iam.RolePolicy
	job       *glue.Job
}

// names are those that are set and not generated.
type names struct{ logGroupPrefix, metricNamespace string }

// New makes the streaming job and what keeps it running. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Streaming, error) {
	s := &Streaming{args: args.resolve()}
	s.maker = maker{name: name, parent: s, region: s.args.Region, key: s.args.KeyARN, artifactsBucket: s.args.ArtifactsBucketName}
	return component.New(ctx, kind, name, s, args.Check(name), s.provision, opts...)
}

func (s *Streaming) provision(ctx *pulumi.Context) (err error) {
	if err := s.locate(s.args.AccountID); err != nil {
		return err
	}
	s.names = s.args.names(ctx.Project(), ctx.Stack(), s.name)
	if s.code, err = s.provisionCode(ctx, artifacts, script{"stream.py", streamScript}, s.args.Spec); err != nil {
		return err
	}
	for _, step := range []func(*pulumi.Context) error{
		s.provisionSecurity, s.provisionRole, s.provisionLogs, s.provisionJob, s.provisionRequests,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (a Args) names(project, stack, name string) names {
	n := names{logGroupPrefix: a.Logs.GroupPrefix, metricNamespace: a.MetricNamespace}
	if n.logGroupPrefix == "" {
		n.logGroupPrefix = "/aws-glue/" + project + "-" + stack + "-" + name
	}
	if n.metricNamespace == "" {
		n.metricNamespace = project + "/" + stack + "/" + name
	}
	return n
}
