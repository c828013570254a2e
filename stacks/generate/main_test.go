package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	generated, err := files(root)
	require.NoError(t, err)
	for path, want := range generated {
		got, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s is not what the declarations say: run make generate", path)
	}
}

func TestProjectFileIsValid(t *testing.T) {
	loaded, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(t, err)
	assert.Equal(t, project, loaded.Name.String())
	assert.Equal(t, []any{"*"}, loaded.Config["pulumi:disable-default-providers"].Value)
}
