package lake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	accessLogsRole = "access-logs"

	// resultDays: a query's results are read once.
	resultDays = 30
	// failedDays: as long as anybody may want to replay.
	failedDays = 365
	// accessLogDays: a year, as auditors ask of logs (CKV_AWS_338 for log groups).
	accessLogDays = 365

	uploadDays          = 7
	noncurrentDays      = 30
	infrequentAccess    = "STANDARD_IA"
	archive             = "GLACIER_IR" // the only archive class that Athena reads without a restore
	lifecycleRuleStatus = "Enabled"
)

// tiers say what happens to current objects, in days since they were written; 0 means never.
type tiers struct {
	infrequentAccess, archive, expiry int
}

func (h *hardening) lifecycle() error {
	rules := s3.BucketLifecycleConfigurationV2RuleArray{housekeeping()}
	if h.spec.current != (tiers{}) {
		rules = append(rules, h.spec.current.rule())
	}
	r, err := s3.NewBucketLifecycleConfigurationV2(h.ctx, h.name("lifecycle"), &s3.BucketLifecycleConfigurationV2Args{
		Bucket: h.bucket.Bucket,
		Rules:  rules,
	}, h.options()...)
	return h.done("lifecycle", r, err)
}

// everyObject is how a rule says that it applies to all: without a filter the provider falls back to a deprecated form.
func everyObject() s3.BucketLifecycleConfigurationV2RuleFilterArgs {
	return s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")}
}

// housekeeping drops what nobody sees: parts of unfinished uploads, old versions, and delete markers with nothing behind
// them. It touches no current object, which is why the warehouse can have it.
func housekeeping() s3.BucketLifecycleConfigurationV2RuleArgs {
	return s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("housekeeping"),
		Status: pulumi.String(lifecycleRuleStatus),
		Filter: everyObject(),
		AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
			DaysAfterInitiation: pulumi.Int(uploadDays),
		},
		NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(noncurrentDays),
		},
		Expiration: s3.BucketLifecycleConfigurationV2RuleExpirationArgs{ExpiredObjectDeleteMarker: pulumi.Bool(true)},
	}
}

// rule moves and expires current objects. It is apart from housekeeping because S3 takes days and
// ExpiredObjectDeleteMarker only in separate rules
// (docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html).
func (t tiers) rule() s3.BucketLifecycleConfigurationV2RuleArgs {
	rule := s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("current-objects"),
		Status: pulumi.String(lifecycleRuleStatus),
		Filter: everyObject(),
	}
	var transitions s3.BucketLifecycleConfigurationV2RuleTransitionArray
	for _, t := range []struct {
		days  int
		class string
	}{{t.infrequentAccess, infrequentAccess}, {t.archive, archive}} {
		if t.days > 0 {
			transitions = append(transitions, s3.BucketLifecycleConfigurationV2RuleTransitionArgs{
				Days:         pulumi.Int(t.days),
				StorageClass: pulumi.String(t.class),
			})
		}
	}
	if len(transitions) > 0 {
		rule.Transitions = transitions
	}
	if t.expiry > 0 {
		rule.Expiration = s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(t.expiry)}
	}
	return rule
}
