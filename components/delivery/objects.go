package delivery

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// objects are what a delivery writes to S3, under some prefixes of a bucket.
type objects struct {
	bucketName, keyARN pulumi.StringInput
	prefixes           []string
}

func (o objects) check(path fault.Path) fault.List {
	return fault.Join(
		fault.NotSet(path.Field("BucketName"), o.bucketName != nil, "the name of an S3 bucket"),
		fault.NotSet(path.Field("KeyARN"), o.keyARN != nil, "the ARN of a customer-managed KMS key"),
	)
}

func (o objects) bucketARN(place iampolicy.Place) pulumi.StringOutput {
	return o.bucketName.ToStringOutput().ApplyT(place.BucketARN).(pulumi.StringOutput)
}

// permissions let a role write the objects. Decrypt is for multipart uploads.
func (o objects) permissions(place iampolicy.Place) []iampolicy.Statement {
	bucket := o.bucketARN(place)
	under := make([]pulumi.StringInput, len(o.prefixes))
	for i, prefix := range o.prefixes {
		under[i] = pulumi.Sprintf("%s/%s*", bucket, prefix)
	}
	return []iampolicy.Statement{
		{
			Sid:       "WriteObjects",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"},
			Resources: under,
		},
		{
			Sid:       "SeeBucket",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
			Resources: []pulumi.StringInput{bucket},
		},
		{
			Sid:        "EncryptObjects",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{o.keyARN},
			Conditions: place.ThroughS3(bucket, under...),
		},
	}
}
