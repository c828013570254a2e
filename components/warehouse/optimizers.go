package warehouse

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// optimizer is one of a table's three.
type optimizer struct {
	// role is the end of the logical name.
	role, typ string
	// retention and orphans are those of the one optimizer that has such.
	retention glue.CatalogTableOptimizerConfigurationRetentionConfigurationPtrInput
	orphans   glue.CatalogTableOptimizerConfigurationOrphanFileDeletionConfigurationPtrInput
}

// optimizersOf say all that the provider reads back: what is left to a default of Glue's is a difference for ever.
func (w *Warehouse) optimizersOf(t table) []optimizer {
	return []optimizer{
		{role: "compaction", typ: "compaction"},
		{
			role: "retention", typ: "retention",
			retention: glue.CatalogTableOptimizerConfigurationRetentionConfigurationArgs{
				IcebergConfiguration: glue.CatalogTableOptimizerConfigurationRetentionConfigurationIcebergConfigurationArgs{
					SnapshotRetentionPeriodInDays: pulumi.Int(w.args.SnapshotDays),
					// The table's state now, however old.
					NumberOfSnapshotsToRetain: pulumi.Int(1),
					CleanExpiredFiles:         pulumi.Bool(true),
				},
			},
		},
		{
			role: "orphans", typ: "orphan_file_deletion",
			orphans: glue.CatalogTableOptimizerConfigurationOrphanFileDeletionConfigurationArgs{
				IcebergConfiguration: glue.CatalogTableOptimizerConfigurationOrphanFileDeletionConfigurationIcebergConfigurationArgs{
					OrphanFileRetentionPeriodInDays: pulumi.Int(w.args.OrphanDays),
					Location:                        w.locationOf(t),
				},
			},
		},
	}
}

func (w *Warehouse) provisionOptimizers(
	ctx *pulumi.Context, t table, made *glue.CatalogTable, role *iam.Role, policy *iam.RolePolicy,
) error {
	for _, o := range w.optimizersOf(t) {
		_, err := glue.NewCatalogTableOptimizer(ctx, w.name+"-"+t.role+"-"+o.role, &glue.CatalogTableOptimizerArgs{
			CatalogId:    pulumi.String(w.args.AccountID),
			DatabaseName: made.DatabaseName,
			TableName:    made.Name,
			Type:         pulumi.String(o.typ),
			Configuration: glue.CatalogTableOptimizerConfigurationArgs{
				Enabled:                         pulumi.Bool(true),
				RoleArn:                         role.Arn,
				RetentionConfiguration:          o.retention,
				OrphanFileDeletionConfiguration: o.orphans,
			},
			// The policy is not among the inputs, but Glue tries the role out.
		}, w.neededByTheTables(policy)...)
		if err != nil {
			return fmt.Errorf("create optimizer %s: %w", o.typ, err)
		}
	}
	return nil
}

func (w *Warehouse) provisionRole(ctx *pulumi.Context) (*iam.Role, *iam.RolePolicy, error) {
	role, policy, err := iamrole.New(ctx, w.name+"-optimizer", iamrole.Args{
		Description: fmt.Sprintf("Glue optimizes the tables of %s", w.name),
		Trust:       iampolicy.TrustGlue(),
		Permissions: w.optimizerPermissions(),
	}, w.neededByTheTables()...)
	if err != nil {
		return nil, nil, err
	}
	w.OptimizerRoleARN = role.Arn
	return role, policy, nil
}

// optimizerPermissions are those of docs.aws.amazon.com/glue/latest/dg/optimization-prerequisites.html for data that is not
// registered with Lake Formation, for the tables' own prefixes.
func (w *Warehouse) optimizerPermissions() iampolicy.Document {
	bucket := w.bucketARN()
	entries := []pulumi.StringInput{
		pulumi.String(w.place.ARN("glue", "catalog")),
		w.DatabaseARN,
	}
	var objects []pulumi.StringInput
	for _, t := range tables {
		entries = append(entries, w.tableARN(t))
		objects = append(objects, pulumi.Sprintf("%s/%s%s/*", bucket, prefix, t.name))
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{
		{
			Sid:       "RewriteFiles",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
			Resources: objects,
		},
		{
			Sid:       "ListFiles",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:ListBucket"},
			Resources: []pulumi.StringInput{bucket},
		},
		{
			Sid:        "EncryptFiles",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{w.args.KeyARN},
			Conditions: w.place.ThroughS3(bucket, objects...),
		},
		{
			Sid:       "CommitToTables",
			Effect:    iampolicy.Allow,
			Actions:   []string{"glue:GetTable", "glue:UpdateTable"},
			Resources: entries,
		},
		{
			Sid:       "LogRuns",
			Effect:    iampolicy.Allow,
			Actions:   []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: w.optimizerLogs(),
		},
	}}
}

// tableARN is the ARN that a table has once it exists: the tables' own would have the role wait for them.
func (w *Warehouse) tableARN(t table) pulumi.StringOutput {
	return w.DatabaseName.ApplyT(func(database string) string {
		return w.place.ARN("glue", "table/"+database+"/"+t.name)
	}).(pulumi.StringOutput)
}

// optimizerLogs are the log groups of the three optimizers, in which all tables of the account have their log streams.
func (w *Warehouse) optimizerLogs() []pulumi.StringInput {
	var groups []pulumi.StringInput
	for _, kind := range []string{"compaction", "retention", "orphan-file-deletion"} {
		groups = append(groups, pulumi.String(w.place.ARN("logs", "log-group:/aws-glue/iceberg-"+kind+"/logs:*")))
	}
	return groups
}
