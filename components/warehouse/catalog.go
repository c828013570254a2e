package warehouse

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lakeformation"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
	"example.com/log-pipeline/internal/naming"
)

// allowedByIAM is Lake Formation's group of all whom IAM lets do something.
const allowedByIAM = "IAM_ALLOWED_PRINCIPALS"

// provisionDatabase makes the database, after what is given. It returns what has to be there before a table.
func (w *Warehouse) provisionDatabase(ctx *pulumi.Context, after []pulumi.Resource) ([]pulumi.Resource, error) {
	database, err := glue.NewCatalogDatabase(ctx, w.name+"-database", &glue.CatalogDatabaseArgs{
		Name:        pulumi.String(cmp.Or(w.args.NewDatabaseName, naming.Glue.Of(ctx.Project()+"-"+ctx.Stack()+"-"+w.name))),
		Description: pulumi.Sprintf("Metrics of %s, stack %s", ctx.Project(), ctx.Stack()),
		CreateTableDefaultPermissions: glue.CatalogDatabaseCreateTableDefaultPermissionArray{
			glue.CatalogDatabaseCreateTableDefaultPermissionArgs{
				Permissions: pulumi.StringArray{pulumi.String("ALL")},
				Principal: glue.CatalogDatabaseCreateTableDefaultPermissionPrincipalArgs{
					DataLakePrincipalIdentifier: pulumi.String(allowedByIAM),
				},
			},
		},
	}, append(w.stateful(), pulumi.DependsOn(after))...)
	if err != nil {
		return nil, fmt.Errorf("create database: %w", err)
	}
	w.DatabaseName, w.DatabaseARN = database.Name, database.Arn
	if !w.args.GrantToIAM {
		return []pulumi.Resource{database}, nil
	}
	grant, err := lakeformation.NewPermissions(ctx, w.name+"-database-grant", &lakeformation.PermissionsArgs{
		Principal:   pulumi.String(allowedByIAM),
		Permissions: pulumi.StringArray{pulumi.String("ALL")},
		Database:    lakeformation.PermissionsDatabaseArgs{Name: database.Name},
	}, w.neededByTheTables()...)
	if err != nil {
		return nil, fmt.Errorf("grant the database to IAM: %w", err)
	}
	return []pulumi.Resource{database, grant}, nil
}

// encryptCatalog encrypts the account's catalog where it is asked for. What it makes stays for ever: without the role nobody
// could read what the key has encrypted.
func (w *Warehouse) encryptCatalog(ctx *pulumi.Context) ([]pulumi.Resource, error) {
	if !w.args.EncryptCatalog {
		return nil, nil
	}
	forEver := []pulumi.ResourceOption{pulumi.Parent(w), pulumi.RetainOnDelete(true)}
	role, policy, err := iamrole.New(ctx, w.name+"-catalog", iamrole.Args{
		Description: "Glue encrypts and decrypts the Data Catalog of the account",
		Trust:       iampolicy.TrustGlue(),
		Permissions: w.catalogPermissions(),
	}, forEver...)
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	key := w.args.KeyARN.ToStringOutput().ToStringPtrOutput()
	settings, err := glue.NewDataCatalogEncryptionSettings(ctx, w.name+"-catalog-encryption", &glue.DataCatalogEncryptionSettingsArgs{
		DataCatalogEncryptionSettings: glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsArgs{
			EncryptionAtRest: glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsEncryptionAtRestArgs{
				// By a role of Glue's: otherwise everybody in the account who reads the catalog would need the key.
				CatalogEncryptionMode:        pulumi.String("SSE-KMS-WITH-SERVICE-ROLE"),
				CatalogEncryptionServiceRole: role.Arn,
				SseAwsKmsKeyId:               key,
			},
			ConnectionPasswordEncryption: glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsConnectionPasswordEncryptionArgs{
				ReturnConnectionPasswordEncrypted: pulumi.Bool(true),
				AwsKmsKeyId:                       key,
			},
		},
	}, append(forEver, pulumi.Protect(true), pulumi.DependsOn([]pulumi.Resource{policy}))...)
	if err != nil {
		return nil, fmt.Errorf("encrypt the catalog: %w", err)
	}
	return []pulumi.Resource{settings}, nil
}

// catalogPermissions have no encryption context: Glue's documentation names none for the catalog.
func (w *Warehouse) catalogPermissions() iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{
		Sid:       "EncryptCatalog",
		Effect:    iampolicy.Allow,
		Actions:   []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"},
		Resources: []pulumi.StringInput{w.args.KeyARN},
	}}}
}
