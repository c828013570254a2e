// Package content makes what a QuickSight dashboard shows from a metric spec: the Definition of an AWS::QuickSight::Dashboard
// (docs.aws.amazon.com/quicksight/latest/APIReference/API_DashboardVersionDefinition.html).
//
//	Live      the last hour by the minute: for each metric the latest minute and a line, a line for each value of its first dimension
//	History   the last 30 days by the hour: for each metric a line of exact and one of live values, and its top values of dimensions
//	Pipeline  how old the numbers are, accepted and rejected records, runs of the batch
//
// Ids follow from the names of metrics and dimensions alone, so that a metric more changes nothing of the others. Each metric
// has a filter by its name, which Athena applies before it reads: a calculated field in its place would read all of them.
//
// Counts and sums add up, over time and over dimensions. Different values never do, since one may be in both: of several minutes,
// or of several values of dimensions, the highest is shown. Smallest and largest values stay the smallest and the largest. A ratio
// is its numerators together by its denominators together, where its metrics add up; otherwise the values of its dimensions
// are kept apart, or the highest is shown.
package content

import (
	"slices"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
)

// object is a JSON object, whose keys JSON sorts.
type object = map[string]any

// Input is what the content is made of.
type Input struct {
	// Spec is the metric spec.
	Spec *metricspec.Spec
	// Names are the metrics and ratios to show, in this order: at most [MaxMetrics] of the spec's.
	Names []string
	// DataSetARNs are the ARNs of the data sets by the names of their views: [metricviews.All] and those of the pipeline.
	DataSetARNs map[string]string
}

// Definition is the content.
func Definition(in Input) map[string]any {
	metrics := metricsOf(in.Spec, in.Names)
	zone := in.Spec.TimeZone
	now, past, health := live(metrics, zone), history(metrics, zone), pipeline(zone)
	groups := slices.Concat(byTime(now, past, health), byMetric(metrics), byDimension(metrics, now, past))
	return object{
		"DataSetIdentifierDeclarations": declarations(in.DataSetARNs),
		"CalculatedFields":              calculated(metrics),
		"FilterGroups":                  groups,
		"Options":                       object{"Timezone": zone},
		"Sheets":                        []any{now.json(), past.json(), health.json()},
	}
}

func declarations(arns map[string]string) []any {
	var declared []any
	for _, view := range []string{metricviews.All, metricviews.Records, metricviews.Freshness, metricviews.Batches} {
		declared = append(declared, object{"Identifier": view, "DataSetArn": arns[view]})
	}
	return declared
}
