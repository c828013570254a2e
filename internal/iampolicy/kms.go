package iampolicy

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// ThroughKinesis are the conditions under which a KMS key serves the records of one stream in this region and nothing
// else: the encryption context of a record is its stream's ARN
// (docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html#sse-kms-encryption-context).
func (p Place) ThroughKinesis(stream pulumi.StringInput) []Condition {
	return []Condition{
		{Operator: "StringEquals", Key: "kms:ViaService", Values: Strings(p.RegionalHost("kinesis"))},
		{Operator: "StringEquals", Key: "kms:EncryptionContext:aws:kinesis:arn", Values: []pulumi.StringInput{stream}},
	}
}

// ThroughS3 are the conditions under which a KMS key serves certain objects of one bucket in this region and nothing
// else. The encryption context is the bucket's ARN with a bucket key and the object's without
// (docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes); whether the bucket has one is its
// owner's affair. objects may end in a wildcard.
func (p Place) ThroughS3(bucket pulumi.StringInput, objects ...pulumi.StringInput) []Condition {
	return []Condition{
		{Operator: "StringEquals", Key: "kms:ViaService", Values: Strings(p.RegionalHost("s3"))},
		{
			Operator: "StringLike",
			Key:      "kms:EncryptionContext:aws:s3:arn",
			Values:   append([]pulumi.StringInput{bucket}, objects...),
		},
	}
}

// ThroughScheduler is the condition under which a KMS key serves what the schedules of one group hold, and nothing else: the
// encryption context is the schedule's ARN. EventBridge Scheduler decrypts as the schedule's role, which calls KMS itself
// (docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html, the CloudTrail event example).
func (p Place) ThroughScheduler(group pulumi.StringInput) []Condition {
	return []Condition{{
		Operator: "ArnLike",
		Key:      "kms:EncryptionContext:aws:scheduler:schedule:arn",
		Values:   []pulumi.StringInput{pulumi.Sprintf("%s/%s/*", p.ARN("scheduler", "schedule"), group)},
	}}
}
