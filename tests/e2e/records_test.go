//go:build localcloud

package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordsPerCall is PutRecords' own limit, which Fluentd's plugin uses in full.
const recordsPerCall = 500

// accessLogs returns n records of Istio's JSON access log as Fluentd sends them, each with its newline, by event_id, which is
// the partition key.
func accessLogs(t *testing.T, n int) map[string][]byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	records := make(map[string][]byte, n)
	for i := range n {
		requestID := fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), i)
		id, record := accessLog(t, random, requestID, start.Add(time.Duration(i)*7*time.Millisecond))
		records[id] = record
	}
	return records
}

// accessLog is a record and its event_id. A line that is a JSON object becomes fields of the record.
func accessLog(t *testing.T, random *rand.Rand, requestID string, at time.Time) (id string, record []byte) {
	t.Helper()
	service := []string{"cart", "checkout", "catalog", "payments"}[random.IntN(4)]
	pod := service + "-7d9c8b6f5-x2x4z"
	fields := accessFields(random, service, requestID, at)
	line, err := json.Marshal(fields)
	require.NoError(t, err)

	tag := "kubernetes.var.log.containers." + pod + "_shop_istio-proxy-" + fmt.Sprintf("%064x", service) + ".log"
	written := at.Format("2006-01-02T15:04:05.000000000Z07:00") // by the runtime, always with nanoseconds
	id = eventID(tag, written, "stdout", string(line))
	maps.Copy(fields, map[string]any{
		"event_id": id, "cluster": "local", "namespace": "shop", "pod": pod, "time": written, "stream": "stdout",
		"kubernetes": map[string]any{
			"pod_name": pod, "namespace_name": "shop", "container_name": "istio-proxy",
			"host":   "ip-10-0-1-9.eu-west-1.compute.internal",
			"labels": map[string]any{"app_kubernetes_io/name": service, "pod-template-hash": "7d9c8b6f5"},
		},
	})
	record, err = json.Marshal(fields)
	require.NoError(t, err)
	return id, append(record, '\n')
}

// eventID is the id that Fluentd's filter elasticsearch_genid gives an event before its line is parsed: the base64 of the
// SHA-256 of the tag and of the values of the record's keys, with the filter's default separator between them all
// (gh:uken/fluent-plugin-elasticsearch lib/fluent/plugin/filter_elasticsearch_genid.rb, filter_seed_as_record). The filter and
// the keys time, stream and message are set in components/logging/filters.go.
func eventID(tag string, values ...string) string {
	sum := sha256.Sum256([]byte(tag + "_" + strings.Join(values, "_")))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// The filter's own test has this one (the same repository, test/plugin/test_filter_elasticsearch_genid.rb,
// test_record_with_tag).
func TestEventIDIsThatOfTheFilter(t *testing.T) {
	assert.Equal(t, "4hwh10qfw9B24NtNFoEFF8wCiImvgIy1Vk4gzcKt5Pw=",
		eventID("test.fluentd", "26", "parent", "routing", "This is also encoded value."))
}

// accessFields are the fields that Istio writes.
func accessFields(random *rand.Rand, service, requestID string, at time.Time) map[string]any {
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	code := []int{200, 200, 200, 201, 204, 304, 404, 503}[random.IntN(8)]
	fields := map[string]any{
		"start_time": at.Format("2006-01-02T15:04:05.000Z"),
		"method":     pick("GET", "GET", "POST", "PUT"), "path": pick("/", "/api/v1/items/17?sort=price", "/api/v1/café/ü"),
		"protocol": pick("HTTP/1.1", "HTTP/2"), "response_code": code, "response_flags": "-",
		"response_code_details": "via_upstream", "connection_termination_details": nil,
		"upstream_transport_failure_reason": nil,
		"bytes_received":                    random.IntN(4096), "bytes_sent": random.IntN(1 << 16),
		"duration": random.IntN(2000), "upstream_service_time": strconv.Itoa(random.IntN(2000)),
		"x_forwarded_for": "10.0.3.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) \"quoted\"",
		"request_id": requestID, "authority": service + ".shop.example",
		"upstream_host":          "10.0.1.9:8080",
		"upstream_cluster":       fmt.Sprintf("inbound|8080||%s.shop.svc.cluster.local", service),
		"upstream_local_address": "127.0.0.6:44321", "downstream_local_address": "10.0.1.9:8080",
		"downstream_remote_address": "10.0.3.7:0", "requested_server_name": nil, "route_name": "default",
	}
	if code == 503 {
		fields["response_flags"], fields["upstream_service_time"] = "UH", "-"
		fields["upstream_transport_failure_reason"] = "delayed connect error: 111"
	}
	return fields
}

// putRecords writes them in full batches and fails on any that is not taken.
func (a *api) putRecords(ctx context.Context, t *testing.T, stream string, records map[string][]byte) {
	t.Helper()
	var batch []types.PutRecordsRequestEntry
	send := func() {
		if len(batch) == 0 {
			return
		}
		result, err := a.kinesis.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: &stream, Records: batch})
		require.NoError(t, err)
		require.Zero(t, *result.FailedRecordCount)
		batch = nil
	}
	for id, data := range records {
		batch = append(batch, types.PutRecordsRequestEntry{PartitionKey: aws.String(id), Data: data})
		if len(batch) == recordsPerCall {
			send()
		}
	}
	send()
}

// readAll returns every record of the stream by its partition key.
func (a *api) readAll(ctx context.Context, t *testing.T, stream string) map[string][]byte {
	t.Helper()
	shards, err := a.kinesis.ListShards(ctx, &kinesis.ListShardsInput{StreamName: &stream})
	require.NoError(t, err)
	found := map[string][]byte{}
	for _, shard := range shards.Shards {
		first, err := a.kinesis.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
			StreamName: &stream, ShardId: shard.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
		})
		require.NoError(t, err)
		for iterator := first.ShardIterator; iterator != nil; {
			page, err := a.kinesis.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator})
			require.NoError(t, err)
			for _, record := range page.Records {
				found[*record.PartitionKey] = record.Data
			}
			iterator = page.NextShardIterator
			if len(page.Records) == 0 && *page.MillisBehindLatest == 0 {
				break
			}
		}
	}
	return found
}
