package delivery

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

func (d *S3) provisionRole(ctx *pulumi.Context, log errorLog) (*iam.Role, *iam.RolePolicy, error) {
	role, policy, err := iamrole.New(ctx, d.name, iamrole.Args{
		Description: fmt.Sprintf("Firehose of %s: from the stream to S3", d.name),
		Trust:       d.trustPolicy(),
		Permissions: d.permissions(log),
	}, d.neededByTheStream()...)
	if err != nil {
		return nil, nil, err
	}
	d.RoleARN = role.Arn
	return role, policy, nil
}

// trustPolicy lets Firehose take the role on for this account only. Firehose gives the account's id as external id:
// without the condition another account could have its Firehose use this role, a confused deputy
// (docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role).
func (d *S3) trustPolicy() iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "FirehoseOfThisAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("firehose.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "sts:ExternalId", Values: iampolicy.Strings(d.place.AccountID())},
		},
	}}}
}

// permissions are those of docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3, less what only
// transformations and the delivery into other accounts need.
func (d *S3) permissions(log errorLog) iampolicy.Document {
	bucket := d.bucketARN()
	objects := []pulumi.StringInput{
		pulumi.Sprintf("%s/%s*", bucket, d.args.Destination.Prefix),
		pulumi.Sprintf("%s/%s*", bucket, d.args.Destination.ErrorPrefix),
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{
		{
			Sid:       "ReadStream",
			Effect:    iampolicy.Allow,
			Actions:   []string{"kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"},
			Resources: []pulumi.StringInput{d.args.Source.StreamARN},
		},
		d.decryptStream(),
		{
			Sid:       "WriteObjects",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"},
			Resources: objects,
		},
		{
			Sid:       "SeeBucket",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
			Resources: []pulumi.StringInput{bucket},
		},
		d.encryptObjects(bucket, objects),
		{
			Sid:       "LogErrors",
			Effect:    iampolicy.Allow,
			Actions:   []string{"logs:PutLogEvents"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s:log-stream:%s", log.group.Arn, log.stream.Name)},
		},
	}}
}

func (d *S3) decryptStream() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:        "DecryptStream",
		Effect:     iampolicy.Allow,
		Actions:    []string{"kms:Decrypt"},
		Resources:  []pulumi.StringInput{d.args.Source.KeyARN},
		Conditions: d.place.ThroughKinesis(d.args.Source.StreamARN),
	}
}

// encryptObjects writes to the one bucket. Decrypt is for multipart uploads.
func (d *S3) encryptObjects(bucket pulumi.StringInput, objects []pulumi.StringInput) iampolicy.Statement {
	return iampolicy.Statement{
		Sid:        "EncryptObjects",
		Effect:     iampolicy.Allow,
		Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
		Resources:  []pulumi.StringInput{d.args.Destination.KeyARN},
		Conditions: d.place.ThroughS3(bucket, objects...),
	}
}
