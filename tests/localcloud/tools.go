package localcloud

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/blang/semver"

	"example.com/log-pipeline/tests/localcloud/apiserver"
	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

const (
	// pulumiVersion is the command line's, as pinned in tools/go.mod.
	pulumiVersion = "3.250.0"
	// bridgeVersion is the dynamic bridge's, as pinned in tools/bridge/go.mod.
	bridgeVersion = "3.120.0"
	// kubernetesVersion and etcdVersion are the API server's and its store's, as
	// pinned in tools/kubernetes/go.mod.
	kubernetesVersion = "1.34.0"
	etcdVersion       = "3.6.4"
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
	// objectsPlugin is the provider called kubernetes.
	objectsPlugin string
	// server are the programs of the cloud's own cluster.
	server apiserver.Programs
	// definitions is the file with the definitions of the operator's kinds.
	definitions string
}

// EnsureTools builds or finds what the local cloud needs, with a line and the
// time for each. The first time takes minutes; what is there already is kept
// until its pinned version changes.
func EnsureTools(ctx context.Context, root string, out io.Writer) (*Tools, error) {
	t := newTools(root)
	return t, t.locked(ctx, out, t.findOrBuildPulumi, t.findOrBuildPlugin, t.ensureCluster, t.ensurePython)
}

// EnsureLinters builds golangci-lint and installs ruff.
func EnsureLinters(ctx context.Context, root string, out io.Writer) error {
	t := newTools(root)
	return t.locked(ctx, out, t.ensurePython, func(ctx context.Context, out io.Writer) error {
		return t.ensure(ctx, out, t.goTool("golangci-lint", "tools",
			"github.com/golangci/golangci-lint/v2/cmd/golangci-lint", t.path("bin", "golangci-lint"), ""))
	})
}

// EnsurePython installs the emulator's packages, and those that test it.
func EnsurePython(ctx context.Context, root string, out io.Writer) error {
	t := newTools(root)
	return t.locked(ctx, out, t.ensurePython)
}

func newTools(root string) *Tools {
	t := &Tools{root: root}
	t.Python = t.path("python", "bin", "python")
	t.plugin = t.path("plugins", "pulumi-resource-aws")
	t.objectsPlugin = t.path("plugins", "pulumi-resource-kubernetes")
	t.server = apiserver.Programs{APIServer: t.path("bin", "kube-apiserver"), Etcd: t.path("bin", "etcd")}
	t.definitions = t.path("operator-crds.json")
	return t
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
	err := t.ensure(ctx, out, t.goTool("pulumi "+pulumiVersion, "tools",
		"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", t.Pulumi, "-s -w "+versionFlag))
	if err != nil {
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
	err := t.ensure(ctx, out, t.goTool("terraform bridge "+bridgeVersion, "tools/bridge",
		"github.com/pulumi/pulumi-terraform-bridge/v3/dynamic", filepath.Join(dir, awsbridge.BridgeBinary), "-s -w"))
	if err != nil {
		return err
	}
	upstream := filepath.Join(dir, awsbridge.UpstreamBinary)
	err = t.ensure(ctx, out, tool{
		name:   "AWS provider " + upstreamVersion,
		output: upstream,
		pinned: []string{"tests/localcloud/upstream.go"},
		make: func(ctx context.Context) (string, error) {
			return defaultUpstream().obtain(ctx, upstream)
		},
	})
	if err != nil {
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

func (t *Tools) ensurePython(ctx context.Context, out io.Writer) error {
	return t.ensure(ctx, out, tool{
		name:   "emulator (Python)",
		output: t.Python,
		pinned: []string{"tests/localcloud/emulator/requirements.txt"},
		make: func(ctx context.Context) (string, error) {
			return "installed", t.installPackages(ctx, t.path("python"), filepath.Join(t.emulatorDir(), "requirements.txt"))
		},
	})
}
