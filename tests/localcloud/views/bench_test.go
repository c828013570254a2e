//go:build localcloud

package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
)

const (
	// days are how many the tables have.
	days = 30
	// combinations are how many values a metric's dimensions have together.
	combinations = 4
)

// BenchmarkNamedQueries reports what each named query reads of tables of 30 days, and the tables' size: all that a query
// without a filter by window_start reads. The batch's cut-over is 12 hours ago.
func BenchmarkNamedQueries(b *testing.B) {
	const database = "thirty_days"
	w, spec := newWorld(b), metricspec.Default()
	w.makeTables(b, database, withoutZone)
	now := time.Now().UTC().Truncate(time.Minute)
	w.fill(b, database, "metrics_live", spec, now)
	w.fill(b, database, "metrics_batch", spec, now.Add(-12*time.Hour))
	w.ask(b, `INSERT INTO %s.batch_runs (run, state, cut_over, started_at, updated_at) VALUES ('r', 'done', %s, %s, %s)`, database,
		at(now, -12*60, withoutZone), at(now, -60, withoutZone), at(now, 0, withoutZone))
	views, queries := registered(b, database, spec)
	for name, view := range views {
		w.makeView(b, database, name, view, asWhoeverAsks)
	}
	statements := map[string]string{"All metrics of all days": "SELECT metric, max(value) FROM " + database + ".metrics GROUP BY metric"}
	for name, query := range queries {
		statements[name] = query.Get("query").(string)
	}
	for name, statement := range statements {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			var scanned int64
			for b.Loop() {
				answer, err := w.trino.Run(b.Context(), statement)
				require.NoError(b, err)
				scanned = answer.Bytes
			}
			b.ReportMetric(float64(scanned), "bytes/query")
		})
	}
}

// fill gives each minute of the days until then a row for each metric and each values of its dimensions.
func (w *world) fill(b *testing.B, database, table string, spec *metricspec.Spec, until time.Time) {
	b.Helper()
	kinds := []string{"('records_accepted', '{}')", `('records_rejected', '{"reason":"too_old"}')`}
	for _, metric := range spec.Metrics {
		of := combinations
		if len(metric.Dimensions) == 0 {
			of = 1
		}
		for i := range of {
			fields := make([]string, len(metric.Dimensions))
			for j, name := range metric.Dimensions {
				fields[j] = fmt.Sprintf(`"%s":"%s-%d"`, name, name, i)
			}
			kinds = append(kinds, fmt.Sprintf("('%s', '{%s}')", metric.Name, strings.Join(fields, ",")))
		}
	}
	w.ask(b, `INSERT INTO %s.%s SELECT metric, start, dimensions, floor(random() * 10000), start
		FROM (SELECT CAST(from_unixtime(%d + 86400 * day + 60 * minute) AS timestamp(6)) AS start
			FROM UNNEST(sequence(0, %d)) AS d (day) CROSS JOIN UNNEST(sequence(0, 1439)) AS m (minute))
		CROSS JOIN (VALUES %s) AS kinds (metric, dimensions)`,
		database, table, until.Add(-days*24*time.Hour).Unix(), days-1, strings.Join(kinds, ", "))
}
