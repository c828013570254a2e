package searchfront

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/log-pipeline/tests/localcloud/certificate"
	"example.com/log-pipeline/tests/localcloud/searchserver"
)

// Options are those of the process that Start starts.
type Options struct {
	Programs searchserver.Programs
	// Dir is its folder, and Emulator the file that says where the emulator is.
	Dir, Emulator string
	Source        string
}

// Run starts an OpenSearch and serves its front until either ends, or the context.
func Run(ctx context.Context, options Options) error {
	listener, err := listen(options.Dir)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer func() { _ = listener.Close() }()
	if err := os.MkdirAll(serverDir(options.Dir), 0o700); err != nil {
		return err
	}
	openSearch, err := searchserver.Start(options.Programs, serverDir(options.Dir), os.Environ(), Master)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Kill(int(openSearch.PID), syscall.SIGKILL) }()
	entrance := &entrance{}
	served := make(chan error, 1)
	httpServer := &http.Server{Handler: entrance, ReadHeaderTimeout: time.Minute}
	go func() { served <- httpServer.Serve(listener) }()
	if err := record(options, listener.Addr().(*net.TCPAddr).Port, openSearch.PID); err != nil {
		return err
	}
	if err := openSearch.Ready(ctx); err != nil {
		return err
	}
	front, err := New(openSearch.URL, func() (string, error) { return readEndpoint(options.Emulator) })
	if err != nil {
		return err
	}
	entrance.front.Store(front)
	select {
	case err := <-openSearch.Ended:
		return err
	case err := <-served:
		return err
	case <-ctx.Done():
		return nil
	}
}

// entrance says whether OpenSearch is ready, and lets nobody in before.
type entrance struct{ front atomic.Pointer[Front] }

func (e *entrance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	front := e.front.Load()
	switch {
	case front == nil:
		reply{http.StatusServiceUnavailable, map[string]string{"message": "OpenSearch starts"}}.write(w)
	case r.URL.Path == readyPath:
		reply{http.StatusOK, map[string]bool{"ready": true}}.write(w)
	default:
		front.ServeHTTP(w, r)
	}
}

// listen listens on a free port, with a certificate of an authority of its own.
func listen(dir string) (net.Listener, error) {
	authority, err := certificate.NewAuthority("local-search-domain")
	if err != nil {
		return nil, err
	}
	issued, key, err := authority.Issue(&x509.Certificate{
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.ParseIP(loopback)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(issued, key)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, authorityFile), authority.PEM(), 0o644); err != nil {
		return nil, err
	}
	return tls.Listen("tcp", net.JoinHostPort(loopback, "0"), &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12,
	})
}

// record writes what Read reads, so that no reader sees half of it.
func record(options Options, port int, openSearch int32) error {
	content, err := json.Marshal(Process{
		PIDs: []int32{int32(os.Getpid()), openSearch}, Port: port, Source: options.Source,
	})
	if err != nil {
		return err
	}
	file := filepath.Join(options.Dir, recordFile)
	if err := os.WriteFile(file+".partial", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".partial", file)
}

// readEndpoint returns the URL of the emulator that the file describes, which it writes itself.
func readEndpoint(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var emulator struct{ Port int }
	if err := json.Unmarshal(content, &emulator); err != nil {
		return "", err
	}
	if emulator.Port == 0 {
		return "", errors.New("the emulator's file names no port")
	}
	return fmt.Sprintf("http://%s:%d", loopback, emulator.Port), nil
}
