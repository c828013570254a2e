package producer

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// recordsPerCall is PutRecords' own limit, which Fluentd's plugin uses in full.
const recordsPerCall = 500

// Put writes the records to the stream of that name in full batches, and fails on any that is not taken.
func Put(ctx context.Context, client *kinesis.Client, stream string, records []Record) error {
	for batch := range slices.Chunk(records, recordsPerCall) {
		entries := make([]types.PutRecordsRequestEntry, len(batch))
		for i, record := range batch {
			entries[i] = types.PutRecordsRequestEntry{PartitionKey: aws.String(record.ID), Data: record.Data}
		}
		result, err := client.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: &stream, Records: entries})
		if err != nil {
			return fmt.Errorf("put records: %w", err)
		}
		if failed := aws.ToInt32(result.FailedRecordCount); failed > 0 {
			return fmt.Errorf("put records: %d of %d are refused", failed, len(batch))
		}
	}
	return nil
}
