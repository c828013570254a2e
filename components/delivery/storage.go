package delivery

import (
	"maps"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// storages say for each format how a table reads its objects.
var storages = map[string]func([]Column, pulumi.StringInput) glue.CatalogTableStorageDescriptorArgs{
	FormatJSON: func(of []Column, location pulumi.StringInput) glue.CatalogTableStorageDescriptorArgs {
		return glue.CatalogTableStorageDescriptorArgs{
			Location:     location,
			InputFormat:  pulumi.String("org.apache.hadoop.mapred.TextInputFormat"),
			OutputFormat: pulumi.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			Compressed:   pulumi.Bool(true),
			SerDeInfo:    jsonSerDe(of),
			Columns:      columns(of),
		}
	},
	FormatParquet: func(of []Column, location pulumi.StringInput) glue.CatalogTableStorageDescriptorArgs {
		return glue.CatalogTableStorageDescriptorArgs{
			Location:     location,
			InputFormat:  pulumi.String("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"),
			OutputFormat: pulumi.String("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"),
			Compressed:   pulumi.Bool(false), // as a file: its pages are
			SerDeInfo: glue.CatalogTableStorageDescriptorSerDeInfoArgs{
				Name:                 pulumi.String("parquet"),
				SerializationLibrary: pulumi.String("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
				Parameters:           pulumi.StringMap{"serialization.format": pulumi.String("1")},
			},
			Columns: columns(of),
		}
	},
}

// jsonSerDe reads JSON lines. Any pod may log anything, and one record must not make the queries of all others fail: that
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
func jsonSerDe(columns []Column) glue.CatalogTableStorageDescriptorSerDeInfoArgs {
	parameters := pulumi.StringMap{
		"serialization.format":      pulumi.String("1"),
		"case.insensitive":          pulumi.String("FALSE"),
		"ignore.malformed.json":     pulumi.String("TRUE"),
		"use.null.for.invalid.data": pulumi.String("TRUE"),
	}
	maps.Copy(parameters, otherKeys(columns, "mapping."))
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
