package lake

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// bucketSpec is what tells one bucket from another; all else is the same for all.
type bucketSpec struct {
	// target is the component's output that the bucket becomes.
	target *Bucket
	// role is the end of the logical name, and the prefix of the bucket's access logs.
	role string
	// isLog marks the bucket that the others log to. It has neither the lake's key nor logging of its own, and so is
	// exempt from the rules that ask for them (CKV_AWS_145, CKV_AWS_18, S3.9): S3 delivers no logs to a bucket with KMS
	// encryption, and a bucket that logs to itself loops
	// (docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
	isLog bool
	// current says what happens to current objects; where nothing does, it is empty.
	current []currentRule
}

// hardening makes the settings of one bucket, each after the other. At the same time they fail: S3 answers
// OperationAborted, "a conflicting conditional operation is currently in progress" (public access block with policy,
// gh:hashicorp/terraform-provider-aws#7628; versioning with policy, #33552).
type hardening struct {
	ctx    *pulumi.Context
	lake   *Lake
	spec   bucketSpec
	bucket *s3.BucketV2
	last   pulumi.Resource
}

func (l *Lake) provisionBucket(ctx *pulumi.Context, spec bucketSpec) (*hardening, error) {
	name := l.name + "-" + spec.role
	bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		ForceDestroy: pulumi.Bool(l.args.ForceDestroy),
	},
		pulumi.Parent(l), pulumi.Protect(l.args.Protect), pulumi.RetainOnDelete(l.args.Protect),
		// No input of a bucket is the key's. Without the dependency a destroy schedules the key for deletion while S3
		// refuses to delete buckets that are not empty: they would stay, and nobody could read them 30 days later.
		pulumi.DependsOn([]pulumi.Resource{l.key}))
	if err != nil {
		return nil, fmt.Errorf("create bucket %q: %w", name, err)
	}
	return &hardening{ctx: ctx, lake: l, spec: spec, bucket: bucket, last: bucket}, nil
}

// harden makes the bucket's settings: ownership before all that depends on ACLs being off; public access blocked before
// a policy exists; the policy last of what makes the bucket safe, since its outputs are what others wait for.
func (h *hardening) harden(all []*hardening) (Bucket, error) {
	var safe *s3.BucketPolicy
	policy := func() (err error) {
		safe, err = h.policy(all)
		return err
	}
	for _, step := range []func() error{
		h.ownership, h.publicAccessBlock, h.encryption, h.versioning, policy, h.accessLogging, h.lifecycle,
	} {
		if err := step(); err != nil {
			return Bucket{}, fmt.Errorf("bucket %q: %w", h.lake.name+"-"+h.spec.role, err)
		}
	}
	return Bucket{Name: safe.Bucket, ARN: h.arnOf(safe.Bucket)}, nil
}

func (h *hardening) arnOf(name pulumi.StringOutput) pulumi.StringOutput {
	return name.ApplyT(h.lake.place.BucketARN).(pulumi.StringOutput)
}

// options are those of a setting of the bucket. A bucket that is retained keeps its settings too: it would be left
// without its policy and its block of public access otherwise.
func (h *hardening) options() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{
		pulumi.Parent(h.lake), pulumi.DependsOn([]pulumi.Resource{h.last}), pulumi.RetainOnDelete(h.lake.args.Protect),
	}
}

func (h *hardening) name(setting string) string {
	return h.lake.name + "-" + h.spec.role + "-" + setting
}

// done records a setting as the one that the next waits for.
func (h *hardening) done(setting string, resource pulumi.Resource, err error) error {
	if err != nil {
		return fmt.Errorf("set %s: %w", setting, err)
	}
	h.last = resource
	return nil
}

