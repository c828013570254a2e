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

	"github.com/blang/semver"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

const (
	// pulumiVersion is the command line's, as pinned in tools/go.mod.
	pulumiVersion = "3.250.0"
	// oldestPulumi is the oldest command line that is used when it is on the PATH.
	oldestPulumi = "3.229.0"

	versionFlag = "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v" + pulumiVersion
)

// Tools are the programs that the local cloud is made of, in one folder: built
// from pinned Go modules, or found on this machine.
type Tools struct {
	root string
	// Pulumi is the command line.
	Pulumi string
	// Python runs the emulator, with its locked packages.
	Python string
	// plugin is the provider called aws.
	plugin string
}

// tool is one thing to have ready, with the files whose change makes it anew.
type tool struct {
	name   string
	pinned []string
	make   func(ctx context.Context) (string, error)
}

// EnsureTools builds or finds what the local cloud needs, with a line and the
// time for each. The first time takes minutes; what is there already is kept
// until its pinned version changes.
func EnsureTools(ctx context.Context, root string, out io.Writer) (*Tools, error) {
	t := &Tools{root: root}
	if err := os.MkdirAll(t.path("bin"), 0o755); err != nil {
		return nil, fmt.Errorf("make the tools' folder: %w", err)
	}
	t.Python = t.path("python", "bin", "python")
	t.plugin = t.path("plugins", "pulumi-resource-aws")
	if err := os.MkdirAll(filepath.Dir(t.plugin), 0o755); err != nil {
		return nil, fmt.Errorf("make the plugins' folder: %w", err)
	}
	_, _ = fmt.Fprintln(out, "Tools, in "+t.path())
	if err := t.findOrBuildPulumi(ctx, out); err != nil {
		return nil, err
	}
	if err := t.findOrBuildPlugin(ctx, out); err != nil {
		return nil, err
	}
	return t, t.ensure(ctx, out, tool{
		name:   "emulator (Python)",
		pinned: []string{"tests/localcloud/emulator/requirements.txt"},
		make:   t.installPython,
	})
}

// EnsureLinters builds golangci-lint and installs ruff, and returns their folders.
func EnsureLinters(ctx context.Context, root string, out io.Writer) error {
	t := &Tools{root: root, Python: ""}
	if err := os.MkdirAll(t.path("bin"), 0o755); err != nil {
		return fmt.Errorf("make the tools' folder: %w", err)
	}
	_, _ = fmt.Fprintln(out, "Linters, in "+t.path())
	err := t.ensure(ctx, out, t.goTool("golangci-lint", "tools",
		"github.com/golangci/golangci-lint/v2/cmd/golangci-lint", "golangci-lint", ""))
	if err != nil {
		return err
	}
	return t.ensure(ctx, out, tool{
		name:   "emulator (Python)",
		pinned: []string{"tests/localcloud/emulator/requirements.txt"},
		make:   t.installPython,
	})
}

func (t *Tools) path(elements ...string) string {
	return filepath.Join(append([]string{t.root, ".tools"}, elements...)...)
}

func (t *Tools) emulatorDir() string {
	return filepath.Join(t.root, "tests", "localcloud", "emulator")
}

