//go:build localcloud

// Package e2e runs the program in the local cloud by the real engine and the
// real upstream provider, and asks the AWS API what came of it. It needs the
// tools that `make test` builds: run it by that, or with -tags localcloud.
package e2e

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/demo"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
	"example.com/log-pipeline/tests/localcloud/producer"
)

// step runs a part of the story; the parts after a failed one make no sense.
func step(t *testing.T, name string, do func(t *testing.T)) {
	t.Helper()
	if !t.Run(name, do) {
		t.FailNow()
	}
}

// TestPipelineInTheLocalCloud is one environment's life, from the first preview
// until nothing is left.
func TestPipelineInTheLocalCloud(t *testing.T) {
	dir := newCloudDir(t)
	cloud, _ := openCloud(t, dir)
	var aws *api // the data account
	var both accounts
	var outputs map[string]any
	output := func(name string) *string { value := outputs[name].(string); return &value }
	records := accessLogs(t, 10_000)
	var sent []producer.Record

	step(t, "a first preview creates nothing", func(t *testing.T) {
		require.NoError(t, cloud.Preview(t.Context(), false))
		both = newAccounts(t.Context(), t, cloud.Endpoint())
		aws = both.data
		both.requireEmpty(t.Context(), t)
	})
	step(t, "an interrupted up leaves only the emulators running", func(t *testing.T) {
		require.NoError(t, cloud.Close())
		said := requireEnded(t, dir, syscall.SIGTERM, "aws:s3:BucketV2 lake-raw created")
		said.requireSaid(t, "Interrupted. What was made so far is kept")
		requireOnlyEmulators(t, dir)
	})
	cloud, printed := openCloud(t, dir)
	step(t, "the next up finishes it", func(t *testing.T) {
		require.NoError(t, cloud.Up(t.Context()))
		printed.requireSaid(t, "unchanged") // it goes on from what is there
		var err error
		outputs, err = cloud.Outputs(t.Context())
		require.NoError(t, err)
	})
	step(t, "AWS describes every resource", func(t *testing.T) {
		resources, err := cloud.Resources(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, resources)
		for _, r := range resources {
			describe, ok := descriptions[r.Type]
			require.True(t, ok, "no description of the type %s", r.Type)
			t.Run(r.URN[strings.LastIndex(r.URN, "::")+2:], func(t *testing.T) { describe(t.Context(), t, both.of(r), r) })
		}
	})
	step(t, "the API server holds every object", func(t *testing.T) {
		objects, err := cloud.Objects()
		require.NoError(t, err)
		require.NotEmpty(t, objects)
		cluster, err := kubebridge.Connect(cloud.Kubeconfig(), "")
		require.NoError(t, err)
		for _, r := range objects {
			held, err := cluster.Show(t.Context(), r.Type, r.ID)
			require.NoError(t, err)
			requireHolds(t, r.Inputs["spec"], held["spec"])
		}
	})
	step(t, "Trino reads the metrics of what is sent, live and then exact, and a reader finds it in OpenSearch", func(t *testing.T) {
		began := time.Now()
		result, err := demo.Run(t.Context(), cloud, demo.Options{Records: 600, Seed: 9}, printed)
		require.NoError(t, err)
		sent = result.Sent
		requireCounted(t, began, result)
		requireExact(t, began, result)
		requireFound(t, result.Searched)
		requireOnlyEmulators(t, dir)
	})
	step(t, "a second preview has no changes", func(t *testing.T) {
		require.NoError(t, cloud.Preview(t.Context(), true))
	})
	step(t, "nor has one after the job's commits", func(t *testing.T) {
		aws.commit(t.Context(), t, output("warehouseDatabaseName"), output("liveTableName"))
		require.NoError(t, cloud.Refresh(t.Context()))
		require.NoError(t, cloud.Preview(t.Context(), true))
	})
	step(t, "10,000 records, put by the way of the roles, come back complete", func(t *testing.T) {
		writer := asProducer(t.Context(), t, cloud.Endpoint(), producer.Roles{
			FluentdARN: outputs["fluentdRoleArns"].(map[string]any)["local"].(string),
			WriterARN:  *output("writerRoleArn"), ExternalID: "local-clusters",
		})
		require.NoError(t, producer.Put(t.Context(), writer.kinesis, *output("streamName"), records))
		sent = append(sent, records...)
		assert.Equal(t, contents(sent...), aws.readAll(t.Context(), t, *output("streamName")))
	})
	step(t, "and would become few objects", func(t *testing.T) {
		requireFewObjects(t, aws, output("deliveryStreamName"), records)
	})
	step(t, "Athena has a column for each of their fields", func(t *testing.T) {
		requireColumns(t, aws, output("databaseName"), output("rawTableName"), records)
	})
	step(t, "a config change updates in place", func(t *testing.T) {
		cloud.Settings = map[string]any{
			"log-pipeline:stream":   map[string]any{"retentionHours": 72},
			"log-pipeline:delivery": map[string]any{"bufferSeconds": 300, "logRetentionDays": 400},
			"log-pipeline:events":   map[string]any{"partitionKey": "pod"},
			"log-pipeline:search":   map[string]any{"refreshSeconds": 20, "delivery": map[string]any{"bufferSeconds": 30}},
		}
		requireUpdatesOnly(t, cloud, 8)
		require.NoError(t, cloud.Up(t.Context()))
		stream, err := aws.kinesis.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: output("streamName")})
		require.NoError(t, err)
		assert.EqualValues(t, 72, *stream.StreamDescriptionSummary.RetentionPeriodHours)
		requireChangedInside(t, cloud, "index template logs")
		assert.Equal(t, contents(sent...), aws.readAll(t.Context(), t, *output("streamName")), "the stream must be the same one")
	})
	step(t, "destroy leaves nothing", func(t *testing.T) {
		objects, err := cloud.Objects()
		require.NoError(t, err)
		require.NoError(t, cloud.Destroy(t.Context()))
		both.requireEmpty(t.Context(), t)
		cluster, err := kubebridge.Connect(cloud.Kubeconfig(), "")
		require.NoError(t, err)
		for _, r := range objects {
			_, err := cluster.Show(t.Context(), r.Type, r.ID)
			require.ErrorContains(t, err, "is not in the cluster")
		}
	})
}

