package demo

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/metricviews"
	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/page"
	"example.com/log-pipeline/tests/localcloud/producer"
)

const (
	// lateEvery is how many records there are for each that comes to S3 in an object after the first batch, and twiceEvery for each
	// that comes twice.
	lateEvery, twiceEvery = 20, 10
	// longAgo is more than any of the demo's events is old.
	longAgo = time.Hour
	clock   = "15:04 UTC"
)

// cutOver shows how the batch takes over from the streaming job.
type cutOver struct {
	*demo
	spec  *metricspec.Spec
	batch *batch
	raw   *raw
	// views are the SQL of the views that the stack has registered, by name.
	views map[string]string
}

func (d *demo) newCutOver(ctx context.Context, spec *metricspec.Spec) (*cutOver, error) {
	config := emulator(d.cloud, d.place.region)
	c := &cutOver{demo: d, spec: spec}
	var err error
	if c.batch, err = fetchBatch(ctx, config, d.place.batchSchedule, filepath.Join(d.dir, "batch")); err != nil {
		return nil, err
	}
	bucket, prefix, err := c.batch.raw()
	if err != nil {
		return nil, err
	}
	c.raw = newRaw(config, bucket, prefix, d.place.delivery)
	c.views, err = viewsOf(ctx, config, d.place.database, metricviews.All, metricviews.Records, metricviews.Freshness, metricviews.Batches)
	return c, err
}

// run delivers what was sent to S3, and lets the batch count it: first all but a few records, and when those have come, again. It
// returns what the views have then.
func (c *cutOver) run(ctx context.Context, spark *localcloud.Spark) (page.Page, error) {
	if err := c.takeOver(ctx, spark); err != nil {
		return page.Page{}, err
	}
	return c.seen(ctx)
}

func (c *cutOver) takeOver(ctx context.Context, spark *localcloud.Spark) error {
	onTime, late := apart(c.sending.records())
	if err := c.tell(ctx, "Before the batch"); err != nil {
		return err
	}
	if err := c.raw.deliver(ctx, onTime, c.sending.arrival, len(onTime)/twiceEvery); err != nil {
		return err
	}
	cutOver := c.sending.middle().Truncate(time.Minute)
	said := fmt.Sprintf("%d records are in S3, some of them twice; the batch counts their minutes before %s", len(onTime), cutOver.UTC().Format(clock))
	if err := c.count(ctx, spark, said, cutOver); err != nil {
		return err
	}
	if err := c.raw.deliver(ctx, late, c.sending.arrival, 0); err != nil {
		return err
	}
	return c.count(ctx, spark, fmt.Sprintf("%d more come late; the next batch counts them too, and a minute more", len(late)), cutOver.Add(time.Minute))
}

// seen is what the views have of the demo's minutes.
func (c *cutOver) seen(ctx context.Context) (seen page.Page, err error) {
	since := c.begun.Add(-longAgo)
	seen = page.Page{Title: "Metrics of the local cloud", At: time.Now(), Spec: c.spec}
	if seen.Rows, err = c.rowsSince(ctx, since); err != nil {
		return seen, err
	}
	if seen.Records, err = c.recordsSince(ctx, since); err != nil {
		return seen, err
	}
	if seen.Freshness, err = c.freshness(ctx); err != nil {
		return seen, err
	}
	seen.Batches, err = c.batches(ctx)
	return seen, err
}

// apart are the records that come to S3 in time and those that come late.
func apart(records []producer.Record) (onTime, late []producer.Record) {
	for i, record := range records {
		if i%lateEvery == 0 {
			late = append(late, record)
		} else {
			onTime = append(onTime, record)
		}
	}
	return onTime, late
}

// count runs the batch once, up to a minute, and shows the view while it does and when it has.
func (c *cutOver) count(ctx context.Context, spark *localcloud.Spark, said string, to time.Time) error {
	if _, err := fmt.Fprintf(c.out, "\n%s.\n", said); err != nil {
		return err
	}
	before, err := c.state(ctx)
	if err != nil {
		return err
	}
	running, err := c.batch.start(c.cloud, spark, c.place.region, to)
	if err != nil {
		return err
	}
	shown := false
	err = running.Finish(ctx, poll, func() error {
		now, err := c.state(ctx)
		if err != nil || shown || now.rows == before.rows || !now.cutOver.Equal(before.cutOver) {
			return err
		}
		shown = true
		return c.tell(ctx, fmt.Sprintf("The batch has written %d rows, and not moved the cut-over yet", now.rows-before.rows))
	})
	if err != nil {
		return err
	}
	after, err := c.state(ctx)
	if err != nil {
		return err
	}
	return c.tell(ctx, "After the batch, with the cut-over at "+after.cutOver.Format(clock))
}

// state is what the batch has done.
type state struct {
	rows    int
	cutOver time.Time
}

func (c *cutOver) state(ctx context.Context) (state, error) {
	found, err := c.trino.Query(ctx, fmt.Sprintf(`SELECT (SELECT count(*) FROM %[1]s.metrics_batch),
		(SELECT coalesce(to_unixtime(max(cut_over)), 0) FROM %[1]s.batch_runs)`, quoted(c.place.database)))
	if err != nil {
		return state{}, err
	}
	rows, cutOver := found[0][0].(float64), found[0][1].(float64)
	return state{int(rows), time.Unix(int64(cutOver), 0).UTC()}, nil
}

// tell says what the view with all metrics has of the demo's minutes.
func (c *cutOver) tell(ctx context.Context, when string) error {
	since := timestamp(c.begun.Add(-longAgo))
	found, err := c.trino.Query(ctx, fmt.Sprintf(`SELECT counted_by, count(DISTINCT window_start), format_datetime(min(window_start), 'HH:mm'),
		format_datetime(max(window_start), 'HH:mm'), count(*) FROM (%s) WHERE window_start >= %s GROUP BY 1 ORDER BY 3`, c.views[metricviews.All], since))
	if err != nil {
		return err
	}
	twice, err := c.twice(ctx, since)
	if err != nil {
		return err
	}
	lines := []string{when + ", the view has"}
	for _, row := range found {
		lines = append(lines, fmt.Sprintf("  %-6v %3.0f minutes from %v to %v UTC, %.0f rows", row[0], row[1], row[2], row[3], row[4]))
	}
	lines = append(lines, fmt.Sprintf("  %.0f rows twice", twice))
	_, err = fmt.Fprintln(c.out, strings.Join(lines, "\n"))
	return err
}

// twice is how many metrics have two values for a window and the same dimensions: there should be none, ever.
func (c *cutOver) twice(ctx context.Context, since string) (float64, error) {
	keys := []string{"metric", "window_start"}
	for _, dimension := range metricviews.Dimensions(c.spec) {
		keys = append(keys, quoted(dimension.Name))
	}
	found, err := c.trino.Query(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM (%s) WHERE window_start >= %s GROUP BY %s HAVING count(*) > 1)",
		c.views[metricviews.All], since, strings.Join(keys, ", ")))
	if err != nil {
		return 0, err
	}
	return found[0][0].(float64), nil
}