// findOrBuildPulumi prefers the official command line, with its language host.
func (t *Tools) findOrBuildPulumi(ctx context.Context, out io.Writer) error {
	if found, version := pulumiOnPath(ctx); found != "" {
		t.Pulumi = found
		return step(out, "pulumi "+version, func() (string, error) { return "found at " + found, nil })
	}
	t.Pulumi = t.path("bin", "pulumi")
	if err := t.ensure(ctx, out, t.goTool("pulumi "+pulumiVersion, "tools",
		"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "pulumi", "-s -w "+versionFlag)); err != nil {
		return err
	}
	return t.buildOwn(ctx, out, "pulumi-language-go", t.path("bin"))
}

// pulumiOnPath returns the command line on the PATH if it is new enough and
// has the host for Go programs beside it.
func pulumiOnPath(ctx context.Context) (path, version string) {
	path, err := exec.LookPath("pulumi")
	if err != nil {
		return "", ""
	}
	if _, err := exec.LookPath("pulumi-language-go"); err != nil {
		return "", ""
	}
	out, err := exec.CommandContext(ctx, path, "version").Output()
	if err != nil {
		return "", ""
	}
	found, err := semver.ParseTolerant(strings.TrimSpace(string(out)))
	if err != nil || found.LT(semver.MustParse(oldestPulumi)) {
		return "", ""
	}
	return path, found.String()
}

// findOrBuildPlugin prefers the official plugin of the very version in go.mod.
func (t *Tools) findOrBuildPlugin(ctx context.Context, out io.Writer) error {
	if official := officialPlugin(); official != "" {
		t.plugin = official
		return step(out, "pulumi-aws "+awsbridge.Version, func() (string, error) { return "found at " + official, nil })
	}
	dir := filepath.Dir(t.plugin)
	if err := t.ensure(ctx, out, t.goTool("terraform bridge 3.120.0", "tools/bridge",
		"github.com/pulumi/pulumi-terraform-bridge/v3/dynamic", filepath.Join("..", "plugins", awsbridge.BridgeBinary), "-s -w")); err != nil {
		return err
	}
	if err := t.ensure(ctx, out, tool{
		name:   "AWS provider " + upstreamVersion,
		pinned: []string{"tests/localcloud/upstream.go"},
		make: func(ctx context.Context) (string, error) {
			return defaultUpstream().obtain(ctx, filepath.Join(dir, awsbridge.UpstreamBinary))
		},
	}); err != nil {
		return err
	}
	return t.buildOwn(ctx, out, "pulumi-resource-aws", dir)
}

func officialPlugin() string {
	home := os.Getenv("PULUMI_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		home = filepath.Join(user, ".pulumi")
	}
	plugin := filepath.Join(home, "plugins", "resource-aws-v"+awsbridge.Version, "pulumi-resource-aws")
	if _, err := os.Stat(plugin); err != nil {
		return ""
	}
	return plugin
}

func (t *Tools) goTool(name, module, pkg, binary, ldflags string) tool {
	return tool{
		name:   name,
		pinned: []string{module + "/go.mod", module + "/go.sum"},
		make: func(ctx context.Context) (string, error) {
			return "built from source", t.command(ctx, filepath.Join(t.root, module),
				"go", "build", "-ldflags", ldflags, "-o", t.path("bin", binary), pkg)
		},
	}
}

// buildOwn builds one of this project's commands; Go's cache decides whether
// anything is to be done.
func (t *Tools) buildOwn(ctx context.Context, out io.Writer, name, dir string) error {
	return step(out, name, func() (string, error) {
		return "built", t.command(ctx, t.root, "go", "build", "-o", filepath.Join(dir, name), "./tests/localcloud/cmd/"+name)
	})
}

func (t *Tools) installPython(ctx context.Context) (string, error) {
	if err := exec.CommandContext(ctx, "python3", "-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))").Run(); err != nil {
		return "", fmt.Errorf("python3 on the PATH must be 3.11 or later, with its venv module: %w", err)
	}
	if err := os.RemoveAll(t.path("python")); err != nil {
		return "", err
	}
	if err := t.command(ctx, t.root, "python3", "-m", "venv", t.path("python")); err != nil {
		return "", err
	}
	return "installed", t.command(ctx, t.root, t.path("python", "bin", "python"), "-m", "pip", "install",
		"--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "tests/localcloud/emulator/requirements.txt")
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

// ensure makes the tool unless it was made from the same pinned files.
func (t *Tools) ensure(ctx context.Context, out io.Writer, wanted tool) error {
	return step(out, wanted.name, func() (string, error) {
		stamp, err := t.stampOf(wanted)
		if err != nil {
			return "", err
		}
		file := t.path(strings.ReplaceAll(wanted.name, " ", "-") + ".stamp")
		if have, err := os.ReadFile(file); err == nil && string(have) == stamp {
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
