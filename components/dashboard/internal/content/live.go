package content

import "example.com/log-pipeline/internal/metricviews"

// live is the sheet of the last hour. A minute that has not ended yet still grows.
func live(metrics []metric, zone string) *sheet {
	s := &sheet{id: "live", name: "Live", description: "The last hour, minute by minute, in " + zone + ". The latest minute still grows."}
	for _, m := range metrics {
		s.place(rowOfChart,
			cell{id: m.liveNumber(), width: third, visual: m.latest()},
			cell{id: m.liveLine(), width: columns - third, visual: m.minutes().json()},
		)
	}
	s.place(rowOfTable, cell{id: "live-counted-by", width: columns, visual: countedBy()})
	return s
}

func (m metric) liveNumber() string { return "live-number-" + m.name }
func (m metric) liveLine() string   { return "live-line-" + m.name }

// latest is the number of the latest minute.
func (m metric) latest() object {
	id := m.liveNumber()
	return kpi(id, m.title(), m.subtitle(minute, 0), m.value(id+"-value", 0), moment(id+"-time", metricviews.All, "MINUTE"))
}

// minutes has a line for each value of the first dimension, or of all of them where values of several do not add up. Without
// dimensions it has a line for each of batch and live.
func (m metric) minutes() chart {
	by, apart, title := "counted_by", 0, m.title()
	switch {
	case len(m.dimensions) > 1 && !m.addsUp:
		by, apart = joined(m.dimensions), len(m.dimensions)
		title += ", " + by
	case len(m.dimensions) > 0:
		by, apart = m.dimensions[0], 1
		title += ", by " + by
	}
	id := m.liveLine()
	return chart{
		id: id, title: title, subtitle: m.subtitle(minute, apart), unit: m.unit,
		times:  moment(id+"-time", metricviews.All, "MINUTE"),
		value:  m.value(id+"-value", apart),
		lines:  category(id+"-lines", metricviews.All, by),
		others: m.addsUp && apart > 0,
	}
}

// countedBy says from where the minutes on the sheet are.
func countedBy() object {
	const id = "live-counted-by"
	time := func(name, by string) object {
		return object{"DateMeasureField": object{
			"FieldId": id + "-" + name, "Column": column(metricviews.All, "window_start"), "AggregationFunction": by, "FormatConfiguration": minuteFormat,
		}}
	}
	return table(id, "Counted by", "From which minute to which one values are live, and exact ones of the batch",
		[]any{category(id+"-by", metricviews.All, "counted_by")}, time("last", "MAX"), time("first", "MIN"))
}
