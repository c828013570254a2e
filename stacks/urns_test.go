package stacks

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/upgrades"
)

// deployFile runs the program with a stack file and what is changed in it.
func deployFile(t *testing.T, path, stack string, changes map[string]string) *mocks.Recording {
	t.Helper()
	values, _ := readStack(t, path)
	maps.Copy(values, changes)
	config, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(config))
	recording, err := mocks.UpAs(stack, Deploy)
	require.NoError(t, err)
	return recording
}

func eachStackFile(t *testing.T, check func(t *testing.T, path, stack, list string)) {
	t.Helper()
	paths, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
		t.Run(stack, func(t *testing.T) { check(t, path, stack, filepath.Join("testdata", "urns", stack+".txt")) })
	}
}

func TestAnUpgradeReplacesNothing(t *testing.T) {
	eachStackFile(t, func(t *testing.T, path, stack, list string) {
		upgrades.Check(t, list, deployFile(t, path, stack, nil))
	})
}

func TestARenamedStackReplacesNothing(t *testing.T) {
	eachStackFile(t, func(t *testing.T, path, stack, list string) {
		upgrades.Check(t, list, deployFile(t, path, "renamed", map[string]string{
			"log-pipeline:namePrefix": "log-pipeline-" + stack,
		}))
	})
}
