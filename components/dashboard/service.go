package dashboard

import (
	"fmt"
	"path"
	"regexp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/metricviews"
)

// tables are those that the views read, and prefix is where their files are.
var tables = []string{"metrics_live", "metrics_gaps", "metrics_batch", "batch_runs"}

const prefix = "metrics/"

// ServiceRole is the name of a role, maybe with its path.
var ServiceRole = fault.Matching(regexp.MustCompile(`^/?([\w+=,.@-]+/)*[\w+=,.@-]{1,64}$`),
	"the name of an IAM role, such as aws-quicksight-service-role-v0 or service-role/aws-quicksight-service-role-v0")

// roles are the names without paths, as IAM takes them.
func (a Args) roles() []string {
	names := make([]string, len(a.ServiceRoleNames))
	for i, name := range a.ServiceRoleNames {
		names[i] = path.Base(name)
	}
	return names
}

// provisionServicePolicy lets QuickSight's roles read. The roles themselves are the account's, and stay as they are.
func (d *Dashboard) provisionServicePolicy(ctx *pulumi.Context) error {
	policy, err := d.servicePolicy().JSON()
	if err != nil {
		return fmt.Errorf("service policy: %w", err)
	}
	d.ServicePolicy = policy
	for _, role := range d.args.roles() {
		attached, err := iam.NewRolePolicy(ctx, d.name+"-"+role, &iam.RolePolicyArgs{Role: pulumi.String(role), Policy: policy}, pulumi.Parent(d))
		if err != nil {
			return fmt.Errorf("create policy of %s: %w", role, err)
		}
		d.permitted = append(d.permitted, attached)
	}
	return nil
}

// servicePolicy is what a query through Athena needs (docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html,
// docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html), and nothing of other tables, buckets or workgroups.
func (d *Dashboard) servicePolicy() iampolicy.Document {
	warehouse, results := d.bucketARN(d.args.WarehouseBucketName), d.bucketARN(d.args.ResultsBucketName)
	files, written := pulumi.Sprintf("%s/%s*", warehouse, prefix), pulumi.Sprintf("%s/*", results)
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{
		{
			Sid:    "AskAthena",
			Effect: iampolicy.Allow,
			Actions: []string{
				"athena:BatchGetQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup",
				"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
			},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s/%s", d.place.ARN("athena", "workgroup"), d.args.WorkGroupName)},
		},
		{
			Sid:       "FindCatalog",
			Effect:    iampolicy.Allow,
			Actions:   []string{"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata"},
			Resources: iampolicy.Strings(d.place.ARN("athena", "datacatalog/AwsDataCatalog")),
		},
		{
			Sid:       "ReadCatalog",
			Effect:    iampolicy.Allow,
			Actions:   []string{"glue:GetDatabase", "glue:GetTable"},
			Resources: d.catalog(),
		},
		{
			Sid:       "ReadTables",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetObject"},
			Resources: []pulumi.StringInput{files},
		},
		{
			Sid:       "WriteResults",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"},
			Resources: []pulumi.StringInput{written},
		},
		{
			Sid:       "SeeBuckets",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
			Resources: []pulumi.StringInput{warehouse, results},
		},
		{
			Sid:        "DecryptTables",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{d.args.KeyARN},
			Conditions: d.place.ThroughS3(warehouse, files),
		},
		{
			Sid:        "EncryptResults",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{d.args.KeyARN},
			Conditions: d.place.ThroughS3(results, written),
		},
	}}
}

// catalog are the levels on which Glue asks for the permission: catalog, database, and each view and table.
func (d *Dashboard) catalog() []pulumi.StringInput {
	levels := []pulumi.StringInput{
		pulumi.String(d.place.ARN("glue", "catalog")), pulumi.Sprintf("%s/%s", d.place.ARN("glue", "database"), d.args.DatabaseName),
	}
	names := []string{metricviews.All, metricviews.Records, metricviews.Freshness, metricviews.Batches}
	for _, name := range append(names, tables...) {
		levels = append(levels, pulumi.Sprintf("%s/%s/%s", d.place.ARN("glue", "table"), d.args.DatabaseName, name))
	}
	return levels
}

func (d *Dashboard) bucketARN(name pulumi.StringInput) pulumi.StringOutput {
	return name.ToStringOutput().ApplyT(d.place.BucketARN).(pulumi.StringOutput)
}
