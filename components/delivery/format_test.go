package delivery_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/tests/mocks"
)

func parquet(a *delivery.S3Args) { a.Format = delivery.FormatParquet }

func TestParquetIsMadeByTheTablesColumns(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) {
		parquet(a)
		a.Table.Columns = []delivery.Column{{Name: "user_id", Key: "userId", Type: "string"}, {Name: "line", Key: "line", Type: "string"}}
	})
	stream := recording.Named(t, "delivery-to-s3")
	for input, want := range map[string]any{
		"compressionFormat": "UNCOMPRESSED", "fileExtension": ".parquet", "bufferingSize": 128.0,
		"prefix":            "logs/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/",
		"errorOutputPrefix": "errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/",
		"dataFormatConversionConfiguration": map[string]any{
			"enabled": true,
			"inputFormatConfiguration": map[string]any{"deserializer": map[string]any{"openXJsonSerDe": map[string]any{
				"caseInsensitive": false, "columnToJsonKeyMappings": map[string]any{"user_id": "userId"},
			}}},
			"outputFormatConfiguration": map[string]any{"serializer": map[string]any{"parquetSerDe": map[string]any{"compression": "SNAPPY"}}},
			"schemaConfiguration": map[string]any{
				"roleArn":      "arn:aws:iam::111111111111:role/delivery-role-0a1b2c3",
				"databaseName": "log_pipeline_test_delivery", "tableName": "raw_logs",
			},
		},
	} {
		assert.Equal(t, want, stream.Get("extendedS3Configuration", input), input)
	}
}

func TestColumnsOfTheirOwnNameNeedNoMapping(t *testing.T) {
	reader := up(t, parquet).Named(t, "delivery-to-s3").
		Get("extendedS3Configuration", "dataFormatConversionConfiguration", "inputFormatConfiguration", "deserializer", "openXJsonSerDe")
	assert.NotContains(t, reader, "columnToJsonKeyMappings")
}

// Firehose refuses a delivery stream whose table is not there.
func TestTheTableIsThereBeforeTheDeliveryStreamThatMakesParquet(t *testing.T) {
	recording := up(t, parquet)
	assert.True(t, recording.Named(t, "delivery-to-s3").DependsOn(recording.Named(t, "delivery-table")))
	assert.True(t, recording.Named(t, "delivery-role-policy").DependsOn(recording.Named(t, "delivery-table")))
}

func TestRoleReadsTheOneTable(t *testing.T) {
	mocks.Golden(t, "role-policy-parquet.json", up(t, parquet).Named(t, "delivery-role-policy").Get("policy").(string))
}

func TestTableOfParquet(t *testing.T) {
	table := up(t, func(a *delivery.S3Args) {
		parquet(a)
		a.Table.Columns = []delivery.Column{{Name: "user_id", Key: "userId", Type: "string"}}
	}).Named(t, "delivery-table")
	assert.Equal(t, "parquet", table.Get("parameters", "classification"))
	assert.Nil(t, table.Get("parameters", "compressionType"))
	assert.Equal(t, "NOW-3650DAYS,NOW", table.Get("parameters", "projection.dt.range"))
	storage := table.Get("storageDescriptor").(map[string]any)
	assert.Equal(t, "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", storage["inputFormat"])
	assert.Equal(t, "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat", storage["outputFormat"])
	assert.Equal(t, map[string]any{
		"name": "parquet", "serializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
		"parameters": map[string]any{"serialization.format": "1"},
	}, storage["serDeInfo"], "keys are mapped when the objects are written")
}

// JSON is what readers of the records themselves, and deployments of before, rely on.
func TestJSONIsUnchangedByDefault(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) { a.Format = delivery.FormatJSON })
	plain := up(t, nil)
	for _, name := range []string{"delivery-to-s3", "delivery-table", "delivery-role-policy"} {
		assert.Equal(t, plain.Named(t, name).Inputs, recording.Named(t, name).Inputs, name)
	}
	for _, input := range []string{"dataFormatConversionConfiguration", "dynamicPartitioningConfiguration", "processingConfiguration"} {
		assert.NotContains(t, plain.Named(t, "delivery-to-s3").Get("extendedS3Configuration"), input)
	}
}

func TestTypesThatParquetIsMadeFor(t *testing.T) {
	withType := func(typ string) error {
		args := minimal()
		parquet(args)
		args.Table.Columns = []delivery.Column{{Name: "a", Type: typ}}
		return args.Check("delivery").Err()
	}
	good := []string{
		"string", "int", "bigint", "boolean", "double", "timestamp", "date", "decimal(10,2)", "varchar(16)", "char(3)", "array<int>",
		"map<string,array<bigint>>", "struct<a:string>", "struct<a:map<string,struct<b:int>>,c:varchar(3)>", "STRUCT<podName:STRING>",
	}
	for _, c := range delivery.DefaultColumns() {
		good = append(good, c.Type)
	}
	for _, typ := range good {
		require.NoError(t, withType(typ), typ)
	}
	for _, typ := range []string{
		"strng", "binary", "array<binary>", "uniontype<int,string>", "interval_day_time", "array<string", "array<>", "struct<>", "struct<a:>",
		"struct<:int>", "struct<a:int,>", "map<string>", "map<array<int>,int>", "map<string,int", "string>", "int,int", "varchar", "decimal(1 0,2)",
		"array<string>int",
	} {
		assert.ErrorContains(t, withType(typ), "Table.Columns[0].Type: not allowed (given: ", typ)
	}
}

func TestExistingDatabaseIsTheSchemas(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) {
		parquet(a)
		a.Table.DatabaseName = pulumi.String("analytics")
	})
	assert.Equal(t, "analytics", recording.Named(t, "delivery-to-s3").
		Get("extendedS3Configuration", "dataFormatConversionConfiguration", "schemaConfiguration", "databaseName"))
	assert.Contains(t, recording.Named(t, "delivery-role-policy").Policy(t, "policy").Named(t, "ReadSchema").Resource,
		"arn:aws:glue:eu-central-1:111111111111:table/analytics/raw_logs")
}
