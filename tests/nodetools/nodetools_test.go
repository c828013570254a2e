package nodetools_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/nodetools"
)

var program = nodetools.Program{Name: "echo", Title: "the echo", Tests: "the echo's tests", Source: "tests/echo", Script: "echo.mjs"}

// project is a folder with the program's files, and a Node.js of that version and an npm that only counts on the PATH.
func project(t *testing.T, node string) (root string, installs func() int) {
	t.Helper()
	root = t.TempDir()
	bin, source, log := filepath.Join(root, "bin"), filepath.Join(root, program.Source), filepath.Join(root, "installs")
	require.NoError(t, os.MkdirAll(source, 0o755))
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc", program.Script} {
		require.NoError(t, os.WriteFile(filepath.Join(source, name), []byte(name), 0o644))
	}
	require.NoError(t, os.MkdirAll(bin, 0o755))
	for name, script := range map[string]string{
		"node": "echo " + node,
		"npm":  `test -f package-lock.json && mkdir node_modules && echo "$@" >> ` + log + ` && test ! -f ../../broken`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	return root, func() int {
		text, _ := os.ReadFile(log)
		return strings.Count(string(text), "ci --ignore-scripts")
	}
}

func TestAProgramIsInstalledOnceUntilItsLockFileChanges(t *testing.T) {
	root, installs := project(t, "v20.0.0")
	ensure := func() {
		t.Helper()
		dir, err := program.Ensure(t.Context(), root)
		require.NoError(t, err)
		assert.FileExists(t, filepath.Join(dir, program.Script))
	}
	ensure()
	ensure()
	assert.Equal(t, 1, installs())

	lock := filepath.Join(root, program.Source, "package-lock.json")
	require.NoError(t, os.WriteFile(lock, []byte("{}"), 0o644))
	ensure()
	assert.Equal(t, 2, installs(), "the lock file has changed")
	require.NoError(t, os.RemoveAll(filepath.Join(root, ".tools", program.Name)))
	ensure()
	assert.Equal(t, 3, installs(), "the packages are gone")
}

func TestWhatIsInstalledInPartIsInstalledAgain(t *testing.T) {
	root, installs := project(t, "v20.0.0")
	_, err := program.Ensure(t.Context(), root)
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(root, ".tools", program.Name)))

	broken := filepath.Join(root, "broken")
	require.NoError(t, os.WriteFile(broken, nil, 0o644))
	_, err = program.Ensure(t.Context(), root)
	require.ErrorContains(t, err, "install the echo: npm ci")
	require.NoError(t, os.Remove(broken))
	_, err = program.Ensure(t.Context(), root)
	require.NoError(t, err)
	assert.Equal(t, 3, installs())
}

func TestTheScriptIsTheNewest(t *testing.T) {
	root, installs := project(t, "v20.0.0")
	for _, content := range []string{"one", "two"} {
		require.NoError(t, os.WriteFile(filepath.Join(root, program.Source, program.Script), []byte(content), 0o644))
		dir, err := program.Ensure(t.Context(), root)
		require.NoError(t, err)
		text, err := os.ReadFile(filepath.Join(dir, program.Script))
		require.NoError(t, err)
		assert.Equal(t, content, string(text))
	}
	assert.Equal(t, 1, installs())
}

func TestPackagesMayBeWantedWithoutAScript(t *testing.T) {
	root, installs := project(t, "v20.0.0")
	packages := program
	packages.Script = ""
	dir, err := packages.Ensure(t.Context(), root)
	require.NoError(t, err)
	assert.DirExists(t, filepath.Join(dir, "node_modules"))
	assert.Equal(t, 1, installs())
}

func TestWithoutNodeItSaysWhatItNeeds(t *testing.T) {
	const want = "the echo's tests need Node.js 20 or later, and npm, on the PATH"
	t.Run("too old", func(t *testing.T) {
		root, installs := project(t, "v18.20.4")
		_, err := program.Ensure(t.Context(), root)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "v18.20.4")
		assert.Zero(t, installs())
	})
	t.Run("missing", func(t *testing.T) {
		root, _ := project(t, "v20.0.0")
		t.Setenv("PATH", t.TempDir())
		_, err := program.Ensure(t.Context(), root)
		require.ErrorContains(t, err, want)
		_, err = program.Run(t.Context(), root, nil)
		require.ErrorContains(t, err, want, "it may have been there when the program was installed")
	})
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(script string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, program.Script), []byte(script), 0o644))
	}
	write(`process.stdout.write(process.argv[2] + ' '); process.stdin.pipe(process.stdout)`)
	output, err := program.Run(t.Context(), dir, []byte("input"), "argument")
	require.NoError(t, err)
	assert.Equal(t, "argument input", string(output))

	write(`console.error('why'); process.exitCode = 3`)
	_, err = program.Run(t.Context(), dir, nil)
	require.EqualError(t, err, "node echo.mjs: exit status 3\nwhy\n")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = program.Run(ctx, dir, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// Which registry a package comes from is npm's own configuration; what it has to be is in the lock file.
func TestLockFilesNameNoHost(t *testing.T) {
	files, err := filepath.Glob("../*/*/package-lock.json")
	require.NoError(t, err)
	assert.Len(t, files, 3, "those of the policy simulator, of Ruby and of the demo's page")
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, word := range []string{"://", `"resolved"`} {
			assert.NotContains(t, string(text), word, file)
		}
		assert.Contains(t, string(text), `"integrity": "sha512-`, file)
	}
}
