package stacks

import (
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

const (
	// lakeName is the component's logical name. A change renames every resource in it.
	lakeName = "lake"
	// recordPrefix begins the keys of the records in the raw bucket.
	recordPrefix = "logs/"
	// directPrefix begins there the keys of what Fluentd delivers itself.
	directPrefix = "direct/"
	// failedPrefix begins in the failed bucket the keys of what Fluentd cannot deliver.
	failedPrefix = "fluentd/"
)

// lakeConfig is where the data rests.
type lakeConfig struct {
	// Raw is the lifecycle of the raw objects. Default: 30, 90 and 365 days.
	Raw lake.RawLifecycle
}

func (c *lakeConfig) declare(s *settings.Section) {
	settings.Integer(s, &c.Raw.InfrequentAccessDays, "infrequentAccessDays", 30, lake.InfrequentAccessDays, "Days until raw objects move to STANDARD_IA.")
	settings.Integer(s, &c.Raw.ArchiveDays, "archiveDays", 90, lake.ArchiveDays, "Days until raw objects move to GLACIER_IR.")
	settings.Integer(s, &c.Raw.ExpiryDays, "expiryDays", 365, lake.ExpiryDays, "Days until raw objects are deleted.")
}

// lakeSources are where the lake's args come from.
var lakeSources = fault.Sources{
	"AccountID":            fault.From("accounts.data.id"),
	"Region":               fault.From("accounts.data.region"),
	"Raw":                  fault.From("lake"),
	"KeyAlias":             fault.From("namePrefix"),
	"Producers.AccountIDs": fault.From("stream.producerAccountIds"),
	"Producers.StreamName": fault.From("stream.name", "namePrefix"),
	"ForceDestroy":         fault.From("forceDestroy"),
	"Protect":              fault.From("protect"),
}

func (c *Config) lakeArgs() *lake.Args {
	raw := c.Lake.Raw
	raw.Prefix = recordPrefix
	// Whether Fluentd writes there or did so until yesterday.
	raw.DirectPrefix = directPrefix
	return &lake.Args{
		AccountID:    c.Accounts.Data.ID,
		Region:       c.Accounts.Data.Region,
		Raw:          raw,
		KeyAlias:     naming.KMSAlias.Of(c.NamePrefix + "-" + lakeName),
		Producers:    lake.Producers{AccountIDs: c.Stream.ProducerAccountIDs, StreamName: c.Stream.Name},
		ForceDestroy: c.ForceDestroy,
		Protect:      c.Protect,
	}
}
