package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

var metricQueries = swept(query.Type, query.New,
	&query.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN),
		ResultsBucketName: pulumi.String("results-0a1b2c3").ToStringOutput(), DatabaseName: pulumi.String("team_metrics").ToStringOutput(),
		Spec: metricspec.Default(),
	},
	&query.Args{AccountID: "1", Region: "moon-1", BytesScannedCutoff: 1, ForceDestroy: true, Protect: true},
	"AccountID", "Region", "KeyARN", "ResultsBucketName", "DatabaseName", "Spec", "BytesScannedCutoff", "ForceDestroy",
)

// metricsDashboard has a copy in SPICE, with its refresh, and a role of QuickSight's that it permits to read.
var metricsDashboard = swept(dashboard.Type, dashboard.New,
	&dashboard.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN), Spec: metricspec.Default(),
		WorkGroupName: pulumi.String("team-metrics").ToStringOutput(), DatabaseName: pulumi.String("team_metrics").ToStringOutput(),
		WarehouseBucketName: pulumi.String("warehouse-0a1b2c3").ToStringOutput(),
		ResultsBucketName:   pulumi.String("results-0a1b2c3").ToStringOutput(),
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3").ToStringOutput(),
		Access:              dashboard.Access{Owners: []string{"analysts"}, Readers: []string{"everybody"}},
		ServiceRoleNames:    []string{"aws-quicksight-service-role-v0"},
		ImportMode:          dashboard.SPICE,
	},
	&dashboard.Args{
		AccountID: "1", Region: "moon-1", Title: "\n", IDPrefix: "a b",
		Access:           dashboard.Access{Readers: []string{"a/b"}, Namespace: "a b", IdentityRegion: "moon-1"},
		ServiceRoleNames: []string{"a b"}, ImportMode: dashboard.SPICE, Refresh: dashboard.Refresh{Minutes: 5, LookbackHours: -1},
	},
	"AccountID", "Region", "KeyARN", "Spec", "Title", "WorkGroupName", "DatabaseName", "WarehouseBucketName", "ResultsBucketName",
	"ArtifactsBucketName", "Access.Owners", "Access.Readers", "Access.Namespace", "Access.IdentityRegion", "ServiceRoleNames",
	"Refresh.Minutes", "Refresh.LookbackHours", "IDPrefix",
)

// reportsTogether makes queries and dashboard as the pipeline does, on its own tables.
func reportsTogether(ctx *pulumi.Context, l *lake.Lake, w *warehouse.Warehouse) error {
	q, err := query.New(ctx, "query", &query.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: l.KeyARN, ResultsBucketName: l.Results.Name, DatabaseName: w.DatabaseName,
		Spec: metricspec.Default(), After: w.Ready(),
	})
	if err != nil {
		return err
	}
	_, err = dashboard.New(ctx, "dashboard", &dashboard.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: l.KeyARN, Spec: metricspec.Default(),
		WorkGroupName: q.WorkGroupName, DatabaseName: w.DatabaseName, WarehouseBucketName: l.Warehouse.Name, ResultsBucketName: l.Results.Name,
		ArtifactsBucketName: l.Artifacts.Name, Access: dashboard.Access{Owners: []string{"analysts"}}, After: q.Ready(),
	})
	return err
}
