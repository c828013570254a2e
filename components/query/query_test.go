package query_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN    = "arn:aws:kms:eu-central-1:111111111111:key/k"
	viewType  = "aws:glue/catalogTable:CatalogTable"
	queryType = "aws:athena/namedQuery:NamedQuery"
)

func minimal() *query.Args {
	return &query.Args{
		AccountID: mocks.AccountID, Region: mocks.Region,
		KeyARN: pulumi.String(keyARN), ResultsBucketName: pulumi.String("results-0a1b2c3"),
		DatabaseName: pulumi.String("team_metrics"), Spec: metricspec.Default(),
	}
}

func create(args *query.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := query.New(ctx, "query", args)
		return err
	})
}

func up(t *testing.T, change func(*query.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

func TestWorkgroupHoldsWhateverAClientSays(t *testing.T) {
	workgroup := up(t, nil).Named(t, "query-workgroup")
	assert.Equal(t, map[string]any{
		"enforceWorkgroupConfiguration":   true,
		"publishCloudwatchMetricsEnabled": true,
		"requesterPaysEnabled":            false,
		"bytesScannedCutoffPerQuery":      float64(10 << 30),
		"engineVersion":                   map[string]any{"selectedEngineVersion": "Athena engine version 3"},
		"resultConfiguration": map[string]any{
			"outputLocation":          "s3://results-0a1b2c3/athena/",
			"expectedBucketOwner":     mocks.AccountID,
			"encryptionConfiguration": map[string]any{"encryptionOption": "SSE_KMS", "kmsKeyArn": keyARN},
		},
	}, workgroup.Get("configuration"))
	assert.Equal(t, false, workgroup.Get("forceDestroy"))
	assert.EqualValues(t, 10_485_760, up(t, func(a *query.Args) { a.BytesScannedCutoff = 10_485_760 }).
		Named(t, "query-workgroup").Get("configuration", "bytesScannedCutoffPerQuery"))
}

// What people have saved goes with a throw-away stack, and stays with another. Views hold nothing.
func TestOnlyTheWorkgroupIsKept(t *testing.T) {
	assert.Equal(t, true, up(t, func(a *query.Args) { a.ForceDestroy = true }).Named(t, "query-workgroup").Get("forceDestroy"))
	for _, r := range up(t, func(a *query.Args) { a.Protect = true }).All() {
		if r.Custom {
			assert.Equal(t, r.Name == "query-workgroup", r.Protect, r.Name)
			assert.Equal(t, r.Name == "query-workgroup", r.RetainOnDelete, r.Name)
		}
	}
}

func TestAViewIsAnEntryAsAthenaMakesOne(t *testing.T) {
	view := up(t, nil).Named(t, "query-view-error_rate")
	assert.Equal(t, "error_rate", view.Get("name"))
	assert.Equal(t, "team_metrics", view.Get("databaseName"))
	assert.Equal(t, "VIRTUAL_VIEW", view.Get("tableType"))
	assert.Equal(t, "/* Presto View */", view.Get("viewExpandedText"))
	assert.Equal(t, map[string]any{"presto_view": "true", "comment": "Presto View"}, view.Get("parameters"))
	assert.Equal(t, "Share of requests that failed on the servers' side, or got no response (ratio)", view.Get("description"))
	assert.Equal(t, map[string]any{"name": "-", "serializationLibrary": "-"}, view.Get("storageDescriptor", "serDeInfo"))
	assert.Equal(t, []string{
		"window_start timestamp", "cluster string", "namespace string", "route_name string", "value double", "numerator double",
		"denominator double", "counted_by string", "updated_at timestamp",
	}, columnsOf(view))
}

func columnsOf(view mocks.Resource) []string {
	var columns []string
	for _, column := range view.Get("storageDescriptor", "columns").([]any) {
		c := column.(map[string]any)
		columns = append(columns, c["name"].(string)+" "+c["type"].(string))
	}
	return columns
}

func TestEveryMetricAndRatioHasAView(t *testing.T) {
	recording := up(t, nil)
	spec := metricspec.Default()
	assert.Len(t, recording.OfType(viewType), len(spec.Metrics)+len(spec.Ratios)+4)
	for _, metric := range spec.Metrics {
		recording.Named(t, "query-view-"+metric.Name)
	}
	for _, ratio := range spec.Ratios {
		recording.Named(t, "query-view-"+ratio.Name)
	}
}

func TestViewsComeAfterTheTables(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		table, err := glue.NewCatalogTable(ctx, "table", &glue.CatalogTableArgs{DatabaseName: pulumi.String("team_metrics")})
		if err != nil {
			return err
		}
		args := minimal()
		args.After = []pulumi.Resource{table}
		_, err = query.New(ctx, "query", args)
		return err
	})
	require.NoError(t, err)
	table := recording.Named(t, "table")
	for _, view := range recording.OfType(viewType) {
		assert.True(t, view.Name == "table" || view.DependsOn(table), view.Name)
	}
}

