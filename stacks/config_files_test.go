package stacks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/settings"
)

type projectFile struct {
	Config map[string]struct {
		Default any `yaml:"default"`
	} `yaml:"config"`
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
	return values, count(file.Config)
}

// count is how many values there are in a section, however deep.
func count(section any) int {
	total := 0
	switch section := section.(type) {
	case map[string]any:
		for _, value := range section {
			total += count(value)
		}
	case []any:
		for _, value := range section {
			total += count(value)
		}
	default:
		return 1
	}
	return total
}

func loadStack(t *testing.T, path string) (*Config, int) {
	t.Helper()
	values, set := readStack(t, path)
	stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
	config, err := readConfig(settings.Source{Project: "log-pipeline", Stack: stack, Values: values})
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
	assert.Nil(t, dev.Accounts.Service)
	assert.False(t, dev.Protect)
	assert.False(t, dev.ForceDestroy, "the data of an environment in use goes only when somebody says so")

	local, _ := loadStack(t, "../Pulumi.local.yaml")
	assert.True(t, local.ForceDestroy)
	assert.Equal(t, "123456789012", local.Accounts.Data.ID)

	for _, name := range []string{"staging", "prod"} {
		config, _ := loadStack(t, "../Pulumi."+name+".yaml")
		assert.True(t, config.Protect, name)
		assert.False(t, config.ForceDestroy, name)
		require.NotNil(t, config.Accounts.Service, name)
		assert.NotEqual(t, config.Accounts.Data.ID, config.Accounts.Service.ID, name)
	}
}
