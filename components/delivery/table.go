package delivery

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/naming"
)

const (
	// partitionDate and partitionHour are the partition keys, in the prefix and in the table.
	partitionDate = "dt"
	partitionHour = "hour"

	// endlessDays is how far back a table looks whose objects never expire.
	endlessDays = 3650
	// expiryMarginDays: S3 expires at the midnight that follows, and an object's partition is its oldest record's
	// arrival, which Firehose may have retried for a day.
	expiryMarginDays = 2
)

// provisionTable makes the table and, unless it is given, its database. Their names are set: auto-naming's hyphens would
// have to be quoted in every query.
func (d *S3) provisionTable(ctx *pulumi.Context) error {
	database, err := d.provisionDatabase(ctx)
	if err != nil {
		return err
	}
	bucket := d.args.Destination.BucketName
	location := pulumi.Sprintf("s3://%s/%s", bucket, d.args.Destination.Prefix)
	table, err := glue.NewCatalogTable(ctx, d.name+"-table", &glue.CatalogTableArgs{
		DatabaseName:  database,
		Name:          pulumi.String(d.args.Table.TableName),
		Description:   pulumi.String("Log records as they came, by the hour of their arrival (UTC)"),
		TableType:     pulumi.String("EXTERNAL_TABLE"),
		Parameters:    d.tableParameters(location),
		PartitionKeys: partitionKeys(),
		StorageDescriptor: glue.CatalogTableStorageDescriptorArgs{
			Location:     location,
			InputFormat:  pulumi.String("org.apache.hadoop.mapred.TextInputFormat"),
			OutputFormat: pulumi.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			Compressed:   pulumi.Bool(true),
			SerDeInfo:    serDe(d.args.Table.Columns),
			Columns:      columns(d.args.Table.Columns),
		},
	}, pulumi.Parent(d), pulumi.Protect(d.args.Protect), pulumi.RetainOnDelete(d.args.Protect))
	if err != nil {
		return fmt.Errorf("create table: %w", err)
	}
	d.DatabaseName, d.TableName = database, table.Name
	return nil
}

func (d *S3) provisionDatabase(ctx *pulumi.Context) (pulumi.StringOutput, error) {
	if d.args.Table.DatabaseName != nil {
		return d.args.Table.DatabaseName.ToStringOutput(), nil
	}
	database, err := glue.NewCatalogDatabase(ctx, d.name+"-database", &glue.CatalogDatabaseArgs{
		Name:        pulumi.String(cmp.Or(d.args.Table.NewDatabaseName, naming.Glue.Of(ctx.Project()+"-"+ctx.Stack()+"-"+d.name))),
		Description: pulumi.Sprintf("Logs of %s, stack %s", ctx.Project(), ctx.Stack()),
	}, pulumi.Parent(d), pulumi.Protect(d.args.Protect), pulumi.RetainOnDelete(d.args.Protect))
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("create database: %w", err)
	}
	return database.Name, nil
}

// tableParameters make Athena compute the partitions instead of looking them up
// (docs.aws.amazon.com/athena/latest/ug/partition-projection-kinesis-firehose-example-choosing-partition-keys.html).
func (d *S3) tableParameters(location pulumi.StringOutput) pulumi.StringMap {
	days := endlessDays
	if d.args.Table.ObjectExpiryDays > 0 {
		days = d.args.Table.ObjectExpiryDays + expiryMarginDays
	}
	return pulumi.StringMap{
		"EXTERNAL":                    pulumi.String("TRUE"),
		"classification":              pulumi.String("json"),
		"compressionType":             pulumi.String("gzip"),
		"projection.enabled":          pulumi.String("true"),
		"projection.dt.type":          pulumi.String("date"),
		"projection.dt.format":        pulumi.String("yyyy-MM-dd"),
		"projection.dt.range":         pulumi.String(fmt.Sprintf("NOW-%dDAYS,NOW", days)),
		"projection.dt.interval":      pulumi.String("1"),
		"projection.dt.interval.unit": pulumi.String("DAYS"),
		"projection.hour.type":        pulumi.String("integer"),
		"projection.hour.range":       pulumi.String("0,23"),
		"projection.hour.digits":      pulumi.String("2"),
		"storage.location.template":   pulumi.Sprintf("%sdt=${dt}/hour=${hour}/", location),
	}
}

func partitionKeys() glue.CatalogTablePartitionKeyArray {
	return glue.CatalogTablePartitionKeyArray{
		glue.CatalogTablePartitionKeyArgs{
			Name:    pulumi.String(partitionDate),
			Type:    pulumi.String("string"),
			Comment: pulumi.String("Day of arrival, UTC, as 2026-01-31"),
		},
		glue.CatalogTablePartitionKeyArgs{
			Name:    pulumi.String(partitionHour),
			Type:    pulumi.String("int"),
			Comment: pulumi.String("Hour of arrival, UTC"),
		},
	}
}

// serDe reads JSON lines. Any pod may log anything, and one record must not make the queries of all others fail: that
// decides each parameter (docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html), and the reader itself, since Hive's
// has none of them.
//
//   - case.insensitive is FALSE. TRUE, the default, makes keys lower-case first, and then the labels App and app are one
//     key given twice, which is an error. It would also change the keys of labels. The price: a column whose key has
//     upper-case letters needs a mapping.
//   - ignore.malformed.json passes over what is no JSON. A record that has one key twice, letter by letter, is none either.
//   - use.null.for.invalid.data makes a value null that does not fit its column, in that column alone. It also hides that:
//     AWS advises against it where data can be repaired. Here they are kept as they came, and the object tells what it was.
//
// AWS warns that this reader may return more rows than there are, fewer, or nulls: it is for looking into raw records, not
// for exact counts.
func serDe(columns []Column) glue.CatalogTableStorageDescriptorSerDeInfoArgs {
	parameters := pulumi.StringMap{
		"serialization.format":      pulumi.String("1"),
		"case.insensitive":          pulumi.String("FALSE"),
		"ignore.malformed.json":     pulumi.String("TRUE"),
		"use.null.for.invalid.data": pulumi.String("TRUE"),
	}
	for _, c := range columns {
		if c.Key != "" && c.Key != c.Name {
			parameters["mapping."+c.Name] = pulumi.String(c.Key)
		}
	}
	return glue.CatalogTableStorageDescriptorSerDeInfoArgs{
		Name:                 pulumi.String("json"),
		SerializationLibrary: pulumi.String("org.openx.data.jsonserde.JsonSerDe"),
		Parameters:           parameters,
	}
}

func columns(columns []Column) glue.CatalogTableStorageDescriptorColumnArray {
	array := make(glue.CatalogTableStorageDescriptorColumnArray, len(columns))
	for i, c := range columns {
		array[i] = glue.CatalogTableStorageDescriptorColumnArgs{
			Name:    pulumi.String(c.Name),
			Type:    pulumi.String(c.Type),
			Comment: pulumi.String(c.Comment),
		}
	}
	return array
}
