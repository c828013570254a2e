package stream

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/naming"
)

// Mode is how the stream's capacity is decided.
type Mode string

const (
	// OnDemand follows the traffic: 4 MB/s at first; it throttles what more than doubles its peak within 15 minutes
	// (docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html).
	OnDemand Mode = "ON_DEMAND"
	// Provisioned has Args.ShardCount shards of 1 MB/s or 1,000 records/s each.
	Provisioned Mode = "PROVISIONED"
)

// DefaultRetentionHours is twice the 24 hours for which Firehose retries S3.
const DefaultRetentionHours = 48

// Limits of the service: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const (
	// MinRetentionHours is the shortest time that a stream keeps records.
	MinRetentionHours = 24
	// MaxRetentionHours is the longest: 365 days.
	MaxRetentionHours = 8760
	// MaxConsumers is how many enhanced fan-out consumers a stream can have.
	MaxConsumers = 20
)

// maxCreatingConsumers is how many consumers may be in the status CREATING; a sixth is refused with
// LimitExceededException (docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html).
const maxCreatingConsumers = 5

// shardLevelMetrics are all that CloudWatch offers for a shard
// (docs.aws.amazon.com/kinesis/latest/APIReference/API_EnableEnhancedMonitoring.html). "ALL" is left out: it reads back as
// the list, a difference for ever.
var shardLevelMetrics = []string{
	"IncomingBytes", "IncomingRecords", "IteratorAgeMilliseconds", "OutgoingBytes", "OutgoingRecords",
	"ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
}

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
	// ShardCount is the number of shards: at least 1 if provisioned, 0 on demand. One update can at most double it and at
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
	if r.Mode == "" {
		r.Mode = OnDemand
	}
	if r.RetentionHours == 0 {
		r.RetentionHours = DefaultRetentionHours
	}
	if r.ShardLevelMetrics == nil {
		r.ShardLevelMetrics = defaultShardLevelMetrics
	}
	// Sorted, so that another order is no difference.
	r.ShardLevelMetrics = slices.Compact(slices.Sorted(slices.Values(r.ShardLevelMetrics)))
	r.Consumers = slices.Sorted(slices.Values(r.Consumers))
	return r
}

func (a Args) validate() error {
	var faults []error
	if err := naming.KinesisStream.Check(a.StreamName); err != nil {
		faults = append(faults, fmt.Errorf("StreamName: %w", err))
	}
	if a.KeyARN == nil {
		faults = append(faults, errors.New("KeyARN: not set; want the ARN of a customer-managed KMS key"))
	}
	faults = append(faults, a.capacityFault())
	if a.RetentionHours < MinRetentionHours || a.RetentionHours > MaxRetentionHours {
		faults = append(faults, fmt.Errorf("RetentionHours: %d; want %d to %d", a.RetentionHours, MinRetentionHours, MaxRetentionHours))
	}
	for _, metric := range a.ShardLevelMetrics {
		if !slices.Contains(shardLevelMetrics, metric) {
			faults = append(faults, fmt.Errorf("ShardLevelMetrics: %q; want some of %s", metric, strings.Join(shardLevelMetrics, ", ")))
		}
	}
	return errors.Join(append(faults, a.consumerFaults()...)...)
}

func (a Args) capacityFault() error {
	switch {
	case a.Mode != OnDemand && a.Mode != Provisioned:
		return fmt.Errorf("Mode: %q; want %s or %s", a.Mode, OnDemand, Provisioned)
	case a.Mode == Provisioned && a.ShardCount < 1:
		return fmt.Errorf("ShardCount: %d with Mode %s; want at least 1", a.ShardCount, a.Mode)
	case a.Mode == OnDemand && a.ShardCount != 0:
		return fmt.Errorf("ShardCount: %d with Mode %s; want 0, the service decides", a.ShardCount, a.Mode)
	}
	return nil
}

func (a Args) consumerFaults() []error {
	var faults []error
	fault := func(err error) { faults = append(faults, fmt.Errorf("%s: %w", "Consumers", err)) }
	if len(a.Consumers) > MaxConsumers {
		fault(fmt.Errorf("%d names; want at most %d", len(a.Consumers), MaxConsumers))
	}
	for i, consumer := range a.Consumers {
		if err := naming.KinesisStream.Check(consumer); err != nil {
			fault(err)
		}
		if i > 0 && consumer == a.Consumers[i-1] {
			fault(fmt.Errorf("%q is given twice; want different names", consumer))
		}
	}
	return faults
}
