package warehouse_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/tests/mocks"
)

const (
	tableType     = "aws:glue/catalogTable:CatalogTable"
	optimizerType = "aws:glue/catalogTableOptimizer:CatalogTableOptimizer"
)

// tableNames are the logical names of the tables.
var tableNames = []string{"warehouse-live", "warehouse-gaps", "warehouse-batch", "warehouse-runs"}

// The jobs and the views read these names, types and places.
func TestTables(t *testing.T) {
	recording := up(t, nil)
	require.Len(t, recording.OfType(tableType), 4)
	for name, want := range map[string]struct {
		table   string
		columns []string
	}{
		"warehouse-live": {"metrics_live", []string{
			"metric string", "window_start timestamp", "dimensions string", "value double", "updated_at timestamp",
		}},
		"warehouse-gaps": {"metrics_gaps", []string{
			"checkpoint string", "batch_id bigint", "window_from timestamp", "window_to timestamp", "dropped_rows bigint", "noted_at timestamp",
		}},
		"warehouse-batch": {"metrics_batch", []string{
			"metric string", "window_start timestamp", "dimensions string", "value double", "updated_at timestamp",
		}},
		"warehouse-runs": {"batch_runs", []string{
			"run string", "state string", "range_from timestamp", "range_to timestamp", "cut_over timestamp", "objects bigint", "records bigint",
			"duplicates bigint", "rejected string", "version string", "started_at timestamp", "updated_at timestamp",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			table := recording.Named(t, name)
			assert.Equal(t, want.table, table.Get("name"))
			assert.Equal(t, "EXTERNAL_TABLE", table.Get("tableType"))
			assert.Equal(t, map[string]any{"icebergInput": map[string]any{"metadataOperation": "CREATE", "version": "2"}},
				table.Get("openTableFormatInput"))
			assert.Equal(t, "s3://warehouse-0a1b2c3/metrics/"+want.table, table.Get("storageDescriptor", "location"))
			var columns []string
			for _, c := range table.Get("storageDescriptor", "columns").([]any) {
				column := c.(map[string]any)
				columns = append(columns, column["name"].(string)+" "+column["type"].(string))
				assert.NotEmpty(t, column["comment"], column["name"])
			}
			assert.Equal(t, want.columns, columns)
		})
	}
}

// An update of the table that runs beside a commit of a job would undo the commit, and one alone would change Glue and
// not Iceberg (gh:hashicorp/terraform-provider-aws#36641). So there is never one: what changes in place is ignored, and the
// rest replaces the table.
func TestTablesAreNeverUpdated(t *testing.T) {
	replacing := map[string]bool{
		"catalogId": true, "databaseName": true, "name": true, "openTableFormatInput": true, "partitionIndices": true, "targetTable": true,
	}
	var inPlace []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[glue.CatalogTableArgs]()) {
		if key := strings.ToLower(field.Name[:1]) + field.Name[1:]; !replacing[key] {
			inPlace = append(inPlace, key)
		}
	}
	for _, table := range up(t, nil).OfType(tableType) {
		assert.ElementsMatch(t, inPlace, table.IgnoreChanges, table.Name)
	}
}

// An optimizer takes whatever it does not know under its table's location for an orphan.
func TestNoTableLiesWithinAnother(t *testing.T) {
	tables := up(t, nil).OfType(tableType)
	for _, table := range tables {
		for _, other := range tables {
			in := strings.HasPrefix(table.Get("storageDescriptor", "location").(string), other.Get("storageDescriptor", "location").(string))
			assert.Equal(t, table.Name == other.Name, in, "%s in %s", table.Name, other.Name)
		}
	}
}

func TestEveryTableHasItsOptimizers(t *testing.T) {
	recording := up(t, nil)
	require.Len(t, recording.OfType(optimizerType), 12)
	for table, name := range map[string]string{
		"warehouse-live": "metrics_live", "warehouse-gaps": "metrics_gaps", "warehouse-batch": "metrics_batch", "warehouse-runs": "batch_runs",
	} {
		for role, own := range map[string]map[string]any{
			"compaction": {},
			"retention": {"retentionConfiguration": map[string]any{"icebergConfiguration": map[string]any{
				"snapshotRetentionPeriodInDays": 1.0, "numberOfSnapshotsToRetain": 1.0, "cleanExpiredFiles": true,
			}}},
			"orphans": {"orphanFileDeletionConfiguration": map[string]any{"icebergConfiguration": map[string]any{
				"orphanFileRetentionPeriodInDays": 3.0, "location": "s3://warehouse-0a1b2c3/metrics/" + name,
			}}},
		} {
			t.Run(table+" "+role, func(t *testing.T) {
				optimizer := recording.Named(t, table+"-"+role)
				want := map[string]any{"enabled": true, "roleArn": "arn:aws:iam::111111111111:role/warehouse-optimizer-role-0a1b2c3"}
				for key, value := range own {
					want[key] = value
				}
				assert.Equal(t, want, optimizer.Get("configuration"))
				assert.Equal(t, name, optimizer.Get("tableName"))
				assert.Equal(t, "log_pipeline_test_warehouse", optimizer.Get("databaseName"))
				assert.Equal(t, mocks.AccountID, optimizer.Get("catalogId"))
				assert.Equal(t, map[string]string{
					"compaction": "compaction", "retention": "retention", "orphans": "orphan_file_deletion",
				}[role], optimizer.Get("type"))
				assert.True(t, optimizer.DependsOn(recording.Named(t, table)))
				assert.True(t, optimizer.DependsOn(recording.Named(t, "warehouse-optimizer-role-policy")), "Glue tries the role out")
			})
		}
	}
}

func TestRetentionMayBeGiven(t *testing.T) {
	recording := up(t, func(a *warehouse.Args) { a.SnapshotDays, a.OrphanDays = 7, 10 })
	for _, table := range tableNames {
		assert.EqualValues(t, 7, recording.Named(t, table+"-retention").Get(
			"configuration", "retentionConfiguration", "icebergConfiguration", "snapshotRetentionPeriodInDays"))
		assert.EqualValues(t, 10, recording.Named(t, table+"-orphans").Get(
			"configuration", "orphanFileDeletionConfiguration", "icebergConfiguration", "orphanFileRetentionPeriodInDays"))
	}
}

func TestOptimizerRole(t *testing.T) {
	recording := up(t, nil)
	mocks.Golden(t, "optimizer-role-policy.json", recording.Named(t, "warehouse-optimizer-role-policy").Get("policy").(string))
	mocks.Golden(t, "optimizer-role-trust.json", recording.Named(t, "warehouse-optimizer-role").Get("assumeRolePolicy").(string))
}

func TestOptimizerRoleIsOfThePartition(t *testing.T) {
	recording := up(t, func(a *warehouse.Args) { a.Region = "cn-north-1" })
	policy := recording.Named(t, "warehouse-optimizer-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{"arn:aws-cn:s3:::warehouse-0a1b2c3"}, policy.Named(t, "ListFiles").Resource)
	assert.Contains(t, policy.Named(t, "CommitToTables").Resource, "arn:aws-cn:glue:cn-north-1:111111111111:catalog")
}
