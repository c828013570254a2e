package content_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/dashboard/internal/content"
	"example.com/log-pipeline/internal/metricspec"
)

// definition is the content of the metrics of the odd spec, as CloudFormation reads it.
type definition struct {
	CalculatedFields []struct{ Name, Expression string }
	FilterGroups     []struct {
		FilterGroupID      string `json:"FilterGroupId"`
		ScopeConfiguration struct {
			SelectedSheets struct {
				SheetVisualScopingConfigurations []struct {
					SheetID   string   `json:"SheetId"`
					VisualIDs []string `json:"VisualIds"`
				}
			}
		}
	}
	Sheets []struct {
		Visuals        []map[string]visual
		FilterControls []any
	}
	Options struct{ Timezone string }
}

type visual struct {
	VisualID           string `json:"VisualId"`
	Title              struct{ FormatText struct{ PlainText string } }
	Subtitle           struct{ FormatText struct{ PlainText string } }
	ChartConfiguration json.RawMessage
}

func of(t *testing.T, change func(*metricspec.Spec)) definition {
	t.Helper()
	text, err := os.ReadFile("../../testdata/odd.yaml")
	require.NoError(t, err)
	spec, faults := metricspec.Parse("odd.yaml", text)
	require.Empty(t, faults)
	if change != nil {
		change(spec)
	}
	var names []string
	for _, m := range spec.Metrics {
		names = append(names, m.Name)
	}
	for _, r := range spec.Ratios {
		names = append(names, r.Name)
	}
	encoded, err := json.Marshal(content.Definition(content.Input{Spec: spec, Names: names}))
	require.NoError(t, err)
	var d definition
	require.NoError(t, json.Unmarshal(encoded, &d))
	return d
}

func (d definition) visual(t *testing.T, id string) visual {
	t.Helper()
	for _, s := range d.Sheets {
		for _, kinds := range s.Visuals {
			for _, v := range kinds {
				if v.VisualID == id {
					return v
				}
			}
		}
	}
	t.Fatalf("no visual %q", id)
	return visual{}
}

// value is the visual's number: its column, and how several are put together.
func (v visual) value(t *testing.T) (column, by string) {
	t.Helper()
	type measures []struct {
		NumericalMeasureField struct {
			Column              struct{ ColumnName string }
			AggregationFunction struct{ SimpleNumericalAggregation string }
		}
	}
	var c struct {
		FieldWells struct {
			Values                        measures
			LineChartAggregatedFieldWells struct{ Values measures }
			TableAggregatedFieldWells     struct{ Values measures }
		}
	}
	require.NoError(t, json.Unmarshal(v.ChartConfiguration, &c))
	all := slices.Concat(c.FieldWells.Values, c.FieldWells.LineChartAggregatedFieldWells.Values, c.FieldWells.TableAggregatedFieldWells.Values)
	require.Len(t, all, 1)
	return all[0].NumericalMeasureField.Column.ColumnName, all[0].NumericalMeasureField.AggregationFunction.SimpleNumericalAggregation
}

const ratio = "numerator / denominator"

func TestTotals(t *testing.T) {
	d := of(t, nil)
	for id, want := range map[string][2]string{
		"live-number-requests":              {"value", "SUM"},
		"live-line-requests":                {"value", "SUM"},
		"history-line-load_sum":             {"value", "SUM"},
		"history-table-requests":            {"value", "SUM"},
		"live-number-fastest":               {"value", "MIN"},
		"history-table-fastest":             {"value", "MIN"},
		"history-line-slowest":              {"value", "MAX"},
		"live-number-users":                 {"value", "MAX"},
		"history-line-users":                {"value", "MAX"},
		"history-table-users":               {"value", "MAX"},
		"live-number-conversion":            {"value", "MAX"},
		"live-line-conversion":              {ratio, ""},
		"history-line-conversion":           {"value", "MAX"},
		"history-table-conversion":          {ratio, ""},
		"live-line-slowest_per_request":     {"value", "MAX"},
		"history-table-slowest_per_request": {"value", "MAX"},
	} {
		column, by := d.visual(t, id).value(t)
		assert.Equal(t, want, [2]string{column, by}, id)
	}
	assert.Contains(t, d.CalculatedFields, struct{ Name, Expression string }{ratio, "sum({numerator}) / sum({denominator})"})
}

