//go:build localcloud

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"
)

// recordsPerCall is PutRecords' own limit, which Fluentd's plugin uses in full.
const recordsPerCall = 500

// accessLogs returns n records of Istio's JSON access log as Fluentd sends
// them, each with its newline, by request id.
func accessLogs(t *testing.T, n int) map[string][]byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	records := make(map[string][]byte, n)
	for i := range n {
		id := fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), i)
		line, err := json.Marshal(accessLog(random, id, start.Add(time.Duration(i)*7*time.Millisecond)))
		require.NoError(t, err)
		records[id] = append(line, '\n')
	}
	return records
}

func accessLog(random *rand.Rand, id string, at time.Time) map[string]any {
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	service := pick("cart", "checkout", "catalog", "payments")
	code := []int{200, 200, 200, 201, 204, 304, 404, 503}[random.IntN(8)]
	record := map[string]any{
		"event_id": fmt.Sprintf("%064x", id), "cluster": "local", "namespace": "shop", "pod": service + "-7d9c8b6f5-x2x4z",
		"start_time": at.Format("2006-01-02T15:04:05.000Z"), "time": at.Format(time.RFC3339Nano), "stream": "stdout",
		"method": pick("GET", "GET", "POST", "PUT"), "path": pick("/", "/api/v1/items/17?sort=price", "/api/v1/café/ü"),
		"protocol": pick("HTTP/1.1", "HTTP/2"), "response_code": code, "response_flags": "-",
		"response_code_details": "via_upstream", "connection_termination_details": nil,
		"upstream_transport_failure_reason": nil,
		"bytes_received":                    random.IntN(4096), "bytes_sent": random.IntN(1 << 16),
		"duration": random.IntN(2000), "upstream_service_time": strconv.Itoa(random.IntN(2000)),
		"x_forwarded_for": "10.0.3.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) \"quoted\"",
		"request_id": id, "authority": service + ".shop.example",
		"upstream_host":          "10.0.1.9:8080",
		"upstream_cluster":       fmt.Sprintf("inbound|8080||%s.shop.svc.cluster.local", service),
		"upstream_local_address": "127.0.0.6:44321", "downstream_local_address": "10.0.1.9:8080",
		"downstream_remote_address": "10.0.3.7:0", "requested_server_name": nil, "route_name": "default",
		"kubernetes": map[string]any{
			"pod_name": service + "-7d9c8b6f5-x2x4z", "namespace_name": "shop", "container_name": "istio-proxy",
			"host":   "ip-10-0-1-9.eu-west-1.compute.internal",
			"labels": map[string]any{"app_kubernetes_io/name": service, "pod-template-hash": "7d9c8b6f5"},
		},
	}
	if code == 503 {
		record["response_flags"], record["upstream_service_time"] = "UH", "-"
		record["upstream_transport_failure_reason"] = "delayed connect error: 111"
	}
	return record
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
