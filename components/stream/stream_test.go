package stream_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

const (
	streamType   = "aws:kinesis/stream:Stream"
	consumerType = "aws:kinesis/streamConsumer:StreamConsumer"
)

func minimal() *stream.Args {
	return &stream.Args{StreamName: "logs", KeyARN: pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/k")}
}

func up(t *testing.T, change func(*stream.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := stream.New(ctx, "ingest", args)
		return err
	})
	require.NoError(t, err)
	return recording
}

func TestDefaults(t *testing.T) {
	s := up(t, nil).Named(t, "ingest-stream")
	assert.Equal(t, "logs", s.Get("name"), "another account must know the name")
	assert.Equal(t, "ON_DEMAND", s.Get("streamModeDetails", "streamMode"))
	assert.NotContains(t, s.Inputs, "shardCount", "the provider refuses a count on demand")
	assert.EqualValues(t, 48, s.Get("retentionPeriod"), "longer than Firehose retries S3")
	assert.Equal(t, "KMS", s.Get("encryptionType"))
	assert.Equal(t, "arn:aws:kms:eu-central-1:111111111111:key/k", s.Get("kmsKeyId"))
	assert.Equal(t, []any{
		"IncomingBytes", "IncomingRecords", "IteratorAgeMilliseconds",
		"ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
	}, s.Get("shardLevelMetrics"))
	assert.Equal(t, true, s.Get("enforceConsumerDeletion"))
	assert.False(t, s.Protect)
	assert.False(t, s.RetainOnDelete)
}

func TestProvisioned(t *testing.T) {
	s := up(t, func(a *stream.Args) { a.Mode, a.ShardCount = stream.Provisioned, 7 }).Named(t, "ingest-stream")
	assert.Equal(t, "PROVISIONED", s.Get("streamModeDetails", "streamMode"))
	assert.EqualValues(t, 7, s.Get("shardCount"))
}

func TestProtectedStreamIsNeitherDeletedNorLosesItsConsumers(t *testing.T) {
	s := up(t, func(a *stream.Args) { a.Protect = true }).Named(t, "ingest-stream")
	assert.True(t, s.Protect)
	assert.True(t, s.RetainOnDelete)
	assert.Equal(t, false, s.Get("enforceConsumerDeletion"))
}

func TestShardLevelMetricsMayBeNoneAndTheirOrderIsNoDifference(t *testing.T) {
	none := up(t, func(a *stream.Args) { a.ShardLevelMetrics = []string{} }).Named(t, "ingest-stream")
	assert.Empty(t, none.Get("shardLevelMetrics"))
	given := []string{"OutgoingBytes", "IncomingBytes", "OutgoingBytes"}
	two := up(t, func(a *stream.Args) { a.ShardLevelMetrics = given }).Named(t, "ingest-stream")
	assert.Equal(t, []any{"IncomingBytes", "OutgoingBytes"}, two.Get("shardLevelMetrics"))
	assert.Equal(t, []string{"OutgoingBytes", "IncomingBytes", "OutgoingBytes"}, given, "the caller's args stay as they are")
}

func TestConsumersAreOutputByName(t *testing.T) {
	var arns map[string]string
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		args := minimal()
		args.Consumers = []string{"metrics", "audit"}
		s, err := stream.New(ctx, "ingest", args)
		if err != nil {
			return err
		}
		result, err := internals.UnsafeAwaitOutput(ctx.Context(), s.ConsumerARNs)
		arns, _ = result.Value.(map[string]string)
		return err
	})
	require.NoError(t, err)
	consumers := recording.OfType(consumerType)
	require.Len(t, consumers, 2)
	for _, c := range consumers {
		assert.True(t, c.DependsOn(recording.Named(t, "ingest-stream")))
	}
	assert.Equal(t, map[string]string{
		"audit":   "arn:aws:kinesis:eu-central-1:111111111111:stream/logs/consumer/audit",
		"metrics": "arn:aws:kinesis:eu-central-1:111111111111:stream/logs/consumer/metrics",
	}, arns)
}

