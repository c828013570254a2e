package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// firehoseRetryHours is how long Firehose retries S3 before it drops records
// (docs.aws.amazon.com/firehose/latest/dev/retry.html).
const firehoseRetryHours = 24

// streamName is the component's logical name. A change renames every resource in it.
const streamName = "logs"

// streamConfig is the Kinesis data stream. Mode and ShardCount are the user's choice: Config.Plan has what follows.
type streamConfig struct {
	Name                                string
	Mode                                capacity.Mode
	ShardCount, RetentionHours          int
	FanOutConsumers, ProducerAccountIDs []string
}

func (c *streamConfig) declare(s *settings.Section) {
	settings.Text(s, &c.Name, "name", "", naming.KinesisStream.Rule, "Its name. Empty: <namePrefix>-logs.")
	settings.Text(s, &c.Mode, "mode", capacity.Computed, capacity.Modes,
		"Its capacity mode. Empty: computed from the load. Set it when the stream is live: another load may compute the other mode, and Kinesis "+
			"allows two changes in 24 hours.")
	settings.Integer(s, &c.ShardCount, "shardCount", 0, capacity.ShardCount,
		"Its shards, only with mode PROVISIONED. Empty: computed where mode is empty too. Set it with mode when the stream is live: one change goes "+
			"to at most twice and at least half the shards.")
	settings.Integer(s, &c.RetentionHours, "retentionHours", stream.DefaultRetentionHours, stream.RetentionHours, "Hours that it keeps a record.")
	settings.List(s, &c.FanOutConsumers, "fanOutConsumers", naming.KinesisStream.Rule, "Names of other enhanced fan-out consumers than that of the metrics.").MaxItems(stream.MaxConsumers)
	settings.List(s, &c.ProducerAccountIDs, "producerAccountIds", iampolicy.AccountID,
		"Other accounts whose own identities may use its key, for it only. To write they also need a policy on the stream, which this program does "+
			"not make; a role in the data account, which they assume, needs neither.")
}

func (c *streamConfig) complete(namePrefix string) {
	if c.Name == "" {
		c.Name = namePrefix + "-logs"
	}
}

func (c *Config) streamWarnings() fault.List {
	return fault.When(c.Stream.RetentionHours == firehoseRetryHours, fault.Fault{
		Path:    "stream.retentionHours",
		Problem: fault.Problemf("%d hours are as long as Firehose retries S3, so an outage of that length loses records: keep them longer", firehoseRetryHours),
	})
}

// streamSources are where the stream's args come from.
var streamSources = fault.Sources{
	"":           fault.From("stream"),
	"StreamName": fault.From("stream.name", "namePrefix"),
	"Consumers":  fault.From("stream.fanOutConsumers", "metrics.enabled"),
	"KeyARN":     fault.Wired,
}

func (c *Config) streamArgs(keyARN pulumi.StringInput) *stream.Args {
	return &stream.Args{
		StreamName:     c.Stream.Name,
		KeyARN:         keyARN,
		Mode:           c.Plan.Mode,
		ShardCount:     c.Plan.Shards,
		RetentionHours: c.Stream.RetentionHours,
		Consumers:      c.consumers(),
		Protect:        c.Protect,
	}
}
