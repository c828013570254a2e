// Package stream builds the Kinesis data stream that takes the logs in.
//
// Default settings: on-demand capacity; 48 hours of retention, since Firehose itself retries S3 for 24 hours
// (docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html) and a stream that forgets in the same time leaves it no
// way back; encryption with the caller's KMS key, always; the five shard-level metrics that show throttling and lag; no
// fan-out consumers.
//
// The stream's name is set, not generated: a producer in another account calls PutRecords with the name alone. A change
// of the name therefore replaces the stream, and loses what it holds. Everything else is changed in place, but not every
// change succeeds at once: the service limits two of them, and only the update itself shows it.
//
//   - A shard count can become at most double and at least half of the open shards, ten times in 24 hours
//     (docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html). Go further in steps, each an update of
//     its own: from 2 to 16 by way of 4 and 8.
//   - The capacity mode can be switched twice in 24 hours (API_UpdateStreamMode.html of the same reference; the limit is in
//     docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html). A stream that becomes provisioned has the shards
//     that it had on demand, and its ShardCount has to be between half and double of those.
//
// What it does not do: it makes no roles (a cross-account producer needs one in this account: a stream policy does not
// help PutRecords by name) and no alarms, and it does not scale provisioned shards.
package stream

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
)

// Type is the component's type token.
const Type = "log-pipeline:stream:Stream"

var kind = component.Kind{Type: Type, Noun: "stream"}

// Stream is a Kinesis data stream with its fan-out consumers.
type Stream struct {
	pulumi.ResourceState

	// Name is the stream's name, as given.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the stream's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
	// ConsumerARNs are the fan-out consumers' ARNs by the names that Args.Consumers gave.
	ConsumerARNs pulumi.StringMapOutput `pulumi:"consumerArns"`

	args Args
	name string
}

// New makes the stream and its consumers. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Stream, error) {
	s := &Stream{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, s, args.Check(name), s.provision, opts...)
}

func (s *Stream) provision(ctx *pulumi.Context) error {
	stream, err := s.provisionStream(ctx)
	if err != nil {
		return fmt.Errorf("create stream: %w", err)
	}
	s.Name, s.ARN = stream.Name, stream.Arn

	arns := pulumi.StringMap{}
	names := slices.Sorted(slices.Values(s.args.Consumers))
	consumers := make([]pulumi.Resource, len(names))
	for i, name := range names {
		// Five chains, so that never more than five are being made.
		var before []pulumi.Resource
		if i >= maxCreatingConsumers {
			before = consumers[i-maxCreatingConsumers : i-maxCreatingConsumers+1]
		}
		consumer, err := s.provisionConsumer(ctx, name, stream.Arn, before)
		if err != nil {
			return fmt.Errorf("create consumer %q: %w", name, err)
		}
		consumers[i], arns[name] = consumer, consumer.Arn
	}
	s.ConsumerARNs = arns.ToStringMapOutput()
	return nil
}

func (s *Stream) provisionStream(ctx *pulumi.Context) (*kinesis.Stream, error) {
	// Sorted, so that another order is no difference.
	metrics := slices.Compact(slices.Sorted(slices.Values(s.args.ShardLevelMetrics)))
	args := &kinesis.StreamArgs{
		Name:            pulumi.String(s.args.StreamName),
		RetentionPeriod: pulumi.Int(s.args.RetentionHours),
		EncryptionType:  pulumi.String("KMS"),
		KmsKeyId:        s.args.KeyARN.ToStringOutput(),
		StreamModeDetails: kinesis.StreamStreamModeDetailsArgs{
			StreamMode: pulumi.String(string(s.args.Mode)),
		},
		ShardLevelMetrics: pulumi.ToStringArray(metrics),
		// Consumers that others have registered (a Glue job makes its own unless it is given one) would block the
		// deletion of a stream that is meant to be deletable.
		EnforceConsumerDeletion: pulumi.Bool(!s.args.Protect),
	}
	// Never set on demand: the provider refuses the count there, and reads none back, so that leaving it out shows no
	// difference (gh:hashicorp/terraform-provider-aws internal/service/kinesis/stream.go, CustomizeDiff and Read).
	if s.args.Mode == Provisioned {
		args.ShardCount = pulumi.Int(s.args.ShardCount)
	}
	return kinesis.NewStream(ctx, s.name+"-stream", args,
		pulumi.Parent(s), pulumi.Protect(s.args.Protect), pulumi.RetainOnDelete(s.args.Protect))
}

func (s *Stream) provisionConsumer(
	ctx *pulumi.Context, name string, stream pulumi.StringInput, before []pulumi.Resource,
) (*kinesis.StreamConsumer, error) {
	return kinesis.NewStreamConsumer(ctx, s.name+"-consumer-"+name, &kinesis.StreamConsumerArgs{
		Name:      pulumi.String(name),
		StreamArn: stream,
	}, pulumi.Parent(s), pulumi.DependsOn(before))
}
