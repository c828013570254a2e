package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
)

// ObjectTarget is where in a bucket objects may be written.
type ObjectTarget struct {
	// BucketName is the bucket. Required.
	BucketName pulumi.StringInput
	// Prefix begins the keys of the objects: path segments, each with its slash. Required.
	Prefix string
	// KeyARN is the KMS key that encrypts them. Required.
	KeyARN pulumi.StringInput
}

// WriterArgs are the settings of a writer role. AccountID, Region, RoleName, Producers, StreamARN and KeyARN are required,
// and ExternalID where a producer is of another account.
type WriterArgs struct {
	// AccountID is the account of the stream, and of the role: 12 digits.
	AccountID string
	// Region is the region of the stream; the partition follows from it.
	Region string
	// RoleName is the role's name: 1 to 64 letters, digits and [_+=,.@-]. It is set, since the producers must know it.
	RoleName string
	// Producers are the ARNs of the roles that may assume the role, of any account of the partition. They need not exist.
	Producers []string
	// ExternalID is what the producers have to give: 2 to 1,224 letters, digits and [_+=,.@:/-]. Required where a producer is
	// of another account.
	ExternalID string
	// StreamARN is the Kinesis data stream that they write to.
	StreamARN pulumi.StringInput
	// KeyARN is the KMS key that encrypts the stream.
	KeyARN pulumi.StringInput
	// Objects are where they may write objects too, such as the events that the stream refused; by default nowhere.
	Objects []ObjectTarget
	// DeliveryStreamARN is a Firehose delivery stream for direct puts that they may write to as well; by default none.
	DeliveryStreamARN pulumi.StringInput
	// After are the custom resources that must exist before anybody can write: whoever reads the stream from the moment of its
	// own creation, as Firehose does. Producers that are waiting write as soon as there is a role.
	After []pulumi.Resource
}

// resolve copies the args: the caller's stay as they are. It may be called on nil.
func (a *WriterArgs) resolve() WriterArgs {
	var r WriterArgs
	if a != nil {
		r = *a
	}
	r.Producers = slices.Clone(r.Producers)
	r.Objects = slices.Clone(r.Objects)
	return r
}

// Check is what is wrong with the settings. It may be called on nil. What comes out of a resource is not known before the run,
// and goes unchecked.
func (a *WriterArgs) Check(string) fault.List {
	r := a.resolve()
	w := r.whereabouts()
	faults := fault.Join(
		r.checkTrust(),
		dataStream.check("StreamARN", r.StreamARN, w),
		kmsKey.check("KeyARN", r.KeyARN, w),
	)
	for i, target := range r.Objects {
		faults = append(faults, w.checkObjects(fault.Path("Objects").Index(i), target.BucketName, target.Prefix, target.KeyARN)...)
	}
	if r.DeliveryStreamARN != nil {
		faults = append(faults, deliveryStream.check("DeliveryStreamARN", r.DeliveryStreamARN, w)...)
	}
	return faults
}

func (a WriterArgs) whereabouts() whereabouts { return whereabouts{a.AccountID, a.Region, a.RoleName} }

// checkTrust is what is wrong with what the trust policy is made of.
func (a WriterArgs) checkTrust() fault.List {
	w := a.whereabouts()
	return fault.Join(w.check(), w.checkTrusted("Producers", producers, a.Producers, a.ExternalID))
}
