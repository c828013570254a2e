// Package nodetools runs the scripts for Node.js that tests need, with the npm packages that these import.
//
// The packages are pinned by a lock file beside the script, and installed into .tools by the first run that needs them.
// Which registry they come from is npm's own configuration: the lock files name no host.
package nodetools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Program is a script and the packages that it imports.
type Program struct {
	// Name is its folder in .tools.
	Name string
	// Title is what it is in an error, such as "the policy simulator".
	Title string
	// Tests are those that cannot do without it, in an error: "the permission tests".
	Tests string
	// Source is the folder with the script, package.json, package-lock.json and .npmrc, seen from the project's.
	Source string
	// Script is the script's name; empty where the packages are all that is wanted.
	Script string
}

// Ensure has the program ready in .tools of the project's folder root, and returns its folder there. npm installs the
// packages the first time, in seconds, and again when their lock file changes. Runs at the same time wait for each other.
// It is an error if Node.js or npm is missing, or Node.js too old.
func (p Program) Ensure(ctx context.Context, root string) (string, error) {
	dir := filepath.Join(root, ".tools", p.Name)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("make the tools' folder: %w", err)
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("wait for another run that installs %s: %w", p.Title, err)
	}
	defer func() { _ = lock.Unlock() }()
	if err := p.install(ctx, filepath.Join(root, p.Source), dir); err != nil {
		return "", fmt.Errorf("install %s: %w", p.Title, err)
	}
	return dir, nil
}

// Run gives the script its arguments and standard input, and returns its standard output. dir is what [Program.Ensure]
// returned. What the script writes to standard error is in the error of a run that fails.
func (p Program) Run(ctx context.Context, dir string, stdin []byte, args ...string) ([]byte, error) {
	// What Node.js warns of would stand before what the script says.
	cmd := exec.CommandContext(ctx, "node", append([]string{"--no-warnings", p.Script}, args...)...)
	cmd.Dir = dir
	var output, complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &output, &complaint
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, p.without(err)
	}
	if err != nil {
		return nil, fmt.Errorf("node %s: %w\n%s", p.Script, err, complaint.String())
	}
	return output.Bytes(), nil
}
