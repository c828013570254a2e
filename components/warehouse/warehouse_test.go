package warehouse_test

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN    = "arn:aws:kms:eu-central-1:111111111111:key/k"
	grantType = "aws:lakeformation/permissions:Permissions"
)

func minimal() *warehouse.Args {
	return &warehouse.Args{
		AccountID: mocks.AccountID, Region: mocks.Region,
		BucketName: pulumi.String("warehouse-0a1b2c3"), KeyARN: pulumi.String(keyARN),
	}
}

func create(args *warehouse.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := warehouse.New(ctx, "warehouse", args)
		return err
	})
}

func up(t *testing.T, change func(*warehouse.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

// Auto-naming's hyphens would have to be quoted in every query, and a name that is given outlasts a rename of the stack.
func TestNameOfTheDatabase(t *testing.T) {
	assert.Equal(t, "log_pipeline_test_warehouse", up(t, nil).Named(t, "warehouse-database").Get("name"))
	given := up(t, func(a *warehouse.Args) { a.NewDatabaseName = "team_a_metrics" })
	assert.Equal(t, "team_a_metrics", given.Named(t, "warehouse-database").Get("name"))
	for _, table := range tableNames {
		assert.Equal(t, "team_a_metrics", given.Named(t, table).Get("databaseName"))
	}
}

// The tables are IAM's in a new account, and where Lake Formation's defaults were taken away.
func TestTablesAreReadableByIAMWhateverTheAccountsDefaults(t *testing.T) {
	recording := up(t, nil)
	assert.Equal(t, []any{map[string]any{
		"permissions": []any{"ALL"}, "principal": map[string]any{"dataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
	}}, recording.Named(t, "warehouse-database").Get("createTableDefaultPermissions"))
	assert.Empty(t, recording.OfType(grantType), "a new account needs no call of Lake Formation, and no permission for it")
}

func TestDatabaseIsGrantedToIAMOnlyIfAskedForAndBeforeTheTables(t *testing.T) {
	recording := up(t, func(a *warehouse.Args) { a.GrantToIAM = true })
	grant := recording.Named(t, "warehouse-database-grant")
	assert.Equal(t, "IAM_ALLOWED_PRINCIPALS", grant.Get("principal"))
	assert.Equal(t, []any{"ALL"}, grant.Get("permissions"))
	assert.Equal(t, "log_pipeline_test_warehouse", grant.Get("database", "name"))
	for _, table := range tableNames {
		assert.True(t, recording.Named(t, table).DependsOn(grant))
	}
}

// Everybody's metadata is unreadable without the key: the setting and its role are never taken back.
func TestCatalogIsEncryptedOnlyIfAskedForAndForEver(t *testing.T) {
	recording := up(t, func(a *warehouse.Args) { a.EncryptCatalog, a.Protect = true, true })
	settings := recording.Named(t, "warehouse-catalog-encryption")
	role := recording.Named(t, "warehouse-catalog-role")
	assert.Equal(t, map[string]any{
		"encryptionAtRest": map[string]any{
			"catalogEncryptionMode":        "SSE-KMS-WITH-SERVICE-ROLE",
			"catalogEncryptionServiceRole": "arn:aws:iam::111111111111:role/warehouse-catalog-role-0a1b2c3",
			"sseAwsKmsKeyId":               keyARN,
		},
		"connectionPasswordEncryption": map[string]any{"returnConnectionPasswordEncrypted": true, "awsKmsKeyId": keyARN},
	}, settings.Get("dataCatalogEncryptionSettings"))
	policy := recording.Named(t, "warehouse-catalog-role-policy")
	mocks.Golden(t, "catalog-role-policy.json", policy.Get("policy").(string))
	for _, r := range []mocks.Resource{settings, role, policy} {
		assert.True(t, r.RetainOnDelete, r.Name)
	}
	assert.True(t, settings.Protect)
	assert.True(t, settings.DependsOn(policy), "Glue uses the role at once")
	assert.True(t, recording.Named(t, "warehouse-database").DependsOn(settings), "the database is encrypted too")

	for _, r := range up(t, func(a *warehouse.Args) { a.Protect = true }).All() {
		assert.NotContains(t, r.Name, "catalog")
	}
}

func TestProtectedTablesGoOnBeingOptimized(t *testing.T) {
	stateful := append([]string{"warehouse-database"}, tableNames...)
	for _, r := range up(t, func(a *warehouse.Args) { a.Protect, a.GrantToIAM = true, true }).All() {
		if !r.Custom {
			continue
		}
		assert.Equal(t, slices.Contains(stateful, r.Name), r.Protect, r.Name)
		assert.True(t, r.RetainOnDelete, r.Name)
	}
}

func TestOutputs(t *testing.T) {
	known := map[string]any{}
	var ready []string
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		w, err := warehouse.New(ctx, "warehouse", minimal())
		if err != nil {
			return err
		}
		for key, output := range component.Outputs(w) {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), output.(pulumi.Output))
			if err != nil {
				return err
			}
			known[key] = result.Value
		}
		for _, r := range w.Ready() {
			urn, err := internals.UnsafeAwaitOutput(ctx.Context(), r.URN())
			if err != nil {
				return err
			}
			ready = append(ready, resource.URN(urn.Value.(pulumi.URN)).Name())
		}
		return nil
	})
	require.NoError(t, err)
	const glue = "arn:aws:glue:eu-central-1:111111111111:"
	assert.Equal(t, map[string]any{
		"databaseName":     "log_pipeline_test_warehouse",
		"databaseArn":      glue + "database/log_pipeline_test_warehouse",
		"liveTableName":    "metrics_live",
		"liveTableArn":     glue + "table/log_pipeline_test_warehouse/metrics_live",
		"gapsTableName":    "metrics_gaps",
		"gapsTableArn":     glue + "table/log_pipeline_test_warehouse/metrics_gaps",
		"batchTableName":   "metrics_batch",
		"batchTableArn":    glue + "table/log_pipeline_test_warehouse/metrics_batch",
		"runsTableName":    "batch_runs",
		"runsTableArn":     glue + "table/log_pipeline_test_warehouse/batch_runs",
		"location":         "s3://warehouse-0a1b2c3/metrics/",
		"optimizerRoleArn": "arn:aws:iam::111111111111:role/warehouse-optimizer-role-0a1b2c3",
	}, known)
	assert.Equal(t, tableNames, ready)
}

