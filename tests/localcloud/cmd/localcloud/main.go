// Command localcloud runs the program in the local cloud: up, preview, objects,
// demo, down.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"example.com/log-pipeline/tests/localcloud"
)

const (
	usage = "usage: localcloud [-dir DIR] up|preview|objects|down|demo|bench|tools|linters|python|spark|trino|opensearch"
	// interruptedStatus is what shells give a command that SIGINT ended: 128 + 2.
	interruptedStatus = 130
)

func main() {
	dir := flag.String("dir", ".local", "folder of the emulator and its state")
	flag.Parse()
	err := run(interruptible(*dir), *dir, flag.Args())
	switch {
	case err == nil:
	case errors.Is(err, localcloud.ErrInterrupted), errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "Interrupted. What was made so far is kept, and the next run goes on from it.")
		os.Exit(interruptedStatus)
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// interruptible returns a context that ends with the first SIGINT or SIGTERM.
// The second ends everything at once, and this process.
func interruptible(dir string) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "Interrupted: the engine finishes what it is at. A second interrupt ends it at once.")
		cancel()
		<-signals
		if err := localcloud.Abandon(dir); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
		}
		os.Exit(interruptedStatus)
	}()
	return ctx
}

func run(ctx context.Context, dir string, args []string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "demo" {
		return runOther(ctx, root, "demo", append([]string{"-dir", dir}, args[1:]...)...)
	}
	if len(args) != 1 {
		return errors.New(usage)
	}
	switch args[0] {
	case "tools":
		_, err := localcloud.EnsureTools(ctx, root, os.Stdout)
		return err
	case "python":
		return localcloud.EnsurePython(ctx, root, os.Stdout)
	case "spark":
		_, err := localcloud.EnsureSpark(ctx, root, os.Stdout)
		return err
	case "trino":
		_, err := localcloud.EnsureTrino(ctx, root, os.Stdout)
		return err
	case "opensearch":
		_, err := localcloud.EnsureOpenSearch(ctx, root, os.Stdout)
		return err
	case "bench":
		return runOther(ctx, root, "bench")
	case "linters":
		return localcloud.EnsureLinters(ctx, root, os.Stdout)
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
	case "objects":
		return cloud.ShowObjects(ctx, os.Stdout)
	case "down":
		return cloud.Down(ctx)
	}
	return errors.New(usage)
}

// runOther builds another command and runs it. These are commands of their own, since what they are made of takes long to
// build: the Logging Operator in bench, AWS's clients in demo.
func runOther(ctx context.Context, root, name string, args ...string) error {
	binary := filepath.Join(root, ".tools", "bin", name)
	build := []string{"go", "build", "-C", filepath.Join("tests", "localcloud"), "-o", binary, "./cmd/" + name}
	for _, command := range [][]string{build, append([]string{binary}, args...)} {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stdout, os.Stderr
		// A terminal's interrupt reaches it too; it ends what it started before it ends.
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		if err := cmd.Run(); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