func (h *hardening) ownership() error {
	r, err := s3.NewBucketOwnershipControls(h.ctx, h.name("ownership"), &s3.BucketOwnershipControlsArgs{
		Bucket: h.bucket.Bucket,
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, h.options()...)
	return h.done("ownership", r, err)
}

func (h *hardening) publicAccessBlock() error {
	r, err := s3.NewBucketPublicAccessBlock(h.ctx, h.name("public-access"), &s3.BucketPublicAccessBlockArgs{
		Bucket:                h.bucket.Bucket,
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, h.options()...)
	return h.done("public access block", r, err)
}

func (h *hardening) encryption() error {
	rule := s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
		ApplyServerSideEncryptionByDefault: s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
			SseAlgorithm: pulumi.String("AES256"),
		},
	}
	if !h.spec.isLog {
		rule.ApplyServerSideEncryptionByDefault = s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
			SseAlgorithm:   pulumi.String("aws:kms"),
			KmsMasterKeyId: h.lake.KeyARN,
		}
		// One call to KMS for many objects.
		rule.BucketKeyEnabled = pulumi.Bool(true)
	}
	r, err := s3.NewBucketServerSideEncryptionConfigurationV2(h.ctx, h.name("encryption"),
		&s3.BucketServerSideEncryptionConfigurationV2Args{
			Bucket: h.bucket.Bucket,
			Rules:  s3.BucketServerSideEncryptionConfigurationV2RuleArray{rule},
		}, h.options()...)
	return h.done("encryption", r, err)
}

func (h *hardening) versioning() error {
	r, err := s3.NewBucketVersioningV2(h.ctx, h.name("versioning"), &s3.BucketVersioningV2Args{
		Bucket:                  h.bucket.Bucket,
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, h.options()...)
	return h.done("versioning", r, err)
}

func (h *hardening) policy(all []*hardening) (*s3.BucketPolicy, error) {
	arn := h.arnOf(h.bucket.Bucket)
	statements := []iampolicy.Statement{tlsOnly(arn)}
	if h.spec.isLog {
		statements = append(statements, h.logDelivery(arn, all))
	}
	policy, err := iampolicy.Document{Kind: iampolicy.Resource, Statements: statements}.JSON()
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	r, err := s3.NewBucketPolicy(h.ctx, h.name("policy"), &s3.BucketPolicyArgs{
		Bucket: h.bucket.Bucket,
		Policy: policy,
	}, h.options()...)
	return r, h.done("policy", r, err)
}

// tlsOnly is what Security Hub S3.5 asks for.
func tlsOnly(bucketARN pulumi.StringOutput) iampolicy.Statement {
	return iampolicy.Statement{
		Sid:        "TLSOnly",
		Effect:     iampolicy.Deny,
		Principals: []iampolicy.Principal{iampolicy.Everyone()},
		Actions:    []string{"s3:*"},
		Resources:  []pulumi.StringInput{bucketARN, pulumi.Sprintf("%s/*", bucketARN)},
		Conditions: []iampolicy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: iampolicy.Strings("false")}},
	}
}

// logDelivery lets S3 write the access logs of the lake's other buckets, and of no others.
func (h *hardening) logDelivery(bucketARN pulumi.StringOutput, all []*hardening) iampolicy.Statement {
	var sources []pulumi.StringInput
	for _, other := range all {
		if !other.spec.isLog {
			sources = append(sources, h.arnOf(other.bucket.Bucket))
		}
	}
	return iampolicy.Statement{
		Sid:        "AccessLogDelivery",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("logging.s3.amazonaws.com")},
		Actions:    []string{"s3:PutObject"},
		Resources:  []pulumi.StringInput{pulumi.Sprintf("%s/*", bucketARN)},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(h.lake.place.AccountID())},
			{Operator: "ArnEquals", Key: "aws:SourceArn", Values: sources},
		},
	}
}

func (h *hardening) accessLogging() error {
	if h.spec.isLog {
		return nil
	}
	r, err := s3.NewBucketLoggingV2(h.ctx, h.name("logging"), &s3.BucketLoggingV2Args{
		Bucket:       h.bucket.Bucket,
		TargetBucket: h.lake.AccessLogs.Name,
		TargetPrefix: pulumi.String(h.spec.role + "/"),
	}, h.options()...)
	return h.done("access logging", r, err)
}
