package content

import (
	"slices"
	"strings"

	"example.com/log-pipeline/internal/metricspec"
)

// total is how values of several minutes, or of several values of dimensions, make one.
type total string

// The totals: what QuickSight calls them, but for divided, which is the calculated field of ratios.
const (
	added   total = "SUM"
	highest total = "MAX"
	lowest  total = "MIN"
	divided total = ""
)

// defaultUnit is the unit of ratios that have no other: such a ratio is a share, and is shown in percent.
const defaultUnit = "ratio"

// metric is a metric or a ratio as the dashboard shows it.
type metric struct {
	name, description, unit string
	// dimensions are names of columns.
	dimensions []string
	total      total
	// ofMinutes says whether a value is that of a whole minute, and not of one of its events.
	ofMinutes bool
	// addsUp says whether values of several values of dimensions have one total.
	addsUp bool
}

func metricsOf(spec *metricspec.Spec, names []string) []metric {
	found := make([]metric, 0, len(names))
	for _, name := range names {
		if i := slices.IndexFunc(spec.Metrics, func(m metricspec.Metric) bool { return m.Name == name }); i >= 0 {
			found = append(found, ofMetric(spec.Metrics[i]))
		}
		if i := slices.IndexFunc(spec.Ratios, func(r metricspec.Ratio) bool { return r.Name == name }); i >= 0 {
			found = append(found, ofRatio(spec, spec.Ratios[i]))
		}
	}
	return found
}

func ofMetric(m metricspec.Metric) metric {
	shown := metric{name: m.Name, description: m.Description, unit: m.Unit}
	for _, dimension := range m.Dimensions {
		shown.dimensions = append(shown.dimensions, strings.ToLower(dimension))
	}
	switch m.Aggregate {
	case metricspec.Count, metricspec.Sum:
		shown.total, shown.addsUp = added, true
	case metricspec.Min:
		shown.total, shown.addsUp = lowest, true
	case metricspec.Max:
		shown.total, shown.addsUp = highest, true
	case metricspec.Distinct:
		shown.total, shown.ofMinutes = highest, true
	}
	return shown
}

// ofRatio is a ratio of two metrics that have the same dimensions.
func ofRatio(spec *metricspec.Spec, r metricspec.Ratio) metric {
	shown := metric{name: r.Name, description: r.Description, unit: r.Unit, total: divided, ofMinutes: true, addsUp: true}
	for _, m := range spec.Metrics {
		if m.Name != r.Numerator && m.Name != r.Denominator {
			continue
		}
		part := ofMetric(m)
		shown.dimensions = part.dimensions
		if part.total != added {
			shown.addsUp = false
		}
		if m.Aggregate == metricspec.Min || m.Aggregate == metricspec.Max {
			shown.total = highest
		}
	}
	return shown
}

// title is the name in words.
func (m metric) title() string {
	words := strings.ReplaceAll(m.name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// apart says whether a visual that shows a line or a row for each value of so many of the dimensions shows single values of the metric.
func (m metric) apart(dimensions int) bool { return m.addsUp || dimensions == len(m.dimensions) }

// totalOf is the total in such a visual.
func (m metric) totalOf(dimensions int) total {
	if m.total == divided && !m.apart(dimensions) {
		return highest
	}
	return m.total
}

// span is a time of which a number is.
type span struct{ added, of string }

var (
	minute    = span{"per minute", "of the minute"}
	hour      = span{"per hour", "of the hour"}
	timeShown = span{"in the time shown", "of the time shown"}
)

// subtitle says what the metric is, and what a number in such a visual is.
func (m metric) subtitle(of span, dimensions int) string {
	text := m.unit
	switch by := m.totalOf(dimensions); {
	case by == added:
		text += " " + of.added
	case by == divided, of == minute && m.ofMinutes:
		text += " " + of.of
	case by == lowest:
		text += ", lowest " + of.of
	case m.ofMinutes && of != minute:
		text += ", highest minute " + of.of
	default:
		text += ", highest " + of.of
	}
	if !m.apart(dimensions) {
		text += ", highest of any " + strings.Join(m.dimensions, ", ")
	}
	if m.description == "" {
		return text
	}
	return m.description + " (" + text + ")"
}
