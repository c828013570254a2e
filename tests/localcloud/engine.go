package localcloud

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

const (
	stackName = "local"
	// settingsName is the file with the stack's settings.
	settingsName = "Pulumi." + stackName + ".yaml"
	// endpointKey is the setting through which the program's providers reach the emulator.
	endpointKey = "log-pipeline:emulatorEndpoint"
	// kubeconfigKey is the setting through which they reach the cluster.
	kubeconfigKey = "log-pipeline:kubeconfig"
	// interruptGrace is how long the engine may take to finish what it is at
	// after an interrupt. The longest single wait of the provider is 55 s, for
	// a lifecycle configuration to be read ten times alike.
	interruptGrace = 90 * time.Second
)

// ErrInterrupted is returned when a signal ended the step.
var ErrInterrupted = errors.New("interrupted")

// engine runs the Pulumi command line for one cloud.
type engine struct {
	tools *Tools
	// dir is the cloud's folder.
	dir string
	// Settings go over those of Pulumi.local.yaml, by full key, and those of a section one by one.
	Settings map[string]any
	// Program is the folder of the program; empty for the project's own.
	Program string
	// own says that the cluster is the cloud's, and no user's.
	own bool
}

// environment is this process's without what would lead a client of AWS or
// Kubernetes elsewhere: AWS_CA_BUNDLE alone fails every call of the provider,
// and KUBECONFIG may be production's.
func environment(dir string) []string {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "AWS_") || strings.HasPrefix(entry, "PULUMI_") || strings.HasPrefix(entry, "KUBE")
	})
	return append(env, Marker+"="+dir)
}

func (e *engine) environment() []string {
	return append(environment(e.dir),
		"PATH="+filepath.Dir(e.tools.Pulumi)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"PULUMI_HOME="+filepath.Join(e.dir, "pulumi-home"),
		"PULUMI_BACKEND_URL=file://"+e.stateDir(),
		// The state of the emulator holds no secret worth a passphrase.
		"PULUMI_CONFIG_PASSPHRASE=local",
		kubebridge.OwnCluster+"="+strconv.FormatBool(e.own),
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true")
}

func (e *engine) stateDir() string   { return filepath.Join(e.dir, "state") }
func (e *engine) projectDir() string { return filepath.Join(e.dir, "project") }

// prepare lays out what the command line wants: a project that points at the
// real program, the stack's settings with these that reach the emulator and the
// cluster, the plugins, and the stack itself.
func (e *engine) prepare(ctx context.Context, reach map[string]any) error {
	for _, dir := range []string{e.stateDir(), e.projectDir()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make a folder of the local cloud: %w", err)
		}
	}
	if err := e.linkPlugins(); err != nil {
		return err
	}
	if err := e.copyProject(); err != nil {
		return err
	}
	if err := e.copySettings(reach); err != nil {
		return err
	}
	_, err := e.output(ctx, "stack", "select", "--create", stackName)
	return err
}

// linkPlugins puts the providers where the command line looks for those of the
// versions that the program's SDKs name.
func (e *engine) linkPlugins() error {
	for name, plugin := range map[string]string{
		"aws-v" + awsbridge.Version:         e.tools.plugin,
		"kubernetes-v" + kubebridge.Version: e.tools.objectsPlugin,
	} {
		dir := filepath.Join(e.dir, "pulumi-home", "plugins", "resource-"+name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make a folder of the local cloud: %w", err)
		}
		if err := replaceWithLink(plugin, filepath.Join(dir, filepath.Base(plugin))); err != nil {
			return fmt.Errorf("link the provider: %w", err)
		}
	}
	return nil
}

// copyProject writes the project file with its program where it really is, so
// that the command line keeps its own entries out of the repository's files.
func (e *engine) copyProject() error {
	return editYAML(filepath.Join(e.tools.root, "Pulumi.yaml"), filepath.Join(e.projectDir(), "Pulumi.yaml"),
		func(project map[string]any) { project["main"] = cmp.Or(e.Program, e.tools.root) })
}

func (e *engine) settingsFile() string { return filepath.Join(e.projectDir(), settingsName) }

func (e *engine) copySettings(reach map[string]any) error {
	target := e.settingsFile()
	kept := map[string]any{}
	if content, err := os.ReadFile(target); err == nil {
		if err := yaml.Unmarshal(content, &kept); err != nil {
			return fmt.Errorf("read %s: %w", target, err)
		}
	}
	return editYAML(filepath.Join(e.tools.root, settingsName), target, func(settings map[string]any) {
		if salt, ok := kept["encryptionsalt"]; ok {
			settings["encryptionsalt"] = salt
		}
		config, ok := settings["config"].(map[string]any)
		if !ok {
			config = map[string]any{}
			settings["config"] = config
		}
		overlay(config, e.Settings)
		overlay(config, reach)
	})
}

// overlay puts settings over others, those of a section one by one.
func overlay(settings, over map[string]any) {
	for key, value := range over {
		section, isSection := value.(map[string]any)
		there, wasSection := settings[key].(map[string]any)
		if !isSection || !wasSection {
			settings[key] = value
			continue
		}
		merged := maps.Clone(there)
		overlay(merged, section)
		settings[key] = merged
	}
}

func editYAML(from, to string, edit func(map[string]any)) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	document := map[string]any{}
	if err := yaml.Unmarshal(content, &document); err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	edit(document)
	edited, err := yaml.Marshal(document)
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	return writeFile(to, bytes.NewReader(edited), 0o644)
}

// run runs the command line with its progress on out. An interrupt is passed on
// once, so that the engine finishes what it is at and keeps its state whole.
func (e *engine) run(ctx context.Context, out io.Writer, args ...string) error {
	cmd := e.command(ctx, args)
	cmd.Stdout, cmd.Stderr = out, out
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ErrInterrupted
	default:
		return fmt.Errorf("pulumi %s says above what is wrong: %w", args[0], err)
	}
}

func (e *engine) command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, e.tools.Pulumi, append(args, "--non-interactive")...)
	cmd.Dir = e.projectDir()
	cmd.Env = e.environment()
	// A group of its own: a terminal sends its interrupt to the whole group,
	// and the engine takes a second one for "stop at once".
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptGrace
	return cmd
}

// output returns what a short command of the command line prints.
func (e *engine) output(ctx context.Context, args ...string) ([]byte, error) {
	var out, problems bytes.Buffer
	cmd := e.command(ctx, args)
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ErrInterrupted
		}
		return nil, fmt.Errorf("pulumi %s: %w\n%s", strings.Join(args, " "), err, problems.String())
	}
	return out.Bytes(), nil
}

// Outputs returns the stack's outputs.
func (e *engine) Outputs(ctx context.Context) (map[string]any, error) {
	content, err := e.output(ctx, "stack", "output", "--json", "--stack", stackName)
	if err != nil {
		return nil, err
	}
	outputs := map[string]any{}
	if err := json.Unmarshal(content, &outputs); err != nil {
		return nil, fmt.Errorf("read the stack's outputs: %w", err)
	}
	return outputs, nil
}
