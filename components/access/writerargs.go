package access

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
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
	// After is what must be there before anybody can write: whoever reads the stream from the moment of its own creation, as
	// Firehose does. Producers that are waiting write as soon as there is a role.
	After []pulumi.Resource
}

// resolve copies the args: the caller's stay as they are. It may be called on nil.
func (a *WriterArgs) resolve() WriterArgs {
	var r WriterArgs
	if a != nil {
		r = *a
	}
	// Sorted, so that another order is no difference.
	r.Producers = slices.Compact(slices.Sorted(slices.Values(r.Producers)))
	r.Objects = slices.Clone(r.Objects)
	return r
}

// Check returns all faults of the args in one error, each behind its field's name. What comes out of a resource is not known
// before the run, and goes unchecked.
func (a *WriterArgs) Check() error { return a.resolve().validate() }

func (a WriterArgs) validate() error {
	var f faults
	w := f.checkWhereabouts(a.AccountID, a.Region, a.RoleName)
	f.addTrusted("Producers", producers, a.Producers, a.ExternalID, w)
	f.addARN("StreamARN", a.StreamARN, dataStream, w)
	f.addARN("KeyARN", a.KeyARN, kmsKey, w)
	for i, target := range a.Objects {
		f.addObjects(fmt.Sprintf("Objects[%d].", i), target.BucketName, target.Prefix, target.KeyARN, w)
	}
	if a.DeliveryStreamARN != nil {
		f.addARN("DeliveryStreamARN", a.DeliveryStreamARN, deliveryStream, w)
	}
	return errors.Join(f...)
}
