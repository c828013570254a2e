package stacks

import (
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

const (
	// warehouseName is the component's logical name. A change renames every resource in it.
	warehouseName = "warehouse"
	// metricsDatabase ends the database's name, after namePrefix.
	metricsDatabase = "metrics"
)

// warehouseConfig is where the metrics rest.
type warehouseConfig struct {
	SnapshotDays, OrphanDays   int
	GrantToIAM, EncryptCatalog bool
}

func (c *warehouseConfig) declare(s *settings.Section) {
	settings.Integer(s, &c.SnapshotDays, "snapshotDays", warehouse.DefaultSnapshotDays, warehouse.SnapshotDays,
		"Days that the tables keep old snapshots, and so how far back a query can travel.")
	settings.Integer(s, &c.OrphanDays, "orphanDays", warehouse.DefaultOrphanDays, warehouse.OrphanDays,
		"Days until files that no snapshot names are deleted: longer than a commit may be retried.")
	settings.Boolean(s, &c.GrantToIAM, "grantToIam", false,
		"Grants the database to Lake Formation's group IAMAllowedPrincipals, for accounts whose Lake Formation defaults were taken away.")
	settings.Boolean(s, &c.EncryptCatalog, "encryptCatalog", false,
		"Encrypts the whole account's Data Catalog of the region with the lake's key, for good: nobody can read it once the key is gone. Needs protect.")
}

// warehouseSources are where the warehouse's args come from.
var warehouseSources = fault.Sources{
	"":                fault.From("warehouse"),
	"AccountID":       fault.From("accounts.data.id"),
	"Region":          fault.From("accounts.data.region"),
	"GrantToIAM":      fault.From("warehouse.grantToIam"),
	"BucketName":      fault.Wired,
	"KeyARN":          fault.Wired,
	"NewDatabaseName": fault.From("namePrefix"),
	"Protect":         fault.From("protect"),
}

// warehouseArgs are what is made of the configuration, and of the lake where there is one yet.
func (c *Config) warehouseArgs(store *lake.Lake) *warehouse.Args {
	args := &warehouse.Args{
		AccountID:       c.Accounts.Data.ID,
		Region:          c.Accounts.Data.Region,
		NewDatabaseName: naming.Glue.Of(c.NamePrefix + "-" + metricsDatabase),
		SnapshotDays:    c.Warehouse.SnapshotDays,
		OrphanDays:      c.Warehouse.OrphanDays,
		GrantToIAM:      c.Warehouse.GrantToIAM,
		EncryptCatalog:  c.Warehouse.EncryptCatalog,
		Protect:         c.Protect,
	}
	if store != nil {
		args.BucketName, args.KeyARN = store.Warehouse.Name, store.KeyARN
	}
	return args
}
