// Package metrics builds what counts the stream's events minute by minute: a Glue streaming job that keeps itself running.
//
//   - The job's code, from spark/: one Python wheel of pure functions, and the script that calls it. Both and the metric spec
//     are S3 objects whose keys hold the SHA-256 of what is in them. Old ones stay, as a run that goes on still needs them.
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
// What it does not do: it makes no stream, no consumer, no tables and no alarms, and starts no run in a network of yours.
package metrics

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
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

	args      Args
	name      string
	place     iampolicy.Place
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
	s := &Streaming{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, s, args.Check(name), s.provision, opts...)
}

func (s *Streaming) provision(ctx *pulumi.Context) (err error) {
	if s.place, err = iampolicy.NewPlace(s.args.AccountID, s.args.Region); err != nil {
		return err
	}
	s.names = s.args.names(ctx.Project(), ctx.Stack(), s.name)
	for _, step := range []func(*pulumi.Context) error{
		s.provisionCode, s.provisionSecurity, s.provisionRole, s.provisionLogs, s.provisionJob, s.provisionSchedule,
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