func TestNamedQueriesAreInTheWorkgroup(t *testing.T) {
	queries := up(t, nil).OfType(queryType)
	assert.Len(t, queries, 7)
	for _, q := range queries {
		assert.Equal(t, "query-workgroup-0a1b2c3", q.Get("workgroup"))
		assert.Equal(t, "team_metrics", q.Get("database"))
		assert.Contains(t, q.Get("query"), `FROM "team_metrics".`)
	}
	assert.Equal(t, "Today by minute", up(t, nil).Named(t, "query-query-today-by-minute").Get("name"))
}

// What is not known in a preview yet: the name of the database.
func TestPreviewBeforeTheFirstUpdate(t *testing.T) {
	recording, err := mocks.Preview(func(ctx *pulumi.Context) error {
		database, err := glue.NewCatalogDatabase(ctx, "database", nil)
		if err != nil {
			return err
		}
		args := minimal()
		args.DatabaseName = database.Name
		_, err = query.New(ctx, "query", args)
		return err
	})
	require.NoError(t, err)
	assert.Contains(t, recording.Named(t, "query-view-metrics").Unknown, "viewOriginalText")
}

// Glue takes 409,600 characters of a view (its API's ViewTextString), Athena 262,144 of a query (QueryString).
func TestTheLargestSpecFits(t *testing.T) {
	spec := largest()
	recording := up(t, func(a *query.Args) { a.Spec = spec })
	for _, view := range recording.OfType(viewType) {
		assert.LessOrEqual(t, len(view.Get("viewOriginalText").(string)), 409_600, view.Name)
	}
	for _, q := range recording.OfType(queryType) {
		assert.LessOrEqual(t, len(q.Get("query").(string)), 262_144, q.Name)
	}
}

// largest has as many metrics, ratios and dimensions as a spec may have, with the longest names.
func largest() *metricspec.Spec {
	name := func(kind string, i int) string {
		return kind + strings.Repeat("x", 63-len(kind)-3) + fmt.Sprintf("%03d", i)
	}
	spec := &metricspec.Spec{TimeZone: "America/Argentina/ComodRivadavia", Fields: map[string]metricspec.Field{}}
	for i := range 100 {
		var dimensions []string
		for j := range 8 {
			field := name("f", (i*8+j)%200)
			dimensions = append(dimensions, field)
			spec.Fields[field] = metricspec.Field{Type: metricspec.Integer}
		}
		spec.Metrics = append(spec.Metrics, metricspec.Metric{Name: name("m", i), Unit: "u", Aggregate: metricspec.Count, Dimensions: dimensions})
		spec.Ratios = append(spec.Ratios, metricspec.Ratio{Name: name("r", i), Unit: "u", Numerator: name("m", i), Denominator: name("m", i)})
	}
	return spec
}

func TestOutputs(t *testing.T) {
	known := map[string]any{}
	var ready int
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		q, err := query.New(ctx, "query", minimal())
		if err != nil {
			return err
		}
		ready = len(q.Ready())
		for key, output := range component.Outputs(q) {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), output.(pulumi.Output))
			if err != nil {
				return err
			}
			known[key] = result.Value
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 17, ready)
	assert.Equal(t, map[string]any{
		"workGroupName":   "query-workgroup-0a1b2c3",
		"workGroupArn":    "arn:aws:athena:eu-central-1:111111111111:workgroup/query-workgroup-0a1b2c3",
		"resultsLocation": "s3://results-0a1b2c3/athena/",
		"viewNames": []string{
			"metrics", "requests", "errors", "client_errors", "bytes_received", "bytes_sent", "latency_sum", "latency_max", "events",
			"concurrent_users", "participants", "error_rate", "latency_mean", "participation_rate",
			"pipeline_records", "pipeline_freshness", "pipeline_batches",
		},
	}, known)
}

func TestCallersArgsStayAsTheyAre(t *testing.T) {
	args := minimal()
	_, err := create(args)
	require.NoError(t, err)
	assert.Equal(t, minimal(), args)
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*query.Args)
		want   string
	}{
		"account":     {func(a *query.Args) { a.AccountID = "1" }, "AccountID: not allowed"},
		"region":      {func(a *query.Args) { a.Region = "" }, "Region: not set, but required"},
		"no key":      {func(a *query.Args) { a.KeyARN = nil }, "KeyARN: not set, but required"},
		"no bucket":   {func(a *query.Args) { a.ResultsBucketName = nil }, "ResultsBucketName: not set, but required"},
		"no database": {func(a *query.Args) { a.DatabaseName = nil }, "DatabaseName: not set, but required"},
		"no spec":     {func(a *query.Args) { a.Spec = nil }, "Spec: not set, but required"},
		"cut-off": {
			func(a *query.Args) { a.BytesScannedCutoff = 10_000_000 },
			`BytesScannedCutoff: out of range (given: "10000000"); allowed: an integer from 10485760 to 7000000000000000000`,
		},
		"saved queries of a stack that is kept": {
			func(a *query.Args) { a.ForceDestroy, a.Protect = true, true }, `ForceDestroy: contradicts Protect (given: "true")`,
		},
		"metric with the name of another view": {
			func(a *query.Args) { a.Spec.Metrics[0].Name = "pipeline_records" },
			"Spec: the default metric spec:36: metrics[0].name: the database has another view of that name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `queries "query": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All())
		})
	}
}
