package demo

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"example.com/log-pipeline/tests/localcloud/producer"
)

// bufferInterval is how long Firehose collects records for an object, by the default of components/delivery.
const bufferInterval = 5 * time.Minute

// raw writes records to the stack's raw bucket as Firehose does, which the emulator does not.
type raw struct {
	objects                *s3.Client
	bucket, prefix, stream string
}

// newRaw writes to that bucket, under that prefix, as the delivery stream of that name.
func newRaw(config aws.Config, bucket, prefix, stream string) *raw {
	return &raw{objects: objectsOf(config), bucket: bucket, prefix: prefix, stream: stream}
}

// deliver writes an object for each buffer of the records, by their arrival. As many of them as duplicates says, spread over
// all, are in further objects too, since Firehose delivers at least once: docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html.
func (r *raw) deliver(ctx context.Context, records []producer.Record, arrival func(producer.Record) time.Time, duplicates int) error {
	for _, b := range slices.Concat(buffered(records, arrival), buffered(spread(records, duplicates), arrival)) {
		content, err := b.content()
		if err != nil {
			return err
		}
		key := b.key(r.prefix, r.stream)
		if _, err := r.objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &r.bucket, Key: &key, Body: bytes.NewReader(content)}); err != nil {
			return fmt.Errorf("put s3://%s/%s: %w", r.bucket, key, err)
		}
	}
	return nil
}

// buffer is what Firehose collects for an object.
type buffer struct {
	// oldest is the arrival of its first record.
	oldest  time.Time
	records []producer.Record
}

// buffered are the records' buffers, each of those that arrive within the interval from its oldest on.
func buffered(records []producer.Record, arrival func(producer.Record) time.Time) []buffer {
	inOrder := slices.SortedStableFunc(slices.Values(records), func(a, b producer.Record) int { return arrival(a).Compare(arrival(b)) })
	var all []buffer
	for _, record := range inOrder {
		at := arrival(record).UTC()
		if len(all) == 0 || at.Sub(all[len(all)-1].oldest) >= bufferInterval {
			all = append(all, buffer{oldest: at})
		}
		last := &all[len(all)-1]
		last.records = append(last.records, record)
	}
	return all
}

// spread is that many of the records, at equal distances; at most all.
func spread(records []producer.Record, count int) []producer.Record {
	count = min(count, len(records))
	some := make([]producer.Record, count)
	for i := range some {
		some[i] = records[i*len(records)/count]
	}
	return some
}

// key has the hour and the second of the oldest record's arrival, the version of the stream's configuration, a random
// UUID, and the extension that components/delivery sets: docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html.
func (b buffer) key(prefix, stream string) string {
	return fmt.Sprintf("%s%s%s-1-%s-%s.json.gz",
		prefix, b.oldest.Format("dt=2006-01-02/hour=15/"), stream, b.oldest.Format("2006-01-02-15-04-05"), uuid.NewString())
}

// content is GZIP of the records, each with its newline.
func (b buffer) content() ([]byte, error) {
	var content bytes.Buffer
	zip := gzip.NewWriter(&content)
	for _, record := range b.records {
		if _, err := zip.Write(record.Data); err != nil {
			return nil, fmt.Errorf("compress a record: %w", err)
		}
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("compress records: %w", err)
	}
	return content.Bytes(), nil
}
