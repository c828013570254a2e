package stream_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/stream"
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
	for _, hours := range []int{stream.MinRetentionHours, stream.MaxRetentionHours} {
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
		"no name":                  {func(a *stream.Args) { a.StreamName = "" }, `StreamName: Kinesis stream name ""`},
		"foreign character":        {func(a *stream.Args) { a.StreamName = "logs/a" }, `"logs/a"`},
		"no key":                   {func(a *stream.Args) { a.KeyARN = nil }, "KeyARN: not set"},
		"unknown mode":             {func(a *stream.Args) { a.Mode = "on-demand" }, `Mode: "on-demand"; want ON_DEMAND or PROVISIONED`},
		"provisioned, no shards":   {func(a *stream.Args) { a.Mode = stream.Provisioned }, "ShardCount: 0 with Mode PROVISIONED; want at least 1"},
		"on demand with shards":    {func(a *stream.Args) { a.ShardCount = 2 }, "ShardCount: 2 with Mode ON_DEMAND; want 0"},
		"retention too short":      {func(a *stream.Args) { a.RetentionHours = 23 }, "RetentionHours: 23; want 24 to 8760"},
		"retention too long":       {func(a *stream.Args) { a.RetentionHours = 8761 }, "RetentionHours: 8761; want 24 to 8760"},
		"all metrics":              {func(a *stream.Args) { a.ShardLevelMetrics = []string{"ALL"} }, `ShardLevelMetrics: "ALL"`},
		"consumer twice":           {func(a *stream.Args) { a.Consumers = []string{"a", "b", "a"} }, `Consumers: "a" is given twice`},
		"consumer without a name":  {func(a *stream.Args) { a.Consumers = []string{""} }, "Consumers: Kinesis stream name"},
		"more consumers than 20":   {func(a *stream.Args) { a.Consumers = tooMany }, "Consumers: 21 names; want at most 20"},
		"negative retention hours": {func(a *stream.Args) { a.RetentionHours = -1 }, "RetentionHours: -1"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := mocks.Up(func(ctx *pulumi.Context) error {
				_, err := stream.New(ctx, "ingest", args)
				return err
			})
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, `stream "ingest"`)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}
