package page

import "example.com/log-pipeline/internal/metricspec"

// charts are those of a sheet.
type charts struct {
	Charts []chart `json:"charts"`
	// Values are those that each dimension has, null among them: first those of which the most was counted.
	Values map[string][]*string `json:"values"`
}

// chart is a metric or a ratio with its rows.
type chart struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Unit        string `json:"unit"`
	// Kind says how values are combined: the aggregate of a metric, or "ratio".
	Kind string `json:"kind"`
	// Numerator and Denominator are the metrics of a ratio.
	Numerator   string   `json:"numerator,omitempty"`
	Denominator string   `json:"denominator,omitempty"`
	Dimensions  []string `json:"dimensions"`
	// Rows are in the order of time.
	Rows []row `json:"rows"`
}

const ratio = "ratio"

// row has short keys: there are many.
type row struct {
	At    int64    `json:"t"`
	Batch bool     `json:"b,omitempty"`
	Value *float64 `json:"v,omitempty"`
	// Numerator and Denominator stand in place of the value.
	Numerator   *float64 `json:"n,omitempty"`
	Denominator *float64 `json:"d,omitempty"`
	// Values are the places of the dimensions' values in [charts.Values], in the order of the chart's dimensions.
	Values []int `json:"k,omitempty"`
}

// metricCharts are in the order of the spec, and have no rows yet.
func metricCharts(spec *metricspec.Spec) []chart {
	dimensions := map[string][]string{}
	var all []chart
	for _, m := range spec.Metrics {
		dimensions[m.Name] = m.Dimensions
		all = append(all, chart{
			Name: m.Name, Description: m.Description, Unit: m.Unit, Kind: string(m.Aggregate), Dimensions: m.Dimensions,
		})
	}
	for _, r := range spec.Ratios {
		all = append(all, chart{
			Name: r.Name, Description: r.Description, Unit: r.Unit, Kind: ratio, Dimensions: dimensions[r.Numerator],
			Numerator: r.Numerator, Denominator: r.Denominator,
		})
	}
	return all
}

// The charts of records, and the dimension of those that are rejected.
const (
	acceptedRecords = "records_accepted"
	rejectedRecords = "records_rejected"
	reason          = "reason"
)

// recordCharts are two, since the few records that are rejected would not show beside those that are accepted.
func recordCharts() []chart {
	count := string(metricspec.Count)
	return []chart{
		{Name: acceptedRecords, Description: "Records that are events, by the minute of their arrival", Unit: "records", Kind: count},
		{
			Name: rejectedRecords, Description: "Records that are none, by the minute of their arrival", Unit: "records", Kind: count,
			Dimensions: []string{reason},
		},
	}
}

func recordRows(records []Record) []Row {
	var rows []Row
	for _, r := range records {
		if r.Outcome == Accepted {
			rows = append(rows, Row{Metric: acceptedRecords, WindowStart: r.WindowStart, Value: r.Value, CountedBy: CountedByLive})
			continue
		}
		rows = append(rows, Row{
			Metric: rejectedRecords, WindowStart: r.WindowStart, Value: r.Value, CountedBy: CountedByLive,
			Dimensions: map[string]string{reason: r.Outcome},
		})
	}
	return rows
}
