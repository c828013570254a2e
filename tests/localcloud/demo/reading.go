package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/tests/localcloud/page"
)

// rowsSince are those of the view with all metrics.
func (c *cutOver) rowsSince(ctx context.Context, since time.Time) ([]page.Row, error) {
	dimensions := metricviews.Dimensions(c.spec)
	columns := []string{"metric", "to_unixtime(window_start)", "value", "numerator", "denominator", "counted_by"}
	for _, dimension := range dimensions {
		columns = append(columns, "CAST("+quoted(dimension.Name)+" AS varchar)")
	}
	found, err := c.trino.Query(ctx, fmt.Sprintf("SELECT %s FROM (%s) WHERE window_start >= %s",
		strings.Join(columns, ", "), c.views[metricviews.All], timestamp(since)))
	if err != nil {
		return nil, err
	}
	rows := make([]page.Row, len(found))
	for i, values := range found {
		rows[i] = page.Row{
			Metric: text(values[0]), WindowStart: timeOf(values[1]), Value: number(values[2]), Numerator: optional(values[3]),
			Denominator: optional(values[4]), CountedBy: text(values[5]), Dimensions: map[string]string{},
		}
		for at, dimension := range dimensions {
			if value, ok := values[6+at].(string); ok {
				rows[i].Dimensions[dimension.Name] = value
			}
		}
	}
	return rows, nil
}

// recordsSince are those of the view of records.
func (c *cutOver) recordsSince(ctx context.Context, since time.Time) ([]page.Record, error) {
	found, err := c.trino.Query(ctx, fmt.Sprintf("SELECT to_unixtime(window_start), outcome, value FROM (%s) WHERE window_start >= %s",
		c.views[metricviews.Records], timestamp(since)))
	if err != nil {
		return nil, err
	}
	records := make([]page.Record, len(found))
	for i, values := range found {
		records[i] = page.Record{WindowStart: timeOf(values[0]), Outcome: text(values[1]), Value: number(values[2])}
	}
	return records, nil
}

// freshness is the row of the view of freshness.
func (c *cutOver) freshness(ctx context.Context) (page.Freshness, error) {
	found, err := c.trino.Query(ctx, fmt.Sprintf(`SELECT to_unixtime(live_window_start), to_unixtime(live_updated_at), to_unixtime(cut_over),
		to_unixtime(batch_updated_at), live_seconds, batch_seconds, open_gaps FROM (%s)`, c.views[metricviews.Freshness]))
	if err != nil {
		return page.Freshness{}, err
	}
	row := found[0]
	return page.Freshness{
		LiveWindowStart: timeOf(row[0]), LiveUpdatedAt: timeOf(row[1]), CutOver: timeOf(row[2]), BatchUpdatedAt: timeOf(row[3]),
		LiveSeconds: int64(number(row[4])), BatchSeconds: int64(number(row[5])), OpenGaps: int64(number(row[6])),
	}, nil
}

// batches are the rows of the view of the batch's runs.
func (c *cutOver) batches(ctx context.Context) ([]page.Batch, error) {
	found, err := c.trino.Query(ctx, fmt.Sprintf(`SELECT run, state, to_unixtime(range_from), to_unixtime(range_to), to_unixtime(cut_over),
		objects, records, duplicates, rejected, version, to_unixtime(started_at), to_unixtime(updated_at) FROM (%s)`, c.views[metricviews.Batches]))
	if err != nil {
		return nil, err
	}
	batches := make([]page.Batch, len(found))
	for i, row := range found {
		batches[i] = page.Batch{
			Run: text(row[0]), State: text(row[1]), RangeFrom: timeOf(row[2]), RangeTo: timeOf(row[3]), CutOver: timeOf(row[4]),
			Objects: int64(number(row[5])), Records: int64(number(row[6])), Duplicates: int64(number(row[7])), Rejected: text(row[8]),
			Version: text(row[9]), StartedAt: timeOf(row[10]), UpdatedAt: timeOf(row[11]),
		}
	}
	return batches, nil
}

// timestamp is a time as SQL has it.
func timestamp(at time.Time) string { return at.UTC().Format("TIMESTAMP '2006-01-02 15:04:05'") }

// What Trino's JSON has of a value that may be null.
func text(value any) string {
	text, _ := value.(string)
	return text
}

func number(value any) float64 {
	number, _ := value.(float64)
	return number
}

func optional(value any) *float64 {
	if number, ok := value.(float64); ok {
		return &number
	}
	return nil
}

// timeOf is a time in seconds since 1970; the zero time where there is none.
func timeOf(value any) time.Time {
	seconds, ok := value.(float64)
	if !ok {
		return time.Time{}
	}
	return time.UnixMicro(int64(seconds * 1e6)).UTC()
}
