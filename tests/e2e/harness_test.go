//go:build localcloud

package e2e

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

// progress collects what a cloud prints and cancels when a text comes by.
type progress struct {
	mu      sync.Mutex
	all     bytes.Buffer
	until   string
	reached func()
}

func (p *progress) Write(content []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all.Write(content)
	if p.until != "" && strings.Contains(p.all.String(), p.until) {
		p.until = ""
		p.reached()
	}
	return len(content), nil
}

// when has do called once, as soon as text is printed from now on.
func (p *progress) when(text string, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all.Reset()
	p.until, p.reached = text, do
}

func (p *progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.String()
}

// requireSaid does not show all that was printed, as Contains would.
func (p *progress) requireSaid(t *testing.T, text string) {
	t.Helper()
	require.True(t, strings.Contains(p.String(), text), "nothing was said of %q", text)
}

func openCloud(t *testing.T, dir string) (*localcloud.Cloud, *progress) {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	printed := &progress{}
	cloud, err := localcloud.Open(root, dir, printed)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(printed.String())
		}
		assert.NoError(t, cloud.Close())
	})
	return cloud, printed
}

// newCloudDir is a folder whose cloud is ended with the test.
func newCloudDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cloud")
	t.Cleanup(func() {
		cloud, err := localcloud.Open(".", dir, io.Discard)
		require.NoError(t, err)
		assert.NoError(t, cloud.Down(context.Background())) // the test's own context has ended by now
	})
	return dir
}

// commandsOf returns the commands of the cloud's processes that still run.
func commandsOf(t *testing.T, dir string) []string {
	t.Helper()
	running, err := localcloud.Processes(dir)
	require.NoError(t, err)
	var commands []string
	for _, p := range running {
		command, _ := p.Cmdline()
		commands = append(commands, command)
	}
	return commands
}

// killRunning kills the cloud's processes whose command contains text.
func killRunning(dir, text string) {
	running, _ := localcloud.Processes(dir)
	for _, p := range running {
		if command, _ := p.Cmdline(); strings.Contains(command, text) {
			_ = p.Kill()
		}
	}
}

// requireEnded runs the command that `make up` runs, and has it end by the
// signal once the engine has printed text.
func requireEnded(t *testing.T, dir string, signal os.Signal, text string) *progress {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	printed := &progress{}
	up := exec.Command(filepath.Join(root, ".tools", "bin", "localcloud"), "-dir", dir, "up")
	up.Dir, up.Stdout, up.Stderr = root, printed, printed
	up.WaitDelay = time.Second // what outlives it holds its output open
	printed.when(text, func() { _ = up.Process.Signal(signal) })
	var exit *exec.ExitError
	require.ErrorAs(t, up.Run(), &exit, printed.String())
	if signal != os.Kill {
		assert.Equal(t, 130, exit.ExitCode())
	}
	return printed
}
