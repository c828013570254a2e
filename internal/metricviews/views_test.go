package metricviews_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/tests/mocks"
)

// odd has dimensions of all types and in two cases, words of SQL as names, and neither ratios nor sums.
const odd = `
version: 1
timeZone: Europe/Berlin
eventTime: [{field: time, format: iso8601}]
fields:
  time: {type: string}
  user: {type: string}
  order: {type: integer}
  Cached: {type: boolean}
metrics:
  - {name: select, unit: rows, aggregate: distinct, field: user, dimensions: [Cached, order, user]}
  - {name: group, unit: "'s", aggregate: max, field: order}
`

// bare has the least that a spec can have.
const bare = `
version: 1
eventTime: [{field: time, format: iso8601}]
fields: {time: {type: string}, user: {type: string}}
metrics: [{name: users, unit: users, aggregate: distinct, field: time, dimensions: [user]}]
`

func parse(t *testing.T, text string) *metricspec.Spec {
	t.Helper()
	spec, faults := metricspec.Parse("metrics.yaml", []byte(text))
	require.Empty(t, faults)
	return spec
}

// statements are laid out as sqlglot does with several of them.
func statements(t *testing.T, all []func(string) (string, error)) string {
	t.Helper()
	texts := make([]string, len(all))
	for i, sql := range all {
		text, err := sql("team_metrics")
		require.NoError(t, err)
		texts[i] = text + ";\n"
	}
	return strings.Join(texts, "\n")
}

func TestSQL(t *testing.T) {
	for name, spec := range map[string]*metricspec.Spec{"default": metricspec.Default(), "odd": parse(t, odd)} {
		t.Run(name, func(t *testing.T) {
			var views, queries []func(string) (string, error)
			for _, view := range metricviews.Of(spec) {
				views = append(views, view.SQL)
			}
			for _, query := range metricviews.Queries(spec) {
				queries = append(queries, query.SQL)
			}
			mocks.GoldenText(t, name+"-views.sql", statements(t, views))
			mocks.GoldenText(t, name+"-queries.sql", statements(t, queries))
		})
	}
}

func TestDimensionsAreColumnsInLowerCaseWithTheirTypes(t *testing.T) {
	assert.Equal(t, []metricviews.Column{
		{Name: "cached", Type: "boolean", Description: "Dimension Cached"},
		{Name: "order", Type: "bigint", Description: "Dimension order"},
		{Name: "user", Type: "varchar", Description: "Dimension user"},
	}, metricviews.Dimensions(parse(t, odd)))
}

func TestViewsAreInTheOrderOfTheSpec(t *testing.T) {
	var names []string
	for _, view := range metricviews.Of(metricspec.Default()) {
		names = append(names, view.Name)
	}
	assert.Equal(t, []string{
		"metrics", "requests", "errors", "client_errors", "bytes_received", "bytes_sent", "latency_sum", "latency_max", "events",
		"concurrent_users", "participants", "error_rate", "latency_mean", "participation_rate",
		"pipeline_records", "pipeline_freshness", "pipeline_batches",
	}, names)
}

func TestColumnsSayWhatTheyAre(t *testing.T) {
	for _, view := range metricviews.Of(metricspec.Default()) {
		for _, column := range view.Columns {
			assert.NotEmpty(t, column.Description, "%s.%s", view.Name, column.Name)
			assert.Contains(t, []string{"varchar", "bigint", "boolean", "double", "timestamp(6)"}, column.Type)
		}
	}
}

func queriesOf(spec *metricspec.Spec) []string {
	var names []string
	for _, query := range metricviews.Queries(spec) {
		names = append(names, query.Name)
	}
	return names
}

// Different users of two routes cannot be added up, so that there are no totals and no top ten.
func TestQueriesThatASpecHasNoAnswerForAreLeftOut(t *testing.T) {
	pipeline := []string{"Pipeline freshness", "Rejected records by reason", "Runs of the batch", "Minutes that may lack events"}
	assert.Equal(t, pipeline, queriesOf(parse(t, bare)))
	assert.Equal(t, append([]string{"Today by minute", "Yesterday against today"}, pipeline...), queriesOf(parse(t, odd)))
	assert.Equal(t, append([]string{"Today by minute", "Yesterday against today", "Top dimensions of today"}, pipeline...), queriesOf(metricspec.Default()))
}

func TestNamesCannotEndTheirQuotes(t *testing.T) {
	sql, err := metricviews.Of(metricspec.Default())[0].SQL(`a"; DROP`)
	require.NoError(t, err)
	assert.Contains(t, sql, `FROM "a""; DROP"."batch_runs"`)
}
