package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/log-pipeline/internal/metricspec"
)

// rowsShown is how many of a metric's rows a minute shows: the largest.
const rowsShown = 3

// minutes prints each minute once.
type minutes struct {
	out     io.Writer
	printed map[time.Time]bool
	units   map[string]string
	// order is that of the spec, with the job's own metrics at the end.
	order map[string]int
}

func newMinutes(spec *metricspec.Spec, out io.Writer) *minutes {
	m := &minutes{out: out, printed: map[time.Time]bool{}, units: map[string]string{}, order: map[string]int{}}
	add := func(name, unit string) { m.units[name], m.order[name] = unit, len(m.order) }
	for _, metric := range spec.Metrics {
		add(metric.Name, metric.Unit)
	}
	for _, ratio := range spec.Ratios {
		add(ratio.Name, ratio.Unit)
	}
	add(acceptedMetric, "records")
	add(rejectedMetric, "records")
	return m
}

// show prints those that are whole and were not printed before.
func (m *minutes) show(rows []Row, whole func(window time.Time) bool) {
	byWindow := map[time.Time][]Row{}
	for _, row := range rows {
		byWindow[row.Window] = append(byWindow[row.Window], row)
	}
	for _, window := range slices.SortedFunc(maps.Keys(byWindow), time.Time.Compare) {
		if !m.printed[window] && whole(window) {
			m.printed[window] = true
			m.print(window, byWindow[window])
		}
	}
}

func (m *minutes) print(window time.Time, rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(m.order[a.Metric], m.order[b.Metric]), -cmp.Compare(a.Value, b.Value), cmp.Compare(a.Dimensions, b.Dimensions))
	})
	lines := []string{window.Format("15:04 UTC")}
	for start := 0; start < len(rows); {
		end := start
		for end < len(rows) && rows[end].Metric == rows[start].Metric {
			end++
		}
		for _, row := range rows[start:min(end, start+rowsShown)] {
			lines = append(lines, m.line(row))
		}
		if more := end - start - rowsShown; more > 0 {
			lines = append(lines, fmt.Sprintf("  %-20s and %d more", rows[start].Metric, more))
		}
		start = end
	}
	_, _ = fmt.Fprintln(m.out, strings.Join(lines, "\n"))
}

func (m *minutes) line(row Row) string {
	amount := strconv.FormatFloat(row.Value, 'f', 3, 64)
	if row.Value == float64(int64(row.Value)) {
		amount = strconv.FormatInt(int64(row.Value), 10)
	}
	return strings.TrimRight(fmt.Sprintf("  %-20s %12s %-12s %s", row.Metric, amount, m.units[row.Metric], words(row.Dimensions)), " ")
}

// words are dimensions as people read them: a=1 b=2.
func words(dimensions string) string {
	var values map[string]any
	if err := json.Unmarshal([]byte(dimensions), &values); err != nil {
		return dimensions
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, fmt.Sprintf("%s=%v", name, values[name]))
	}
	return strings.Join(all, " ")
}
