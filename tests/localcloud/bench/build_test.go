package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheTimesOfABuildAreThoseOfItsCommands(t *testing.T) {
	sdk, all, err := cpuTimes([]byte(`[
		{"Mode": "build", "Package": "github.com/pulumi/pulumi/sdk/v3/go/pulumi", "CmdReal": 9, "CmdUser": 5000000000, "CmdSys": 1000000000},
		{"Mode": "build", "Package": "fmt", "CmdUser": 2000000000},
		{"Mode": "build", "Package": "errors"}
	]`))
	require.NoError(t, err)
	assert.Equal(t, 6*time.Second, sdk)
	assert.Equal(t, 8*time.Second, all)

	_, _, err = cpuTimes([]byte(`[{"Mode": "build", "Package": "fmt"}]`))
	require.ErrorContains(t, err, "none of the 1 actions of the build has a CPU time")
}

// The go command's own writing of them has no promise.
func TestTheGoCommandWritesTheTimes(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte("module example.com/small\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o600))
	graph := filepath.Join(folder, "actions.json")
	build := exec.CommandContext(t.Context(), "go", "build", "-debug-actiongraph", graph, "-o", os.DevNull, ".")
	build.Dir = folder
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	content, err := os.ReadFile(graph)
	require.NoError(t, err)
	sdk, all, err := cpuTimes(content)
	require.NoError(t, err)
	assert.Zero(t, sdk)
	assert.Positive(t, all)
}
