package metricviews

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/metricspec"
)

// The views that there are whatever the spec.
const (
	// All has all metrics and ratios.
	All = "metrics"
	// Records has how many records the streaming job accepted, and rejected by reason.
	Records = "pipeline_records"
	// Freshness has one row: how old the newest numbers are.
	Freshness = "pipeline_freshness"
	// Batches has a row for each run of the batch.
	Batches = "pipeline_batches"
)

// Athena's types of the columns.
const (
	varchar   = "varchar"
	bigint    = "bigint"
	boolean   = "boolean"
	double    = "double"
	timestamp = "timestamp(6)"
)

// Column is a column of a view.
type Column struct {
	// Name is in lower case, as Athena has it.
	Name string
	// Type is Athena's: varchar, bigint, boolean, double or timestamp(6).
	Type string
	// Description says what it is.
	Description string
}

// View is a view.
type View struct {
	// Name is its name in the database.
	Name string
	// Description says what it is, for people who look for it in the catalog.
	Description string
	// Columns are in the order of the SQL.
	Columns []Column

	text statement
}

// SQL is the view's query of the tables and views of a database, without a semicolon.
func (v View) SQL(database string) (string, error) {
	sql, err := v.text.render(database)
	if err != nil {
		return "", fmt.Errorf("view %q: %w", v.Name, err)
	}
	return sql, nil
}

// part is what a metric is to another one or to itself: its value, or one half of a ratio.
type part struct{ Metric, Of, As string }

// measured is what the SQL of views of metrics is made of.
type measured struct {
	Metric     string
	Parts      []part
	Dimensions []dimension
}

// Of are the views for a spec: All, then those of the metrics and of the ratios in its order, then those of the pipeline.
func Of(spec *metricspec.Spec) []View {
	views := []View{all(spec)}
	for _, metric := range spec.Metrics {
		views = append(views, ofMetric(spec, metric))
	}
	for _, ratio := range spec.Ratios {
		views = append(views, ofRatio(spec, ratio))
	}
	return append(views, records(), freshness(), batches())
}

func all(spec *metricspec.Spec) View {
	var names []string
	var parts []part
	for _, metric := range spec.Metrics {
		names = append(names, metric.Dimensions...)
		parts = append(parts, part{metric.Name, metric.Name, "value"})
	}
	for _, ratio := range spec.Ratios {
		parts = append(parts, halves(ratio)...)
	}
	dimensions := dimensionsOf(spec, names)
	return View{
		Name:        All,
		Description: "All metrics and ratios, a row for each of them, each minute and each values of its dimensions: exact up to the batch's cut-over, live from it on",
		Columns: slices.Concat(
			[]Column{{"metric", varchar, "Name of the metric or ratio"}, windowStart}, columnsOf(dimensions), valueOf(""), halfColumns, origin),
		text: statement{"all.sql", measured{Parts: parts, Dimensions: dimensions}},
	}
}

func ofMetric(spec *metricspec.Spec, metric metricspec.Metric) View {
	dimensions := dimensionsOf(spec, metric.Dimensions)
	return View{
		Name:        metric.Name,
		Description: described(metric.Description, metric.Unit),
		Columns:     slices.Concat([]Column{windowStart}, columnsOf(dimensions), valueOf(metric.Unit), origin),
		text:        statement{"metric.sql", measured{Metric: metric.Name, Dimensions: dimensions}},
	}
}

func ofRatio(spec *metricspec.Spec, ratio metricspec.Ratio) View {
	var names []string
	for _, metric := range spec.Metrics {
		if metric.Name == ratio.Numerator {
			names = metric.Dimensions
		}
	}
	dimensions := dimensionsOf(spec, names)
	return View{
		Name:        ratio.Name,
		Description: described(ratio.Description, ratio.Unit),
		Columns:     slices.Concat([]Column{windowStart}, columnsOf(dimensions), valueOf(ratio.Unit), halfColumns, origin),
		text:        statement{"ratio.sql", measured{Parts: halves(ratio), Dimensions: dimensions}},
	}
}

func halves(ratio metricspec.Ratio) []part {
	return []part{{ratio.Numerator, ratio.Name, "numerator"}, {ratio.Denominator, ratio.Name, "denominator"}}
}

// described is a description with the unit in brackets.
func described(description, unit string) string {
	return strings.TrimSpace(fmt.Sprintf("%s (%s)", description, unit))
}

var windowStart = Column{"window_start", timestamp, "Start of the minute, UTC"}

// halfColumns are those that rows of ratios alone have.
var halfColumns = []Column{
	{"numerator", double, "Of a ratio: the value that is divided"},
	{"denominator", double, "Of a ratio: the value that it is divided by"},
}

// origin are the columns that say where a value is from.
var origin = []Column{
	{"counted_by", varchar, "batch, which is exact, or live"},
	{"updated_at", timestamp, "When the value was written last, UTC"},
}

func valueOf(unit string) []Column {
	description := "Value of the minute"
	if unit != "" {
		description += ", in " + unit
	}
	return []Column{{"value", double, description}}
}

// dimension is a column for a field of the spec.
type dimension struct {
	Column
	// At is its place in the JSON of the tables' column dimensions.
	At string
}

// types are Athena's types for those of the spec.
var types = map[metricspec.Type]string{metricspec.String: varchar, metricspec.Integer: bigint, metricspec.Boolean: boolean}

// dimensionsOf are the columns of fields, each once, by name.
func dimensionsOf(spec *metricspec.Spec, names []string) []dimension {
	found := map[string]dimension{}
	for _, name := range names {
		column := Column{Name: strings.ToLower(name), Type: types[spec.Fields[name].Type], Description: "Dimension " + name}
		found[name] = dimension{column, "$." + name}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b dimension) int { return cmp.Compare(a.Name, b.Name) })
}

func columnsOf(dimensions []dimension) []Column {
	columns := make([]Column, len(dimensions))
	for i, d := range dimensions {
		columns[i] = d.Column
	}
	return columns
}

// Dimensions are the columns that [All] has for dimensions: one for each that any metric has, by name.
func Dimensions(spec *metricspec.Spec) []Column {
	var names []string
	for _, metric := range spec.Metrics {
		names = append(names, metric.Dimensions...)
	}
	return columnsOf(dimensionsOf(spec, names))
}