func TestCallersArgsStayAsTheyAre(t *testing.T) {
	args := minimal()
	_, err := create(args)
	require.NoError(t, err)
	assert.Equal(t, minimal(), args)
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*warehouse.Args)
		want   string
	}{
		"account":       {func(a *warehouse.Args) { a.AccountID = "1" }, `AccountID: not allowed`},
		"region":        {func(a *warehouse.Args) { a.Region = "" }, "Region: not set, but required"},
		"no bucket":     {func(a *warehouse.Args) { a.BucketName = nil }, "BucketName: not set, but required; allowed: the name of an S3 bucket"},
		"no key":        {func(a *warehouse.Args) { a.KeyARN = nil }, "KeyARN: not set, but required"},
		"database name": {func(a *warehouse.Args) { a.NewDatabaseName = "my-metrics" }, `NewDatabaseName: not allowed (given: "my-metrics"); allowed: 1 to 255 lower-case letters`},
		"snapshots":     {func(a *warehouse.Args) { a.SnapshotDays = -1 }, `SnapshotDays: out of range (given: "-1"); allowed: an integer from 1 to 36500`},
		"orphans":       {func(a *warehouse.Args) { a.OrphanDays = -1 }, `OrphanDays: out of range (given: "-1"); allowed: an integer from 1 to 36500`},
		"encryption of the account by a key that may go": {
			func(a *warehouse.Args) { a.EncryptCatalog = true },
			`EncryptCatalog: needs Protect: without the key nobody can read the account's catalog any more (given: "true")`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `warehouse "warehouse": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All())
		})
	}
}

func TestNameThatMakesNoRole(t *testing.T) {
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := warehouse.New(ctx, "a-name-that-is-far-too-long-for-a-role-of-the-optimizers", minimal())
		return err
	})
	require.ErrorContains(t, err, "makes the name")
}
