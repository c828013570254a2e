package stacks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

type projectFile struct {
	Name   string                `yaml:"name"`
	Config map[string]projectKey `yaml:"config"`
}

type projectKey struct {
	Type        string `yaml:"type"`
	Items       any    `yaml:"items"`
	Description string `yaml:"description"`
	Default     any    `yaml:"default"`
	Value       any    `yaml:"value"`
	Secret      bool   `yaml:"secret"`
}

func readYAML[T any](t *testing.T, path string) T {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var into T
	require.NoError(t, yaml.Unmarshal(text, &into))
	return into
}

// asConfig writes a YAML value as Pulumi hands it to a program.
func asConfig(t *testing.T, value any) string {
	t.Helper()
	switch value.(type) {
	case []any, map[string]any:
		text, err := json.Marshal(value)
		require.NoError(t, err)
		return string(text)
	default:
		return fmt.Sprint(value)
	}
}

func TestProjectFileDeclaresEveryKey(t *testing.T) {
	project := readYAML[projectFile](t, "../Pulumi.yaml")
	assert.Equal(t, "log-pipeline", project.Name)

	declared := make(map[string]bool)
	for _, key := range configKeys {
		declared[key.name] = true
		t.Run(key.name, func(t *testing.T) {
			got, there := project.Config[key.name]
			require.True(t, there, "Pulumi.yaml does not declare it")
			want := projectKey{Type: "string", Default: key.fallback}
			switch key.kind {
			case listKind:
				want = projectKey{Type: "array", Items: map[string]any{"type": "string"}, Default: []any{}}
			case objectsKind:
				want = projectKey{Type: "array", Items: map[string]any{"type": "object"}, Default: []any{}}
			case tagsKind:
				want = projectKey{Type: "object", Default: map[string]any{}}
			}
			// The CLI refuses a declared secret with a plain default, so no key is declared as one.
			want.Description = key.describe()
			assert.Equal(t, want, got)
		})
	}
	for name, key := range project.Config {
		if !strings.Contains(name, ":") {
			assert.True(t, declared[name], "Pulumi.yaml declares %s, which nothing reads", name)
			assert.NotNil(t, key.Default, "without a default the CLI demands %s before the program can", name)
		}
	}
	assert.Equal(t, []any{"*"}, project.Config["pulumi:disable-default-providers"].Value)
}

func TestProjectFileIsValid(t *testing.T) {
	_, err := workspace.LoadProject("../Pulumi.yaml")
	assert.NoError(t, err)
}

func TestDefaultsAreValid(t *testing.T) {
	for _, key := range configKeys {
		if key.fallback != "" {
			_, problem := key.parse(key.fallback)
			assert.Empty(t, problem, key.name)
		}
		assert.False(t, key.required && key.fallback != "", "%s is required and has a default", key.name)
		assert.NotEmpty(t, key.purpose, key.name)
	}
}

// readStack reads a stack file of the repository with the project's defaults, as the engine fills them in, and counts what
// the file sets itself.
func readStack(t *testing.T, path string) (values map[string]string, set int) {
	t.Helper()
	values = make(map[string]string)
	for name, key := range readYAML[projectFile](t, "../Pulumi.yaml").Config {
		if key.Default != nil {
			values[namespace+name] = asConfig(t, key.Default)
		}
	}
	file := readYAML[struct {
		Config map[string]any `yaml:"config"`
	}](t, path)
	for key, value := range file.Config {
		values[key] = asConfig(t, value)
	}
	return values, len(file.Config)
}

func loadStack(t *testing.T, path string) (*Config, int) {
	t.Helper()
	values, set := readStack(t, path)
	stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
	config, err := parseConfig(rawConfig{Project: "log-pipeline", Stack: stack, Values: values})
	require.NoError(t, err)
	return config, set
}

func TestStackFiles(t *testing.T) {
	paths, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(paths), 4)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			config, _ := loadStack(t, path)
			for _, warning := range config.Warnings {
				assert.Contains(t, warning, "drop_failed_records_after_batch_request_retries", "what we ship works at no other price")
			}
			assert.NotEmpty(t, config.Clusters)
			values, _ := readStack(t, path)
			assert.True(t, assertWholeOrNothing(t, values))
		})
	}
}

func TestWhatEnvironmentsAre(t *testing.T) {
	dev, keys := loadStack(t, "../Pulumi.dev.yaml")
	assert.Less(t, keys, 10, "a minimal environment")
	assert.Nil(t, dev.Service)
	assert.False(t, dev.Protect)
	assert.False(t, dev.ForceDestroy, "the data of an environment in use goes only when somebody says so")

	local, _ := loadStack(t, "../Pulumi.local.yaml")
	assert.True(t, local.ForceDestroy)
	assert.Equal(t, "123456789012", local.Data.ID)

	for _, name := range []string{"staging", "prod"} {
		config, _ := loadStack(t, "../Pulumi."+name+".yaml")
		assert.True(t, config.Protect, name)
		assert.False(t, config.ForceDestroy, name)
		require.NotNil(t, config.Service, name)
		assert.NotEqual(t, config.Data.ID, config.Service.ID, name)
	}
}
