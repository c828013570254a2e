package metrics

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/loggroup"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/naming"
)

// WorkerType is what a worker of the job is.
type WorkerType = capacity.WorkerType

// The worker types that a streaming job of Glue 6.0 can have. Glue has others: Standard is none of this version, Z.2X is for Ray,
// and G.12X, G.16X and those with R are unknown to the AWS provider.
const (
	// G025X has 2 vCPUs and 4 GB of memory, and is for streaming jobs only.
	G025X = capacity.G025X
	// G1X has 4 vCPUs and 16 GB of memory.
	G1X = capacity.G1X
	// G2X has 8 vCPUs and 32 GB of memory.
	G2X = capacity.G2X
	// G4X has 16 vCPUs and 64 GB of memory.
	G4X = capacity.G4X
	// G8X has 32 vCPUs and 128 GB of memory.
	G8X = capacity.G8X
)

// leastRetentionHours is how long Kinesis keeps records at least, and where nothing else is said.
const leastRetentionHours = 24

// DefaultLogRetentionDays is a year.
const DefaultLogRetentionDays = loggroup.DefaultRetentionDays

// LogRetentionDays is what CloudWatch Logs takes.
var LogRetentionDays = loggroup.RetentionDays

// MaintenanceWindow is a day of the week and an hour in GMT, as Mon:10
// (docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html).
var MaintenanceWindow = fault.Matching(regexp.MustCompile(`^(Sun|Mon|Tue|Wed|Thu|Fri|Sat):([01]?[0-9]|2[0-3])$`),
	"a day and an hour in GMT, such as Sun:3 or Wed:22")

// metricNamespace is what CloudWatch takes as a namespace, less the colon, which a name may not begin with
// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html). Those of AWS are its own.
var metricNamespace = fault.Passing("1 to 255 letters, digits and ._/#-, not beginning with AWS/", func(name string) bool {
	return namespacePattern.MatchString(name) && !strings.HasPrefix(name, "AWS/")
})

var namespacePattern = regexp.MustCompile(`^[0-9A-Za-z._/#-]{1,255}$`)

// logGroupPrefix is what Glue takes (docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html) less what CloudWatch Logs
// does not, and short enough that what Glue appends fits into the 512 characters of a name.
var logGroupPrefix = fault.Matching(regexp.MustCompile(`^/[0-9A-Za-z._/#-]{0,254}[0-9A-Za-z._#-]$`), "a slash, and 1 to 255 letters, digits and ._/#-, not ending with a slash")

// Stream is what the job reads.
type Stream struct {
	// ARN is the Kinesis data stream. Required.
	ARN pulumi.StringInput
	// ConsumerARN is its fan-out consumer of the job, and of nobody else: a consumer is subscribed once to a shard. Required.
	ConsumerARN pulumi.StringInput
	// KeyARN is the KMS key that encrypts it; default Args.KeyARN.
	KeyARN pulumi.StringInput
	// RetentionHours is how long it keeps records, past which the job does not begin: 24 to 8760, default 24.
	RetentionHours int
	// RoleARN is the role to read it as where it is another account's: that has to trust the job's role and be able to read stream
	// and consumer. By default the job reads as itself.
	RoleARN string
}

// Warehouse is where the metrics go.
type Warehouse struct {
	// BucketName is the S3 bucket of the tables, under metrics/, and of the streaming job's checkpoints, under
	// checkpoints/metrics/. Required.
	BucketName pulumi.StringInput
	// DatabaseName is the Glue database with the tables: metrics_live and metrics_gaps, which the streaming job writes, and
	// metrics_batch and batch_runs, which the batch does. Required.
	DatabaseName pulumi.StringInput
}

// Job says what a run has.
type Job struct {
	// WorkerType is the type of each worker; default [G1X].
	WorkerType WorkerType
	// Workers is how many there are, the driver's among them: 2 to 299, default 2. With auto scaling it is the most.
	Workers int
	// FixedWorkers keeps all workers all the time. By default Glue takes away those that have nothing to do.
	FixedWorkers bool
	// TriggerSeconds is the time from the start of one batch to the next: 10 to 600, default 60.
	TriggerSeconds int
	// MaintenanceWindow is when Glue restarts a run that has been going on for days: see [MaintenanceWindow]. By default it
	// restarts it seven days after its start (docs.aws.amazon.com/glue/latest/dg/glue-streaming-maintenance.html).
	MaintenanceWindow string
}

// Schedule says when the job runs.
type Schedule struct {
	// Minutes is how often a run is asked for: 1 to 60, default 5. While the job runs, Glue refuses another.
	Minutes int
	// Paused ends the run that there is after its batch, and asks for no other.
	Paused bool
}

// Logs says what becomes of what the job logs.
type Logs struct {
	// GroupPrefix begins the names of the log groups, to which Glue adds its own part: a slash, and up to 255 letters, digits and
	// ._/#-. Default /aws-glue/<project>-<stack>-<name of the component>. One that is given outlasts a rename of the stack.
	GroupPrefix string
	// RetentionDays is how long they are kept: one of [LogRetentionDays], default 365.
	RetentionDays int
}

