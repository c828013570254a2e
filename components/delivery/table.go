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
		DatabaseName:      database,
		Name:              pulumi.String(d.args.Table.TableName),
		Description:       pulumi.String("Log records as they came, by the hour of their arrival (UTC)"),
		TableType:         pulumi.String("EXTERNAL_TABLE"),
		Parameters:        d.tableParameters(location),
		PartitionKeys:     d.partitionKeys(),
		StorageDescriptor: storages[d.args.Format](d.args.Table.Columns, location),
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
	parameters := pulumi.StringMap{
		"EXTERNAL":                    pulumi.String("TRUE"),
		"classification":              pulumi.String(d.args.Format),
		"projection.enabled":          pulumi.String("true"),
		"projection.dt.type":          pulumi.String("date"),
		"projection.dt.format":        pulumi.String("yyyy-MM-dd"),
		"projection.dt.range":         pulumi.String(fmt.Sprintf("NOW-%dDAYS,NOW", days)),
		"projection.dt.interval":      pulumi.String("1"),
		"projection.dt.interval.unit": pulumi.String("DAYS"),
		"projection.hour.type":        pulumi.String("integer"),
		"projection.hour.range":       pulumi.String("0,23"),
		"projection.hour.digits":      pulumi.String("2"),
		"storage.location.template":   pulumi.Sprintf("%s%sdt=${dt}/hour=${hour}/", location, d.args.Partitioning.folder("${%s}")),
	}
	if d.args.Format == FormatJSON {
		parameters["compressionType"] = pulumi.String("gzip")
	}
	d.args.Partitioning.project(parameters)
	return parameters
}

// partitionKeys are in the order in which they stand in the keys of objects.
func (d *S3) partitionKeys() glue.CatalogTablePartitionKeyArray {
	var keys glue.CatalogTablePartitionKeyArray
	if p := d.args.Partitioning; p != nil {
		keys = append(keys, glue.CatalogTablePartitionKeyArgs{
			Name:    pulumi.String(p.Name),
			Type:    pulumi.String("string"),
			Comment: pulumi.String("What the delivery's query makes of the record"),
		})
	}
	return append(keys,
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
	)
}
