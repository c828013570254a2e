package delivery_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/fault"
)

const byNamespace = `.namespace // "none"`

func partitioned(a *delivery.S3Args) {
	a.Partitioning = &delivery.Partitioning{Name: "in_namespace", Query: byNamespace}
}

func TestPartitioning(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) { partitioned(a); a.AppendDelimiter = true })
	stream := recording.Named(t, "delivery-to-s3")
	assert.Equal(t, map[string]any{"enabled": true, "retryDuration": 300.0}, stream.Get("extendedS3Configuration", "dynamicPartitioningConfiguration"))
	assert.Equal(t, "logs/in_namespace=!{partitionKeyFromQuery:in_namespace}/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/",
		stream.Get("extendedS3Configuration", "prefix"))
	assert.Equal(t, "errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/", stream.Get("extendedS3Configuration", "errorOutputPrefix"))
	// In Firehose's own order (gh:hashicorp/terraform-provider-aws#9827).
	assert.Equal(t, map[string]any{"enabled": true, "processors": []any{
		map[string]any{"type": "MetadataExtraction", "parameters": []any{
			map[string]any{"parameterName": "MetadataExtractionQuery", "parameterValue": `{in_namespace: (.namespace // "none")}`},
			map[string]any{"parameterName": "JsonParsingEngine", "parameterValue": "JQ-1.6"},
		}},
		map[string]any{"type": "AppendDelimiterToRecord", "parameters": []any{map[string]any{"parameterName": "Delimiter", "parameterValue": `\n`}}},
	}}, stream.Get("extendedS3Configuration", "processingConfiguration"))
}

func TestQueryGivesTheKeyOfEachRecord(t *testing.T) {
	stream := up(t, partitioned).Named(t, "delivery-to-s3")
	text := stream.Get("extendedS3Configuration", "processingConfiguration", "processors", 0, "parameters", 0, "parameterValue").(string)
	query, err := gojq.Parse(text)
	require.NoError(t, err)
	for record, want := range map[string]string{`{"namespace": "shop", "message": "x"}`: "shop", `{"message": "x"}`: "none", `{"namespace": null}`: "none"} {
		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(record), &fields))
		got, ok := query.Run(fields).Next()
		require.True(t, ok)
		assert.Equal(t, map[string]any{"in_namespace": want}, got)
	}
}

func TestTableKnowsTheKey(t *testing.T) {
	table := up(t, partitioned).Named(t, "delivery-table")
	for i, name := range []string{"in_namespace", "dt", "hour"} {
		assert.Equal(t, name, table.Get("partitionKeys", i, "name"), "in the order of the path")
	}
	assert.Equal(t, "string", table.Get("partitionKeys", 0, "type"))
	assert.Equal(t, "s3://raw-0a1b2c3/logs/in_namespace=${in_namespace}/dt=${dt}/hour=${hour}/", table.Get("parameters", "storage.location.template"))
	assert.Equal(t, "s3://raw-0a1b2c3/logs/", table.Get("storageDescriptor", "location"))
	assert.Equal(t, "injected", table.Get("parameters", "projection.in_namespace.type"))

	table = up(t, func(a *delivery.S3Args) {
		partitioned(a)
		a.Partitioning.Values = []string{"shop", "none"}
	}).Named(t, "delivery-table")
	assert.Equal(t, "enum", table.Get("parameters", "projection.in_namespace.type"))
	assert.Equal(t, "shop,none", table.Get("parameters", "projection.in_namespace.values"))
}

func TestParquetMayBePartitioned(t *testing.T) {
	stream := up(t, func(a *delivery.S3Args) { partitioned(a); parquet(a) }).Named(t, "delivery-to-s3")
	assert.NotNil(t, stream.Get("extendedS3Configuration", "dataFormatConversionConfiguration"))
	assert.NotNil(t, stream.Get("extendedS3Configuration", "dynamicPartitioningConfiguration"))
}

