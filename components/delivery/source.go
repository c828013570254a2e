package delivery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// Source is where records come from.
type Source struct {
	// StreamARN is the Kinesis data stream, of the same account. Required.
	StreamARN pulumi.StringInput
	// KeyARN is the KMS key that encrypts the stream; by default the one that encrypts the objects which the delivery writes.
	KeyARN pulumi.StringInput
}

func (s Source) check(path fault.Path) fault.List {
	return fault.NotSet(path.Field("StreamARN"), s.StreamARN != nil, "the ARN of a Kinesis data stream")
}

// readBy is the source as a delivery stream has it.
func (s Source) readBy(roleARN pulumi.StringInput) kinesis.FirehoseDeliveryStreamKinesisSourceConfigurationArgs {
	return kinesis.FirehoseDeliveryStreamKinesisSourceConfigurationArgs{
		KinesisStreamArn: s.StreamARN.ToStringOutput(),
		RoleArn:          roleARN,
	}
}

// permissions let a role read the source.
func (s Source) permissions(place iampolicy.Place) []iampolicy.Statement {
	return []iampolicy.Statement{
		{
			Sid:       "ReadStream",
			Effect:    iampolicy.Allow,
			Actions:   []string{"kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"},
			Resources: []pulumi.StringInput{s.StreamARN},
		},
		{
			Sid:        "DecryptStream",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{s.KeyARN},
			Conditions: place.ThroughKinesis(s.StreamARN),
		},
	}
}
