//go:build localcloud

package views

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/trinoserver"
	"example.com/log-pipeline/tests/mocks"
)

const (
	region = mocks.Region
	bucket = "warehouse"
)

// world is an emulator and a Trino on it.
type world struct {
	trino *trinoserver.Server
	glue  *glue.Client
}

// newWorld starts both. They end with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	// Not the test's own folder, which is removed before what is cleaned up first.
	dir, err := os.MkdirTemp("", "views")
	require.NoError(t, err)
	cloud, err := localcloud.Open(root, dir, os.Stderr)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, cloud.Down(context.Background()))
		assert.NoError(t, cloud.Close())
		left, err := localcloud.Processes(dir)
		assert.NoError(t, err)
		assert.Empty(t, left)
	})
	require.NoError(t, cloud.StartEmulator(t.Context()))
	installed, err := localcloud.EnsureTrino(t.Context(), root, os.Stderr)
	require.NoError(t, err)
	trino := filepath.Join(cloud.Folder(), "trino")
	require.NoError(t, os.MkdirAll(trino, 0o755))
	server, err := trinoserver.Start(cloud, installed, region, trino)
	require.NoError(t, err)
	config := aws.Config{
		Region: region, BaseEndpoint: aws.String(cloud.Endpoint()),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	_, err = s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)},
	})
	require.NoError(t, err)
	require.NoError(t, server.Ready(t.Context()))
	return &world{trino: server, glue: glue.NewFromConfig(config)}
}

// ask returns the rows of a statement.
func (w *world) ask(t testing.TB, format string, args ...any) [][]any {
	t.Helper()
	statement := fmt.Sprintf(format, args...)
	rows, err := w.trino.Query(t.Context(), statement)
	require.NoError(t, err, statement)
	return rows
}

// makeTables makes a database with the tables as the jobs leave them. timestamp is the type of their times.
func (w *world) makeTables(t testing.TB, database, timestamp string) {
	t.Helper()
	w.ask(t, `CREATE SCHEMA %s WITH (location = 's3://%s/%s')`, database, bucket, database)
	measured := fmt.Sprintf("metric varchar, window_start %s, dimensions varchar, value double, updated_at %s", timestamp, timestamp)
	for table, columns := range map[string]string{
		"metrics_live": measured, "metrics_batch": measured,
		"metrics_gaps": fmt.Sprintf("checkpoint varchar, batch_id bigint, window_from %s, window_to %s, dropped_rows bigint, noted_at %s",
			timestamp, timestamp, timestamp),
		"batch_runs": fmt.Sprintf("run varchar, state varchar, range_from %s, range_to %s, cut_over %s, objects bigint, records bigint, "+
			"duplicates bigint, rejected varchar, version varchar, started_at %s, updated_at %s", timestamp, timestamp, timestamp, timestamp, timestamp),
	} {
		partitioned := ""
		if strings.Contains(columns, "window_start") {
			partitioned = ", partitioning = ARRAY['day(window_start)']"
		}
		w.ask(t, `CREATE TABLE %s.%s (%s) WITH (format_version = 2%s)`, database, table, columns, partitioned)
	}
}

// registered is what the component registers for a database: views and named queries by their names.
func registered(t testing.TB, database string, spec *metricspec.Spec) (views, queries map[string]mocks.Resource) {
	t.Helper()
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := query.New(ctx, "query", &query.Args{
			AccountID: mocks.AccountID, Region: region, KeyARN: pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/k"),
			ResultsBucketName: pulumi.String("results"), DatabaseName: pulumi.String(database), Spec: spec,
		})
		return err
	})
	require.NoError(t, err)
	views, queries = map[string]mocks.Resource{}, map[string]mocks.Resource{}
	for _, r := range recording.OfType("aws:glue/catalogTable:CatalogTable") {
		views[r.Get("name").(string)] = r
	}
	for _, r := range recording.OfType("aws:athena/namedQuery:NamedQuery") {
		queries[r.Get("name").(string)] = r
	}
	return views, queries
}

// makeView puts a view into the catalog as it is registered, but for what change does to its JSON.
func (w *world) makeView(t testing.TB, database, name string, view mocks.Resource, change func(map[string]any)) {
	t.Helper()
	input := &types.TableInput{
		Name:              aws.String(name),
		TableType:         aws.String(view.Get("tableType").(string)),
		ViewExpandedText:  aws.String(view.Get("viewExpandedText").(string)),
		ViewOriginalText:  aws.String(changed(t, view.Get("viewOriginalText").(string), change)),
		Parameters:        map[string]string{},
		StorageDescriptor: &types.StorageDescriptor{SerdeInfo: &types.SerDeInfo{Name: aws.String("-"), SerializationLibrary: aws.String("-")}},
	}
	for key, value := range view.Get("parameters").(map[string]any) {
		input.Parameters[key] = value.(string)
	}
	for _, column := range view.Get("storageDescriptor", "columns").([]any) {
		c := column.(map[string]any)
		input.StorageDescriptor.Columns = append(input.StorageDescriptor.Columns,
			types.Column{Name: aws.String(c["name"].(string)), Type: aws.String(c["type"].(string)), Comment: aws.String(c["comment"].(string))})
	}
	_, err := w.glue.CreateTable(t.Context(), &glue.CreateTableInput{DatabaseName: aws.String(database), TableInput: input})
	require.NoError(t, err)
}

// changed is a view's text with another JSON in it.
func changed(t testing.TB, text string, change func(map[string]any)) string {
	t.Helper()
	const before, after = "/* Presto View: ", " */"
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(text, before), after))
	require.NoError(t, err)
	var view map[string]any
	require.NoError(t, json.Unmarshal(decoded, &view))
	change(view)
	encoded, err := json.Marshal(view)
	require.NoError(t, err)
	return before + base64.StdEncoding.EncodeToString(encoded) + after
}

// asWhoeverAsks is the one thing that Trino wants of a view and Athena does not: to be told that it has no owner.
func asWhoeverAsks(view map[string]any) { view["runAsInvoker"] = true }