// A sixth that is being created is refused (LimitExceededException).
func TestNoMoreThanFiveConsumersAreMadeAtOnce(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	recording := up(t, func(a *stream.Args) { a.Consumers = names })
	consumers := recording.OfType(consumerType)
	require.Len(t, consumers, len(names))
	for i, c := range consumers {
		for j, other := range consumers {
			assert.Equal(t, j == i-5, c.DependsOn(other), "%s waits for %s", c.Name, other.Name)
		}
	}
}

func TestLimitsAreInclusive(t *testing.T) {
	twenty := make([]string, stream.MaxConsumers)
	for i := range twenty {
		twenty[i] = string(rune('a' + i))
	}
	for _, hours := range []int{24, 8760} {
		recording := up(t, func(a *stream.Args) { a.RetentionHours, a.Consumers = hours, twenty })
		assert.EqualValues(t, hours, recording.Named(t, "ingest-stream").Get("retentionPeriod"))
		assert.Len(t, recording.OfType(consumerType), 20)
	}
}

func TestFaults(t *testing.T) {
	tooMany := make([]string, 21)
	for i := range tooMany {
		tooMany[i] = string(rune('a' + i))
	}
	for name, test := range map[string]struct {
		change func(*stream.Args)
		want   string
	}{
		"no name":                  {func(a *stream.Args) { a.StreamName = "" }, "StreamName: not set, but required"},
		"foreign character":        {func(a *stream.Args) { a.StreamName = "logs/a" }, `StreamName: not allowed (given: "logs/a"); allowed: 1 to 128 letters, `},
		"no key":                   {func(a *stream.Args) { a.KeyARN = nil }, "KeyARN: not set"},
		"unknown mode":             {func(a *stream.Args) { a.Mode = "on-demand" }, `Mode: not allowed (given: "on-demand"); allowed: ON_DEMAND or PROVISIONED`},
		"unknown mode with shards": {func(a *stream.Args) { a.Mode, a.ShardCount = "on-demand", 2 }, `Mode: not allowed (given: "on-demand")`},
		"provisioned, no shards":   {func(a *stream.Args) { a.Mode = stream.Provisioned }, `ShardCount: out of range (given: "0"); allowed: an integer from 1`},
		"on demand with shards":    {func(a *stream.Args) { a.ShardCount = 2 }, `ShardCount: the service decides with Mode ON_DEMAND (given: "2"); allowed: 0`},
		"retention too short":      {func(a *stream.Args) { a.RetentionHours = 23 }, `RetentionHours: out of range (given: "23"); allowed: an integer from 24 to 8760`},
		"retention too long":       {func(a *stream.Args) { a.RetentionHours = 8761 }, `RetentionHours: out of range (given: "8761"); allowed: an integer from 24 to 8760`},
		"all metrics":              {func(a *stream.Args) { a.ShardLevelMetrics = []string{"ALL"} }, `ShardLevelMetrics: "ALL": not allowed; allowed: IncomingBytes, `},
		"consumer twice":           {func(a *stream.Args) { a.Consumers = []string{"b", "a", "b"} }, `Consumers: "b" is given twice`},
		"consumer without a name":  {func(a *stream.Args) { a.Consumers = []string{"z", ""} }, `Consumers: "": not allowed; allowed: 1 to 128`},
		"more consumers than 20":   {func(a *stream.Args) { a.Consumers = tooMany }, "Consumers: 21 names are too many; allowed: at most 20"},
		"negative retention hours": {func(a *stream.Args) { a.RetentionHours = -1 }, `RetentionHours: out of range (given: "-1")`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := mocks.Up(func(ctx *pulumi.Context) error {
				_, err := stream.New(ctx, "ingest", args)
				return err
			})
			require.ErrorContains(t, err, `stream "ingest": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}
