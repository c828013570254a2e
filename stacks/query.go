package stacks

import (
	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

// queryName is the component's logical name. A change renames every resource in it.
const queryName = "query"

// queryConfig is how Athena is asked.
type queryConfig struct{ BytesScannedCutoff int }

func (c *queryConfig) declare(s *settings.Section) {
	settings.Integer(s, &c.BytesScannedCutoff, "bytesScannedCutoff", query.DefaultBytesScannedCutoff, query.BytesScannedCutoff,
		"Bytes that a query of Athena reads at most; it is ended then.")
}

// querySettings are all of the section.
var querySettings = fault.Path("query").Fields("bytesScannedCutoff")

func (c *Config) queryRules(reading *settings.Reading) fault.List {
	if c.Metrics.Enabled {
		return nil
	}
	return noEffects(reading, querySettings, "metrics.enabled")
}

// querySources are where the args of the queries come from.
var querySources = fault.Sources{
	"":                   fault.From("query"),
	"AccountID":          fault.From("accounts.data.id"),
	"Region":             fault.From("accounts.data.region"),
	"KeyARN":             fault.Wired,
	"ResultsBucketName":  fault.Wired,
	"DatabaseName":       fault.Wired,
	"Spec":               fault.From("metrics.specFile"),
	"BytesScannedCutoff": fault.From("query.bytesScannedCutoff"),
	"ForceDestroy":       fault.From("forceDestroy"),
	"Protect":            fault.From("protect"),
}

func (c *Config) checkQuery() fault.List {
	if c.Metrics.Spec == nil {
		return nil
	}
	return c.queryArgs(nil).Check(queryName).From(querySources)
}

// queryArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) queryArgs(data *dataSide) *query.Args {
	args := &query.Args{
		AccountID:          c.Accounts.Data.ID,
		Region:             c.Accounts.Data.Region,
		Spec:               c.Metrics.Spec,
		BytesScannedCutoff: c.Query.BytesScannedCutoff,
		ForceDestroy:       c.ForceDestroy,
		Protect:            c.Protect,
	}
	if data != nil {
		args.KeyARN, args.ResultsBucketName = data.store.KeyARN, data.store.Results.Name
		args.DatabaseName, args.After = data.tables.DatabaseName, data.tables.Ready()
	}
	return args
}
