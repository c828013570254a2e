package localcloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// tool is one thing to have ready.
type tool struct {
	name string
	// output is the file that is there once it is made.
	output string
	// pinned are the files whose change has it made anew.
	pinned []string
	make   func(ctx context.Context) (string, error)
}

// locked does the parts one after the other, while no other run builds tools.
func (t *Tools) locked(ctx context.Context, out io.Writer, parts ...func(context.Context, io.Writer) error) error {
	for _, dir := range []string{t.path("bin"), t.path("plugins")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make the tools' folder: %w", err)
		}
	}
	lock := flock.New(t.path("lock"))
	if _, err := lock.TryLockContext(ctx, time.Second); err != nil {
		return fmt.Errorf("wait for another run that builds tools: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	_, _ = fmt.Fprintln(out, "Tools, in "+t.path())
	for _, part := range parts {
		if err := part(ctx, out); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tools) goTool(name, module, pkg, output, ldflags string) tool {
	return tool{
		name:   name,
		output: output,
		pinned: []string{module + "/go.mod", module + "/go.sum"},
		make: func(ctx context.Context) (string, error) {
			return "built from source", t.command(ctx, filepath.Join(t.root, module),
				"go", "build", "-ldflags", ldflags, "-o", output, pkg)
		},
	}
}

// buildOwn builds one of this project's commands; Go's cache decides whether
// anything is to be done.
func (t *Tools) buildOwn(ctx context.Context, out io.Writer, name, dir string) error {
	return step(out, name, func() (string, error) {
		return "built", t.command(ctx, filepath.Join(t.root, "tests", "localcloud"), "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, name), "./cmd/"+name)
	})
}

// command runs a build step and has its whole process group end with ctx.
func (t *Tools) command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output.String())
	}
	return nil
}

// ensure makes the tool unless it is there, made from the same pinned files.
func (t *Tools) ensure(ctx context.Context, out io.Writer, wanted tool) error {
	return step(out, wanted.name, func() (string, error) {
		stamp, err := t.stampOf(wanted)
		if err != nil {
			return "", err
		}
		file := t.path(strings.ReplaceAll(wanted.name, " ", "-") + ".stamp")
		_, missing := os.Stat(wanted.output) // follows links, into a mirror that may have moved
		if have, err := os.ReadFile(file); err == nil && missing == nil && string(have) == stamp {
			return "ready", nil
		}
		result, err := wanted.make(ctx)
		if err != nil {
			return "", err
		}
		return result, writeFile(file, strings.NewReader(stamp), 0o644)
	})
}

func (t *Tools) stampOf(wanted tool) (string, error) {
	hash := sha256.New()
	_, _ = io.WriteString(hash, wanted.name+runtime.Version())
	for _, name := range wanted.pinned {
		content, err := os.ReadFile(filepath.Join(t.root, name))
		if errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("%s is missing: run this in the project's folder", name)
		}
		if err != nil {
			return "", err
		}
		hash.Write(content)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
