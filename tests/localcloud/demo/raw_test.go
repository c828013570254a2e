package demo

import (
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/producer"
)

// bucket is an S3 that keeps what is put, by path, decompressed.
type bucket struct {
	mu      sync.Mutex
	objects map[string]string
}

func newBucket(t *testing.T) (*bucket, aws.Config) {
	t.Helper()
	b := &bucket{objects: map[string]string{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return b, aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	zip, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	content, err := io.ReadAll(zip)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[r.URL.Path] = string(content)
}

// paths are those of the objects, without what is random.
func (b *bucket) paths() []string {
	random := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	var paths []string
	for path := range b.objects {
		paths = append(paths, random.ReplaceAllString(path, "UUID"))
	}
	slices.Sort(paths)
	return paths
}

// lines are those of all objects.
func (b *bucket) lines() []string {
	return slices.Sorted(strings.Lines(strings.Join(slices.Collect(maps.Values(b.objects)), "")))
}

// arriving are records that each carry the minute of their arrival after start.
func arriving(start time.Time, minutes ...int) ([]producer.Record, func(producer.Record) time.Time) {
	var records []producer.Record
	for i, minute := range minutes {
		id := fmt.Sprintf("%02d", i)
		records = append(records, producer.Record{
			ID: id, Fields: map[string]any{"minute": minute}, Data: []byte(`{"event_id":"` + id + `"}` + "\n"),
		})
	}
	return records, func(r producer.Record) time.Time {
		return start.Add(time.Duration(r.Fields["minute"].(int)) * time.Minute)
	}
}

func TestObjectsAreNamedAfterTheirOldestRecord(t *testing.T) {
	b, config := newBucket(t)
	zone := time.FixedZone("", 3600)
	records, arrival := arriving(time.Date(2026, 1, 1, 0, 57, 0, 0, zone), 4, 0, 2, 5, 20)
	require.NoError(t, newRaw(config, "lake", "logs/", "demo-raw").deliver(t.Context(), records, arrival, 0))
	assert.Equal(t, []string{
		"/lake/logs/dt=2025-12-31/hour=23/demo-raw-1-2025-12-31-23-57-00-UUID.json.gz",
		"/lake/logs/dt=2026-01-01/hour=00/demo-raw-1-2026-01-01-00-02-00-UUID.json.gz",
		"/lake/logs/dt=2026-01-01/hour=00/demo-raw-1-2026-01-01-00-17-00-UUID.json.gz",
	}, b.paths())
	assert.Equal(t, []string{
		`{"event_id":"00"}` + "\n", `{"event_id":"01"}` + "\n", `{"event_id":"02"}` + "\n", `{"event_id":"03"}` + "\n",
		`{"event_id":"04"}` + "\n",
	}, b.lines())
}

func TestDuplicatesAreInAnotherObject(t *testing.T) {
	for name, test := range map[string]struct {
		records, duplicates, objects, lines int
	}{
		"none":                    {4, 0, 1, 4},
		"some":                    {4, 2, 2, 6},
		"no more than there are":  {4, 9, 2, 8},
		"none of no records":      {0, 3, 0, 0},
		"the same record is once": {1, 1, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			b, config := newBucket(t)
			records, arrival := arriving(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC), make([]int, test.records)...)
			require.NoError(t, newRaw(config, "lake", "logs/", "demo-raw").deliver(t.Context(), records, arrival, test.duplicates))
			assert.Len(t, b.objects, test.objects)
			assert.Len(t, b.lines(), test.lines)
			for _, content := range b.objects {
				once := slices.Compact(slices.Sorted(strings.Lines(content)))
				assert.Len(t, once, strings.Count(content, "\n"), "no object has a record twice")
			}
		})
	}
}

func TestABucketThatRefusesIsAnError(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer server.Close()
	config := aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}
	records, arrival := arriving(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC), 0)
	err := newRaw(config, "lake", "logs/", "demo-raw").deliver(t.Context(), records, arrival, 0)
	require.ErrorContains(t, err, "put s3://lake/logs/dt=2026-01-02/hour=03/demo-raw-1-2026-01-02-03-00-00-")
}
