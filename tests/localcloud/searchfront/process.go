package searchfront

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"example.com/log-pipeline/tests/localcloud/searchserver"
)

const (
	loopback = "127.0.0.1"
	// readyPath answers without a signature: 200 once OpenSearch answers.
	readyPath = "/_local/ready"
	// recordFile, in the process's folder, is there once it listens.
	recordFile = "front.json"
	// authorityFile has the certificate that clients are to trust.
	authorityFile = "authority.pem"
	// logFile has what the front prints. OpenSearch has a log of its own: see serverDir.
	logFile = "front.log"
	// listenTime is how long a front may take to listen, and readyTime OpenSearch to answer: 11 s on two idle cores.
	listenTime = 30 * time.Second
	readyTime  = 5 * time.Minute
)

func serverDir(dir string) string { return filepath.Join(dir, "opensearch") }

// Process is a running front with its OpenSearch, as it is kept for the next run.
type Process struct {
	// PIDs are the front's and OpenSearch's.
	PIDs []int32 `json:"pids"`
	// Port is the front's.
	Port int `json:"port"`
	// Source is what it was started from.
	Source string `json:"source"`

	dir string
}

// Read returns the process that was started in the folder, nil without one.
func Read(dir string) (*Process, error) {
	file := filepath.Join(dir, recordFile)
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the search domain's file: %w", err)
	}
	found := &Process{dir: dir}
	if err := json.Unmarshal(content, found); err != nil {
		return nil, fmt.Errorf("read the search domain's file %s: %w", file, err)
	}
	return found, nil
}

// Endpoint is the front's, as AWS names a domain's: a host, here with its port, without a scheme.
func (p *Process) Endpoint() string { return net.JoinHostPort(loopback, strconv.Itoa(p.Port)) }

// Authority is the path of the file with the certificate that vouches for the front's.
func (p *Process) Authority() string { return filepath.Join(p.dir, authorityFile) }

// Client trusts the front, and no other server.
func (p *Process) Client() (*http.Client, error) {
	content, err := os.ReadFile(p.Authority())
	if err != nil {
		return nil, fmt.Errorf("read the search domain's certificate: %w", err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(content)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}}, nil
}

// Alive tells whether this very front still listens, and its OpenSearch runs: the front ends with it. No other has a
// certificate of the authority that was made for it.
func (p *Process) Alive(ctx context.Context) bool {
	_, err := p.ask(ctx)
	return err == nil
}

// ask returns what the front says of OpenSearch.
func (p *Process) ask(ctx context.Context) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	client, err := p.Client()
	if err != nil {
		return 0, err
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+p.Endpoint()+readyPath, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// Start starts the command of package searchfront in the folder, which it empties before, with the environment. It returns once
// the endpoint is known: Ready waits for OpenSearch. The process outlives this one, in a session of its own so that an interrupt
// at the terminal does not reach it. It reads from the file emulator where the emulator is, when it first has to know.
func Start(ctx context.Context, command string, programs searchserver.Programs, dir, emulator string, environment []string, source string) (*Process, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("remove the last search domain's folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the search domain's folder: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, logFile))
	if err != nil {
		return nil, fmt.Errorf("make the search domain's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(command, "-dir", dir, "-emulator", emulator, "-home", programs.Home, "-java", programs.Java, "-source", source)
	cmd.Dir, cmd.Env = dir, environment
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the search domain: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	found, err := await(ctx, dir, ended)
	if err != nil {
		_ = cmd.Process.Signal(syscall.SIGTERM)
	}
	return found, err
}

func await(ctx context.Context, dir string, ended <-chan error) (*Process, error) {
	ctx, cancel := context.WithTimeout(ctx, listenTime)
	defer cancel()
	for {
		found, err := Read(dir)
		if err != nil || found != nil {
			return found, err
		}
		select {
		case err := <-ended:
			return nil, fmt.Errorf("the search domain ended at its start (%w); its log is %s", err, filepath.Join(dir, logFile))
		case <-ctx.Done():
			return nil, fmt.Errorf("the search domain does not listen: %w; its log is %s", ctx.Err(), filepath.Join(dir, logFile))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Ready waits until OpenSearch answers behind the front.
func (p *Process) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		status, err := p.ask(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("the search domain ended at its start (%w); its logs are in %s", err, p.dir)
		case status == http.StatusOK:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("OpenSearch is not ready: %w; the search domain's logs are in %s", ctx.Err(), p.dir)
		case <-time.After(250 * time.Millisecond):
		}
	}
}
