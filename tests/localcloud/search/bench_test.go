//go:build localcloud

package search

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/search/events"
)

const (
	// measured are how many events the benchmark writes.
	measured = 20_000
	// warming are how many it writes before, until the server has compiled what it runs.
	warming = 5_000
)

// BenchmarkIndex writes the same events into an index of the project's template and into one of OpenSearch's default dynamic mapping,
// whose limit of fields is raised so that it is none. It reports how many are written a second by one sender, what they take on disk
// once merged into one segment, without replicas, how many are refused and how many fields are mapped.
func BenchmarkIndex(b *testing.B) {
	all, err := events.Usual(1, warming+measured)
	require.NoError(b, err)
	for _, mapping := range []struct {
		name string
		make func(w *world)
	}{
		{"template", func(w *world) { w.apply(b) }},
		{"dynamic", func(w *world) {
			w.mustAsk(b, master, http.MethodPut, "/"+w.today, `{"settings":{"index.mapping.total_fields.limit":100000}}`)
		}},
	} {
		b.Run(mapping.name, func(b *testing.B) {
			for b.Loop() {
				warm, w := newWorld(b), newWorld(b)
				mapping.make(warm)
				warm.deliver(b, master, warm.today, "delivery", all[:warming])
				mapping.make(w)
				w.report(b, all[warming:])
			}
		})
	}
}

// report writes the events and reports what became of them.
func (w *world) report(b *testing.B, all []events.Event) {
	b.Helper()
	began := time.Now()
	refused := w.deliver(b, master, w.today, "delivery", all)
	w.refresh(b)
	took := time.Since(began)
	sent := 0
	for _, event := range all {
		sent += len(event.Data)
	}
	taken, stored := float64(len(all)-len(refused)), w.mergedBytes(b, w.today)
	b.ReportMetric(taken/took.Seconds(), "docs/s")
	b.ReportMetric(stored/taken, "bytes/doc")
	b.ReportMetric(float64(sent)/float64(len(all)), "bytes-sent/doc")
	b.ReportMetric(float64(len(refused)), "refused")
	b.ReportMetric(float64(w.mapped(b, w.today)), "fields")
}

// mergedBytes is what the index's primary shards take on disk as one segment each. What was merged goes with a refresh.
func (w *world) mergedBytes(t testing.TB, index string) float64 {
	t.Helper()
	w.mustAsk(t, master, http.MethodPost, "/"+index+"/_forcemerge?max_num_segments=1&flush=true", "")
	w.refresh(t)
	stats := w.mustAsk(t, master, http.MethodGet, "/"+index+"/_stats/store", "")
	return stats["_all"].(map[string]any)["primaries"].(map[string]any)["store"].(map[string]any)["size_in_bytes"].(float64)
}

// mapped is how many fields the index has, with those below others.
func (w *world) mapped(t testing.TB, index string) int {
	t.Helper()
	mapping := w.mustAsk(t, master, http.MethodGet, "/"+index+"/_mapping", "")
	return fieldsOf(mapping[index].(map[string]any)["mappings"].(map[string]any))
}

func fieldsOf(mapping map[string]any) int {
	n := 0
	for _, kind := range []string{"properties", "fields"} {
		fields, _ := mapping[kind].(map[string]any)
		for _, field := range fields {
			n += 1 + fieldsOf(field.(map[string]any))
		}
	}
	return n
}