// Args are the settings of a streaming job. AccountID, Region, KeyARN, Spec, ArtifactsBucketName, and of Stream and Warehouse what
// says so are required.
type Args struct {
	// AccountID is the account that the job runs in: 12 digits.
	AccountID string
	// Region is the region that it runs in, and that of stream and buckets; the partition follows from it.
	Region string
	// KeyARN is the KMS key that encrypts the job's objects, logs, job bookmarks and the schedule's input. Its policy has to leave
	// permissions to the account's IAM, and let logs.<region>.amazonaws.com use it, as that of a lake does.
	KeyARN pulumi.StringInput

	// Spec is what the job counts. What shapes the job's state is in its hash, [metricspec.Spec.StateHash].
	Spec *metricspec.Spec
	// Stream is what it reads.
	Stream Stream
	// Warehouse is where the metrics go.
	Warehouse Warehouse
	// ArtifactsBucketName is the S3 bucket of the job's code and spec, under metrics/.
	ArtifactsBucketName pulumi.StringInput

	// Job says what a run has.
	Job Job
	// Schedule says when it runs.
	Schedule Schedule
	// Logs says what becomes of what it logs.
	Logs Logs
	// MetricNamespace is the CloudWatch namespace of the metrics about the job itself: 1 to 255 letters, digits and ._/#-. Default
	// <project>/<stack>/<name of the component>. One that is given outlasts a rename of the stack.
	MetricNamespace string

	// After are what has to be there before a run, such as the tables; by default nothing.
	After []pulumi.Resource

	// Protect retains the log groups when they leave the program. All else that the job cannot be without is in the buckets.
	Protect bool
}

// resolve fills in the defaults that need no context, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	if r.Stream.KeyARN == nil {
		r.Stream.KeyARN = r.KeyARN
	}
	r.Stream.RetentionHours = cmp.Or(r.Stream.RetentionHours, leastRetentionHours)
	r.Job.WorkerType = cmp.Or(r.Job.WorkerType, capacity.DefaultWorkerType)
	r.Job.Workers = cmp.Or(r.Job.Workers, capacity.MinJobWorkers)
	r.Job.TriggerSeconds = cmp.Or(r.Job.TriggerSeconds, capacity.DefaultTriggerSeconds)
	r.Schedule.Minutes = cmp.Or(r.Schedule.Minutes, capacity.DefaultScheduleMinutes)
	r.Logs.RetentionDays = cmp.Or(r.Logs.RetentionDays, DefaultLogRetentionDays)
	return r
}

// Check is what is wrong with the settings of a streaming job of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		// The longest of the generated names that services limit speak for all.
		naming.IAMRole.CheckAutoNamed("name", name+"-schedule-role"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.NotSet("Spec", r.Spec != nil, "a metric spec"),
		r.Stream.check("Stream"),
		r.Warehouse.check("Warehouse"),
		fault.NotSet("ArtifactsBucketName", r.ArtifactsBucketName != nil, "the name of an S3 bucket"),
		r.Job.check("Job"),
		capacity.ScheduleMinutes.Check("Schedule.Minutes", r.Schedule.Minutes),
		fault.When(r.Logs.GroupPrefix != "", logGroupPrefix.Check("Logs.GroupPrefix", r.Logs.GroupPrefix)...),
		LogRetentionDays.Check("Logs.RetentionDays", r.Logs.RetentionDays),
		fault.When(r.MetricNamespace != "", metricNamespace.Check("MetricNamespace", r.MetricNamespace)...),
	)
}

func (s Stream) check(path fault.Path) fault.List {
	return fault.Join(
		fault.NotSet(path.Field("ARN"), s.ARN != nil, "the ARN of a Kinesis data stream"),
		fault.NotSet(path.Field("ConsumerARN"), s.ConsumerARN != nil, "the ARN of a fan-out consumer of the stream"),
		capacity.RetentionHours.Check(path.Field("RetentionHours"), s.RetentionHours),
		fault.When(s.RoleARN != "", iampolicy.RoleARN.Check(path.Field("RoleARN"), s.RoleARN)...),
	)
}

func (w Warehouse) check(path fault.Path) fault.List {
	return fault.Join(
		fault.NotSet(path.Field("BucketName"), w.BucketName != nil, "the name of an S3 bucket"),
		fault.NotSet(path.Field("DatabaseName"), w.DatabaseName != nil, "the name of a Glue database"),
	)
}

func (j Job) check(path fault.Path) fault.List {
	return fault.Join(
		capacity.WorkerTypes.Check(path.Field("WorkerType"), string(j.WorkerType)),
		j.checkWorkers(path.Field("Workers"), path.Field("WorkerType")),
		capacity.TriggerSeconds.Check(path.Field("TriggerSeconds"), j.TriggerSeconds),
		fault.When(j.MaintenanceWindow != "", MaintenanceWindow.Check(path.Field("MaintenanceWindow"), j.MaintenanceWindow)...),
	)
}

func (j Job) checkWorkers(path, workerType fault.Path) fault.List {
	found := capacity.JobWorkers.Check(path, j.Workers)
	if most := j.WorkerType.MostWorkers(); len(found) == 0 && most > 0 && j.Workers > most {
		return fault.List{{
			Path: path, Given: j.Workers, Nearest: strconv.Itoa(most), Reads: []fault.Path{workerType},
			Problem: fault.Problemf("a job has at most %d workers of the type %s", most, j.WorkerType),
		}}
	}
	return found
}
