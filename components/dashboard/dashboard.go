// Package dashboard builds what people look at: a QuickSight dashboard with content, on the views of the metrics in Athena.
//
//   - The data source: QuickSight on an Athena workgroup.
//   - Data sets on the views metrics, pipeline_records, pipeline_freshness and pipeline_batches, each with the types of its view's
//     columns, dimensions all as texts: QuickSight makes numbers of booleans
//     (docs.aws.amazon.com/quicksight/latest/user/supported-data-types-and-values.html), and neither those nor whole numbers are
//     to be added up here.
//   - The dashboard, generated from the metric spec: a sheet of the last hour by the minute, one of the last 30 days with exact and
//     live values, one of the pipeline's own health, with filters by time and by each dimension. Titles, units and names are the
//     spec's. pulumi-aws v6 has no definition for a dashboard (gh:pulumi/pulumi-aws#2852), so it is in a CloudFormation stack,
//     whose template is an S3 object under the hash of its content: for its size, which may be over the 51,200 bytes that a request
//     takes (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). A metric more changes the
//     template, and the stack and the dashboard in place.
//   - A shared folder with all of that.
//
// Default settings: DIRECT_QUERY, so that each visual of a sheet that somebody opens is a query of Athena's; SPICE only on demand and
// only for the data set of the metrics, refreshed every hour, the last 72 hours anew: numbers are then as old as the last refresh. All
// metrics and ratios of the spec, if they fit: a sheet has 50 visuals, two for each and one of its own, so 24 do. Ids are set, <project>-<stack>-<name of the component> and an ending.
//
// Owners and readers are groups, which are there already: [LookupGroups] says which are not. Owners may do with data source,
// data sets, folder and dashboard what QuickSight's own owners may; readers may look at the dashboard and the folder, and use the
// data sets. The AWS provider takes 20 actions in a permission from v5.67 on, 16 before
// (gh:hashicorp/terraform-provider-aws#39219, #33907); an owner of a data set with refresh properties has 18, one without 10.
//
// QuickSight reads as a role of its own, which the account has once for all: Args.ServiceRoleNames get what reading needs, and
// ServicePolicy is the same to attach by other means.
//
// What it does not do: it signs no account up, makes no groups, users, roles, workgroup or views, and registers no bucket with Lake
// Formation. A dashboard asks anew when it is opened or reloaded, and not by itself.
package dashboard

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/quicksight"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
)

// Type is the component's type token.
const Type = "log-pipeline:dashboard:Dashboard"

var kind = component.Kind{Type: Type, Noun: "dashboard"}

// Dashboard is the dashboard, and what it stands on.
type Dashboard struct {
	pulumi.ResourceState

	// DashboardID is the dashboard's id.
	DashboardID pulumi.StringOutput `pulumi:"dashboardId"`
	// DashboardARN is its ARN.
	DashboardARN pulumi.StringOutput `pulumi:"dashboardArn"`
	// URL is where people look at it.
	URL pulumi.StringOutput `pulumi:"url"`
	// DataSourceARN is the data source on the workgroup.
	DataSourceARN pulumi.StringOutput `pulumi:"dataSourceArn"`
	// DataSetARNs are the data sets by the names of their views.
	DataSetARNs pulumi.StringMapOutput `pulumi:"dataSetArns"`
	// FolderARN is the folder with all of it.
	FolderARN pulumi.StringOutput `pulumi:"folderArn"`
	// StackName is the generated name of the CloudFormation stack of the dashboard.
	StackName pulumi.StringOutput `pulumi:"stackName"`
	// ServicePolicy is the policy that QuickSight's own role needs to read, as JSON.
	ServicePolicy pulumi.StringOutput `pulumi:"servicePolicy"`

	args   Args
	name   string
	prefix string
	place  iampolicy.Place
	// identities is where the groups are.
	identities iampolicy.Place

	permitted []pulumi.Resource
	source    *quicksight.DataSource
	dataSets  map[string]*quicksight.DataSet
	folder    *quicksight.Folder
}

// New makes the dashboard and what it stands on. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Dashboard, error) {
	d := &Dashboard{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, d, args.Check(name), d.provision, opts...)
}

func (d *Dashboard) provision(ctx *pulumi.Context) (err error) {
	if d.place, err = iampolicy.NewPlace(d.args.AccountID, d.args.Region); err != nil {
		return err
	}
	if d.identities, err = iampolicy.NewPlace(d.args.AccountID, d.args.Access.IdentityRegion); err != nil {
		return err
	}
	d.prefix = d.args.prefix(ctx.Project(), ctx.Stack(), d.name)
	for _, step := range []func(*pulumi.Context) error{
		d.provisionServicePolicy, d.provisionDataSource, d.provisionDataSets, d.provisionRefresh, d.provisionFolder, d.provisionStack,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stateful are the options of what people build on.
func (d *Dashboard) stateful(depends ...pulumi.Resource) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{
		pulumi.Parent(d), pulumi.Protect(d.args.Protect), pulumi.RetainOnDelete(d.args.Protect), pulumi.DependsOn(depends),
	}
}

// arn is the ARN of something of QuickSight's, whose id is set.
func (d *Dashboard) arn(kind, id string) string { return d.place.ARN("quicksight", kind+"/"+id) }
