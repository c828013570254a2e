package permissions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	// script is the program that asks the library.
	script = "simulate.mjs"
	// oldestNode is Node.js's oldest version that package.json accepts.
	oldestNode = 20
)

// packageFiles pin what npm installs; a change of one of them has it installed anew.
var packageFiles = []string{"package.json", "package-lock.json", ".npmrc"}

// EnsureSimulator has the simulator ready in .tools/simulator of the project's folder, and returns that folder. npm
// installs it the first time, in seconds, and again when its lock file changes. Runs at the same time wait for each
// other. It is an error if Node.js or npm is missing, or Node.js too old.
func EnsureSimulator(ctx context.Context, root string) (string, error) {
	source := filepath.Join(root, "tests", "permissions", "simulator")
	dir := filepath.Join(root, ".tools", "simulator")
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("make the tools' folder: %w", err)
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("wait for another run that installs the policy simulator: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if err := install(ctx, source, dir); err != nil {
		return "", fmt.Errorf("install the policy simulator: %w", err)
	}
	return dir, nil
}

func install(ctx context.Context, source, dir string) error {
	stamp, err := stampOf(source)
	if err != nil {
		return err
	}
	file := dir + ".stamp"
	have, err := os.ReadFile(file)
	_, missing := os.Stat(filepath.Join(dir, "node_modules"))
	if err != nil || missing != nil || string(have) != stamp {
		if err := npmInstall(ctx, source, dir); err != nil {
			return err
		}
	}
	// Beside the packages, since Node.js looks for them from where a script is.
	if err := copyFile(source, dir, script); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(stamp), 0o644)
}

func npmInstall(ctx context.Context, source, dir string) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return err
	}
	for _, name := range packageFiles {
		if err := copyFile(source, dir, name); err != nil {
			return err
		}
	}
	// No script of a package is run: none of these has any.
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress",
		"--no-update-notifier", "--loglevel=error")
	cmd.Dir = dir
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	return nil
}

func checkNode(ctx context.Context) error {
	const want = "the permission tests need Node.js %d or later, and npm, on the PATH: %w"
	if _, err := exec.LookPath("npm"); err != nil {
		return fmt.Errorf(want, oldestNode, err)
	}
	output, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return fmt.Errorf(want, oldestNode, err)
	}
	version := strings.TrimSpace(string(output))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestNode {
		return fmt.Errorf(want, oldestNode, fmt.Errorf("node is %s", version))
	}
	return nil
}

func stampOf(source string) (string, error) {
	hash := sha256.New()
	for _, name := range packageFiles {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return "", err
		}
		hash.Write(content)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// copyFile replaces the file at once: a run that began before may be reading it.
func copyFile(from, to, name string) error {
	content, err := os.ReadFile(filepath.Join(from, name))
	if err != nil {
		return err
	}
	target := filepath.Join(to, name)
	if err := os.WriteFile(target+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(target+".new", target)
}
