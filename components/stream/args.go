package stream

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
)

// Mode is how the stream's capacity is decided.
type Mode = capacity.Mode

const (
	// OnDemand follows the traffic: 4 MB/s at first; it throttles what more than doubles its peak within 15 minutes
	// (docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html).
	OnDemand = capacity.OnDemand
	// Provisioned has Args.ShardCount shards of 1 MB/s or 1,000 records/s each.
	Provisioned = capacity.Provisioned
)

// DefaultRetentionHours is twice the 24 hours for which Firehose retries S3.
const DefaultRetentionHours = 48

// RetentionHours is how long a stream can keep records.
var RetentionHours = capacity.RetentionHours

// MaxConsumers is how many enhanced fan-out consumers a stream can have
// (docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html).
const MaxConsumers = 20

// maxCreatingConsumers is how many consumers may be in the status CREATING; a sixth is refused with
// LimitExceededException (docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html).
const maxCreatingConsumers = 5

// shardLevelMetrics are all that CloudWatch offers for a shard
// (docs.aws.amazon.com/kinesis/latest/APIReference/API_EnableEnhancedMonitoring.html). "ALL" is left out: it reads back as
// the list, a difference for ever.
var shardLevelMetrics = fault.OneOf(
	"IncomingBytes", "IncomingRecords", "IteratorAgeMilliseconds", "OutgoingBytes", "OutgoingRecords",
	"ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
)

// defaultShardLevelMetrics show a hot shard, throttling, and a reader that falls behind.
var defaultShardLevelMetrics = []string{
	"IncomingBytes", "IncomingRecords", "IteratorAgeMilliseconds",
	"ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
}

// Args are the settings of a stream. StreamName and KeyARN are required.
type Args struct {
	// StreamName is the physical name, which producers in other accounts use: 1 to 128 letters, digits, "_", "." or "-".
	StreamName string
	// KeyARN is the customer-managed KMS key that encrypts the records.
	KeyARN pulumi.StringInput

	// Mode is OnDemand (default) or Provisioned. It can be switched twice in 24 hours.
	Mode Mode
	// ShardCount is the number of shards: 1 to 100,000 if provisioned, 0 on demand. One update can at most double it and at
	// least halve it, which nothing checks before the update: the count that the stream has is not known here.
	ShardCount int
	// RetentionHours is how long records are kept: 24 to 8760, default 48.
	RetentionHours int

	// ShardLevelMetrics are CloudWatch metrics per shard, which are billed: nil for the five defaults, empty for none.
	ShardLevelMetrics []string
	// Consumers are the names of enhanced fan-out consumers, 2 MB/s a shard each: at most 20.
	Consumers []string

	// Protect keeps the stream from being deleted or replaced, and retains it when it leaves the program.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's Args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.Mode = cmp.Or(r.Mode, OnDemand)
	r.RetentionHours = cmp.Or(r.RetentionHours, DefaultRetentionHours)
	if r.ShardLevelMetrics == nil {
		r.ShardLevelMetrics = defaultShardLevelMetrics
	}
	r.ShardLevelMetrics, r.Consumers = slices.Clone(r.ShardLevelMetrics), slices.Clone(r.Consumers)
	return r
}

// Check is what is wrong with the settings of a stream. It may be called on nil.
func (a *Args) Check(string) fault.List {
	r := a.resolve()
	return fault.Join(
		fault.Required("StreamName", r.StreamName, naming.KinesisStream.Rule),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		capacity.Modes.Check("Mode", string(r.Mode)),
		r.checkShardCount(),
		RetentionHours.Check("RetentionHours", r.RetentionHours),
		shardLevelMetrics.InList("ShardLevelMetrics", r.ShardLevelMetrics),
		r.checkConsumers(),
	)
}

func (a Args) checkShardCount() fault.List {
	const mode fault.Path = "Mode"
	if a.Mode == Provisioned {
		faults := capacity.ShardCount.Check("ShardCount", a.ShardCount)
		for i := range faults {
			faults[i].Reads = []fault.Path{mode}
		}
		return faults
	}
	return fault.When(a.ShardCount != 0, fault.Fault{
		Path: "ShardCount", Given: a.ShardCount, Reads: []fault.Path{mode},
		Problem: fault.Problemf("the service decides with %s %s", mode, a.Mode), Allowed: "0",
	})
}

func (a Args) checkConsumers() fault.List {
	const path fault.Path = "Consumers"
	faults := fault.When(len(a.Consumers) > MaxConsumers, fault.Fault{
		Path: path, Problem: fault.Problemf("%d names are too many", len(a.Consumers)), Allowed: fmt.Sprintf("at most %d", MaxConsumers),
	})
	faults = append(faults, naming.KinesisStream.InList(path, a.Consumers)...)
	for i, consumer := range a.Consumers {
		faults = append(faults, fault.When(slices.Contains(a.Consumers[:i], consumer), fault.Fault{
			Path: path, Problem: fault.Problemf("%q is given twice", consumer), Allowed: "each once",
		})...)
	}
	return faults
}
