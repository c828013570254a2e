package lake

import (
	"cmp"
	"slices"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// Producers are other accounts whose own identities may use the lake's key to encrypt for a stream. That is half of what
// they need to write to it: the other is a resource policy of the stream that allows them kinesis:PutRecords, which
// nothing here makes. A producer that assumes a role in this account, as this pipeline's Fluentd does (its plugin calls
// PutRecords with the stream's name alone), needs neither: the role is of this account.
type Producers struct {
	// AccountIDs are the accounts: 12 digits each.
	AccountIDs []string
	// StreamName is the stream they may use the key for, and no other; required with AccountIDs.
	StreamName string
}

// Args are the settings of a lake. AccountID and Region are required.
type Args struct {
	// AccountID is the account that the lake is in: 12 digits.
	AccountID string
	// Region is the region that the lake is in; the partition follows from it.
	Region string

	// Raw is the lifecycle of the raw bucket; by default no record moves or expires.
	Raw RawLifecycle
	// Producers are other accounts that may use the key to encrypt for a stream; by default none.
	Producers Producers

	// KeyAlias is the name of the key's alias, without "alias/"; default <project>-<stack>-<name of the lake>, fitted into the
	// rules of KMS. One that is given outlasts a rename of the stack.
	KeyAlias string
	// ForceDestroy deletes buckets with all they hold when the lake is destroyed. For throw-away stacks only; it
	// excludes Protect.
	ForceDestroy bool
	// Protect keeps the key and the buckets from being deleted or replaced, and retains them when they leave the program.
	Protect bool
}

// resolve fills in the defaults, in a deep copy: the caller may go on using its own. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.Raw.Prefix = cmp.Or(r.Raw.Prefix, objectkey.DefaultPrefix)
	r.Raw.ErrorPrefix = cmp.Or(r.Raw.ErrorPrefix, objectkey.DefaultErrorPrefix)
	r.Producers.AccountIDs = slices.Clone(r.Producers.AccountIDs)
	return r
}

// Check is what is wrong with the settings of a lake of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	const protect fault.Path = "Protect"
	return fault.Join(
		// The longest of the generated bucket names speaks for all.
		naming.S3Bucket.CheckAutoNamed("name", name+"-"+accessLogsRole),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.When(r.KeyAlias != "", naming.KMSAlias.Check("KeyAlias", r.KeyAlias)...),
		r.Raw.check("Raw"),
		iampolicy.AccountID.InList("Producers.AccountIDs", r.Producers.AccountIDs),
		fault.When(len(r.Producers.AccountIDs) > 0,
			fault.Required("Producers.StreamName", r.Producers.StreamName, naming.KinesisStream.Rule)...),
		fault.When(r.ForceDestroy && r.Protect, fault.Fault{
			Path: "ForceDestroy", Given: true, Problem: fault.Problemf("contradicts %s", protect), Reads: []fault.Path{protect},
		}),
	)
}
