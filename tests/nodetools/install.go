package nodetools

import (
	"bytes"
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
)

// oldestNode is the oldest version of Node.js that every package.json accepts.
const oldestNode = 20

// packageFiles pin what npm installs; a change of one of them has it installed anew.
var packageFiles = []string{"package.json", "package-lock.json", ".npmrc"}

// install writes nothing that is there already, since go test keeps no result that depends on a file written meanwhile.
func (p Program) install(ctx context.Context, source, dir string) error {
	stamp, err := stampOf(source)
	if err != nil {
		return err
	}
	file := dir + ".stamp"
	have, err := os.ReadFile(file)
	_, missing := os.Stat(filepath.Join(dir, "node_modules"))
	if err != nil || missing != nil || string(have) != stamp {
		// First, so that what is installed in part never has one.
		if err := os.RemoveAll(file); err != nil {
			return err
		}
		if err := p.npmInstall(ctx, source, dir); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(stamp), 0o644); err != nil {
			return err
		}
	}
	if p.Script == "" {
		return nil
	}
	// Beside the packages, since Node.js looks for them from where a script is.
	return copyFile(source, dir, p.Script)
}

func (p Program) npmInstall(ctx context.Context, source, dir string) error {
	if err := p.checkNode(ctx); err != nil {
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

func (p Program) checkNode(ctx context.Context) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return p.without(err)
	}
	output, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return p.without(err)
	}
	version := strings.TrimSpace(string(output))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestNode {
		return p.without(fmt.Errorf("node is %s", version))
	}
	return nil
}

// without is the error of a machine that lacks what the program runs on.
func (p Program) without(err error) error {
	return fmt.Errorf("%s need Node.js %d or later, and npm, on the PATH: %w", p.Tests, oldestNode, err)
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
	if have, err := os.ReadFile(target); err == nil && bytes.Equal(have, content) {
		return nil
	}
	if err := os.WriteFile(target+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(target+".new", target)
}
