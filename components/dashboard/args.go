package dashboard

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/dashboard/internal/content"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/internal/naming"
)

// ImportMode is how a data set has its rows.
type ImportMode string

const (
	// DirectQuery asks Athena each time.
	DirectQuery ImportMode = "DIRECT_QUERY"
	// SPICE keeps a copy in QuickSight, which is as old as its last refresh.
	SPICE ImportMode = "SPICE"
)

const (
	// DefaultNamespace is the one that each account of QuickSight has.
	DefaultNamespace = "default"
	// DefaultTitle is the name of a dashboard.
	DefaultTitle = "Metrics"
)

// MaxMetrics is how many metrics and ratios a dashboard shows at most.
const MaxMetrics = content.MaxMetrics

// ImportModes are the import modes.
var ImportModes = fault.OneOf(DirectQuery, SPICE)

// Title is short enough for the names of data sets, which have 128 characters and an ending.
var Title = fault.Matching(regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,100}$`), "1 to 100 characters, none of them a control character")

// Args are the settings of a dashboard. AccountID, Region, KeyARN, Spec, WorkGroupName, DatabaseName, the buckets and at least one
// of Owners are required.
type Args struct {
	// AccountID is the account of QuickSight and of Athena: 12 digits.
	AccountID string
	// Region is the region of both; the partition follows from it.
	Region string
	// KeyARN is the KMS key that encrypts the buckets' objects. Its policy has to leave permissions to the account's IAM, as that of
	// most keys does.
	KeyARN pulumi.StringInput

	// Spec is what the metrics are.
	Spec *metricspec.Spec
	// Metrics are the names of the metrics and ratios to show, in this order: at most [MaxMetrics]. By default all of Spec's.
	Metrics []string
	// Title is the dashboard's name: 1 to 100 characters, default "Metrics".
	Title string

	// WorkGroupName is the Athena workgroup that QuickSight asks.
	WorkGroupName pulumi.StringInput
	// DatabaseName is the Glue database of the views and their tables.
	DatabaseName pulumi.StringInput
	// WarehouseBucketName is the S3 bucket of the tables, under metrics/.
	WarehouseBucketName pulumi.StringInput
	// ResultsBucketName is the S3 bucket of the workgroup's results.
	ResultsBucketName pulumi.StringInput
	// ArtifactsBucketName is the S3 bucket of the template, under dashboard/.
	ArtifactsBucketName pulumi.StringInput

	// Access says who may do what.
	Access Access

	// ServiceRoleNames are the roles that QuickSight reads as in this account, which get an inline policy each; a path before the name
	// is left out. There are aws-quicksight-service-role-v0 and aws-quicksight-s3-consumers-role-v0 where QuickSight made its own. By
	// default none gets it, and ServicePolicy is to be attached by other means.
	ServiceRoleNames []string

	// ImportMode is how the data set of the metrics has its rows; default [DirectQuery]. Those of the pipeline ask Athena always.
	ImportMode ImportMode
	// Refresh says when SPICE is refreshed; of no use with [DirectQuery].
	Refresh Refresh

	// IDPrefix begins the ids of all that is made in QuickSight: letters, digits, hyphens and underscores. Default
	// <project>-<stack>-<name of the component>, fitted into that. One that is given outlasts a rename of the stack; another replaces all of it.
	IDPrefix string

	// After are what has to be there before anybody asks, such as the views; by default nothing.
	After []pulumi.Resource

	// Protect keeps the data source, the data sets, the folder and the dashboard from being deleted or replaced, and retains them when
	// they leave the program: people build analyses on them.
	Protect bool
}

// resolve fills in the defaults that need no context, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.Title = cmp.Or(r.Title, DefaultTitle)
	r.ImportMode = cmp.Or(r.ImportMode, DirectQuery)
	r.Access.Namespace = cmp.Or(r.Access.Namespace, DefaultNamespace)
	r.Access.IdentityRegion = cmp.Or(r.Access.IdentityRegion, r.Region)
	if r.ImportMode == SPICE {
		r.Refresh = r.Refresh.resolve()
	}
	if r.Metrics == nil && r.Spec != nil {
		r.Metrics = known(r.Spec)
	}
	return r
}

// known are the names of all metrics and ratios of a spec.
func known(spec *metricspec.Spec) []string {
	var names []string
	for _, m := range spec.Metrics {
		names = append(names, m.Name)
	}
	for _, r := range spec.Ratios {
		names = append(names, r.Name)
	}
	return names
}

func (a Args) prefix(project, stack, name string) string {
	return cmp.Or(a.IDPrefix, naming.QuickSight.Of(project+"-"+stack+"-"+name))
}

// Check is what is wrong with the settings of a dashboard of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		naming.CloudFormationStack.CheckAutoNamed("name", name+"-stack"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.NotSet("Spec", r.Spec != nil, "a metric spec"),
		metricviews.Check("Spec", r.Spec),
		r.checkMetrics("Metrics"),
		Title.Check("Title", r.Title),
		fault.NotSet("WorkGroupName", r.WorkGroupName != nil, "the name of an Athena workgroup"),
		fault.NotSet("DatabaseName", r.DatabaseName != nil, "the name of a Glue database"),
		fault.NotSet("WarehouseBucketName", r.WarehouseBucketName != nil, "the name of an S3 bucket"),
		fault.NotSet("ResultsBucketName", r.ResultsBucketName != nil, "the name of an S3 bucket"),
		fault.NotSet("ArtifactsBucketName", r.ArtifactsBucketName != nil, "the name of an S3 bucket"),
		r.Access.check("Access"),
		ServiceRole.InList("ServiceRoleNames", r.ServiceRoleNames),
		once("ServiceRoleNames", r.roles()),
		ImportModes.Check("ImportMode", string(r.ImportMode)),
		r.Refresh.check("Refresh", r.ImportMode),
		fault.When(r.IDPrefix != "", naming.QuickSight.Check("IDPrefix", r.IDPrefix)...),
	)
}

// checkMetrics is for which there are, and how many fit: a sheet has two visuals for each and one of its own.
func (a Args) checkMetrics(path fault.Path) fault.List {
	if a.Spec == nil {
		return nil
	}
	names := known(a.Spec)
	var faults fault.List
	for _, name := range a.Metrics {
		faults = append(faults, fault.When(!slices.Contains(names, name), fault.Fault{
			Path: path, Problem: fault.Problemf("%q: no metric or ratio of the spec", name),
			Nearest: fault.NearestOf(name, names), Allowed: strings.Join(names, ", "), Reads: []fault.Path{"Spec"},
		})...)
	}
	return fault.Join(faults, once(path, a.Metrics),
		fault.When(len(a.Metrics) == 0, fault.Fault{Path: path, Problem: fault.Problemf("empty"), Allowed: "at least one, or nil for all of the spec"}),
		fault.When(len(a.Metrics) > MaxMetrics, fault.Fault{
			Path: path, Reads: []fault.Path{"Spec"},
			Problem: fault.Problemf("%d metrics and ratios do not fit: QuickSight takes %d visuals on a sheet, and each has %d beside %d of the sheet's own",
				len(a.Metrics), content.MaxVisuals, content.VisualsOfAMetric, content.OwnVisuals),
			Allowed: fmt.Sprintf("at most %d names of metrics and ratios of the spec", MaxMetrics),
		}),
	)
}

// once are the faults of names that are in a list twice.
func once(path fault.Path, names []string) fault.List {
	var faults fault.List
	for i, name := range names {
		faults = append(faults, fault.When(slices.Index(names, name) < i, fault.Fault{
			Path: path, Problem: fault.Problemf("%q is given twice", name), Allowed: "each once",
		})...)
	}
	return faults
}
