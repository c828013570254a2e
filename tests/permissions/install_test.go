package permissions

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// project is a folder with the simulator's files, and a Node.js of that version and an npm that only counts on the PATH.
func project(t *testing.T, node string) (root string, installs func() int) {
	t.Helper()
	root = t.TempDir()
	bin, log := filepath.Join(root, "bin"), filepath.Join(root, "installs")
	require.NoError(t, os.MkdirAll(bin, 0o755))
	require.NoError(t, os.CopyFS(filepath.Join(root, "tests", "permissions", "simulator"), os.DirFS("simulator")))
	for name, script := range map[string]string{
		"node": "echo " + node,
		"npm":  `test -f package-lock.json && mkdir node_modules && echo "$@" >> ` + log,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	return root, func() int {
		text, _ := os.ReadFile(log)
		return strings.Count(string(text), "ci --ignore-scripts")
	}
}

func TestTheSimulatorIsInstalledOnceUntilItsLockFileChanges(t *testing.T) {
	root, installs := project(t, "v20.0.0")
	ensure := func() {
		t.Helper()
		dir, err := EnsureSimulator(t.Context(), root)
		require.NoError(t, err)
		assert.FileExists(t, filepath.Join(dir, script))
	}
	ensure()
	ensure()
	assert.Equal(t, 1, installs())

	lock := filepath.Join(root, "tests", "permissions", "simulator", "package-lock.json")
	require.NoError(t, os.WriteFile(lock, []byte("{}"), 0o644))
	ensure()
	assert.Equal(t, 2, installs(), "the lock file has changed")
	require.NoError(t, os.RemoveAll(filepath.Join(root, ".tools", "simulator")))
	ensure()
	assert.Equal(t, 3, installs(), "the packages are gone")
}

func TestWithoutNodeItSaysWhatItNeeds(t *testing.T) {
	const want = "the permission tests need Node.js 20 or later, and npm, on the PATH"
	t.Run("too old", func(t *testing.T) {
		root, installs := project(t, "v18.20.4")
		_, err := EnsureSimulator(t.Context(), root)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "v18.20.4")
		assert.Zero(t, installs())
	})
	t.Run("missing", func(t *testing.T) {
		root, _ := project(t, "v20.0.0")
		t.Setenv("PATH", t.TempDir())
		_, err := EnsureSimulator(t.Context(), root)
		require.ErrorContains(t, err, want)
	})
}

// Which registry a package comes from is npm's own configuration; what it has to be is in the lock file.
func TestTheLockFileNamesNoHost(t *testing.T) {
	text, err := os.ReadFile("simulator/package-lock.json")
	require.NoError(t, err)
	for _, word := range []string{"://", `"resolved"`} {
		assert.NotContains(t, string(text), word)
	}
	assert.Contains(t, string(text), `"integrity": "sha512-`)
}
