//go:build localcloud

// Package views proves the views and the named queries that components/query registers in the engine that Athena is built on: a
// real Trino, on the emulator's Glue catalog and S3, over Iceberg tables of the shape that the jobs write.
package views

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/tests/mocks"
)

// none is the cut-over before the first batch.
const none = math.MinInt

// The types of the tables' times: Glue's timestamp may be either.
const (
	withoutZone = "timestamp(6)"
	withZone    = "timestamp(6) with time zone"
)

func TestViews(t *testing.T) {
	spec, faults := metricspec.Read("spec.yaml")
	require.Empty(t, faults)
	w := newWorld(t)
	for database, timestamp := range map[string]string{"without_zone": withoutZone, "with_zone": withZone} {
		t.Run(database, func(t *testing.T) {
			s := &scene{w, spec, database, timestamp, time.Now().UTC().Truncate(24 * time.Hour)}
			s.makeTables(t, database, timestamp)
			views, queries := registered(t, database, spec)
			for name, view := range views {
				s.makeView(t, database, name, view, asWhoeverAsks)
			}
			s.insert(t, database, "metrics_live", live(), s.midnight, timestamp)
			t.Run("all is live before the first batch", func(t *testing.T) { s.requireEachWindowOnce(t, none) })
			s.insert(t, database, "metrics_batch", batch(), s.midnight, timestamp)
			s.run(t, "first", "running", "NULL")
			t.Run("a batch that has not moved the cut-over changes nothing", func(t *testing.T) { s.requireEachWindowOnce(t, none) })
			s.run(t, "second", "done", s.at(0))
			t.Run("windows before the cut-over are the batch's", func(t *testing.T) { s.requireEachWindowOnce(t, 0) })
			s.run(t, "third", "failed", s.at(2))
			s.run(t, "fourth", "done", s.at(1))
			s.run(t, "fifth", "failed", "NULL")
			t.Run("the latest cut-over counts, whatever came of the run", func(t *testing.T) { s.requireEachWindowOnce(t, 2) })

			t.Run("a view of its own for each metric", s.viewsAreThoseOfAll)
			t.Run("pipeline", s.pipeline)
			t.Run("named queries", func(t *testing.T) { s.namedQueries(t, queries) })
			t.Run("a filter reaches the partitions", s.pruning)
			t.Run("a view of another type is refused", func(t *testing.T) { s.stale(t, views) })
		})
	}
}

// scene is a database whose times are of one type.
type scene struct {
	*world
	spec                *metricspec.Spec
	database, timestamp string
	midnight            time.Time
}

func (s *scene) at(window int) string { return at(s.midnight, window, s.timestamp) }

// run notes a run of the batch with its cut-over.
func (s *scene) run(t *testing.T, name, state, cutOver string) {
	t.Helper()
	s.ask(t, `INSERT INTO %s.batch_runs VALUES ('%s', '%s', %s, %s, %s, 3, 1000, 5, '{"malformed":2}', '0123456789abcdef', %s, %s)`,
		s.database, name, state, s.at(-2), s.at(2), cutOver, s.at(0), s.at(1))
}

func (s *scene) requireEachWindowOnce(t *testing.T, cutOver int) {
	t.Helper()
	require.Equal(t, expected(t, s.spec, cutOver), s.counted(t, s.database, s.midnight))
}

// viewsAreThoseOfAll reads each view, so that none of them can be stale.
func (s *scene) viewsAreThoseOfAll(t *testing.T) {
	all := metricviews.Of(s.spec)
	for _, view := range all[1:] {
		names := make([]string, len(view.Columns))
		for i, column := range view.Columns {
			names[i] = `"` + column.Name + `"`
		}
		list := strings.Join(names, ", ")
		own := s.ask(t, `SELECT %s FROM %s."%s"`, list, s.database, view.Name)
		assert.NotEmpty(t, own, view.Name)
		if !strings.HasPrefix(view.Name, "pipeline_") {
			assert.ElementsMatch(t, s.ask(t, `SELECT %s FROM %s.metrics WHERE metric = '%s'`, list, s.database, view.Name), own, view.Name)
		}
	}
}

