package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/producer"
	"example.com/log-pipeline/tests/localcloud/searchdelivery"
)

const (
	// linesShown is how many of the lines found are printed.
	linesShown = 5
	// searchPatience is how long what is indexed may take to be found: an index shows it after its refresh interval.
	searchPatience = 2 * time.Minute
	// otherFields is where the ingest pipeline of internal/searchindex moves what it does not know.
	otherFields = "fields"
)

// SearchDomain is what the stack says of its search domain.
type SearchDomain struct {
	// Endpoint is a host with a port.
	Endpoint string
	// IndexPattern has the names of all indices with logs.
	IndexPattern string
	// DeliveryStream is the name of the one that writes them.
	DeliveryStream string
	// ReaderRoleARN is a role that may read them.
	ReaderRoleARN string
	Region        string
}

// Searched is what came of it.
type Searched struct {
	Delivered searchdelivery.Delivered
	// Pod is the one whose lines were looked for, Sent how many of them were sent, and Found how many a reader finds.
	Pod         string
	Sent, Found int
}

// Search delivers records to the search domain as Firehose does, some of them twice, and prints the lines of a pod as a reader
// finds them by the pod's name and the time.
func Search(ctx context.Context, cloud *localcloud.Cloud, domain SearchDomain, records []producer.Record,
	arrival func(producer.Record) time.Time, out io.Writer,
) (Searched, error) {
	client, err := cloud.SearchClient()
	if err != nil {
		return Searched{}, err
	}
	config := emulator(cloud, domain.Region)
	stream, err := searchdelivery.Find(ctx, config, domain.DeliveryStream, domain.Endpoint, client)
	if err != nil {
		return Searched{}, err
	}
	searched, from, to := linesOf(records)
	if searched.Delivered, err = stream.Deliver(ctx, arrived(records, arrival)); err != nil {
		return Searched{}, err
	}
	twice, err := stream.Deliver(ctx, arrived(spread(records, len(records)/twiceEvery), arrival))
	if err != nil {
		return Searched{}, err
	}
	_, err = fmt.Fprintf(out, "\n%d records are in the search domain, and %d of them were written twice. %d are refused.\n",
		searched.Delivered.Indexed, twice.Indexed, searched.Delivered.Failed+twice.Failed)
	if err != nil {
		return Searched{}, err
	}
	r := reader{client: client, domain: domain}
	if r.config, err = searchdelivery.Assume(ctx, config, domain.ReaderRoleARN, "reader"); err != nil {
		return Searched{}, err
	}
	found, err := r.await(ctx, query(searched.Pod, from, to), searched.Sent)
	if err != nil {
		return Searched{}, err
	}
	searched.Found = found.Hits.Total.Value
	_, err = fmt.Fprintf(out, "The pod %s wrote %d lines from %s to %s. A reader finds %d, the last of them\n%s",
		searched.Pod, searched.Sent, from.Format(time.TimeOnly), to.Format(time.TimeOnly), searched.Found, found)
	return searched, err
}

func arrived(records []producer.Record, arrival func(producer.Record) time.Time) []searchdelivery.Record {
	all := make([]searchdelivery.Record, len(records))
	for i, record := range records {
		all[i] = searchdelivery.Record{Data: record.Data, Arrived: arrival(record)}
	}
	return all
}

// linesOf picks the pod that wrote the most lines, and says from when to when it did.
func linesOf(records []producer.Record) (s Searched, from, to time.Time) {
	times := map[string][]time.Time{}
	for _, record := range records {
		pod, _ := record.Fields["pod"].(string)
		written, _ := record.Fields["time"].(string)
		if at, err := time.Parse(time.RFC3339Nano, written); err == nil {
			times[pod] = append(times[pod], at.UTC())
		}
		if len(times[pod]) > s.Sent {
			s.Pod, s.Sent = pod, len(times[pod])
		}
	}
	if s.Sent > 0 {
		from = slices.MinFunc(times[s.Pod], time.Time.Compare)
		to = slices.MaxFunc(times[s.Pod], time.Time.Compare)
	}
	return s, from, to
}

// query is for the lines of a pod, the latest first.
func query(pod string, from, to time.Time) map[string]any {
	return map[string]any{
		"size": linesShown, "track_total_hits": true, "sort": []any{map[string]string{"@timestamp": "desc"}},
		"query": map[string]any{"bool": map[string]any{"filter": []any{
			map[string]any{"term": map[string]string{"pod": pod}},
			map[string]any{"range": map[string]any{"@timestamp": map[string]string{
				// As an index keeps times: in milliseconds.
				"gte": from.Truncate(time.Millisecond).Format(time.RFC3339Nano), "lte": to.Format(time.RFC3339Nano),
			}}},
		}}},
	}
}

// reader searches as a role.
type reader struct {
	client *http.Client
	domain SearchDomain
	config aws.Config
}

// hits is what a search finds.
type hits struct {
	Hits struct {
		Total struct{ Value int }
		Hits  []struct {
			Source map[string]any `json:"_source"`
		}
	}
}

func (h hits) String() string {
	var lines bytes.Buffer
	for _, hit := range h.Hits.Hits {
		_, _ = fmt.Fprintf(&lines, "  %v", hit.Source["@timestamp"])
		others, _ := hit.Source[otherFields].(map[string]any)
		for _, fields := range []map[string]any{hit.Source, others} {
			for _, field := range []string{"method", "path", "response_code", "event_type", "user_id"} {
				if value, ok := fields[field]; ok {
					_, _ = fmt.Fprintf(&lines, " %v", value)
				}
			}
		}
		lines.WriteByte('\n')
	}
	return lines.String()
}

// await searches until at least as many are found.
func (r reader) await(ctx context.Context, query map[string]any, wanted int) (hits, error) {
	for deadline := time.Now().Add(searchPatience); ; {
		found, err := r.search(ctx, query)
		if err != nil {
			return hits{}, err
		}
		if found.Hits.Total.Value >= wanted {
			return found, nil
		}
		if time.Now().After(deadline) {
			return hits{}, fmt.Errorf("%d of %d lines are found after %s", found.Hits.Total.Value, wanted, searchPatience)
		}
		select {
		case <-ctx.Done():
			return hits{}, ctx.Err()
		case <-time.After(poll):
		}
	}
}

func (r reader) search(ctx context.Context, query map[string]any) (hits, error) {
	body, err := json.Marshal(query)
	if err != nil {
		return hits{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		"https://"+r.domain.Endpoint+"/"+r.domain.IndexPattern+"/_search", bytes.NewReader(body))
	if err != nil {
		return hits{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if err := searchdelivery.Sign(ctx, r.config, request, body); err != nil {
		return hits{}, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return hits{}, fmt.Errorf("search: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return hits{}, fmt.Errorf("search: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return hits{}, fmt.Errorf("search: %s: %s", response.Status, answer)
	}
	var found hits
	return found, json.Unmarshal(answer, &found)
}
