// Command localcloud runs the program in the local cloud: up, preview, down.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/bench"
)

const usage = "usage: localcloud [-dir DIR] up|preview|down|bench|tools|linters"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends this process at once
	dir := flag.String("dir", ".local", "folder of the emulator and its state")
	flag.Parse()
	err := run(ctx, *dir, flag.Args())
	switch {
	case err == nil:
	case errors.Is(err, localcloud.ErrInterrupted), errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "Interrupted. What was made so far is kept, and `make up` goes on from it.")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, args []string) error {
	if len(args) != 1 {
		return errors.New(usage)
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	switch args[0] {
	case "tools":
		_, err := localcloud.EnsureTools(ctx, root, os.Stdout)
		return err
	case "bench":
		return bench.Run(ctx, root, os.Stdout)
	case "linters":
		return localcloud.EnsureLinters(ctx, root, os.Stdout)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	cloud, err := localcloud.Open(root, dir, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { _ = cloud.Close() }()
	switch args[0] {
	case "up":
		if err := cloud.Up(ctx); err != nil {
			return err
		}
		return cloud.Explain(ctx)
	case "preview":
		return cloud.Preview(ctx, false)
	case "down":
		return cloud.Down(ctx)
	}
	return errors.New(usage)
}
