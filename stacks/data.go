package stacks

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/iampolicy"
)

const (
	// recordPrefix begins the keys of the records in the raw bucket.
	recordPrefix = "logs/"
	// directPrefix begins there the keys of what Fluentd delivers itself.
	directPrefix = "direct/"
	// failedPrefix begins in the failed bucket the keys of what Fluentd cannot deliver.
	failedPrefix = "fluentd/"
)

// dataSide is the data account's half.
type dataSide struct {
	store *lake.Lake
	logs  *stream.Stream
	raw   *delivery.S3
	// writer is nil where nobody is to write, and reader where nobody is to read.
	writer *access.Writer
	reader *access.Reader
}

// deployData makes the data account's half: nil where it is made elsewhere.
func deployData(ctx *pulumi.Context, config *Config, providers *Providers) (*dataSide, error) {
	if !config.Access.makesData() {
		return nil, nil
	}
	in := pulumi.Providers(providers.Data)
	var d dataSide
	var err error
	if d.store, err = lake.New(ctx, "lake", config.lakeArgs(), in); err != nil {
		return nil, err
	}
	if d.logs, err = stream.New(ctx, "logs", config.streamArgs(d.store), in); err != nil {
		return nil, err
	}
	if d.raw, err = delivery.NewS3(ctx, "raw", config.deliveryArgs(d.store, d.logs), in); err != nil {
		return nil, err
	}
	if len(config.Access.ProducerRoleARNs) > 0 {
		args, err := config.writerArgs(d.store, d.logs)
		if err != nil {
			return nil, err
		}
		args.After = []pulumi.Resource{d.raw}
		if d.writer, err = access.NewWriter(ctx, "writer", args, in); err != nil {
			return nil, err
		}
	}
	if len(config.Access.ReaderRoleARNs) > 0 {
		if d.reader, err = access.NewReader(ctx, "reader", config.readerArgs(d.store, d.raw), in); err != nil {
			return nil, err
		}
	}
	return &d, nil
}

func (c *Config) lakeArgs() *lake.Args {
	raw := c.Raw
	raw.Prefix = recordPrefix
	// Whether Fluentd writes there or did so until yesterday.
	raw.DirectPrefix = directPrefix
	return &lake.Args{
		AccountID: c.Data.ID,
		Region:    c.Data.Region,
		Raw:       raw,
		Producers: lake.Producers{
			AccountIDs: c.Stream.ProducerAccountIDs,
			StreamName: c.Stream.Name,
		},
		ForceDestroy: c.ForceDestroy,
		Protect:      c.Protect,
	}
}

func (c *Config) streamArgs(store *lake.Lake) *stream.Args {
	return &stream.Args{
		StreamName:     c.Stream.Name,
		KeyARN:         store.KeyARN,
		Mode:           stream.Mode(c.Plan.Mode),
		ShardCount:     c.Plan.Shards,
		RetentionHours: c.Stream.RetentionHours,
		Consumers:      c.Stream.FanOutConsumers,
		Protect:        c.Protect,
	}
}

func (c *Config) deliveryArgs(store *lake.Lake, logs *stream.Stream) *delivery.S3Args {
	return &delivery.S3Args{
		AccountID:        c.Data.ID,
		Region:           c.Data.Region,
		Source:           delivery.Source{StreamARN: logs.ARN},
		Destination:      delivery.Destination{BucketName: store.Raw.Name, Prefix: recordPrefix, KeyARN: store.KeyARN},
		Buffer:           &delivery.Buffer{SizeMiB: c.Plan.BufferMiB, IntervalSeconds: c.Plan.BufferSeconds},
		Table:            delivery.Table{ObjectExpiryDays: c.Raw.ExpiryDays},
		AppendDelimiter:  c.Delivery.AppendDelimiter,
		LogRetentionDays: c.Delivery.LogRetentionDays,
		LogKeyARN:        store.KeyARN,
		Protect:          c.Protect,
	}
}

func (c *Config) writerArgs(store *lake.Lake, logs *stream.Stream) (*access.WriterArgs, error) {
	place, err := iampolicy.NewPlace(c.Data.ID, c.Data.Region)
	if err != nil {
		return nil, err
	}
	args := &access.WriterArgs{
		AccountID:  c.Data.ID,
		Region:     c.Data.Region,
		RoleName:   c.Access.WriterRoleName,
		Producers:  c.Access.ProducerRoleARNs,
		ExternalID: c.Access.WriterExternalID,
		StreamARN:  logs.ARN,
		KeyARN:     store.KeyARN,
		Objects:    []access.ObjectTarget{{BucketName: store.Failed.Name, Prefix: failedPrefix, KeyARN: store.KeyARN}},
	}
	if slices.Contains(c.Logging.Outputs, outputS3) {
		args.Objects = append(args.Objects, access.ObjectTarget{BucketName: store.Raw.Name, Prefix: directPrefix, KeyARN: store.KeyARN})
	}
	if c.Logging.FirehoseName != "" {
		args.DeliveryStreamARN = pulumi.String(place.ARN("firehose", "deliverystream/"+c.Logging.FirehoseName))
	}
	return args, nil
}

func (c *Config) readerArgs(store *lake.Lake, raw *delivery.S3) *access.ReaderArgs {
	return &access.ReaderArgs{
		AccountID:  c.Data.ID,
		Region:     c.Data.Region,
		RoleName:   c.Access.ReaderRoleName,
		Readers:    c.Access.ReaderRoleARNs,
		ExternalID: c.Access.ReaderExternalID,
		Raw: &access.ObjectSource{
			BucketName:   store.Raw.Name,
			Prefix:       recordPrefix,
			KeyARN:       store.KeyARN,
			DatabaseName: raw.DatabaseName,
			TableName:    raw.TableName,
		},
	}
}