func TestARatioOfWhatAddsUpIsNeverOfOneDimensionsValue(t *testing.T) {
	d := of(t, func(s *metricspec.Spec) {
		s.Metrics[4].Aggregate, s.Metrics[4].Field, s.Metrics[5].Aggregate, s.Metrics[5].Field = metricspec.Count, "", metricspec.Count, ""
	})
	for _, id := range []string{"live-number-conversion", "live-line-conversion", "history-line-conversion", "history-table-conversion"} {
		column, _ := d.visual(t, id).value(t)
		assert.Equal(t, ratio, column, id)
	}
}

// Different values of several dimensions have a line for each pair of theirs: those of one alone would be some highest value.
func TestDifferentValuesAreShownApart(t *testing.T) {
	d := of(t, nil)
	assert.Contains(t, string(d.visual(t, "live-line-users").ChartConfiguration), `"by cluster, cached"`)
	assert.Contains(t, string(d.visual(t, "live-line-visitors").ChartConfiguration), `"ColumnName":"cached"`)
	assert.Contains(t, string(d.visual(t, "live-line-users").ChartConfiguration), `"OtherCategories":"EXCLUDE"`)
	assert.Contains(t, string(d.visual(t, "live-line-requests").ChartConfiguration), `"OtherCategories":"INCLUDE"`)
}

func TestSubtitlesSayWhatANumberIs(t *testing.T) {
	d := of(t, nil)
	for id, want := range map[string]string{
		"live-number-requests":    "requests per minute",
		"history-line-requests":   "requests per hour",
		"history-table-requests":  "requests in the time shown",
		"history-line-load_sum":   `Load, "all" of it ("1" & <2> per hour)`,
		"live-number-fastest":     "ms, lowest of the minute",
		"live-line-users":         "users of the minute",
		"live-number-users":       "users of the minute, highest of any cluster, cached",
		"history-line-users":      "users, highest minute of the hour, highest of any cluster, cached",
		"history-table-users":     "users, highest minute of the time shown",
		"history-line-slowest":    "ms, highest of the hour",
		"live-line-conversion":    "ratio of the minute",
		"history-line-conversion": "ratio, highest minute of the hour, highest of any cluster, cached",
	} {
		assert.Equal(t, want, d.visual(t, id).Subtitle.FormatText.PlainText, id)
	}
	assert.Equal(t, "Load sum", d.visual(t, "live-line-load_sum").Title.FormatText.PlainText)
}

func TestADimensionFiltersTheVisualsThatHaveIt(t *testing.T) {
	d := of(t, nil)
	visuals := map[string][]string{}
	for _, g := range d.FilterGroups {
		if g.FilterGroupID == "dimension-cluster" {
			for _, scope := range g.ScopeConfiguration.SelectedSheets.SheetVisualScopingConfigurations {
				visuals[scope.SheetID] = scope.VisualIDs
			}
		}
	}
	assert.Len(t, visuals["live"], 12, "a number and a line of each of six metrics")
	assert.Contains(t, visuals["history"], "history-table-users")
	for _, id := range slices.Concat(visuals["live"], visuals["history"]) {
		assert.False(t, strings.HasSuffix(id, "load_sum") || strings.HasSuffix(id, "fastest") || strings.HasSuffix(id, "visitors"), id)
	}
	assert.Len(t, d.Sheets[0].FilterControls, 4, "cached, cluster, code and the time")
	assert.Len(t, d.Sheets[1].FilterControls, 4)
}

func TestTimesAreInTheZoneOfTheSpec(t *testing.T) {
	assert.Equal(t, "Europe/Berlin", of(t, func(s *metricspec.Spec) { s.TimeZone = "Europe/Berlin" }).Options.Timezone)
}
