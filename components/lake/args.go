package lake

import (
	"errors"
	"fmt"
	"slices"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// RawLifecycle says when objects of the raw bucket become cheaper and when they go, in days since they were written.
// 0 means never.
type RawLifecycle struct {
	// InfrequentAccessDays moves objects to S3 Standard-IA: at least 30.
	InfrequentAccessDays int
	// ArchiveDays moves objects to S3 Glacier Instant Retrieval, which Athena still reads: at least 30 after
	// InfrequentAccessDays where both are set.
	ArchiveDays int
	// ExpiryDays deletes objects; their versions go 30 days later. Later than both others.
	ExpiryDays int
}

func (r RawLifecycle) tiers() tiers {
	return tiers{infrequentAccess: r.InfrequentAccessDays, archive: r.ArchiveDays, expiry: r.ExpiryDays}
}

// Producers are other accounts whose own identities write to a stream that the lake's key encrypts. A producer that
// assumes a role in this account, as Fluentd's plugin must, needs no entry: its role is of this account.
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

	// Raw is the lifecycle of the raw bucket; by default nothing moves or expires.
	Raw RawLifecycle
	// Producers are other accounts that may encrypt for a stream; by default none.
	Producers Producers

	// ForceDestroy deletes buckets with all they hold when the lake is destroyed. For throw-away stacks only; it
	// excludes Protect.
	ForceDestroy bool
	// Protect keeps the key and the buckets from being deleted or replaced, and retains them when they leave the program.
	Protect bool
}

// resolve copies the args, deeply: the caller may go on using its own. It may be called on nil.
func (a *Args) resolve() Args {
	if a == nil {
		return Args{}
	}
	r := *a
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
	faults = append(faults, a.Raw.faults()...)
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

const (
	// minDaysToInfrequentAccess: S3 refuses earlier transitions to Standard-IA
	// (docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html).
	minDaysToInfrequentAccess = 30
	// minDaysInInfrequentAccess: S3 refuses to move an object on before it was in Standard-IA that long (same page).
	minDaysInInfrequentAccess = 30
)

func (r RawLifecycle) faults() []error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(r.InfrequentAccessDays < 0 || (r.InfrequentAccessDays > 0 && r.InfrequentAccessDays < minDaysToInfrequentAccess),
		"Raw.InfrequentAccessDays: %d; want 0 (never) or at least %d", r.InfrequentAccessDays, minDaysToInfrequentAccess)
	fault(r.ArchiveDays < 0, "Raw.ArchiveDays: %d; want 0 (never) or more", r.ArchiveDays)
	fault(r.ExpiryDays < 0, "Raw.ExpiryDays: %d; want 0 (never) or more", r.ExpiryDays)
	fault(r.InfrequentAccessDays > 0 && r.ArchiveDays > 0 && r.ArchiveDays < r.InfrequentAccessDays+minDaysInInfrequentAccess,
		"Raw.ArchiveDays: %d with Raw.InfrequentAccessDays %d; want 0 (never) or at least %d",
		r.ArchiveDays, r.InfrequentAccessDays, r.InfrequentAccessDays+minDaysInInfrequentAccess)
	last := max(r.InfrequentAccessDays, r.ArchiveDays)
	fault(r.ExpiryDays > 0 && last > 0 && r.ExpiryDays <= last,
		"Raw.ExpiryDays: %d with a transition at %d; want 0 (never) or more than %d", r.ExpiryDays, last, last)
	return faults
}
