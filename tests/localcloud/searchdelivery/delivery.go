// Package searchdelivery plays Firehose's part between the stream and a search domain, which the emulator does not: it delivers
// records as the delivery stream is set, under that stream's role, and puts what the domain does not take into the bucket.
//
// It differs in these: it takes the records and their arrival from whoever put them, delivers at once, and names the documents at
// random. Nothing of a network is in its way.
package searchdelivery

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
)

// sessionName is that of the role's sessions.
const sessionName = "firehose"

// Record is one that came to the stream.
type Record struct {
	Data    []byte
	Arrived time.Time
}

// Stream is a delivery stream to a search domain.
type Stream struct {
	// Retry is for how long it tries to deliver what is refused, as the delivery stream is set.
	Retry time.Duration

	name string
	set  *types.AmazonopensearchserviceDestinationDescription
	// role is the configuration of AWS's clients under the stream's role.
	role     aws.Config
	objects  *s3.Client
	endpoint string
	client   *http.Client
}

// Find reads from the emulator how the delivery stream of that name is set, and assumes its role. The domain is at the endpoint, a
// host with an optional port, for requests of that client.
func Find(ctx context.Context, config aws.Config, name, endpoint string, client *http.Client) (*Stream, error) {
	answer, err := firehose.NewFromConfig(config).DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &name})
	if err != nil {
		return nil, fmt.Errorf("describe the delivery stream %s: %w", name, err)
	}
	destinations := answer.DeliveryStreamDescription.Destinations
	if len(destinations) != 1 || destinations[0].AmazonopensearchserviceDestinationDescription == nil {
		return nil, fmt.Errorf("the delivery stream %s does not deliver to OpenSearch Service alone", name)
	}
	s := &Stream{name: name, set: destinations[0].AmazonopensearchserviceDestinationDescription, endpoint: endpoint, client: client}
	if options := s.set.RetryOptions; options != nil {
		s.Retry = time.Duration(aws.ToInt32(options.DurationInSeconds)) * time.Second
	}
	if s.role, err = Assume(ctx, config, aws.ToString(s.set.RoleARN), sessionName); err != nil {
		return nil, err
	}
	s.objects = s3.NewFromConfig(s.role, func(o *s3.Options) { o.UsePathStyle = true })
	return s, nil
}

// Delivered is what became of records.
type Delivered struct {
	// Indexed is how many the domain has taken, and Failed how many it has not.
	Indexed, Failed int
}

// Deliver delivers the records, a bulk for each buffer of them. Those that the domain has not taken in time are in the bucket then.
func (s *Stream) Deliver(ctx context.Context, records []Record) (Delivered, error) {
	var done Delivered
	for _, buffer := range s.buffers(records) {
		if s.set.S3BackupMode == types.AmazonopensearchserviceS3BackupModeAllDocuments {
			if err := s.backUp(ctx, buffer); err != nil {
				return done, err
			}
		}
		failed, err := s.index(ctx, buffer)
		if err != nil {
			return done, err
		}
		if err := s.keepFailed(ctx, failed); err != nil {
			return done, err
		}
		done.Indexed += len(buffer) - len(failed)
		done.Failed += len(failed)
	}
	return done, nil
}

// document is a record on its way.
type document struct {
	Record
	id, index string
	// attempts is how often it was sent, and the others what was said to that the last time.
	attempts      int
	errorCode     string
	errorMessage  string
	attemptsEnded time.Time
}

// buffers are what is delivered together: as many bytes as the stream buffers, that arrive within its interval.
func (s *Stream) buffers(records []Record) [][]*document {
	size, interval := 5<<20, 5*time.Minute // docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceBufferingHints.html
	if hints := s.set.BufferingHints; hints != nil {
		size = int(cmp.Or(aws.ToInt32(hints.SizeInMBs), 5)) << 20
		if hints.IntervalInSeconds != nil {
			interval = time.Duration(*hints.IntervalInSeconds) * time.Second
		}
	}
	inOrder := slices.SortedStableFunc(slices.Values(records), func(a, b Record) int { return a.Arrived.Compare(b.Arrived) })
	var all [][]*document
	held := 0
	for _, record := range inOrder {
		if len(all) == 0 || held+len(record.Data) > size || record.Arrived.Sub(all[len(all)-1][0].Arrived) > interval {
			all, held = append(all, nil), 0
		}
		last := &all[len(all)-1]
		*last = append(*last, s.document(record))
		held += len(record.Data)
	}
	return all
}

func (s *Stream) document(record Record) *document {
	d := &document{Record: record, index: aws.ToString(s.set.IndexName) + suffix(s.set.IndexRotationPeriod, record.Arrived.UTC())}
	options := s.set.DocumentIdOptions
	if options == nil || options.DefaultDocumentIdFormat == types.DefaultDocumentIdFormatFirehoseDefault {
		d.id = uuid.NewString()
	}
	return d
}

// suffix is what Firehose appends to the index's name, of a record's arrival in UTC:
// docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html.
func suffix(rotation types.AmazonopensearchserviceIndexRotationPeriod, arrived time.Time) string {
	switch rotation {
	case types.AmazonopensearchserviceIndexRotationPeriodOneHour:
		return arrived.Format("-2006-01-02-15")
	case types.AmazonopensearchserviceIndexRotationPeriodOneDay:
		return arrived.Format("-2006-01-02")
	case types.AmazonopensearchserviceIndexRotationPeriodOneWeek:
		year, week := arrived.ISOWeek()
		return fmt.Sprintf("-%d-w%02d", year, week)
	case types.AmazonopensearchserviceIndexRotationPeriodOneMonth:
		return arrived.Format("-2006-01")
	}
	return ""
}

// bucket is the name of the one for what fails.
func (s *Stream) bucket() string {
	return strings.TrimPrefix(aws.ToString(s.set.S3DestinationDescription.BucketARN), "arn:aws:s3:::")
}
