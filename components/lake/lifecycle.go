package lake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	accessLogsRole = "access-logs"

	// resultDays: a query's results are read once.
	resultDays = 30
	// failedDays: as long as anybody may want to replay; of raw's errors as well.
	failedDays = 365
	// accessLogDays: a year, as auditors ask of logs (CKV_AWS_338 for log groups).
	accessLogDays = 365

	uploadDays          = 7
	noncurrentDays      = 30
	infrequentAccess    = "STANDARD_IA"
	archive             = "GLACIER_IR" // the only archive class that Athena reads without a restore
	lifecycleRuleStatus = "Enabled"
)

// currentRule says what happens to current objects whose keys begin with prefix, in days since they were written; 0 means
// never. At least one is not 0.
type currentRule struct {
	id, prefix                        string
	infrequentAccess, archive, expiry int
}

// everything expires all objects of a bucket.
func everything(days int) []currentRule {
	return []currentRule{{id: "current-objects", expiry: days}}
}

// rules are those of the raw bucket. Errors are there for replay, whatever becomes of the records.
func (r RawLifecycle) rules() []currentRule {
	rules := []currentRule{{id: "errors", prefix: r.ErrorPrefix, expiry: failedDays}}
	if r.InfrequentAccessDays == 0 && r.ArchiveDays == 0 && r.ExpiryDays == 0 {
		return rules
	}
	for _, records := range []currentRule{{id: "current-objects", prefix: r.Prefix}, {id: "direct-objects", prefix: r.DirectPrefix}} {
		if records.prefix != "" {
			records.infrequentAccess, records.archive, records.expiry = r.InfrequentAccessDays, r.ArchiveDays, r.ExpiryDays
			rules = append(rules, records)
		}
	}
	return rules
}

func (h *hardening) lifecycle() error {
	rules := s3.BucketLifecycleConfigurationV2RuleArray{housekeeping()}
	for _, current := range h.spec.current {
		rules = append(rules, current.rule())
	}
	r, err := s3.NewBucketLifecycleConfigurationV2(h.ctx, h.name("lifecycle"), &s3.BucketLifecycleConfigurationV2Args{
		Bucket: h.bucket.Bucket,
		Rules:  rules,
	}, h.options()...)
	return h.done("lifecycle", r, err)
}

// keys is how a rule says what it applies to; the empty prefix is all of the bucket, which S3 takes in a filter, and next
// to rules with prefixes of their own (docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html, example 1).
// Without a filter the provider falls back to a deprecated form.
func keys(prefix string) s3.BucketLifecycleConfigurationV2RuleFilterArgs {
	return s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String(prefix)}
}

// housekeeping drops what nobody sees: parts of unfinished uploads, old versions, and delete markers with nothing behind
// them. It touches no current object, which is why the warehouse can have it.
func housekeeping() s3.BucketLifecycleConfigurationV2RuleArgs {
	return s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("housekeeping"),
		Status: pulumi.String(lifecycleRuleStatus),
		Filter: keys(""),
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
func (c currentRule) rule() s3.BucketLifecycleConfigurationV2RuleArgs {
	rule := s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String(c.id),
		Status: pulumi.String(lifecycleRuleStatus),
		Filter: keys(c.prefix),
	}
	var transitions s3.BucketLifecycleConfigurationV2RuleTransitionArray
	for _, t := range []struct {
		days  int
		class string
	}{{c.infrequentAccess, infrequentAccess}, {c.archive, archive}} {
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
	if c.expiry > 0 {
		rule.Expiration = s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(c.expiry)}
	}
	return rule
}
