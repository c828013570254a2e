package localcloud

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/mod/sumdb/dirhash"
)

const (
	// emulatorStart is how long the emulator may take to listen: 2 s here on two idle cores.
	emulatorStart = 60 * time.Second
	identityPath  = "/local-cloud/id"
)

// emulator is a running one, as it describes itself once it listens.
type emulator struct {
	PID  int32  `json:"pid"`
	Port int    `json:"port"`
	ID   string `json:"id"`
}

// emulatorFile is where the emulator of a cloud describes itself.
func emulatorFile(cloud string) string { return filepath.Join(cloud, "emulator.json") }

// endpoint is the URL of every AWS service in the local cloud.
func (e *emulator) endpoint() string {
	return fmt.Sprintf("http://127.0.0.1:%d", e.Port)
}

// alive tells whether this very emulator still answers, and not another
// program that got its port.
func (e *emulator) alive(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.endpoint()+identityPath, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	id, err := io.ReadAll(response.Body)
	return err == nil && string(id) == e.ID
}

// current tells whether it was started from the source that is there now.
func (e *emulator) current(tools *Tools) bool {
	source, err := emulatorSource(tools)
	return err == nil && strings.HasSuffix(e.ID, " "+source)
}

// emulatorSource is the hash of the emulator's own code and locked packages.
func emulatorSource(tools *Tools) (string, error) {
	modules, err := filepath.Glob(filepath.Join(tools.emulatorDir(), "*.py"))
	if err != nil {
		return "", fmt.Errorf("list the emulator's modules: %w", err)
	}
	files := slices.DeleteFunc(modules, isTest)
	files = append(files, filepath.Join(tools.emulatorDir(), "requirements.txt"))
	hash, err := dirhash.Hash1(files, func(name string) (io.ReadCloser, error) { return os.Open(name) })
	if err != nil {
		return "", fmt.Errorf("hash the emulator's source: %w", err)
	}
	return hash, nil
}

func isTest(module string) bool {
	name := filepath.Base(module)
	return strings.HasPrefix(name, "test_") || name == "conftest.py"
}

// readEmulator returns the emulator that the file describes, nil without one.
func readEmulator(file string) (*emulator, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the emulator's file: %w", err)
	}
	found := &emulator{}
	if err := json.Unmarshal(content, found); err != nil {
		return nil, fmt.Errorf("read the emulator's file %s: %w", file, err)
	}
	return found, nil
}

// startEmulator starts one on a free port. It outlives this process, in a
// session of its own so that an interrupt at the terminal does not reach it. What
// it is told beside is in its environment.
func startEmulator(ctx context.Context, tools *Tools, dir string, told []string) (*emulator, error) {
	ready := emulatorFile(dir)
	if err := os.RemoveAll(ready); err != nil {
		return nil, fmt.Errorf("remove the last emulator's file: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "emulator.log"))
	if err != nil {
		return nil, fmt.Errorf("make the emulator's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	source, err := emulatorSource(tools)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(tools.Python, "server.py", "--id", rand.Text()+" "+source, "--ready", ready)
	cmd.Dir = tools.emulatorDir()
	cmd.Env = append(append(environment(dir), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local"), told...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the emulator: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	found, err := awaitEmulator(ctx, ready, log.Name(), ended)
	if err != nil {
		_ = cmd.Process.Kill()
	}
	return found, err
}

func awaitEmulator(ctx context.Context, ready, log string, ended <-chan error) (*emulator, error) {
	ctx, cancel := context.WithTimeout(ctx, emulatorStart)
	defer cancel()
	for {
		found, err := readEmulator(ready)
		if err != nil {
			return nil, err
		}
		if found != nil && found.alive(ctx) {
			return found, nil
		}
		select {
		case err := <-ended:
			return nil, fmt.Errorf("the emulator ended at its start (%w); its log is %s", err, log)
		case <-ctx.Done():
			return nil, fmt.Errorf("the emulator did not listen: %w; its log is %s", ctx.Err(), log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
