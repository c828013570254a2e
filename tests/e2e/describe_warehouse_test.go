//go:build localcloud

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

// describeIcebergTable reads the metadata that the table points to, as an
// engine does that opens it.
func describeIcebergTable(ctx context.Context, t *testing.T, a *api, table *gluetypes.Table) {
	t.Helper()
	assert.Equal(t, "ICEBERG", table.Parameters["table_type"])
	location := table.Parameters["metadata_location"]
	require.True(t, strings.HasPrefix(location, *table.StorageDescriptor.Location+"/metadata/"), "the metadata is at %s", location)
	bucket, key, _ := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	_, err := a.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err)
}

func describeOptimizer(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	kind := gluetypes.TableOptimizerType(*text(t, r, "type"))
	answer, err := a.glue.GetTableOptimizer(ctx, &glue.GetTableOptimizerInput{
		CatalogId: aws.String(dataAccount), DatabaseName: text(t, r, "databaseName"), TableName: text(t, r, "tableName"), Type: kind,
	})
	require.NoError(t, err)
	is := answer.TableOptimizer.Configuration
	assert.True(t, *is.Enabled)
	assert.Contains(t, *is.RoleArn, ":role/warehouse-optimizer-role-")
	switch kind {
	case gluetypes.TableOptimizerTypeRetention:
		assert.EqualValues(t, 1, *is.RetentionConfiguration.IcebergConfiguration.SnapshotRetentionPeriodInDays)
		assert.True(t, *is.RetentionConfiguration.IcebergConfiguration.CleanExpiredFiles)
	case gluetypes.TableOptimizerTypeOrphanFileDeletion:
		assert.EqualValues(t, 3, *is.OrphanFileDeletionConfiguration.IcebergConfiguration.OrphanFileRetentionPeriodInDays)
		assert.Contains(t, *is.OrphanFileDeletionConfiguration.IcebergConfiguration.Location, "/metrics/"+*text(t, r, "tableName"))
	}
}

func describeGrant(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	database := r.Outputs["database"].(map[string]any)["name"].(string)
	answer, err := a.lakeformation.ListPermissions(ctx, &lakeformation.ListPermissionsInput{
		Resource: &lftypes.Resource{Database: &lftypes.DatabaseResource{Name: &database}},
	})
	require.NoError(t, err)
	require.Len(t, answer.PrincipalResourcePermissions, 1)
	grant := answer.PrincipalResourcePermissions[0]
	assert.Equal(t, "IAM_ALLOWED_PRINCIPALS", *grant.Principal.DataLakePrincipalIdentifier)
	assert.Equal(t, []lftypes.Permission{lftypes.PermissionAll}, grant.Permissions)
}

// commit does to Glue's entry of a table what Iceberg's commits do to it when
// they have added a column.
func (a *api) commit(ctx context.Context, t *testing.T, database, name *string) {
	t.Helper()
	answer, err := a.glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: database, Name: name})
	require.NoError(t, err)
	is := answer.Table
	now := is.Parameters["metadata_location"]
	is.Parameters["previous_metadata_location"] = now
	is.Parameters["metadata_location"] = strings.Replace(now, "/metadata/00000-", "/metadata/00001-", 1)
	_, err = a.glue.UpdateTable(ctx, &glue.UpdateTableInput{
		DatabaseName: database, VersionId: is.VersionId,
		TableInput: &gluetypes.TableInput{
			Name: name, Description: is.Description, TableType: is.TableType, Parameters: is.Parameters,
			StorageDescriptor: &gluetypes.StorageDescriptor{
				Location: is.StorageDescriptor.Location, AdditionalLocations: []string{},
				Columns: append(is.StorageDescriptor.Columns, gluetypes.Column{Name: aws.String("samples"), Type: aws.String("bigint")}),
			},
		},
	})
	require.NoError(t, err)
}
