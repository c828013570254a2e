package searchdelivery_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/searchdelivery"
)

// settings are those of the delivery stream, as Firehose describes them.
const settings = `"RoleARN": "arn:aws:iam::123456789012:role/writer", "IndexName": "logs", "IndexRotationPeriod": "OneDay",
	"BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60}, "RetryOptions": {"DurationInSeconds": 0},
	"S3DestinationDescription": {"BucketARN": "arn:aws:s3:::lake", "Prefix": "search/", "CompressionFormat": "GZIP",
		"ErrorOutputPrefix": "search/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/"}`

// world is the services that Firehose calls, and a domain that answers with what answer says.
type world struct {
	mu sync.Mutex
	// bulks are the bodies that the domain was sent, and signed the Authorization headers they came with.
	bulks, signed []string
	// objects are those in the bucket, decompressed, by path.
	objects map[string]string

	answer func(documents int) (status int, body string)
}

// newStream finds the delivery stream, with other settings after the usual ones.
func newStream(t *testing.T, other string, answer func(documents int) (int, string)) (*searchdelivery.Stream, *world) {
	t.Helper()
	w := &world{objects: map[string]string{}, answer: answer}
	services, domain := httptest.NewServer(w.serve(other)), httptest.NewTLSServer(http.HandlerFunc(w.bulk))
	t.Cleanup(services.Close)
	t.Cleanup(domain.Close)
	config := aws.Config{
		Region: "eu-west-1", BaseEndpoint: &services.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}
	stream, err := searchdelivery.Find(t.Context(), config, "search", strings.TrimPrefix(domain.URL, "https://"), domain.Client())
	require.NoError(t, err)
	return stream, w
}

func (w *world) serve(other string) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeDeliveryStream"):
			_, _ = fmt.Fprintf(out, `{"DeliveryStreamDescription": {"Destinations": [{"AmazonopensearchserviceDestinationDescription": {%s%s}}]}}`,
				settings, other)
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(out, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAWRITER</AccessKeyId>
				<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
		default:
			w.keep(out, r)
		}
	}
}

func (w *world) keep(out http.ResponseWriter, r *http.Request) {
	zip, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	content, err := io.ReadAll(zip)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.objects[r.URL.Path] = string(content)
}

func (w *world) bulk(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bulks, w.signed = append(w.bulks, string(body)), append(w.signed, r.Header.Get("Authorization"))
	status, answer := w.answer(strings.Count(string(body), "\n") / 2)
	out.WriteHeader(status)
	_, _ = io.WriteString(out, answer)
}

// answering is the answer to a bulk whose documents have these results in turn, again and again.
func answering(results ...string) func(int) (int, string) {
	return func(documents int) (int, string) {
		items := make([]string, documents)
		for i := range items {
			items[i] = `{"index": ` + results[i%len(results)] + `}`
		}
		return http.StatusOK, `{"items": [` + strings.Join(items, ",") + `]}`
	}
}

const (
	taken   = `{"status": 201}`
	illegal = `{"status": 400, "error": {"type": "mapper_parsing_exception"}}`
)

// actions are the lines of a bulk that say what becomes of the document after it.
func actions(t *testing.T, bulk string) []map[string]string {
	t.Helper()
	var all []map[string]string
	lines := slices.Collect(strings.Lines(bulk))
	for i := 0; i < len(lines); i += 2 {
		var action map[string]map[string]string
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &action))
		all = append(all, action["index"])
	}
	return all
}

func at(clock string) time.Time {
	parsed, err := time.Parse(time.DateTime, clock)
	if err != nil {
		panic(err)
	}
	return parsed
}

func record(data, clock string) searchdelivery.Record {
	return searchdelivery.Record{Data: []byte(data + "\n"), Arrived: at(clock)}
}

// onlyObject is the one object in the bucket.
func (w *world) onlyObject(t *testing.T) (path, content string) {
	t.Helper()
	require.Len(t, w.objects, 1)
	path = slices.Collect(maps.Keys(w.objects))[0]
	return path, w.objects[path]
}
