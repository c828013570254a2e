package access

import (
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// What all args here begin with, and what other checks read.
const (
	accountIDPath  fault.Path = "AccountID"
	regionPath     fault.Path = "Region"
	roleNamePath   fault.Path = "RoleName"
	externalIDPath fault.Path = "ExternalID"
)

// whereabouts are the account, the region and the name of a role. Checks against a part of them name that part in what they
// read, and count only where it is good itself.
type whereabouts struct{ accountID, region, roleName string }

func (w whereabouts) check() fault.List {
	return fault.Join(
		fault.Required(accountIDPath, w.accountID, iampolicy.AccountID),
		fault.Required(regionPath, w.region, iampolicy.Region),
		fault.Required(roleNamePath, w.roleName, naming.IAMRole.Rule),
	)
}

// partition is that of the region, and empty where there is no such region.
func (w whereabouts) partition() string {
	partition, _ := iampolicy.PartitionOf(w.region)
	return partition.ID
}

// kindOfARN is what the ARN of one kind of resource looks like.
type kindOfARN struct {
	what, service string
	// accepts says whether it is the resource of such an ARN.
	accepts func(resource string) bool
	example string
	// anyAccount is for what may belong to another account than the role.
	anyAccount bool
}

var (
	dataStream = kindOfARN{
		what: "a Kinesis data stream", service: "kinesis",
		accepts: named("stream/", naming.KinesisStream), example: "stream/logs",
	}
	streamConsumer = kindOfARN{
		what: "a stream's registered consumer", service: "kinesis",
		accepts: isConsumer, example: "stream/logs/consumer/audit:1700000000",
	}
	deliveryStream = kindOfARN{
		what: "a Firehose delivery stream", service: "firehose",
		accepts: named("deliverystream/", naming.FirehoseStream), example: "deliverystream/logs",
	}
	// kmsKey is no alias: as the resource of a policy an alias stands for itself, and not for its key
	// (docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html).
	kmsKey = kindOfARN{
		what: "a KMS key", service: "kms", accepts: regexp.MustCompile(`^key/[a-zA-Z0-9-]+$`).MatchString,
		example: "key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f", anyAccount: true,
	}
)

// named accepts a name of a service's after a prefix.
func named(prefix string, rule naming.Rule) func(string) bool {
	return func(resource string) bool {
		name, ok := strings.CutPrefix(resource, prefix)
		return ok && rule.Takes(name)
	}
}

var creationTime = regexp.MustCompile(`^[0-9]+$`)

// isConsumer accepts stream/<stream>/consumer/<name>:<creation time>.
func isConsumer(resource string) bool {
	stream, consumer, _ := strings.Cut(resource, "/consumer/")
	name, created, _ := strings.Cut(consumer, ":")
	return dataStream.accepts(stream) && naming.KinesisStream.Takes(name) && creationTime.MatchString(created)
}

// check is what is wrong with an ARN that is required. An output is not known before the run and goes unchecked.
func (k kindOfARN) check(path fault.Path, value pulumi.StringInput, w whereabouts) fault.List {
	text, plain := value.(pulumi.String)
	if !plain {
		return fault.NotSet(path, value != nil, k.allowed(w))
	}
	arn, err := iampolicy.ParseARN(string(text))
	bad := fault.Fault{Path: path, Given: string(text), Allowed: k.allowed(w)}
	if err != nil || arn.Service != k.service || !k.accepts(arn.Resource) {
		bad.Problem = fault.Problemf("not allowed")
		return fault.List{bad}
	}
	elsewhere, foreign := bad, bad
	elsewhere.Problem, elsewhere.Reads = fault.Problemf("of another region or partition than %s", regionPath), []fault.Path{regionPath}
	foreign.Problem, foreign.Reads = fault.Problemf("of another account than %s", accountIDPath), []fault.Path{accountIDPath}
	return fault.Join(
		fault.When(arn.Region != w.region || arn.Partition != w.partition(), elsewhere),
		fault.When(arn.AccountID != w.accountID && !k.anyAccount, foreign),
	)
}

// allowed has an example in the right place, as far as that is known.
func (k kindOfARN) allowed(w whereabouts) string {
	example := "arn:aws:" + k.service + ":eu-central-1:111111111111:" + k.example
	if place, err := iampolicy.NewPlace(w.accountID, w.region); err == nil {
		example = place.ARN(k.service, k.example)
	}
	return "the ARN of " + k.what + ", such as " + example
}

// checkObjects is what is wrong with a part of a bucket.
func (w whereabouts) checkObjects(path fault.Path, bucket pulumi.StringInput, prefix string, key pulumi.StringInput) fault.List {
	return fault.Join(
		fault.NotSet(path.Field("BucketName"), bucket != nil, naming.ExistingS3Bucket.Allowed),
		checkKnown(path.Field("BucketName"), bucket, naming.ExistingS3Bucket),
		fault.Required(path.Field("Prefix"), prefix, objectkey.Prefix),
		kmsKey.check(path.Field("KeyARN"), key, w),
	)
}

// checkKnown checks a value by a rule where it is known before the run.
func checkKnown(path fault.Path, value pulumi.StringInput, rule fault.Rule[string]) fault.List {
	text, plain := value.(pulumi.String)
	if !plain {
		return nil
	}
	return rule.Check(path, string(text))
}
