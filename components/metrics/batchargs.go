package metrics

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/naming"
)

const (
	secondsPerHour = 3600

	// DefaultLatenessHours is six hours.
	DefaultLatenessHours = capacity.DefaultLatenessHours
	// DefaultSettleSeconds is an hour.
	DefaultSettleSeconds = 3600
	// DefaultTimeoutMinutes is EMR Serverless' own: 12 hours.
	DefaultTimeoutMinutes = 720
)

// defaultHours are when the batch runs: twelve hours apart, and not when days end and everybody's jobs run.
var defaultHours = []int{1, 13}

var (
	// LatenessHours is for how late an event may reach S3: a week at most, since a run reads as many hours again.
	LatenessHours = capacity.LatenessHours
	// SettleSeconds is for how long a run leaves windows alone after their end: the 900 seconds that Firehose holds records at most
	// (docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html), and a minute until they are there; a day at most.
	SettleSeconds = fault.Between(960, 86_400)
	// TimeoutMinutes is for how long a run may go on: 5 minutes to 7 days
	// (docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html).
	TimeoutMinutes = fault.Between(5, 10_080)
	// HourOfDay is for an hour of a day.
	HourOfDay = fault.Between(0, 23)
)

// Raw is what the batch reads.
type Raw struct {
	// BucketName is the S3 bucket of the records. Required.
	BucketName pulumi.StringInput
	// Prefix begins the keys of the records, before dt=<date>/hour=<hour>/; default "logs/".
	Prefix string
	// KeyARN is the KMS key that encrypts them; default BatchArgs.KeyARN.
	KeyARN pulumi.StringInput
}

// BatchSchedule says when the batch runs.
type BatchSchedule struct {
	// Hours are the hours of the day, in UTC, at which a run starts: each 0 to 23 and once; default 1 and 13.
	Hours []int
	// Paused asks for no run. One that goes on ends by itself.
	Paused bool
}

// BatchLogs says what becomes of what the batch logs.
type BatchLogs struct {
	// GroupName is the name of the log group: a slash, and up to 255 letters, digits and ._/#-. Default
	// /aws/emr-serverless/<project>-<stack>-<name of the component>. One that is given outlasts a rename of the stack.
	GroupName string
	// RetentionDays is how long it is kept: one of [LogRetentionDays], default 365.
	RetentionDays int
}

// BatchArgs are the settings of a batch. AccountID, Region, KeyARN, Spec, ArtifactsBucketName, and of Raw and Warehouse what says
// so are required.
type BatchArgs struct {
	// AccountID is the account that the batch runs in: 12 digits.
	AccountID string
	// Region is the region that it runs in, and that of the buckets; the partition follows from it.
	Region string
	// KeyARN is the KMS key that encrypts the batch's objects, logs and the schedule's input. Its policy has to leave permissions
	// to the account's IAM, and let logs.<region>.amazonaws.com use it, as that of a lake does.
	KeyARN pulumi.StringInput

	// Spec is what the batch counts: that of the streaming job.
	Spec *metricspec.Spec
	// Raw is what it reads.
	Raw Raw
	// Warehouse is where the metrics go.
	Warehouse Warehouse
	// ArtifactsBucketName is the S3 bucket of the batch's code and spec, under metrics/batch/.
	ArtifactsBucketName pulumi.StringInput

	// LatenessHours is how long after its own time an event may reach S3 and still count: 1 to 168, and no less than the spec's
	// lateness; default 6.
	LatenessHours int
	// SettleSeconds is how long ago a window has to have ended for a run of the schedule to count it: 960 to 86,400, default
	// 3,600. What comes later is counted by a later run.
	SettleSeconds int
	// TimeoutMinutes is how long a run may go on: 5 to 10,080, default 720. One that is ended loses no more than a day of what it
	// has counted.
	TimeoutMinutes int

	// Capacity says what a run has.
	Capacity Capacity
	// Schedule says when it runs.
	Schedule BatchSchedule
	// Logs says what becomes of what it logs.
	Logs BatchLogs

	// After are what has to be there before a run, such as the tables; by default nothing.
	After []pulumi.Resource

	// Protect retains the log group when it leaves the program. All else that the batch cannot be without is in the buckets.
	Protect bool
}

// resolve fills in the defaults that need no context, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *BatchArgs) resolve() BatchArgs {
	var r BatchArgs
	if a != nil {
		r = *a
	}
	r.Raw.Prefix = cmp.Or(r.Raw.Prefix, objectkey.DefaultPrefix)
	if r.Raw.KeyARN == nil {
		r.Raw.KeyARN = r.KeyARN
	}
	r.LatenessHours = cmp.Or(r.LatenessHours, DefaultLatenessHours)
	r.SettleSeconds = cmp.Or(r.SettleSeconds, DefaultSettleSeconds)
	r.TimeoutMinutes = cmp.Or(r.TimeoutMinutes, DefaultTimeoutMinutes)
	r.Capacity = r.Capacity.resolve()
	if len(r.Schedule.Hours) == 0 {
		r.Schedule.Hours = defaultHours
	}
	// Sorted, so that another order is no difference.
	r.Schedule.Hours = slices.Sorted(slices.Values(r.Schedule.Hours))
	r.Logs.RetentionDays = cmp.Or(r.Logs.RetentionDays, DefaultLogRetentionDays)
	return r
}

// Check is what is wrong with the settings of a batch of that name. It may be called on nil.
func (a *BatchArgs) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		// The longest of the generated names that services limit speak for all.
		naming.IAMRole.CheckAutoNamed("name", name+"-schedule-role"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.NotSet("Spec", r.Spec != nil, "a metric spec"),
		fault.NotSet("Raw.BucketName", r.Raw.BucketName != nil, "the name of an S3 bucket"),
		objectkey.Prefix.Check("Raw.Prefix", r.Raw.Prefix),
		r.Warehouse.check("Warehouse"),
		fault.NotSet("ArtifactsBucketName", r.ArtifactsBucketName != nil, "the name of an S3 bucket"),
		LatenessHours.Check("LatenessHours", r.LatenessHours),
		r.checkLateness(),
		SettleSeconds.Check("SettleSeconds", r.SettleSeconds),
		TimeoutMinutes.Check("TimeoutMinutes", r.TimeoutMinutes),
		r.Capacity.check("Capacity"),
		r.Schedule.check("Schedule"),
		fault.When(r.Logs.GroupName != "", logGroupPrefix.Check("Logs.GroupName", r.Logs.GroupName)...),
		LogRetentionDays.Check("Logs.RetentionDays", r.Logs.RetentionDays),
	)
}

// checkLateness refuses a batch that would count fewer events than the streaming job has.
func (a *BatchArgs) checkLateness() fault.List {
	if a.Spec == nil {
		return nil
	}
	least := (a.Spec.Lateness + secondsPerHour - 1) / secondsPerHour
	return fault.When(a.LatenessHours < least, fault.Fault{
		Path: "LatenessHours", Given: a.LatenessHours, Nearest: strconv.Itoa(least), Reads: []fault.Path{"Spec"},
		Problem: fault.Problemf("less than the %d seconds of lateness with which events are counted live", a.Spec.Lateness),
	})
}

func (s BatchSchedule) check(path fault.Path) fault.List {
	hours := path.Field("Hours")
	found := HourOfDay.InList(hours, s.Hours)
	for i, hour := range s.Hours {
		found = append(found, fault.When(i > 0 && hour == s.Hours[i-1], fault.Fault{
			Path: hours, Problem: fault.Problemf("%d stands there twice", hour), Allowed: "each hour once",
		})...)
	}
	return found
}
