package searchdelivery

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
)

// failedFolder is where documents go that a domain has not taken:
// docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceDestinationConfiguration.html.
const failedFolder = "AmazonOpenSearchService-failed"

// Failed is a document that a domain has not taken, as it is in the bucket: docs.aws.amazon.com/firehose/latest/dev/retry.html.
// Times are in milliseconds since 1970.
type Failed struct {
	AttemptsMade           int    `json:"attemptsMade"`
	ArrivalTimestamp       int64  `json:"arrivalTimestamp"`
	ErrorCode              string `json:"errorCode"`
	ErrorMessage           string `json:"errorMessage"`
	AttemptEndingTimestamp int64  `json:"attemptEndingTimestamp"`
	RawData                []byte `json:"rawData"`
	ESDocumentID           string `json:"esDocumentId"`
	ESIndexName            string `json:"esIndexName"`
	ESTypeName             string `json:"esTypeName"`
}

// keepFailed puts the documents into the bucket.
func (s *Stream) keepFailed(ctx context.Context, documents []*document) error {
	if len(documents) == 0 {
		return nil
	}
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	for _, d := range documents {
		err := encoder.Encode(Failed{
			AttemptsMade: d.attempts, ArrivalTimestamp: d.Arrived.UnixMilli(), ErrorCode: d.errorCode, ErrorMessage: d.errorMessage,
			AttemptEndingTimestamp: d.attemptsEnded.UnixMilli(), RawData: d.Data,
			ESDocumentID: d.id, ESIndexName: d.index, ESTypeName: aws.ToString(s.set.TypeName),
		})
		if err != nil {
			return fmt.Errorf("write what failed: %w", err)
		}
	}
	oldest := documents[0].Arrived.UTC()
	prefix := aws.ToString(s.set.S3DestinationDescription.ErrorOutputPrefix)
	if prefix == "" {
		prefix = aws.ToString(s.set.S3DestinationDescription.Prefix) + failedFolder + "/" + oldest.Format("2006/01/02/15/")
	}
	return s.put(ctx, evaluate(prefix, oldest), oldest, content.Bytes())
}

// backUp puts the records into the bucket, whatever becomes of them.
func (s *Stream) backUp(ctx context.Context, documents []*document) error {
	var content bytes.Buffer
	for _, d := range documents {
		content.Write(d.Data)
	}
	oldest := documents[0].Arrived.UTC()
	prefix := aws.ToString(s.set.S3DestinationDescription.Prefix)
	if !strings.Contains(prefix, "!{") {
		prefix += oldest.Format("2006/01/02/15/")
	}
	return s.put(ctx, evaluate(prefix, oldest), oldest, content.Bytes())
}

// put names an object as Firehose does: docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html.
func (s *Stream) put(ctx context.Context, prefix string, oldest time.Time, content []byte) error {
	key := fmt.Sprintf("%s%s-1-%s-%s", prefix, s.name, oldest.Format("2006-01-02-15-04-05"), uuid.NewString())
	if s.set.S3DestinationDescription.CompressionFormat == types.CompressionFormatGzip {
		var compressed bytes.Buffer
		zip := gzip.NewWriter(&compressed)
		if _, err := zip.Write(content); err != nil {
			return fmt.Errorf("compress records: %w", err)
		}
		if err := zip.Close(); err != nil {
			return fmt.Errorf("compress records: %w", err)
		}
		key, content = key+".gz", compressed.Bytes()
	}
	bucket := s.bucket()
	if _, err := s.objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content)}); err != nil {
		return fmt.Errorf("put s3://%s/%s: %w", bucket, key, err)
	}
	return nil
}

// expression is one in a prefix: docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html.
var expression = regexp.MustCompile(`!\{([a-z]+):([^}]+)\}`)

// javaTime are the parts of a time in a prefix, in Java's letters and in Go's.
var javaTime = strings.NewReplacer("yyyy", "2006", "MM", "01", "dd", "02", "HH", "15", "mm", "04", "ss", "05")

// evaluate is a prefix of what failed, with its expressions' values.
func evaluate(prefix string, at time.Time) string {
	return expression.ReplaceAllStringFunc(prefix, func(found string) string {
		parts := expression.FindStringSubmatch(found)
		switch {
		case parts[1] == "timestamp":
			return at.Format(javaTime.Replace(parts[2]))
		case parts[2] == "error-output-type":
			return failedFolder
		}
		return uuid.NewString()[:8] // firehose:random-string
	})
}
