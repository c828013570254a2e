package lake

import (
	"errors"
	"fmt"
	"slices"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// RawLifecycle says when records in the raw bucket become cheaper and when they go, in days since they were written. 0
// means never. Objects under neither prefix are kept for ever; unfinished uploads and old versions go everywhere.
type RawLifecycle struct {
	// Prefix begins the keys of the records, to which all that follows applies: path segments, each with its slash; default
	// "logs/", that of the delivery.
	Prefix string
	// ErrorPrefix begins the keys of what the delivery could not process, kept 365 days; default "errors/", that of the
	// delivery. None of the prefixes may lie in another.
	ErrorPrefix string
	// DirectPrefix begins the keys of records that come to the bucket by another way than the delivery, and live by the same
	// rules; by default there are none.
	DirectPrefix string

	// InfrequentAccessDays moves records to S3 Standard-IA: at least [MinInfrequentAccessDays].
	InfrequentAccessDays int
	// ArchiveDays moves records to S3 Glacier Instant Retrieval, which Athena still reads: at least 30 after
	// InfrequentAccessDays where both are set.
	ArchiveDays int
	// ExpiryDays deletes records; their versions go 30 days later. Later than both others.
	ExpiryDays int
}

func (r RawLifecycle) withDefaults() RawLifecycle {
	if r.Prefix == "" {
		r.Prefix = objectkey.DefaultPrefix
	}
	if r.ErrorPrefix == "" {
		r.ErrorPrefix = objectkey.DefaultErrorPrefix
	}
	return r
}

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
	r.Raw = r.Raw.withDefaults()
	r.Producers.AccountIDs = slices.Compact(slices.Sorted(slices.Values(r.Producers.AccountIDs)))
	return r
}

func (a Args) validate(name string) error {
	var faults []error
	field := func(field string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", field, err))
		}
	}
	// The longest of the generated bucket names speaks for all.
	field("name", naming.S3Bucket.CheckAutoNamed(name+"-"+accessLogsRole))
	field("AccountID", iampolicy.CheckAccountID(a.AccountID))
	_, err := iampolicy.PartitionOf(a.Region)
	field("Region", err)
	faults = append(faults, a.Raw.faults("Raw.")...)
	for _, id := range a.Producers.AccountIDs {
		field("Producers.AccountIDs", iampolicy.CheckAccountID(id))
	}
	if len(a.Producers.AccountIDs) > 0 {
		field("Producers.StreamName", naming.KinesisStream.Check(a.Producers.StreamName))
	}
	if a.ForceDestroy && a.Protect {
		faults = append(faults, errors.New("ForceDestroy and Protect: both are true; want at most one"))
	}
	return errors.Join(faults...)
}

// Limits of S3: docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
const (
	// MinInfrequentAccessDays is when an object can move to Standard-IA at the earliest.
	MinInfrequentAccessDays = 30
	// minDaysInInfrequentAccess is how long it stays there before it can move on.
	minDaysInInfrequentAccess = 30
)

// MinArchiveDays is the least that ArchiveDays can be, other than 0, with the other settings as they are.
func (r RawLifecycle) MinArchiveDays() int {
	if r.InfrequentAccessDays > 0 {
		return r.InfrequentAccessDays + minDaysInInfrequentAccess
	}
	return 1
}

// MinExpiryDays is the least that ExpiryDays can be, other than 0, with the other settings as they are.
func (r RawLifecycle) MinExpiryDays() int { return max(r.InfrequentAccessDays, r.ArchiveDays, 0) + 1 }

// Check returns all faults of the settings in one error, each with its field's name before a colon.
func (r RawLifecycle) Check() error { return errors.Join(r.withDefaults().faults("")...) }

// faults begin with the path of the settings and their field.
func (r RawLifecycle) faults(path string) []error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, errors.New(path+fmt.Sprintf(format, args...)))
		}
	}
	fault(r.InfrequentAccessDays < 0 || (r.InfrequentAccessDays > 0 && r.InfrequentAccessDays < MinInfrequentAccessDays),
		"InfrequentAccessDays: %d; want 0 (never) or at least %d", r.InfrequentAccessDays, MinInfrequentAccessDays)
	fault(r.ArchiveDays < 0, "ArchiveDays: %d; want 0 (never) or more", r.ArchiveDays)
	fault(r.ExpiryDays < 0, "ExpiryDays: %d; want 0 (never) or more", r.ExpiryDays)
	fault(r.ArchiveDays > 0 && r.ArchiveDays < r.MinArchiveDays(),
		"ArchiveDays: %d with InfrequentAccessDays %d; want 0 (never) or at least %d",
		r.ArchiveDays, r.InfrequentAccessDays, r.MinArchiveDays())
	fault(r.ExpiryDays > 0 && r.ExpiryDays < r.MinExpiryDays(),
		"ExpiryDays: %d with a transition at %d; want 0 (never) or at least %d",
		r.ExpiryDays, r.MinExpiryDays()-1, r.MinExpiryDays())
	prefixes := []objectkey.Prefix{{Field: "Prefix", Value: r.Prefix}, {Field: "ErrorPrefix", Value: r.ErrorPrefix}}
	if r.DirectPrefix != "" {
		prefixes = append(prefixes, objectkey.Prefix{Field: "DirectPrefix", Value: r.DirectPrefix})
	}
	return append(faults, objectkey.Faults(path, prefixes...)...)
}
