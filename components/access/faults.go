package access

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// faults are what is wrong with args, each behind its field's name.
type faults []error

func (f *faults) add(field string, err error) {
	if err != nil {
		*f = append(*f, fmt.Errorf("%s: %w", field, err))
	}
}

// whereabouts are what all args here begin with. Faults of what has to agree with them are reported only where they are
// good themselves.
type whereabouts struct {
	accountID, region, roleName string
	place                       *iampolicy.Place
}

// checkWhereabouts adds what is wrong with the account, the region and the role's name.
func (f *faults) checkWhereabouts(accountID, region, roleName string) whereabouts {
	w := whereabouts{accountID: accountID, region: region, roleName: roleName}
	f.add("AccountID", iampolicy.CheckAccountID(accountID))
	_, err := iampolicy.PartitionOf(region)
	f.add("Region", err)
	f.add("RoleName", naming.IAMRole.Check(roleName))
	if place, err := iampolicy.NewPlace(accountID, region); err == nil {
		w.place = &place
	}
	return w
}

// kindOfARN is what the ARN of one kind of resource looks like.
type kindOfARN struct {
	what, service string
	resource      *regexp.Regexp
	example       string
	// anyAccount is for what may belong to another account than the role.
	anyAccount bool
}

var (
	dataStream = kindOfARN{
		what: "a Kinesis data stream", service: "kinesis",
		resource: regexp.MustCompile(`^stream/[a-zA-Z0-9_.-]{1,128}$`), example: "stream/logs",
	}
	streamConsumer = kindOfARN{
		what: "a stream's registered consumer", service: "kinesis",
		resource: regexp.MustCompile(`^stream/[a-zA-Z0-9_.-]{1,128}/consumer/[a-zA-Z0-9_.-]{1,128}:[0-9]+$`),
		example:  "stream/logs/consumer/audit:1700000000",
	}
	deliveryStream = kindOfARN{
		what: "a Firehose delivery stream", service: "firehose",
		resource: regexp.MustCompile(`^deliverystream/[a-zA-Z0-9_.-]{1,64}$`), example: "deliverystream/logs",
	}
	// kmsKey is no alias: as the resource of a policy an alias stands for itself, and not for its key
	// (docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html).
	kmsKey = kindOfARN{
		what: "a KMS key", service: "kms", resource: regexp.MustCompile(`^key/[a-zA-Z0-9-]+$`),
		example: "key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f", anyAccount: true,
	}
)

// addARN adds what is wrong with an ARN that is required. An output is not known before the run and goes unchecked.
func (f *faults) addARN(field string, value pulumi.StringInput, kind kindOfARN, w whereabouts) {
	if value == nil {
		f.add(field, fmt.Errorf("not set; want the ARN of %s", kind.what))
		return
	}
	if text, plain := value.(pulumi.String); plain {
		f.add(field, kind.check(string(text), w))
	}
}

func (k kindOfARN) check(text string, w whereabouts) error {
	arn, err := iampolicy.ParseARN(text)
	if err != nil || arn.Service != k.service || !k.resource.MatchString(arn.Resource) {
		return fmt.Errorf("%q; want the ARN of %s, such as %s", text, k.what, k.of(w))
	}
	if w.place == nil {
		return nil
	}
	want, err := iampolicy.ParseARN(k.of(w))
	if err != nil {
		return err
	}
	if k.anyAccount {
		want.AccountID = arn.AccountID
	}
	if arn.Partition != want.Partition || arn.Region != want.Region || arn.AccountID != want.AccountID {
		return fmt.Errorf("%q is of another account, region or partition; want one such as %s", text, k.of(w))
	}
	return nil
}

// of is an example in the right place, as far as that is known.
func (k kindOfARN) of(w whereabouts) string {
	if w.place == nil {
		return "arn:aws:" + k.service + ":eu-central-1:111111111111:" + k.example
	}
	return w.place.ARN(k.service, k.example)
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// addObjects adds what is wrong with a part of a bucket, whose fields follow path.
func (f *faults) addObjects(path string, bucket pulumi.StringInput, prefix string, key pulumi.StringInput, w whereabouts) {
	if bucket == nil {
		f.add(path+"BucketName", errors.New("not set; want the name of an S3 bucket"))
	} else if text, plain := bucket.(pulumi.String); plain && !bucketName.MatchString(string(text)) {
		f.add(path+"BucketName", fmt.Errorf("%q; want the name of an S3 bucket, no ARN: 3 to 63 of [a-z0-9.-]", string(text)))
	}
	*f = append(*f, objectkey.Faults(path, objectkey.Prefix{Field: "Prefix", Value: prefix})...)
	f.addARN(path+"KeyARN", key, kmsKey, w)
}
