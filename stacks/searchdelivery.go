package stacks

import (
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

const (
	// searchWriterName and searchDeliveryName are the components' logical names. A change renames every resource in them.
	searchWriterName   = "search-writer"
	searchDeliveryName = "search-delivery"
	// unsearchedPrefix begins in the failed bucket the keys of what OpenSearch did not take.
	unsearchedPrefix = "search/"
)

// searchDeliveryConfig is the delivery to OpenSearch.
type searchDeliveryConfig struct {
	BufferMiB, BufferSeconds, RetrySeconds int
	Backup                                 string
}

func (c *searchDeliveryConfig) declare(s *settings.Section) {
	settings.Integer(s, &c.BufferSeconds, "bufferSeconds", capacity.DefaultSearchBufferSeconds, capacity.SearchBufferSeconds, "Longest time in the buffer.")
	settings.Integer(s, &c.BufferMiB, "bufferMiB", capacity.DefaultSearchBufferMiB, capacity.SearchBufferMiB, "Size of the buffer in MiB.")
	settings.Integer(s, &c.RetrySeconds, "retrySeconds", delivery.DefaultSearchRetrySeconds, delivery.SearchRetrySeconds,
		"How long Firehose tries again what OpenSearch does not take, before it goes to the failed bucket.")
	settings.Text(s, &c.Backup, "backup", delivery.BackupFailed, delivery.BackupModes,
		"What goes to the failed bucket: what OpenSearch does not take, or all too, for a year. It is fixed when the delivery stream is made.")
}

// searchDeliverySources are where the args of the delivery to OpenSearch come from.
var searchDeliverySources = fault.Sources{
	"":                         fault.From("search.delivery"),
	"AccountID":                fault.From("accounts.data.id"),
	"Region":                   fault.From("accounts.data.region"),
	"Source":                   fault.Wired,
	"Role":                     fault.Wired,
	"DomainARN":                fault.Wired,
	"IndexName":                fault.From("search.indexName"),
	"Rotation":                 fault.From("search.rotation"),
	"Buffer.SizeMiB":           fault.From("search.delivery.bufferMiB"),
	"Buffer.IntervalSeconds":   fault.From("search.delivery.bufferSeconds"),
	"RetrySeconds":             fault.From("search.delivery.retrySeconds"),
	"Backup.Mode":              fault.From("search.delivery.backup"),
	"Backup.BucketName":        fault.Wired,
	"Backup.KeyARN":            fault.Wired,
	"Network":                  fault.From("search.network"),
	"Network.SubnetIDs":        fault.From("search.network.subnets"),
	"Network.SecurityGroupIDs": fault.From("search.network.clientSecurityGroupIds", "search.network.clientSecurityGroupIds"),
	"LogRetentionDays":         fault.From("search.logRetentionDays"),
	"LogKeyARN":                fault.Wired,
	"Protect":                  fault.From("protect"),
}

// searchWriterArgs are the role that Firehose writes to the domain as.
func (c *Config) searchWriterArgs() *delivery.WriterArgs {
	return &delivery.WriterArgs{AccountID: c.Accounts.Data.ID, Region: c.Accounts.Data.Region, Protect: c.Protect}
}

// searchDeliveryArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) searchDeliveryArgs(data *dataSide) *delivery.SearchArgs {
	chosen := c.Search.Delivery
	args := &delivery.SearchArgs{
		AccountID:        c.Accounts.Data.ID,
		Region:           c.Accounts.Data.Region,
		IndexName:        c.Search.IndexName,
		Rotation:         c.Search.Choice.Rotation,
		Buffer:           &delivery.Buffer{SizeMiB: chosen.BufferMiB, IntervalSeconds: chosen.BufferSeconds},
		RetrySeconds:     &chosen.RetrySeconds,
		Backup:           delivery.Backup{Mode: chosen.Backup, Prefix: unsearchedPrefix},
		LogRetentionDays: c.Search.LogRetentionDays,
		Protect:          c.Protect,
	}
	if n := c.Search.Network; n != nil {
		args.Network = &delivery.Network{SubnetIDs: n.SubnetIDs(), SecurityGroupIDs: n.ClientSecurityGroupIDs}
	}
	if data != nil {
		args.Source.StreamARN = data.logs.ARN
		args.Role = delivery.SearchRole{Name: data.searchWriter.RoleName, ARN: data.searchWriter.RoleARN}
		args.DomainARN = data.search.DomainARN
		args.Backup.BucketName, args.Backup.KeyARN, args.LogKeyARN = data.store.Failed.Name, data.store.KeyARN, data.store.KeyARN
		args.After = data.search.Ready()
	}
	return args
}
