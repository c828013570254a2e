package demo

import (
	"context"
	"fmt"
	"time"

	"example.com/log-pipeline/tests/localcloud/trinoserver"
)

// The job's metrics about its records, by the minute of their arrival.
const (
	acceptedMetric = "records_accepted"
	rejectedMetric = "records_rejected"
)

// Row is a metric of a minute, as Trino reads it.
type Row struct {
	Metric string
	Window time.Time
	// Dimensions is a JSON object with its keys sorted.
	Dimensions string
	Value      float64
}

// metrics returns what the table has of the windows from since on, the earliest first.
func metrics(ctx context.Context, trino *trinoserver.Server, p place, since time.Time) ([]Row, error) {
	found, err := trino.Query(ctx, fmt.Sprintf(`SELECT metric, to_unixtime(window_start), dimensions, value FROM %s.%s
		WHERE window_start >= %s ORDER BY 2, 1, 3`,
		quoted(p.database), quoted(p.table), since.UTC().Format("TIMESTAMP '2006-01-02 15:04:05'")))
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(found))
	for _, columns := range found {
		row, ok := rowOf(columns)
		if !ok {
			return nil, fmt.Errorf("the table %s has another shape than expected: %v", p.table, columns)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func quoted(name string) string { return `"` + name + `"` }

func rowOf(columns []any) (Row, bool) {
	if len(columns) != 4 {
		return Row{}, false
	}
	metric, okMetric := columns[0].(string)
	window, okWindow := columns[1].(float64)
	dimensions, okDimensions := columns[2].(string)
	value, okValue := columns[3].(float64)
	return Row{metric, time.Unix(int64(window), 0).UTC(), dimensions, value}, okMetric && okWindow && okDimensions && okValue
}

// counted is how many records the job has taken from the stream since the start of that minute.
func counted(rows []Row, minute time.Time) int {
	var sum float64
	for _, row := range rows {
		if (row.Metric == acceptedMetric || row.Metric == rejectedMetric) && !row.Window.Before(minute) {
			sum += row.Value
		}
	}
	return int(sum)
}
