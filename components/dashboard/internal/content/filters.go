package content

import (
	"slices"

	"example.com/log-pipeline/internal/metricviews"
)

// byMetric has each visual of a metric show that one.
func byMetric(metrics []metric) []any {
	groups := make([]any, len(metrics))
	for i, m := range metrics {
		filter := object{"CategoryFilter": object{
			"FilterId":      "metric-" + m.name,
			"Column":        column(metricviews.All, "metric"),
			"Configuration": object{"CustomFilterConfiguration": object{"MatchOperator": "EQUALS", "CategoryValue": m.name, "NullOption": "NON_NULLS_ONLY"}},
		}}
		groups[i] = group("metric-"+m.name, filter, selected("live", m.onLive()), selected("history", m.onHistory()))
	}
	return groups
}

func (m metric) onLive() []string { return []string{m.liveNumber(), m.liveLine()} }

func (m metric) onHistory() []string {
	if len(m.dimensions) == 0 {
		return []string{m.historyLine()}
	}
	return []string{m.historyLine(), m.historyTable()}
}

// byDimension lets the reader choose values of each dimension, for all visuals of metrics that have it, and puts a control for it
// on each sheet. Others have no values of it, and stay as they are.
func byDimension(metrics []metric, sheets ...*sheet) []any {
	var groups []any
	for _, dimension := range dimensionsOf(metrics) {
		id := "dimension-" + dimension
		var onLive, onHistory []string
		for _, m := range metrics {
			if slices.Contains(m.dimensions, dimension) {
				onLive, onHistory = append(onLive, m.onLive()...), append(onHistory, m.onHistory()...)
			}
		}
		filter := object{"CategoryFilter": object{
			"FilterId":      id,
			"Column":        column(metricviews.All, dimension),
			"Configuration": object{"FilterListConfiguration": object{"MatchOperator": "CONTAINS", "SelectAllOptions": "FILTER_ALL_VALUES"}},
			"DefaultFilterControlConfiguration": object{
				"Title":          dimension,
				"ControlOptions": object{"DefaultDropdownOptions": object{"Type": "MULTI_SELECT"}},
			},
		}}
		groups = append(groups, group(id, filter, selected("live", onLive), selected("history", onHistory)))
		for _, s := range sheets {
			control := s.id + "-" + id
			s.control(control, object{"CrossSheet": object{"FilterControlId": control, "SourceFilterId": id}})
		}
	}
	return groups
}

// dimensionsOf are all that any of the metrics has, by name.
func dimensionsOf(metrics []metric) []string {
	var names []string
	for _, m := range metrics {
		names = append(names, m.dimensions...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// period is a time that the reader can choose, of some visuals of a sheet or of all of them.
type period struct {
	sheet               *sheet
	title, view, column string
	count               int
	granularity         string
	visuals             []string
}

// byTime has each sheet show its time at first, and lets the reader choose another.
func byTime(now, past, health *sheet) []any {
	var groups []any
	for _, p := range []period{
		{now, "Time", metricviews.All, "window_start", 60, "MINUTE", nil},
		{past, "Time", metricviews.All, "window_start", 30, "DAY", nil},
		{health, "Time of records", metricviews.Records, "window_start", 24, "HOUR", []string{"pipeline-records", "pipeline-outcomes"}},
		{health, "Start of batches", metricviews.Batches, "started_at", 30, "DAY", []string{"pipeline-batches"}},
	} {
		id := "time-" + p.sheet.id + "-" + p.view
		filter := object{"RelativeDatesFilter": object{
			"FilterId": id, "Column": column(p.view, p.column), "AnchorDateConfiguration": object{"AnchorOption": "NOW"},
			"RelativeDateType": "LAST", "RelativeDateValue": p.count, "TimeGranularity": p.granularity, "MinimumGranularity": "MINUTE",
			"NullOption": "NON_NULLS_ONLY",
		}}
		groups = append(groups, group(id, filter, selected(p.sheet.id, p.visuals)))
		control := id + "-control"
		p.sheet.control(control, object{"RelativeDateTime": object{"FilterControlId": control, "SourceFilterId": id, "Title": p.title}})
	}
	return groups
}

func group(id string, filter object, scopes ...any) object {
	return object{
		"FilterGroupId": id, "CrossDataset": "SINGLE_DATASET", "Status": "ENABLED", "Filters": []any{filter},
		"ScopeConfiguration": object{"SelectedSheets": object{"SheetVisualScopingConfigurations": scopes}},
	}
}

// selected is the scope of visuals of a sheet, and all of them where none is named.
func selected(sheet string, visuals []string) object {
	if visuals == nil {
		return object{"SheetId": sheet, "Scope": "ALL_VISUALS"}
	}
	return object{"SheetId": sheet, "Scope": "SELECTED_VISUALS", "VisualIds": visuals}
}
