//go:build localcloud

package views

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
)

// row is one of metrics_live or metrics_batch. Its window is counted in minutes from the last midnight.
type row struct {
	metric     string
	window     int
	dimensions string
	value      float64
}

// windows are of yesterday and of today. The batch has not come to the last one.
var windows = []int{-2, -1, 0, 1, 2}

// rowsOf are those of a table of which each window has some. The values tell the tables apart.
func rowsOf(table string, of []int, factor float64) []row {
	const (
		typed  = `{"Route":"a","cached":true,"status":200}`
		empty  = `{"Route":null,"cached":false,"status":500}`
		absent = `{"Route":"zero","cached":null,"status":null}`
	)
	var rows []row
	for _, window := range of {
		rows = append(rows,
			row{"order", window, typed, factor * float64(100+window)}, row{"errors", window, typed, factor},
			row{"order", window, empty, factor * 10}, row{"errors", window, empty, factor * 10},
			row{"order", window, absent, 0}, row{"errors", window, absent, 0},
			row{"errors", window, `{"Route":"` + table + ` alone","cached":true,"status":500}`, factor * 3},
			row{"slowest", window, `{"cached":true}`, factor * 503},
			row{"buyers", window, "{}", factor * 2},
			// What the jobs write of a ratio is not read, nor what is left of a metric that the spec no longer has.
			row{"error_rate", window, typed, 99}, row{"forgotten", window, "{}", 7},
		)
		if window != 1 {
			rows = append(rows, row{"users", window, "{}", factor * 8})
		}
	}
	return rows
}

func live() []row {
	rows := rowsOf("live", windows, 1)
	for _, window := range windows {
		rows = append(rows, row{"records_accepted", window, "{}", 50}, row{"records_rejected", window, `{"reason":"too_old"}`, 2})
	}
	return rows
}

func batch() []row { return rowsOf("batch", windows[:4], 10) }

// at is a time of the type that the tables' times have.
func at(midnight time.Time, window int, timestamp string) string {
	return fmt.Sprintf("CAST(from_unixtime(%d) AS %s)", midnight.Add(time.Duration(window)*time.Minute).Unix(), timestamp)
}

func (w *world) insert(t *testing.T, database, table string, rows []row, midnight time.Time, timestamp string) {
	t.Helper()
	values := make([]string, len(rows))
	for i, r := range rows {
		start := at(midnight, r.window, timestamp)
		values[i] = fmt.Sprintf("('%s', %s, '%s', DOUBLE '%g', %s)", r.metric, start, r.dimensions, r.value, start)
	}
	w.ask(t, "INSERT INTO %s.%s VALUES %s", database, table, strings.Join(values, ", "))
}

// expected is what the view of all metrics has, a line for each row: before the cut-over the batch's, from it on the live ones.
func expected(t *testing.T, spec *metricspec.Spec, cutOver int) []string {
	t.Helper()
	var lines []string
	for _, window := range windows {
		source, rows := "live", live()
		if window < cutOver {
			source, rows = "batch", batch()
		}
		values := map[string]map[string]float64{}
		for _, r := range rows {
			if r.window == window {
				if values[r.metric] == nil {
					values[r.metric] = map[string]float64{}
				}
				values[r.metric][r.dimensions] = r.value
			}
		}
		for _, metric := range spec.Metrics {
			for dimensions, value := range values[metric.Name] {
				lines = append(lines, line(t, metric.Name, window, dimensions, value, nil, nil, source))
			}
		}
		for _, ratio := range spec.Ratios {
			for dimensions, numerator := range values[ratio.Numerator] {
				if denominator := values[ratio.Denominator][dimensions]; denominator != 0 {
					lines = append(lines, line(t, ratio.Name, window, dimensions, numerator/denominator, numerator, denominator, source))
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func line(t *testing.T, metric string, window int, dimensions string, value float64, numerator, denominator any, source string) string {
	t.Helper()
	var of map[string]any
	require.NoError(t, json.Unmarshal([]byte(dimensions), &of))
	return fmt.Sprintln(metric, window, of["Route"], of["cached"], of["status"], value, numerator, denominator, source)
}

// counted is what the view of all metrics has, in the same lines.
func (w *world) counted(t *testing.T, database string, midnight time.Time) []string {
	t.Helper()
	rows := w.ask(t, `SELECT metric, CAST(to_unixtime(window_start) - %d AS bigint) / 60, route, cached, status, value, numerator, denominator, counted_by
		FROM %s.metrics`, midnight.Unix(), database)
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = fmt.Sprintln(row...)
	}
	slices.Sort(lines)
	return lines
}
