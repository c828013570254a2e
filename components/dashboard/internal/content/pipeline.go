package content

import "example.com/log-pipeline/internal/metricviews"

// minuteFormat writes times.
var minuteFormat = object{"DateTimeFormat": "YYYY-MM-DD HH:mm"}

// pipeline is the sheet of the pipeline's own health.
func pipeline(zone string) *sheet {
	s := &sheet{id: "pipeline", name: "Pipeline", description: "How old the numbers are, what was rejected, and the runs of the batch. Times are in " + zone + "."}
	s.place(rowOfNumbers,
		age("live_seconds", "Age of live numbers", "Seconds since the newest live minute began"),
		age("batch_seconds", "Age of exact numbers", "Seconds since the cut-over of the batch"),
		age("open_gaps", "Open gaps", "Gaps in live numbers that no batch has counted yet"),
	)
	s.place(rowOfNumbers, cell{id: "pipeline-freshness", width: columns, visual: freshness()})
	s.place(rowOfChart,
		cell{id: "pipeline-records", width: columns - third, visual: records().json()},
		cell{id: "pipeline-outcomes", width: third, visual: outcomes()},
	)
	s.place(rowOfTable, cell{id: "pipeline-batches", width: columns, visual: batches()})
	return s
}

// age is the number in a column of the one row of the view.
func age(name, title, subtitle string) cell {
	id := "pipeline-" + name
	value := measure(id+"-value", metricviews.Freshness, name, highest, nil)
	return cell{id: id, width: third, visual: kpi(id, title, subtitle, value, nil)}
}

func freshness() object {
	const id = "pipeline-freshness"
	return list(id, "Freshness", "Up to when there are numbers, and when they were written last", metricviews.Freshness, "live_updated_at",
		times("live_window_start", "live_updated_at", "cut_over", "batch_updated_at"))
}

func records() chart {
	const id = "pipeline-records"
	return chart{
		id: id, title: "Records, by outcome", subtitle: "Records that the streaming job took, and rejected by reason, per minute of arrival", unit: "records",
		times:  moment(id+"-time", metricviews.Records, "MINUTE"),
		value:  measure(id+"-value", metricviews.Records, "value", added, nil),
		lines:  category(id+"-lines", metricviews.Records, "outcome"),
		others: true,
	}
}

func outcomes() object {
	const id = "pipeline-outcomes"
	return table(id, "Records, by outcome", "Records in the time shown",
		[]any{category(id+"-outcome", metricviews.Records, "outcome")}, measure(id+"-value", metricviews.Records, "value", added, nil))
}

func batches() object {
	const id = "pipeline-batches"
	return list(id, "Runs of the batch", "The latest first", metricviews.Batches, "started_at", []listed{
		{name: "started_at", isTime: true}, {name: "state"}, {name: "range_from", isTime: true}, {name: "range_to", isTime: true},
		{name: "cut_over", isTime: true}, {name: "objects"}, {name: "records"}, {name: "duplicates"}, {name: "rejected"},
		{name: "updated_at", isTime: true}, {name: "run"}, {name: "version"},
	})
}

// listed is a column of a list.
type listed struct {
	name   string
	isTime bool
}

func times(names ...string) []listed {
	columns := make([]listed, len(names))
	for i, name := range names {
		columns[i] = listed{name, true}
	}
	return columns
}

// list is a table of rows as they are, the latest by a column first.
func list(id, title, subtitle, view, by string, shown []listed) object {
	values := make([]any, len(shown))
	for i, c := range shown {
		value := object{"FieldId": id + "-" + c.name, "Column": column(view, c.name)}
		if c.isTime {
			value["FormatConfiguration"] = object{"DateTimeFormatConfiguration": minuteFormat}
		}
		values[i] = value
	}
	return object{"TableVisual": headed(id, title, subtitle, object{
		"FieldWells":        object{"TableUnaggregatedFieldWells": object{"Values": values}},
		"SortConfiguration": pages(id + "-" + by),
	})}
}