func TestFaultsOfFormatAndPartitioning(t *testing.T) {
	query := func(text string) func(*delivery.S3Args) {
		return func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Query = text }
	}
	const asked = `; allowed: an expression of jq 1.6 in one line of at most 1000 characters that gives a text for every record, such as .namespace // "none"`
	for name, test := range map[string]struct {
		change func(*delivery.S3Args)
		want   string
	}{
		"format":            {func(a *delivery.S3Args) { a.Format = "orc" }, `Format: not allowed (given: "orc"); allowed: json or parquet`},
		"delimiter":         {func(a *delivery.S3Args) { parquet(a); a.AppendDelimiter = true }, `AppendDelimiter: has no effect, as Format is parquet`},
		"small for parquet": {func(a *delivery.S3Args) { parquet(a); a.Buffer = &delivery.Buffer{SizeMiB: 63, IntervalSeconds: 60} }, `Buffer.SizeMiB: too small for Format (given: "63"); nearest: 64; allowed: an integer from 64 to 128`},
		"small for a key":   {func(a *delivery.S3Args) { partitioned(a); a.Buffer = &delivery.Buffer{SizeMiB: 1, IntervalSeconds: 60} }, `Buffer.SizeMiB: too small for Partitioning (given: "1"); nearest: 64`},
		"small for both": {func(a *delivery.S3Args) {
			parquet(a)
			partitioned(a)
			a.Buffer = &delivery.Buffer{SizeMiB: 1, IntervalSeconds: 60}
		}, `Buffer.SizeMiB: too small for Format`},
		"no buffer":          {func(a *delivery.S3Args) { partitioned(a); a.Buffer = &delivery.Buffer{SizeMiB: 64} }, `Buffer.IntervalSeconds: not allowed with Partitioning (given: "0"); nearest: 60; allowed: an integer from 1 to 900`},
		"no name":            {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Name = "" }, "Partitioning.Name: not set, but required"},
		"name":               {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Name = "inNamespace" }, `Partitioning.Name: not allowed (given: "inNamespace"); allowed: 1 to 64 lower-case letters`},
		"name of a date":     {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Name = "dt" }, `Partitioning.Name: a column of the table has that name: take another, such as in_dt (given: "dt")`},
		"name of a column":   {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Name = "namespace" }, `Partitioning.Name: a column of the table has that name: take another, such as in_namespace (given: "namespace")`},
		"no query":           {query(""), "Partitioning.Query: not set, but required" + asked},
		"no jq":              {query(".namespace //"), `Partitioning.Query: not allowed: jq: `},
		"unknown function":   {query(`namespace // "none"`), `Partitioning.Query: not allowed: jq: function not defined: namespace/0`},
		"comment":            {query(`"a" # b`), `Partitioning.Query: not allowed: jq: `},
		"two keys":           {query(`"a"), b: ("c"`), `Partitioning.Query: not allowed: gives "a" for a record without fields`},
		"two lines":          {query(".namespace\n// \"none\""), `Partitioning.Query: not allowed (given: `},
		"query too long":     {query(`"` + strings.Repeat("a", 1000) + `"`), `Partitioning.Query: not allowed (given: `},
		"no value":           {query(".namespace"), `Partitioning.Query: not allowed: gives null for a record without fields, which goes under the error prefix then (given: ".namespace")` + asked},
		"empty value":        {query(`.namespace // ""`), `Partitioning.Query: not allowed: gives "" for a record without fields`},
		"number":             {query(`.code // 0`), `Partitioning.Query: not allowed: gives 0 for a record without fields`},
		"two values":         {query(`"a", "b"`), `Partitioning.Query: not allowed: gives not one value for a record without fields`},
		"nothing":            {query("empty"), `Partitioning.Query: not allowed: gives not one value for a record without fields`},
		"error":              {query(`error("x")`), `Partitioning.Query: not allowed: jq, for a record without fields: `},
		"loop":               {query(`until(false; .)`), `Partitioning.Query: not allowed: jq, for a record without fields: `},
		"value with a slash": {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Values = []string{"none", "a/b"} }, `Partitioning.Values: "a/b": not allowed`},
		"value with a comma": {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Values = []string{"none", "a,b"} }, `Partitioning.Values: "a,b": not allowed`},
		"value twice":        {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Values = []string{"none", "a", "a"} }, "Partitioning.Values: one is given twice"},
		"lacks the default":  {func(a *delivery.S3Args) { partitioned(a); a.Partitioning.Values = []string{"shop"} }, `Partitioning.Values: lacks "none", which Partitioning.Query gives for a record without fields`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `delivery to S3 "delivery": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}
