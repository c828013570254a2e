// Package demo shows live and exact metrics in the local cloud: it sends records as a cluster's Fluentd into the stack's own
// stream, runs the very job that the stack provisioned, with its own script, wheel, arguments and checkpoint, and prints each
// minute as Trino, the engine behind Athena, reads it from the stack's own table. Then it writes the records to S3 as Firehose
// does, runs the very batch that the stack's schedule asks for, shows the stack's view before, during and after its cut-over,
// finds the lines of a pod in the search domain, and writes a page with the charts of the dashboard.
//
// In place of Glue and EMR Serverless there is a Spark of their version on this machine, with the stand-in package awsglue for
// Glue's own library. What is proven is the jobs and the way of their data, and nothing of the services.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/page"
	"example.com/log-pipeline/tests/localcloud/producer"
	"example.com/log-pipeline/tests/localcloud/service"
	"example.com/log-pipeline/tests/localcloud/trinoserver"
)

const (
	// poll is the time between two looks at the table.
	poll = 2 * time.Second
	// patience is how long the job may take, after everything is sent, to count it all: Spark's start alone takes 30 s on two
	// busy cores, and a first batch as long.
	patience = 10 * time.Minute
)

// Options say what is sent.
type Options struct {
	// For is how long records are sent, and PerSecond how many a second.
	For       time.Duration
	PerSecond int
	// Records sends that many at once instead, of the last minutes; 0 does not.
	Records int
	// Seed decides what is in the records.
	Seed uint64
}

// Result is what was sent and what came of it.
type Result struct {
	Sent []producer.Record
	// Rows are what the live table has of the demo's windows, before the batch.
	Rows []Row
	// Seen is what the views have of the last hour and later, after the batch.
	Seen page.Page
	// Searched is what a reader of the search domain finds; nothing where there is none.
	Searched Searched
}

// Run shows the metrics of a cloud that is up, and ends all that it started.
func Run(ctx context.Context, cloud *localcloud.Cloud, options Options, out io.Writer) (result Result, err error) {
	place, err := findPlace(ctx, cloud)
	if err != nil {
		return Result{}, err
	}
	spark, err := localcloud.EnsureSpark(ctx, cloud.Root(), out)
	if err != nil {
		return Result{}, err
	}
	installed, err := localcloud.EnsureTrino(ctx, cloud.Root(), out)
	if err != nil {
		return Result{}, err
	}
	library, err := page.Install(ctx, cloud.Root())
	if err != nil {
		return Result{}, err
	}
	d := &demo{cloud: cloud, place: place, options: options, out: out, dir: filepath.Join(cloud.Folder(), "demo"), library: library}
	defer func() { err = errors.Join(err, cloud.EndWork()) }()
	if err := d.start(ctx, spark, installed); err != nil {
		return Result{}, err
	}
	rows, err := d.watch(ctx)
	if err != nil {
		return Result{}, err
	}
	seen, err := d.cutOver.run(ctx, spark)
	if err != nil {
		return Result{}, err
	}
	searched, err := d.search(ctx)
	if err != nil {
		return Result{}, err
	}
	return Result{Sent: d.sending.records(), Rows: rows, Seen: seen, Searched: searched}, d.write(seen)
}

// search looks for what was sent where the stack has a search domain.
func (d *demo) search(ctx context.Context) (Searched, error) {
	if d.place.search == (SearchDomain{}) {
		return Searched{}, nil
	}
	return Search(ctx, d.cloud, d.place.search, d.sending.records(), d.sending.arrival, d.out)
}

// write writes the page with the charts.
func (d *demo) write(seen page.Page) error {
	path := filepath.Join(d.cloud.Folder(), "metrics.html")
	if err := page.Write(path, d.library, seen); err != nil {
		return err
	}
	_, err := fmt.Fprintf(d.out, "\nThe charts of the dashboard are in %s, to open in a browser.\n", path)
	return err
}

type demo struct {
	cloud   *localcloud.Cloud
	place   place
	options Options
	out     io.Writer
	// dir is the folder of what the demo's processes read and write.
	dir string

	// library draws the page's charts.
	library page.Library
	sending *sending
	trino   *trinoserver.Server
	job     *service.Service
	minutes *minutes
	cutOver *cutOver
	// begun is the minute in which the demo begins, and before what was counted of it until then.
	begun  time.Time
	before int
}

// start has everything ready and running but for the records.
func (d *demo) start(ctx context.Context, spark *localcloud.Spark, installed *localcloud.Trino) error {
	if err := os.RemoveAll(d.dir); err != nil {
		return err
	}
	for _, dir := range []string{"batch", "job", "trino"} {
		if err := os.MkdirAll(filepath.Join(d.dir, dir), 0o755); err != nil {
			return fmt.Errorf("make a folder of the demo: %w", err)
		}
	}
	config := emulator(d.cloud, d.place.region)
	var err error
	if d.sending, err = newSending(ctx, config, d.place, d.options); err != nil {
		return err
	}
	job, err := fetchJob(ctx, config, d.place.jobName, filepath.Join(d.dir, "job"), spark)
	if err != nil {
		return err
	}
	spec, err := job.spec(ctx, config)
	if err != nil {
		return err
	}
	d.minutes = newMinutes(spec, d.out)
	if d.cutOver, err = d.newCutOver(ctx, spec); err != nil {
		return err
	}
	if d.trino, err = trinoserver.Start(d.cloud, installed, d.place.region, filepath.Join(d.dir, "trino")); err != nil {
		return err
	}
	if d.job, err = job.start(d.cloud, spark, d.place.region); err != nil {
		return err
	}
	if err := d.trino.Ready(ctx); err != nil {
		return err
	}
	d.begun = time.Now().UTC().Truncate(time.Minute)
	rows, err := d.rows(ctx)
	if err != nil {
		return err
	}
	d.before = counted(rows, d.begun)
	_, err = fmt.Fprintf(d.out, "Job      %s, version %s; its log is %s\nTrino    %s; its log is %s\nRecords  %s\n\n",
		job.name, job.arguments["--version"], d.job.Log, d.trino.URL, d.trino.Log, d.options)
	return err
}

// rows are those of the windows that the demo's events may be in.
func (d *demo) rows(ctx context.Context) ([]Row, error) {
	return metrics(ctx, d.trino, d.place, d.begun.Add(-past-time.Minute))
}

// watch sends the records and prints the minutes until all of them are counted.
func (d *demo) watch(ctx context.Context) ([]Row, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sending := make(chan error, 1)
	go func() { sending <- d.sending.run(ctx) }()
	shown := newProgress(d.out, d.options.total())
	var deadline <-chan time.Time
	for {
		rows, err := d.rows(ctx)
		if err != nil {
			return nil, err
		}
		sent, now := len(d.sending.records()), counted(rows, d.begun)-d.before
		complete := deadline != nil && now >= sent
		shown.aside()
		d.minutes.show(rows, func(window time.Time) bool {
			end := window.Add(time.Minute)
			return complete || time.Now().After(end) && now >= d.sending.neededFor(end)
		})
		if complete {
			_, err := fmt.Fprintf(d.out, "\nAll %d records are counted.\n", sent)
			return rows, err
		}
		shown.update(sent, now)
		select {
		case err := <-sending:
			if err != nil {
				return nil, err
			}
			deadline, sending = time.After(patience), nil
		case err := <-d.job.Ended:
			return nil, err
		case err := <-d.trino.Ended:
			return nil, err
		case <-deadline:
			return nil, fmt.Errorf("%d of %d records were counted in %s; the job's log is %s", now, sent, patience, d.job.Log)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(poll):
		}
	}
}
