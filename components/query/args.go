package query

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/internal/naming"
)

// DefaultBytesScannedCutoff is 10 GiB, many times what the queries here read: a query costs 5 cents at most where a terabyte
// is 5 dollars (aws.amazon.com/athena/pricing).
const DefaultBytesScannedCutoff = 10 << 30

// BytesScannedCutoff is what a workgroup can take: 10 MiB, the least that the provider takes
// (gh:hashicorp/terraform-provider-aws internal/service/athena/workgroup.go), to 7 EB
// (docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html).
var BytesScannedCutoff = fault.Between(10_485_760, 7_000_000_000_000_000_000)

// Args are the settings of queries. AccountID, Region, KeyARN, ResultsBucketName, DatabaseName and Spec are required.
type Args struct {
	// AccountID is the account of bucket and catalog: 12 digits.
	AccountID string
	// Region is the region of both; the partition follows from it.
	Region string
	// KeyARN is the KMS key that encrypts results. Who queries needs kms:GenerateDataKey and kms:Decrypt for it.
	KeyARN pulumi.StringInput
	// ResultsBucketName is the S3 bucket of the results. They are under athena/, and nothing here ever deletes them: give the
	// bucket a rule that expires them.
	ResultsBucketName pulumi.StringInput
	// DatabaseName is the Glue database of the tables. The views are made in it.
	DatabaseName pulumi.StringInput
	// Spec says which metrics and ratios have views.
	Spec *metricspec.Spec

	// BytesScannedCutoff ends a query that has read so many bytes: at least 10,485,760, default 10 GiB.
	BytesScannedCutoff int
	// After are the tables that the views are on. The views are made after them.
	After []pulumi.Resource

	// ForceDestroy deletes the workgroup with the queries that people have saved in it. For throw-away stacks only; it
	// excludes Protect.
	ForceDestroy bool
	// Protect keeps the workgroup, with the queries that people have saved in it, from being deleted or replaced, and retains
	// it when it leaves the program. Views hold no data: they come and go.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.BytesScannedCutoff = cmp.Or(r.BytesScannedCutoff, DefaultBytesScannedCutoff)
	r.After = slices.Clone(r.After)
	return r
}

// Check is what is wrong with the settings of queries of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	const protect fault.Path = "Protect"
	return fault.Join(
		naming.AthenaWorkgroup.CheckAutoNamed("name", name+"-workgroup"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.NotSet("ResultsBucketName", r.ResultsBucketName != nil, "the name of an S3 bucket"),
		fault.NotSet("DatabaseName", r.DatabaseName != nil, "the name of a Glue database"),
		fault.NotSet("Spec", r.Spec != nil, "a metric spec"),
		metricviews.Check("Spec", r.Spec),
		BytesScannedCutoff.Check("BytesScannedCutoff", r.BytesScannedCutoff),
		fault.When(r.ForceDestroy && r.Protect, fault.Fault{
			Path: "ForceDestroy", Given: true, Problem: fault.Problemf("contradicts %s", protect), Reads: []fault.Path{protect},
		}),
	)
}
