package delivery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// How records lie in S3.
const (
	// FormatJSON keeps records as they came, in lines of GZIP.
	FormatJSON = "json"
	// FormatParquet keeps what has a column, in Parquet.
	FormatParquet = "parquet"
)

// Formats is for how records lie in S3.
var Formats = fault.OneOf(FormatJSON, FormatParquet)

// conversion makes Parquet of JSON by the table's columns
// (docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html).
//
// The reader is OpenX's, since Hive's puts a record aside where a text stands in a column of numbers, or an object in one of
// text, and knows no other key for a column. With caseInsensitive, its default, it would write the keys of labels in lower case
// (observed by gh:floci-io/floci#3521). Parquet's own compression is Snappy or GZIP: of the two, Snappy is read faster. What is a
// default is left out, or said where it decides something.
func (d *S3) conversion(roleARN pulumi.StringInput) kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationPtrInput {
	reader := kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationInputFormatConfigurationDeserializerOpenXJsonSerDeArgs{
		CaseInsensitive: pulumi.Bool(false),
	}
	if keys := otherKeys(d.args.Table.Columns, ""); len(keys) > 0 {
		reader.ColumnToJsonKeyMappings = keys
	}
	return kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationArgs{
		Enabled: pulumi.Bool(true),
		InputFormatConfiguration: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationInputFormatConfigurationArgs{
			Deserializer: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationInputFormatConfigurationDeserializerArgs{
				OpenXJsonSerDe: reader,
			},
		},
		OutputFormatConfiguration: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationOutputFormatConfigurationArgs{
			Serializer: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationOutputFormatConfigurationSerializerArgs{
				ParquetSerDe: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationOutputFormatConfigurationSerializerParquetSerDeArgs{
					Compression: pulumi.String("SNAPPY"),
				},
			},
		},
		SchemaConfiguration: kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationSchemaConfigurationArgs{
			RoleArn:      roleARN,
			DatabaseName: d.DatabaseName,
			TableName:    d.TableName,
		},
	}
}

// readSchema lets a role read the table's columns
// (docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-glue).
func (d *S3) readSchema() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:     "ReadSchema",
		Effect:  iampolicy.Allow,
		Actions: []string{"glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"},
		Resources: []pulumi.StringInput{
			pulumi.String(d.place.ARN("glue", "catalog")),
			pulumi.Sprintf("%s/%s", d.place.ARN("glue", "database"), d.DatabaseName),
			pulumi.Sprintf("%s/%s/%s", d.place.ARN("glue", "table"), d.DatabaseName, d.TableName),
		},
	}
}

// otherKeys are the JSON keys of the columns that have others than their names, by their names behind a prefix.
func otherKeys(columns []Column, prefix string) pulumi.StringMap {
	keys := pulumi.StringMap{}
	for _, c := range columns {
		if c.Key != "" && c.Key != c.Name {
			keys[prefix+c.Name] = pulumi.String(c.Key)
		}
	}
	return keys
}
