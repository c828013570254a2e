package content

import "example.com/log-pipeline/internal/metricviews"

// history is the sheet of the last 30 days.
func history(metrics []metric, zone string) *sheet {
	s := &sheet{
		id: "history", name: "History",
		description: "The last 30 days, hour by hour, in " + zone + ": exact up to the cut-over of the batch, live from it on.",
	}
	for _, m := range metrics {
		line := cell{id: m.historyLine(), width: columns, visual: m.hours().json()}
		if len(m.dimensions) == 0 {
			s.place(rowOfChart, line)
			continue
		}
		line.width -= third
		s.place(rowOfChart, line, cell{id: m.historyTable(), width: third, visual: m.top()})
	}
	return s
}

func (m metric) historyLine() string  { return "history-line-" + m.name }
func (m metric) historyTable() string { return "history-table-" + m.name }

// hours has a line for exact and one for live values. The hour of the cut-over has a part of itself in each.
func (m metric) hours() chart {
	id := m.historyLine()
	return chart{
		id: id, title: m.title() + ", exact and live", subtitle: m.subtitle(hour, 0), unit: m.unit,
		times: moment(id+"-time", metricviews.All, "HOUR"),
		value: m.value(id+"-value", 0),
		lines: category(id+"-lines", metricviews.All, "counted_by"),
	}
}

// top are the values of the dimensions with the highest values of the metric.
func (m metric) top() object {
	id := m.historyTable()
	fields := make([]any, len(m.dimensions))
	for i, dimension := range m.dimensions {
		fields[i] = category(id+"-"+dimension, metricviews.All, dimension)
	}
	apart := len(m.dimensions)
	return table(id, m.title()+", top values", m.subtitle(timeShown, apart), fields, m.value(id+"-value", apart))
}
