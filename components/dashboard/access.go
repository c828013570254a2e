package dashboard

import (
	"regexp"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// maxGroups is how many permissions a resource can have
// (docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateDataSet.html).
const maxGroups = 64

// GroupName is a group of QuickSight's (docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateGroup.html), short enough for
// the 256 characters of a principal, and without characters that have a meaning in an ARN.
var GroupName = fault.Matching(regexp.MustCompile(`^[^\x00-\x20\x7f/:*?]{1,128}$`), "1 to 128 visible characters but / : * and ?")

// Namespace is a namespace of QuickSight's (docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateNamespace.html).
var Namespace = fault.Matching(regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`), "1 to 64 letters, digits and ._-")

// Access says which groups may do what. They are there already.
type Access struct {
	// Owners are names of groups that own all of it. Required. Owners and Readers are 64 at most.
	Owners []string
	// Readers are names of groups that look at the dashboard.
	Readers []string
	// Namespace is QuickSight's namespace of the groups; default "default".
	Namespace string
	// IdentityRegion is the region where QuickSight keeps the account's groups, and which their ARNs have; default Args.Region.
	IdentityRegion string
}

func (a Access) check(path fault.Path) fault.List {
	owners, readers := path.Field("Owners"), path.Field("Readers")
	faults := fault.Join(
		fault.NotSet(owners, len(a.Owners) > 0, "names of groups of QuickSight"),
		GroupName.InList(owners, a.Owners), once(owners, a.Owners),
		GroupName.InList(readers, a.Readers), once(readers, a.Readers),
		Namespace.Check(path.Field("Namespace"), a.Namespace),
		fault.When(a.IdentityRegion != "", iampolicy.Region.Check(path.Field("IdentityRegion"), a.IdentityRegion)...),
	)
	for _, name := range a.Readers {
		faults = append(faults, fault.When(slices.Contains(a.Owners, name), fault.Fault{
			Path: readers, Reads: []fault.Path{owners}, Problem: fault.Problemf("%q is in %s, and may read as such", name, owners), Allowed: "other groups",
		})...)
	}
	if groups := len(a.Owners) + len(a.Readers); groups > maxGroups {
		faults = append(faults, fault.Fault{
			Path: owners, Reads: []fault.Path{readers}, Problem: fault.Problemf("%d groups together with %s", groups, readers), Allowed: "at most 64 together",
		})
	}
	return faults
}

// rights are what owners and readers may do with one kind of resource: what QuickSight's own owners and viewers may
// (docs.aws.amazon.com/quicksight/latest/APIReference/qs-api-overview.html and the API's pages of each Create).
type rights struct{ owner, reader []string }

var (
	ofDataSource = rights{owner: actions("DataSource", "Delete", "Describe", "Pass", "Update", "DescribePermissions", "UpdatePermissions")}
	ofDataSet    = rights{
		owner: slices.Concat(
			actions("DataSet", "Delete", "Describe", "Pass", "Update", "DescribePermissions", "UpdatePermissions"),
			actions("Ingestion", "Cancel", "Create", "Describe"), actions("Ingestions", "List"),
		),
		reader: slices.Concat(actions("DataSet", "Describe", "Pass", "DescribePermissions"), actions("Ingestion", "Describe"), actions("Ingestions", "List")),
	}
	ofRefresh = rights{
		owner: slices.Concat(
			actions("RefreshSchedule", "Create", "Delete", "Describe", "Update"), actions("RefreshSchedules", "List"),
			actions("DataSetRefreshProperties", "Delete", "Describe", "Put"),
		),
	}
	ofFolder = rights{
		owner: slices.Concat(
			actions("Folder", "Create", "Delete", "Describe", "Update", "DescribePermissions", "UpdatePermissions"),
			actions("FolderMembership", "Create", "Delete"),
		),
		reader: actions("Folder", "Describe"),
	}
	ofDashboard = rights{
		owner: slices.Concat(
			actions("Dashboard", "Delete", "Describe", "Query", "Update", "DescribePermissions", "UpdatePermissions"),
			actions("DashboardVersions", "List"), actions("DashboardPublishedVersion", "Update"),
		),
		reader: slices.Concat(actions("Dashboard", "Describe", "Query"), actions("DashboardVersions", "List")),
	}
)

// actions are those of the API with one noun: Describe is DescribeFolder, and DescribePermissions is DescribeFolderPermissions.
func actions(noun string, verbs ...string) []string {
	names := make([]string, len(verbs))
	for i, verb := range verbs {
		bare, permissions := strings.CutSuffix(verb, "Permissions")
		names[i] = "quicksight:" + bare + noun
		if permissions {
			names[i] += "Permissions"
		}
	}
	return names
}

// and are the rights of both.
func (r rights) and(more rights) rights {
	return rights{slices.Concat(r.owner, more.owner), slices.Concat(r.reader, more.reader)}
}

// permission is what a group may do with a resource.
type permission struct {
	principal string
	actions   []string
}

// permissions are those of all groups, sorted within each, as QuickSight gives them back in no order.
func (d *Dashboard) permissions(r rights) []permission {
	var all []permission
	grant := func(groups, actions []string) {
		for _, group := range groups {
			if len(actions) > 0 {
				all = append(all, permission{d.principal(group), slices.Sorted(slices.Values(actions))})
			}
		}
	}
	grant(d.args.Access.Owners, r.owner)
	grant(d.args.Access.Readers, r.reader)
	return all
}

// principal is a group's ARN, which has the region where the account's groups are and not that of the dashboard.
func (d *Dashboard) principal(group string) string {
	access := d.args.Access
	return d.identities.ARN("quicksight", "group/"+access.Namespace+"/"+group)
}
