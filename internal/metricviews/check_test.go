package metricviews_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
)

const clashing = `version: 1
eventTime: [{field: time, format: iso8601}]
fields:
  time: {type: string}
  Value: {type: string}
  metric: {type: string}
metrics:
  - {name: metrics, unit: rows, aggregate: count, dimensions: [Value]}
  - {name: batch_runs, unit: rows, aggregate: count, dimensions: [Value]}
ratios:
  - {name: pipeline_records, numerator: metrics, denominator: batch_runs}
`

func TestClashesAreFaultsWithTheirPlaces(t *testing.T) {
	const names = "; allowed: any name but metrics, pipeline_records, pipeline_freshness, pipeline_batches, " +
		"metrics_live, metrics_batch, metrics_gaps, batch_runs"
	faults := metricviews.Check("metrics.specFile", parse(t, clashing))
	require.Len(t, faults, 4)
	assert.Equal(t, `metrics.specFile: metrics.yaml:8: metrics[0].name: the database has another view of that name (given: "metrics")`+names, faults[0].String())
	assert.Equal(t, `metrics.specFile: metrics.yaml:9: metrics[1].name: the database has a table of that name (given: "batch_runs")`+names, faults[1].String())
	assert.Equal(t, `metrics.specFile: metrics.yaml:11: ratios[0].name: the database has another view of that name (given: "pipeline_records")`+names, faults[2].String())
	assert.Equal(t, `metrics.specFile: metrics.yaml:5: fields.Value: it is a dimension, and the views have another column of that name: `+
		`give the field another name, and the old one as its path (given: "Value"); `+
		`allowed: any name but metric, window_start, value, numerator, denominator, counted_by, updated_at`, faults[3].String())
}

func TestSpecsWithoutClashes(t *testing.T) {
	assert.Empty(t, metricviews.Check("", nil))
	assert.Empty(t, metricviews.Check("", metricspec.Default()))
	assert.Empty(t, metricviews.Check("", parse(t, odd)))
}
