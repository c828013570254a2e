package lake

import (
	"fmt"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/fault"
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

	// InfrequentAccessDays moves records to S3 Standard-IA: see [InfrequentAccessDays].
	InfrequentAccessDays int
	// ArchiveDays moves records to S3 Glacier Instant Retrieval, which Athena still reads: see [ArchiveDays].
	ArchiveDays int
	// ExpiryDays deletes records; their versions go 30 days later: see [ExpiryDays].
	ExpiryDays int
}

// Limits of S3: docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
const (
	// minInfrequentAccessDays is when an object can move to Standard-IA at the earliest.
	minInfrequentAccessDays = 30
	// minDaysInInfrequentAccess is how long it stays there before it can move on.
	minDaysInInfrequentAccess = 30
	// maxDays is a century: more is a slip of the hand, or else 0.
	maxDays = 36_500
)

var (
	// InfrequentAccessDays is when records can move to Standard-IA.
	InfrequentAccessDays = neverOrFrom(minInfrequentAccessDays, fmt.Sprintf("from %d to %d", minInfrequentAccessDays, maxDays))
	// ArchiveDays is when records can move to Glacier Instant Retrieval.
	ArchiveDays = neverOrFrom(1, fmt.Sprintf("up to %d, at least %d above the move to %s", maxDays, minDaysInInfrequentAccess, infrequentAccess))
	// ExpiryDays is when records can be deleted.
	ExpiryDays = neverOrFrom(1, fmt.Sprintf("up to %d, above the last tier's", maxDays))
)

// neverOrFrom takes 0, and days from least to a century.
func neverOrFrom(least int, words string) fault.Rule[int] {
	r := fault.Between(least, maxDays).OrZero(func(days int) bool { return days == 0 })
	r.Allowed = "0 (never) or an integer " + words
	r.Schema = map[string]any{"anyOf": []any{map[string]any{"const": 0}, r.Schema}}
	return r
}

// check is what is wrong with the settings, whose path is given.
func (r RawLifecycle) check(path fault.Path) fault.List {
	infrequent, archive, expiry := path.Field("InfrequentAccessDays"), path.Field("ArchiveDays"), path.Field("ExpiryDays")
	prefixes := []objectkey.Field{
		{Path: path.Field("Prefix"), Prefix: r.Prefix},
		{Path: path.Field("ErrorPrefix"), Prefix: r.ErrorPrefix},
	}
	if r.DirectPrefix != "" {
		prefixes = append(prefixes, objectkey.Field{Path: path.Field("DirectPrefix"), Prefix: r.DirectPrefix})
	}
	leastArchive, lastTier := r.InfrequentAccessDays+minDaysInInfrequentAccess, max(r.InfrequentAccessDays, r.ArchiveDays)
	return fault.Join(
		InfrequentAccessDays.Check(infrequent, r.InfrequentAccessDays),
		ArchiveDays.Check(archive, r.ArchiveDays),
		ExpiryDays.Check(expiry, r.ExpiryDays),
		fault.When(r.InfrequentAccessDays > 0 && r.ArchiveDays > 0 && r.ArchiveDays < leastArchive, fault.Fault{
			Path: archive, Given: r.ArchiveDays, Allowed: ArchiveDays.Allowed, Reads: []fault.Path{infrequent},
			Problem: fault.Problemf("too early: objects stay in "+infrequentAccess+" for %d days and arrive there after %d, so %d is the least",
				minDaysInInfrequentAccess, r.InfrequentAccessDays, leastArchive),
		}),
		fault.When(r.ExpiryDays > 0 && r.ExpiryDays <= lastTier, fault.Fault{
			Path: expiry, Given: r.ExpiryDays, Allowed: ExpiryDays.Allowed, Reads: []fault.Path{infrequent, archive},
			Problem: fault.Problemf("too early: the last tier is reached after %d days, so %d is the least", lastTier, lastTier+1),
		}),
		objectkey.Check(prefixes...),
	)
}
