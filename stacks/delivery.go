package stacks

import (
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

const (
	// deliveryName is the component's logical name. A change renames every resource in it.
	deliveryName = "raw"

	warnOfSmallObjects  = "warn"
	refuseSmallObjects  = "refuse"
	defaultMinObjectMiB = 4
)

// deliveryConfig is the delivery to S3. The buffer is the user's choice: Config.Plan has what follows.
type deliveryConfig struct {
	BufferMiB, LogRetentionDays    int
	BufferSeconds                  *int
	CompressionRatio, MinObjectMiB float64
	SmallObjects                   string
	AppendDelimiter                bool
	Format                         string
	// Partitioning is nil where records are delivered by no key.
	Partitioning *delivery.Partitioning
}

func (c *deliveryConfig) declare(s *settings.Section) {
	settings.Integer(s, &c.BufferMiB, "bufferMiB", capacity.MaxBufferMiB, capacity.BufferMiB, "Size of the buffer in MiB, before compression.")
	settings.OptionalInteger(s, &c.BufferSeconds, "bufferSeconds", capacity.BufferSeconds,
		"Longest time in the buffer. Empty: the shortest whole minutes that make no small objects.")
	settings.Number(s, &c.CompressionRatio, "compressionRatio", capacity.DefaultCompressionRatio, capacity.CompressionRatio,
		"How many times smaller the raw objects are compressed.")
	settings.Number(s, &c.MinObjectMiB, "minObjectMiB", defaultMinObjectMiB, capacity.ObjectMiB,
		"Floor of the size of raw objects after compression, in MiB, at the mean rate; 0 for none.")
	settings.Text(s, &c.SmallObjects, "smallObjects", warnOfSmallObjects, fault.OneOf(warnOfSmallObjects, refuseSmallObjects),
		"What to do about raw objects under the floor.")
	settings.Boolean(s, &c.AppendDelimiter, "appendDelimiter", false,
		"Lets Firehose end each record with a newline, for writers that send none (Fluentd does).")
	settings.Text(s, &c.Format, "format", delivery.FormatJSON, delivery.Formats,
		"How raw objects hold records. Parquet has what has a column and no more, so that there is no batch then.")
	settings.Optional(s, &c.Partitioning, "partitioning", "Delivers records by a key of their own. Empty: by time alone.", declarePartitioning)
	settings.Integer(s, &c.LogRetentionDays, "logRetentionDays", delivery.DefaultLogRetentionDays, delivery.LogRetentionDays,
		"Days that CloudWatch Logs keeps the error log of the delivery.")
}

func declarePartitioning(p *delivery.Partitioning, s *settings.Section) {
	settings.Text(s, &p.Name, "name", "", delivery.PartitionName, "Name of the key, in the paths of objects and as a column of the table.").Required()
	settings.Text(s, &p.Query, "query", "", delivery.PartitionQuery, "Expression of jq 1.6 that gives each record's value.").Required()
	settings.List(s, &p.Values, "values", delivery.PartitionValue, "The values that it has. Empty: any, and each query of the table has to name one.")
}

// deliveryRules refuse what nothing could read: the batch takes the records as they came, by the hour of their arrival.
func (c *Config) deliveryRules(reading *settings.Reading) fault.List {
	const format, partitioning, batch = fault.Path("delivery.format"), fault.Path("delivery.partitioning"), fault.Path("batch.enabled")
	if !c.makesBatch() {
		return nil
	}
	return fault.Join(
		fault.When(c.Delivery.Format != delivery.FormatJSON, fault.Fault{
			Path: format, Given: c.Delivery.Format, Nearest: delivery.FormatJSON, Reads: []fault.Path{batch},
			Problem: fault.Problemf("the batch reads JSON alone: set %s to false, which leaves the live numbers, or keep JSON", batch),
		}),
		fault.When(reading.IsSet(partitioning), fault.Fault{
			Path: partitioning, Reads: []fault.Path{batch},
			Problem: fault.Problemf("the batch finds objects by their time alone: set %s to false, which leaves the live numbers, or leave the key out", batch),
		}),
	)
}

// deliverySources are where the delivery's args come from.
var deliverySources = fault.Sources{
	"":                       fault.From("delivery"),
	"AccountID":              fault.From("accounts.data.id"),
	"Region":                 fault.From("accounts.data.region"),
	"Source":                 fault.Wired,
	"Destination":            fault.Wired,
	"LogKeyARN":              fault.Wired,
	"Buffer.SizeMiB":         fault.From("delivery.bufferMiB"),
	"Buffer.IntervalSeconds": fault.From("delivery.bufferSeconds"),
	"Table.NewDatabaseName":  fault.From("namePrefix"),
	"Table.ObjectExpiryDays": fault.From("lake.expiryDays"),
}

// deliveryArgs are what is made of the configuration, and of lake and stream where there are any yet.
func (c *Config) deliveryArgs(store *lake.Lake, logs *stream.Stream) *delivery.S3Args {
	args := &delivery.S3Args{
		AccountID:        c.Accounts.Data.ID,
		Region:           c.Accounts.Data.Region,
		Destination:      delivery.Destination{Prefix: recordPrefix},
		Table:            delivery.Table{ObjectExpiryDays: c.Lake.Raw.ExpiryDays, NewDatabaseName: naming.Glue.Of(c.NamePrefix + "-" + deliveryName)},
		Format:           c.Delivery.Format,
		Partitioning:     c.Delivery.Partitioning,
		AppendDelimiter:  c.Delivery.AppendDelimiter,
		LogRetentionDays: c.Delivery.LogRetentionDays,
		Protect:          c.Protect,
	}
	if c.Plan.BufferMiB > 0 {
		args.Buffer = &delivery.Buffer{SizeMiB: c.Plan.BufferMiB, IntervalSeconds: c.Plan.BufferSeconds}
	}
	if store != nil && logs != nil {
		args.Source.StreamARN = logs.ARN
		args.Destination.BucketName, args.Destination.KeyARN, args.LogKeyARN = store.Raw.Name, store.KeyARN, store.KeyARN
	}
	return args
}
