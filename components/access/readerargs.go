package access

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// StreamSource is a stream to read.
type StreamSource struct {
	// StreamARN is the Kinesis data stream. Required.
	StreamARN pulumi.StringInput
	// KeyARN is the KMS key that encrypts it. Required.
	KeyARN pulumi.StringInput
	// ConsumerARNs are registered fan-out consumers that the readers may subscribe with; by default none.
	ConsumerARNs []pulumi.StringInput
}

// ObjectSource is where in a bucket objects may be read.
type ObjectSource struct {
	// BucketName is the bucket. Required.
	BucketName pulumi.StringInput
	// Prefix begins the keys of the objects: path segments, each with its slash. Required.
	Prefix string
	// KeyARN is the KMS key that encrypts them. Required.
	KeyARN pulumi.StringInput
	// DatabaseName and TableName are the Glue table over the objects, for its schema: both or neither.
	DatabaseName, TableName pulumi.StringInput
}

// ReaderArgs are the settings of a reader role. AccountID, Region, RoleName, Readers and one of Stream and Raw are
// required, and ExternalID where a reader is of another account.
type ReaderArgs struct {
	// AccountID is the account of what is read, and of the role: 12 digits.
	AccountID string
	// Region is the region of what is read; the partition follows from it.
	Region string
	// RoleName is the role's name: 1 to 64 letters, digits and [_+=,.@-]. It is set, since the readers must know it.
	RoleName string
	// Readers are the ARNs of the roles that may assume the role, of any account of the partition. They need not exist.
	Readers []string
	// ExternalID is what the readers have to give: 2 to 1,224 letters, digits and [_+=,.@:/-]. Required where a reader is of
	// another account.
	ExternalID string
	// Stream is the stream that they may read; nil for none.
	Stream *StreamSource
	// Raw is the objects that they may read; nil for none.
	Raw *ObjectSource
}

// resolve copies the args: the caller's stay as they are. It may be called on nil.
func (a *ReaderArgs) resolve() ReaderArgs {
	var r ReaderArgs
	if a != nil {
		r = *a
	}
	// Sorted, so that another order is no difference.
	r.Readers = slices.Compact(slices.Sorted(slices.Values(r.Readers)))
	if r.Stream != nil {
		stream := *r.Stream
		stream.ConsumerARNs = slices.Clone(stream.ConsumerARNs)
		r.Stream = &stream
	}
	if r.Raw != nil {
		raw := *r.Raw
		r.Raw = &raw
	}
	return r
}

// Check returns all faults of the args in one error, each behind its field's name. What comes out of a resource is not known
// before the run, and goes unchecked.
func (a *ReaderArgs) Check() error { return a.resolve().validate() }

func (a ReaderArgs) validate() error {
	var f faults
	w := f.checkWhereabouts(a.AccountID, a.Region, a.RoleName)
	f.addTrusted("Readers", readers, a.Readers, a.ExternalID, w)
	if a.Stream == nil && a.Raw == nil {
		f.add("Stream and Raw", errors.New("neither is set; want what is to be read"))
	}
	if a.Stream != nil {
		f.addARN("Stream.StreamARN", a.Stream.StreamARN, dataStream, w)
		f.addARN("Stream.KeyARN", a.Stream.KeyARN, kmsKey, w)
		for i, consumer := range a.Stream.ConsumerARNs {
			f.addConsumer(fmt.Sprintf("Stream.ConsumerARNs[%d]", i), consumer, a.Stream.StreamARN, w)
		}
	}
	if a.Raw != nil {
		f.addObjects("Raw.", a.Raw.BucketName, a.Raw.Prefix, a.Raw.KeyARN, w)
		f.addTable(*a.Raw)
	}
	return errors.Join(f...)
}

// addConsumer adds what is wrong with a consumer, such as that it is another stream's, where both are known before the run.
func (f *faults) addConsumer(field string, consumer, stream pulumi.StringInput, w whereabouts) {
	before := len(*f)
	f.addARN(field, consumer, streamConsumer, w)
	c, plain := consumer.(pulumi.String)
	s, alsoPlain := stream.(pulumi.String)
	if len(*f) == before && plain && alsoPlain && !strings.HasPrefix(string(c), string(s)+"/consumer/") {
		f.add(field, fmt.Errorf("%q; want a consumer of %s", string(c), string(s)))
	}
}

// catalogName has nothing that would widen the resource of a policy.
var catalogName = regexp.MustCompile(`^[^\s*?/]{1,255}$`)

func (f *faults) addTable(source ObjectSource) {
	if (source.DatabaseName == nil) != (source.TableName == nil) {
		f.add("Raw.DatabaseName and TableName", errors.New("one is set; want both or neither"))
	}
	f.add("Raw.DatabaseName", catalogNameFault(source.DatabaseName))
	f.add("Raw.TableName", catalogNameFault(source.TableName))
}

func catalogNameFault(name pulumi.StringInput) error {
	if text, plain := name.(pulumi.String); plain && !catalogName.MatchString(string(text)) {
		return fmt.Errorf("%q; want the exact name in the Glue catalog", string(text))
	}
	return nil
}
