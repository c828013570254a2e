package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/tests/mocks"
)

// metricsWarehouse does not encrypt the account's catalog, which is never to be taken back and so needs Protect.
var metricsWarehouse = swept(warehouse.Type, warehouse.New,
	&warehouse.Args{
		AccountID: mocks.AccountID, Region: mocks.Region,
		BucketName: pulumi.String("warehouse-0a1b2c3").ToStringOutput(), KeyARN: pulumi.String(keyARN),
		GrantToIAM: true,
	},
	&warehouse.Args{
		AccountID: "1", Region: "moon-1", NewDatabaseName: "my-metrics", SnapshotDays: -1, OrphanDays: -1, EncryptCatalog: true,
	},
	"AccountID", "Region", "BucketName", "KeyARN", "NewDatabaseName", "SnapshotDays", "OrphanDays", "EncryptCatalog",
)

// warehouseTogether makes the warehouse as the pipeline does, in its own lake.
func warehouseTogether(ctx *pulumi.Context, l *lake.Lake) (*warehouse.Warehouse, error) {
	return warehouse.New(ctx, "metrics", &warehouse.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, BucketName: l.Warehouse.Name, KeyARN: l.KeyARN,
	})
}