// requireHolds compares what was asked for with what is there, which may have defaults beside it.
func requireHolds(t *testing.T, wanted, held any) {
	t.Helper()
	switch wanted := wanted.(type) {
	case nil: // a namespace asks for nothing
	case map[string]any:
		there, ok := held.(map[string]any)
		require.True(t, ok, "%v is there instead of %v", held, wanted)
		for key, value := range wanted {
			requireHolds(t, value, there[key])
		}
	case []any:
		there, ok := held.([]any)
		require.True(t, ok && len(there) == len(wanted), "%v is there instead of %v", held, wanted)
		for i, value := range wanted {
			requireHolds(t, value, there[i])
		}
	default:
		require.EqualValues(t, wanted, held)
	}
}

// requireOnlyEmulators leaves what the next run goes on with: the emulator of AWS, the API server with its etcd, and OpenSearch with
// what stands before it.
func requireOnlyEmulators(t *testing.T, dir string) {
	t.Helper()
	left := commandsOf(t, dir)
	require.Len(t, left, 5)
	for _, program := range []string{"server.py", "kube-apiserver", "etcd --", "searchfront", "org.opensearch.bootstrap.OpenSearch"} {
		assert.True(t, slices.ContainsFunc(left, func(command string) bool { return strings.Contains(command, program) }), program)
	}
}

func requireFewObjects(t *testing.T, aws *api, delivery *string, records []producer.Record) {
	t.Helper()
	answer, err := aws.firehose.DescribeDeliveryStream(t.Context(), &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: delivery})
	require.NoError(t, err)
	hints := answer.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription.BufferingHints
	total := 0
	for _, record := range records {
		total += len(record.Data)
		assert.Equal(t, 1, bytes.Count(record.Data, []byte("\n")), "one newline a record, so that objects are lines")
	}
	assert.Less(t, total, int(*hints.SizeInMBs)<<20, "the buffer should hold them all in one object")
	assert.GreaterOrEqual(t, *hints.IntervalInSeconds, int32(60))
}

func requireColumns(t *testing.T, aws *api, database, table *string, records []producer.Record) {
	t.Helper()
	answer, err := aws.glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: database, Name: table})
	require.NoError(t, err)
	columns := map[string]bool{}
	for _, column := range answer.Table.StorageDescriptor.Columns {
		columns[*column.Name] = true
	}
	for _, record := range records {
		for field := range record.Fields {
			require.True(t, columns[field], "the raw table has no column %s", field)
		}
	}
}

func requireUpdatesOnly(t *testing.T, cloud *localcloud.Cloud, count int) {
	t.Helper()
	changes, err := cloud.Changes(t.Context())
	require.NoError(t, err)
	assert.Len(t, changes, count)
	for urn, operation := range changes {
		allowed := []string{"update"}
		if strings.HasSuffix(urn, "::search-inside") { // the function runs again
			allowed = []string{"create-replacement", "replace", "delete-replaced"}
		}
		assert.Contains(t, allowed, operation, urn)
	}
}

// TestKilledRunsAreNoticed covers what no run can clean up after itself.
func TestKilledRunsAreNoticed(t *testing.T) {
	dir := newCloudDir(t)

	step(t, "an up that is killed at work", func(t *testing.T) {
		requireEnded(t, dir, syscall.SIGKILL, "aws:kms:Key lake-key creating")
	})
	step(t, "is a reason to start afresh", func(t *testing.T) {
		cloud, printed := openCloud(t, dir)
		require.NoError(t, cloud.Preview(t.Context(), false))
		printed.requireSaid(t, "The last run was killed at work")
		newAPI(cloud.Endpoint()).requireEmpty(t.Context(), t)
	})
	step(t, "an emulator that dies at work is told in a sentence", func(t *testing.T) {
		cloud, printed := openCloud(t, dir)
		printed.when("aws:kms:Key lake-key creating", func() { killRunning(dir, "server.py") })
		start := time.Now()
		err := cloud.Up(t.Context())
		require.ErrorContains(t, err, "the emulator ended while the engine worked")
		assert.Less(t, time.Since(start), 2*time.Minute)
		for _, trace := range []string{"rpc error", "goroutine", "exited prematurely"} {
			assert.False(t, strings.Contains(printed.String(), trace), "the engine should print no %q", trace)
		}
	})
	step(t, "and is a reason to start afresh too", func(t *testing.T) {
		cloud, printed := openCloud(t, dir)
		require.NoError(t, cloud.Preview(t.Context(), false))
		printed.requireSaid(t, "The emulator that held the resources is gone")
	})
	step(t, "down leaves nothing", func(t *testing.T) {
		cloud, _ := openCloud(t, dir)
		require.NoError(t, cloud.Down(t.Context()))
		assert.Empty(t, commandsOf(t, dir))
		assert.NoDirExists(t, dir)
	})
}

func TestResourceWithoutAnAccountIsRefused(t *testing.T) {
	cloud, printed := openCloud(t, newCloudDir(t))
	var err error
	cloud.Program, err = filepath.Abs("testdata/homeless")
	require.NoError(t, err)
	require.Error(t, cloud.Preview(t.Context(), false))
	printed.requireSaid(t, "Default provider for 'aws' disabled")
}
