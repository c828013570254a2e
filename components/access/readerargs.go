package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
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
	r.Readers = slices.Clone(r.Readers)
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

// Check is what is wrong with the settings. It may be called on nil. What comes out of a resource is not known before the run,
// and goes unchecked.
func (a *ReaderArgs) Check(string) fault.List {
	r := a.resolve()
	w := whereabouts{r.AccountID, r.Region, r.RoleName}
	const raw fault.Path = "Raw"
	faults := fault.Join(
		w.check(),
		w.checkTrusted("Readers", readers, r.Readers, r.ExternalID),
		fault.When(r.Stream == nil && r.Raw == nil, fault.Fault{
			Path: "Stream", Problem: fault.Problemf("neither this nor %s is set", raw), Allowed: "what is to be read", Reads: []fault.Path{raw},
		}),
	)
	if r.Stream != nil {
		faults = append(faults, r.Stream.check("Stream", w)...)
	}
	if r.Raw != nil {
		faults = append(faults, r.Raw.check(raw, w)...)
	}
	return faults
}

func (s StreamSource) check(path fault.Path, w whereabouts) fault.List {
	stream := path.Field("StreamARN")
	faults := fault.Join(dataStream.check(stream, s.StreamARN, w), kmsKey.check(path.Field("KeyARN"), s.KeyARN, w))
	for i, consumer := range s.ConsumerARNs {
		at := path.Field("ConsumerARNs").Index(i)
		found := streamConsumer.check(at, consumer, w)
		if len(found) == 0 {
			found = checkConsumer(at, consumer, stream, s.StreamARN)
		}
		faults = append(faults, found...)
	}
	return faults
}

// checkConsumer refuses a consumer of another stream, where both are known before the run.
func checkConsumer(path fault.Path, consumer pulumi.StringInput, streamPath fault.Path, stream pulumi.StringInput) fault.List {
	c, plain := consumer.(pulumi.String)
	s, alsoPlain := stream.(pulumi.String)
	return fault.When(plain && alsoPlain && !strings.HasPrefix(string(c), string(s)+"/consumer/"), fault.Fault{
		Path: path, Given: string(c), Problem: fault.Problemf("not a consumer of %s %s", streamPath, string(s)), Reads: []fault.Path{streamPath},
	})
}

// catalogName has nothing that would widen the resource of a policy.
var catalogName = fault.Matching(regexp.MustCompile(`^[^\s*?/]{1,255}$`), "the exact name in the Glue catalog")

func (s ObjectSource) check(path fault.Path, w whereabouts) fault.List {
	database, table := path.Field("DatabaseName"), path.Field("TableName")
	// One without the other is a fault of the other, whatever the one says.
	paired := func(path, other fault.Path, missing bool) fault.List {
		return fault.When(missing, fault.Fault{Path: path, Problem: fault.Problemf("not set, but %s is", other), Allowed: catalogName.Allowed})
	}
	return fault.Join(
		w.checkObjects(path, s.BucketName, s.Prefix, s.KeyARN),
		paired(database, table, s.DatabaseName == nil && s.TableName != nil),
		paired(table, database, s.TableName == nil && s.DatabaseName != nil),
		checkKnown(database, s.DatabaseName, catalogName),
		checkKnown(table, s.TableName, catalogName),
	)
}
