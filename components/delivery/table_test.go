package delivery_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/tests/mocks"
)

const databaseType = "aws:glue/catalogDatabase:CatalogDatabase"

// Auto-naming's hyphens would have to be quoted in every query.
func TestDatabaseIsMadeWithANameForSQL(t *testing.T) {
	recording := up(t, nil)
	assert.Equal(t, "log_pipeline_test_delivery", recording.Named(t, "delivery-database").Get("name"))
	table := recording.Named(t, "delivery-table")
	assert.Equal(t, "raw_logs", table.Get("name"))
	assert.Equal(t, "log_pipeline_test_delivery", table.Get("databaseName"))
	assert.True(t, table.DependsOn(recording.Named(t, "delivery-database")))
}

// A name that is given outlasts a rename of the stack.
func TestNameOfTheDatabaseMayBeGiven(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) { a.Table.NewDatabaseName = "team_a_logs" })
	assert.Equal(t, "team_a_logs", recording.Named(t, "delivery-database").Get("name"))
	assert.Equal(t, "team_a_logs", recording.Named(t, "delivery-table").Get("databaseName"))
}

func TestGivenDatabaseIsUsed(t *testing.T) {
	var name any
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		args := minimal()
		args.Table.DatabaseName = pulumi.String("analytics")
		args.Protect = true
		d, err := delivery.NewS3(ctx, "delivery", args)
		if err != nil {
			return err
		}
		result, err := internals.UnsafeAwaitOutput(ctx.Context(), d.DatabaseName)
		name = result.Value
		return err
	})
	require.NoError(t, err)
	assert.Empty(t, recording.OfType(databaseType))
	assert.Equal(t, "analytics", recording.Named(t, "delivery-table").Get("databaseName"))
	assert.Equal(t, "analytics", name)
}

func TestTableIsWhereFirehoseWrites(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) { a.Destination.Prefix = "istio/" })
	table := recording.Named(t, "delivery-table")
	stream := recording.Named(t, "delivery-to-s3")
	assert.Equal(t, "istio/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/", stream.Get("extendedS3Configuration", "prefix"))
	assert.Equal(t, "s3://raw-0a1b2c3/istio/", table.Get("storageDescriptor", "location"))
	assert.Equal(t, "s3://raw-0a1b2c3/istio/dt=${dt}/hour=${hour}/", table.Get("parameters", "storage.location.template"))
	assert.Equal(t, "EXTERNAL_TABLE", table.Get("tableType"))
	assert.Equal(t, true, table.Get("storageDescriptor", "compressed"))
}

func TestPartitionsAreProjected(t *testing.T) {
	table := up(t, nil).Named(t, "delivery-table")
	for i, want := range []map[string]string{{"name": "dt", "type": "string"}, {"name": "hour", "type": "int"}} {
		for key, value := range want {
			assert.Equal(t, value, table.Get("partitionKeys", i, key))
		}
	}
	for parameter, value := range map[string]string{
		"projection.enabled": "true", "projection.dt.type": "date", "projection.dt.format": "yyyy-MM-dd",
		"projection.dt.interval": "1", "projection.dt.interval.unit": "DAYS", "projection.dt.range": "NOW-3650DAYS,NOW",
		"projection.hour.type": "integer", "projection.hour.range": "0,23", "projection.hour.digits": "2",
	} {
		assert.Equal(t, value, table.Get("parameters", parameter), parameter)
	}
}

func TestTableLooksBackAsFarAsThereAreObjects(t *testing.T) {
	table := up(t, func(a *delivery.S3Args) { a.Table.ObjectExpiryDays = 400 }).Named(t, "delivery-table")
	assert.Equal(t, "NOW-402DAYS,NOW", table.Get("parameters", "projection.dt.range"))
}

// Any pod may log anything: no record may make a query fail.
func TestNoRecordMakesAQueryFail(t *testing.T) {
	serDe := up(t, nil).Named(t, "delivery-table").Get("storageDescriptor", "serDeInfo").(map[string]any)
	assert.Equal(t, "org.openx.data.jsonserde.JsonSerDe", serDe["serializationLibrary"])
	parameters := serDe["parameters"].(map[string]any)
	assert.Equal(t, "TRUE", parameters["ignore.malformed.json"])
	assert.Equal(t, "TRUE", parameters["use.null.for.invalid.data"])
	assert.Equal(t, "FALSE", parameters["case.insensitive"], "the labels App and app would be one key given twice")
	for parameter := range parameters {
		assert.False(t, strings.HasPrefix(parameter, "mapping."), "no default column is called other than its key")
	}
}

// With keys compared letter by letter, a key with upper-case letters is found by its mapping alone.
func TestColumnsMayHaveAnotherKey(t *testing.T) {
	table := up(t, func(a *delivery.S3Args) {
		a.Table.Columns = []delivery.Column{
			{Name: "user_id", Key: "userId", Type: "string"}, {Name: "line", Key: "line", Type: "string"},
		}
	}).Named(t, "delivery-table")
	parameters := table.Get("storageDescriptor", "serDeInfo", "parameters").(map[string]any)
	assert.Equal(t, "userId", parameters["mapping.user_id"])
	assert.NotContains(t, parameters, "mapping.line")
}

// Facts, "The records themselves".
func TestDefaultColumns(t *testing.T) {
	types := map[string]string{}
	for _, c := range delivery.DefaultColumns() {
		types[c.Name] = c.Type
		assert.NotEmpty(t, c.Comment, c.Name)
	}
	for _, name := range []string{
		"message", "stream", "time", "kubernetes",
		"start_time", "method", "path", "protocol", "response_code", "response_flags", "response_code_details",
		"connection_termination_details", "upstream_transport_failure_reason", "bytes_received", "bytes_sent", "duration",
		"upstream_service_time", "x_forwarded_for", "user_agent", "request_id", "authority", "upstream_host",
		"upstream_cluster", "upstream_local_address", "downstream_local_address", "downstream_remote_address",
		"requested_server_name", "route_name",
	} {
		assert.Contains(t, types, name)
	}
	for name, typ := range map[string]string{
		"response_code": "int", "bytes_received": "bigint", "bytes_sent": "bigint", "duration": "bigint",
		"upstream_service_time": "string", // a header: "-" where there is none
		"start_time":            "string", // ISO 8601
	} {
		assert.Equal(t, typ, types[name], name)
	}
	for _, field := range []string{"pod_name:string", "namespace_name:string", "container_name:string", "host:string", "labels:map<string,string>"} {
		assert.Contains(t, types["kubernetes"], field)
	}
}

func TestColumnsMayBeGiven(t *testing.T) {
	table := up(t, func(a *delivery.S3Args) {
		a.Table.Columns = []delivery.Column{{Name: "line", Type: "string", Comment: "The line"}}
	}).Named(t, "delivery-table")
	assert.Equal(t, []any{map[string]any{"name": "line", "type": "string", "comment": "The line"}},
		table.Get("storageDescriptor", "columns"))
}
