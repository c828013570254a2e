//go:build localcloud

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/producer"
)

// accessLogs returns n records of Istio's access log, of requests of the second of January 2026.
func accessLogs(t *testing.T, n int) []producer.Record {
	t.Helper()
	source := producer.NewSource("local", 2)
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	records := make([]producer.Record, n)
	for i := range records {
		var err error
		records[i], err = source.AccessLog(start.Add(time.Duration(i) * 7 * time.Millisecond))
		require.NoError(t, err)
	}
	return records
}

// contents are what the stream holds of records, by their partition keys.
func contents(records ...producer.Record) map[string][]byte {
	found := make(map[string][]byte, len(records))
	for _, record := range records {
		found[record.ID] = record.Data
	}
	return found
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
