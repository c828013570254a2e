package stacks

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/upgrades"
)

func TestAnUpgradeReplacesNothing(t *testing.T) {
	paths, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	for _, path := range paths {
		stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
		t.Run(stack, func(t *testing.T) {
			values, _ := readStack(t, path)
			config, err := json.Marshal(values)
			require.NoError(t, err)
			t.Setenv(pulumi.EnvConfig, string(config))
			recording, err := mocks.UpAs(stack, Deploy)
			require.NoError(t, err)
			upgrades.Check(t, filepath.Join("testdata", "urns", stack+".txt"), recording)
		})
	}
}
