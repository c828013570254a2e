// Package query builds how people and dashboards ask for the metrics: an Athena workgroup, a view for each metric and ratio of
// a spec, views over all of them and on the pipeline itself, and named queries.
//
// Default settings: Athena's engine version 3; the workgroup's settings hold whatever a client says; results under athena/
// in the bucket of the results, which has to be this account's, encrypted with the caller's KMS key; a query ends once it has
// read 10 GiB; CloudWatch metrics of each query; no buckets whose reader pays.
//
// A view counts each window once: exactly, as the batch has, up to the batch's cut-over, and live from it on. Package
// metricviews says which there are. Filter by window_start: else a query reads all days that there are.
//
// A view is an entry of Glue's with Presto's text of a view, as Athena itself makes one. A query of a view runs with the
// permissions of whoever asks: the tables have to be readable too. So who may query needs
//
//   - athena:StartQueryExecution, GetQueryExecution, GetQueryResults, GetQueryResultsStream, StopQueryExecution, GetWorkGroup,
//     and for the named queries ListNamedQueries, GetNamedQuery and BatchGetNamedQuery, on the workgroup;
//   - glue:GetDatabase, GetDatabases, GetTable, GetTables, GetPartitions on the catalog, the database and its tables and views;
//   - s3:GetObject under the tables' prefix and s3:ListBucket and s3:GetBucketLocation of their bucket; of the results' bucket
//     these two too, and s3:GetObject, PutObject, ListMultipartUploadParts and AbortMultipartUpload under athena/;
//   - kms:Decrypt with the key of each bucket, and kms:GenerateDataKey with that of the results.
//
// What it does not do: it makes no role and no alarm, deletes no results, and starts no query. Where Lake Formation and not
// IAM decides, whoever asks needs DESCRIBE and SELECT on views and tables. A view over columns that changed is "stale" for
// Athena: deploy the program that knows the change.
package query

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/athena"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
)

// Type is the component's type token.
const Type = "log-pipeline:query:Query"

var kind = component.Kind{Type: Type, Noun: "queries"}

// resultsPrefix begins the keys of results.
const resultsPrefix = "athena/"

// Query is the workgroup, its named queries and the views.
type Query struct {
	pulumi.ResourceState

	// WorkGroupName is the workgroup's name.
	WorkGroupName pulumi.StringOutput `pulumi:"workGroupName"`
	// WorkGroupARN is its ARN.
	WorkGroupARN pulumi.StringOutput `pulumi:"workGroupArn"`
	// ViewNames are the views' names: that of all metrics first, then those of the spec's metrics and ratios.
	ViewNames pulumi.StringArrayOutput `pulumi:"viewNames"`
	// ResultsLocation is where results are: s3://<bucket>/athena/.
	ResultsLocation pulumi.StringOutput `pulumi:"resultsLocation"`

	args  Args
	name  string
	ready []pulumi.Resource
}

// New makes the workgroup, the views and the named queries. It returns all faults of args in one error, and registers nothing
// then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Query, error) {
	q := &Query{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, q, args.Check(name), q.provision, opts...)
}

// Ready are the views, for pulumi.DependsOn: nothing can ask them before they exist.
func (q *Query) Ready() []pulumi.Resource { return q.ready }

func (q *Query) provision(ctx *pulumi.Context) error {
	q.ResultsLocation = pulumi.Sprintf("s3://%s/%s", q.args.ResultsBucketName, resultsPrefix)
	if err := q.provisionWorkgroup(ctx); err != nil {
		return fmt.Errorf("create workgroup: %w", err)
	}
	if err := q.provisionViews(ctx); err != nil {
		return err
	}
	return q.provisionNamedQueries(ctx)
}

func (q *Query) provisionWorkgroup(ctx *pulumi.Context) error {
	workgroup, err := athena.NewWorkgroup(ctx, q.name+"-workgroup", &athena.WorkgroupArgs{
		Description:  pulumi.Sprintf("Metrics of %s, stack %s", ctx.Project(), ctx.Stack()),
		ForceDestroy: pulumi.Bool(q.args.ForceDestroy),
		Configuration: athena.WorkgroupConfigurationArgs{
			EnforceWorkgroupConfiguration:   pulumi.Bool(true),
			PublishCloudwatchMetricsEnabled: pulumi.Bool(true),
			RequesterPaysEnabled:            pulumi.Bool(false),
			BytesScannedCutoffPerQuery:      pulumi.Int(q.args.BytesScannedCutoff),
			EngineVersion: athena.WorkgroupConfigurationEngineVersionArgs{
				// As docs.aws.amazon.com/athena/latest/ug/engine-versions-changing.html writes it: AUTO may become another.
				SelectedEngineVersion: pulumi.String("Athena engine version 3"),
			},
			ResultConfiguration: athena.WorkgroupConfigurationResultConfigurationArgs{
				OutputLocation:      q.ResultsLocation,
				ExpectedBucketOwner: pulumi.String(q.args.AccountID),
				EncryptionConfiguration: athena.WorkgroupConfigurationResultConfigurationEncryptionConfigurationArgs{
					EncryptionOption: pulumi.String("SSE_KMS"),
					KmsKeyArn:        q.args.KeyARN.ToStringOutput(),
				},
			},
		},
	}, pulumi.Parent(q), pulumi.Protect(q.args.Protect), pulumi.RetainOnDelete(q.args.Protect))
	if err != nil {
		return err
	}
	q.WorkGroupName, q.WorkGroupARN = workgroup.Name, workgroup.Arn
	return nil
}