func (s *scene) pipeline(t *testing.T) {
	assert.Equal(t, [][]any{{"accepted", 250.0}, {"too_old", 10.0}}, s.ask(t,
		`SELECT outcome, sum(value) FROM %s.pipeline_records GROUP BY outcome ORDER BY outcome`, s.database),
		"all records are live ones: the batch does not know when they arrived")
	s.ask(t, `INSERT INTO %s.metrics_gaps VALUES ('c', 1, %s, %s, 3, %s), ('c', 2, %s, %s, NULL, %s)`, s.database,
		s.at(-2), s.at(2), s.at(2), s.at(0), s.at(3), s.at(3))
	time := func(window int) string {
		return s.midnight.Add(time.Duration(window) * time.Minute).Format("2006-01-02 15:04:05.000")
	}
	rows := s.ask(t, `SELECT live_window_start, live_updated_at, cut_over, batch_updated_at, open_gaps, batch_seconds BETWEEN -200 AND 90000
		FROM %s.pipeline_freshness`, s.database)
	assert.Equal(t, [][]any{{time(2), time(2), time(2), time(1), 1.0, true}}, rows, "the gap that ends at the cut-over has been counted")
	assert.Equal(t, [][]any{{"second", "done", time(-2), time(2), time(0), 3.0, 1000.0, 5.0, `{"malformed":2}`, time(0)}}, s.ask(t,
		`SELECT run, state, range_from, range_to, cut_over, objects, records, duplicates, rejected, started_at
		FROM %s.pipeline_batches WHERE run = 'second'`, s.database))
}

func (s *scene) namedQueries(t *testing.T, queries map[string]mocks.Resource) {
	answers := map[string][][]any{}
	for name, query := range queries {
		answers[name] = s.ask(t, "%s", query.Get("query"))
	}
	minute := func(window int) string {
		return s.midnight.Add(time.Duration(window) * time.Minute).Format("2006-01-02 15:04:05.000")
	}
	// order, errors, slowest, users, buyers, error_rate, group
	assert.Equal(t, [][]any{
		{minute(2), 112.0, 14.0, 503.0, 8.0, 2.0, 11.0 / 112, 0.25, "live"},
		{minute(1), 1110.0, 140.0, 5030.0, nil, 20.0, 110.0 / 1110, nil, "batch"},
		{minute(0), 1100.0, 140.0, 5030.0, 80.0, 20.0, 110.0 / 1100, 0.25, "batch"},
	}, answers["Today by minute"], "the live minute and the exact ones; a ratio of all dimensions is that of the sums")
	assert.Contains(t, answers["Yesterday against today"], []any{"23:59", "order", 1090.0, nil})
	assert.Contains(t, answers["Yesterday against today"], []any{"00:00", "order", nil, 1100.0})
	assert.Equal(t, []any{"order", 1.0, true, "a", 200.0, 1000.0 + 1010 + 102}, answers["Top dimensions of today"][5])
	assert.Len(t, answers["Pipeline freshness"], 1)
	assert.Len(t, answers["Runs of the batch"], 5)
	assert.Len(t, answers["Minutes that may lack events"], 1)
	assert.Len(t, answers["Rejected records by reason"], 2)
}

// pruning looks into plans: each table is scanned once, however many ratios there are, and a filter by window_start is one of
// the tables' partitions, as is the cut-over once it is known. Trino takes no such filter through a cast from a time with zone.
func (s *scene) pruning(t *testing.T) {
	for _, view := range []string{"metrics", "order", "error_rate"} {
		plan := s.ask(t, `EXPLAIN SELECT * FROM %s."%s" WHERE window_start >= TIMESTAMP '%s'`, s.database, view, s.midnight.Format(time.DateTime))
		lines := strings.Split(plan[0][0].(string), "\n")
		for _, table := range []string{"metrics_batch", "metrics_live"} {
			scans := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.Contains(line, s.database+"."+table+"$data") })
			require.Len(t, scans, 1, "%s of %s", table, view)
			if s.timestamp == withoutZone {
				assert.Contains(t, scans[0], "constraint on [window_start]")
				assert.Regexp(t, `dynamicFilters = \{.*window_start\w* (<|>=) #`, scans[0])
			}
		}
	}
}

func (s *scene) stale(t *testing.T, views map[string]mocks.Resource) {
	s.makeView(t, s.database, "wrong", views["order"], func(view map[string]any) {
		asWhoeverAsks(view)
		view["columns"].([]any)[0].(map[string]any)["type"] = "timestamp(3)"
	})
	_, err := s.trino.Query(t.Context(), "SELECT * FROM "+s.database+".wrong")
	require.ErrorContains(t, err, "stale")
}
