package metricviews

import (
	"fmt"
	"slices"

	"example.com/log-pipeline/internal/metricspec"
)

// Query is a question that people ask first.
type Query struct {
	// Name is what it is called, in words.
	Name string
	// Description says what it answers.
	Description string

	text statement
}

// SQL is the query of the views and tables of a database, without a semicolon.
func (q Query) SQL(database string) (string, error) {
	sql, err := q.text.render(database)
	if err != nil {
		return "", fmt.Errorf("query %q: %w", q.Name, err)
	}
	return sql, nil
}

// total is how the values of a metric become one over all values of its dimensions.
type total struct{ Metric, As string }

// asked is what the SQL of queries of metrics is made of.
type asked struct {
	Zone       string
	DaysBack   int
	Totals     []total
	Metrics    []string
	Dimensions []dimension
}

// Queries are those for a spec. Days are those of its time zone. What cannot be added up over dimensions is left out of totals,
// and a query that nothing is left for is no query.
func Queries(spec *metricspec.Spec) []Query {
	return slices.Concat(minutes(spec), top(spec), []Query{
		{"Pipeline freshness", "How old the newest live and exact numbers are", statement{"freshness.sql", nil}},
		{"Rejected records by reason", "Records of the last 24 hours, accepted and rejected, by the reason", statement{"rejects.sql", nil}},
		{"Runs of the batch", "The last 50 runs, with what each has read", statement{"runs.sql", nil}},
		{"Minutes that may lack events", "Live minutes that may lack events, and that no batch has counted yet", statement{"gaps.sql", nil}},
	})
}

func minutes(spec *metricspec.Spec) []Query {
	totals := totalsOf(spec)
	if len(totals) == 0 {
		return nil
	}
	return []Query{
		{
			"Today by minute", "Each minute of today, the newest first, with the metrics and ratios of all dimensions together",
			statement{"today.sql", asked{Zone: spec.TimeZone, Totals: totals}},
		},
		{
			"Yesterday against today", "Each metric and ratio at each minute of the day, yesterday and today",
			statement{"yesterday.sql", asked{Zone: spec.TimeZone, DaysBack: 1, Totals: totals}},
		},
	}
}

// top is of metrics that can be added up.
func top(spec *metricspec.Spec) []Query {
	var metrics, names []string
	for _, metric := range spec.Metrics {
		if len(metric.Dimensions) > 0 && isSum(metric) {
			metrics, names = append(metrics, metric.Name), append(names, metric.Dimensions...)
		}
	}
	if len(metrics) == 0 {
		return nil
	}
	return []Query{{
		"Top dimensions of today", "Of each metric that can be added up, the 10 values of its dimensions with most of it today",
		statement{"top.sql", asked{Zone: spec.TimeZone, Metrics: metrics, Dimensions: dimensionsOf(spec, names)}},
	}}
}

func isSum(metric metricspec.Metric) bool {
	return metric.Aggregate == metricspec.Count || metric.Aggregate == metricspec.Sum
}

// totalsOf are of the metrics and ratios that have a total.
func totalsOf(spec *metricspec.Spec) []total {
	var totals []total
	sums := map[string]bool{}
	for _, metric := range spec.Metrics {
		isOne := len(metric.Dimensions) == 0
		sums[metric.Name] = isOne || isSum(metric)
		switch {
		case sums[metric.Name]:
			totals = append(totals, total{metric.Name, "sum"})
		case metric.Aggregate == metricspec.Min:
			totals = append(totals, total{metric.Name, "min"})
		case metric.Aggregate == metricspec.Max:
			totals = append(totals, total{metric.Name, "max"})
		}
	}
	for _, ratio := range spec.Ratios {
		if sums[ratio.Numerator] && sums[ratio.Denominator] {
			totals = append(totals, total{ratio.Name, "ratio"})
		}
	}
	return totals
}
