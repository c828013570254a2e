// Command demo shows this minute's metrics in the local cloud. See package demo.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/demo"
)

func main() {
	err := run()
	switch {
	case err == nil:
	case errors.Is(err, localcloud.ErrInterrupted), errors.Is(err, context.Canceled):
		os.Exit(1) // localcloud, which runs this, says it
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	options := demo.Options{Seed: uint64(time.Now().UnixNano())}
	dir := flag.String("dir", ".local", "folder of the emulator and its state")
	flag.DurationVar(&options.For, "for", 3*time.Minute, "how long records are sent")
	flag.IntVar(&options.PerSecond, "rate", 50, "records a second")
	flag.IntVar(&options.Records, "records", 0, "sends so many at once instead, of the last minutes")
	flag.Parse()
	if flag.NArg() > 0 || options.For < time.Second || options.PerSecond < 1 || options.Records < 0 {
		return errors.New("usage: demo [-dir DIR] [-for 3m] [-rate 50] [-records 0]: for at least 1s, rate at least 1")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	cloud, err := localcloud.Open(root, *dir, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { _ = cloud.Close() }()
	if err := cloud.Up(ctx); err != nil {
		return err
	}
	if _, err := demo.Run(ctx, cloud, options, os.Stdout); err != nil {
		return err
	}
	fmt.Print(`
Job and Trino are ended; what they made is kept. Try:
  make demo                    it goes on from its checkpoint
  add a metric to a copy of internal/metricspec/default.yaml, name the file in Pulumi.local.yaml (log-pipeline:metrics, specFile),
  and make demo again: the stack publishes another version, and the new metric is in the next minute
  make down                    ends the local cloud and removes all of it
`)
	return nil
}
