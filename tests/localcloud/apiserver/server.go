// Package apiserver starts a Kubernetes API server on the loopback address,
// with an etcd of its own and nothing else: no controllers, no nodes. Objects
// are checked and kept, and nobody acts on them.
package apiserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

const (
	loopback = "127.0.0.1"
	// startTime is how long the API server may take to be ready: 3 s here on two idle cores.
	startTime = 60 * time.Second
	// starts is how often other ports are tried, since another program may take a free one first.
	starts = 3
	// recordFile, in the server's folder, is there once the server is ready.
	recordFile = "server.json"
)

// Programs are the paths of the two that are started.
type Programs struct{ APIServer, Etcd string }

// Server is a running API server, as it is kept for the next run.
type Server struct {
	// PIDs are its processes.
	PIDs []int32 `json:"pids"`
	// Port is the API server's.
	Port int `json:"port"`
	// Source is what it was started from.
	Source string `json:"source"`

	dir string
}

// Read returns the server that was started in the folder, nil without one.
func Read(dir string) (*Server, error) {
	file := filepath.Join(dir, recordFile)
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the API server's file: %w", err)
	}
	found := &Server{dir: dir}
	if err := json.Unmarshal(content, found); err != nil {
		return nil, fmt.Errorf("read the API server's file %s: %w", file, err)
	}
	return found, nil
}

// Kubeconfig is the path of the file by which clients reach the server, as
// somebody who may do everything.
func (s *Server) Kubeconfig() string { return kubeconfigFile(s.dir) }

// URL is the server's, for messages.
func (s *Server) URL() string { return "https://" + net.JoinHostPort(loopback, strconv.Itoa(s.Port)) }

// Alive tells whether this very server still answers: no other has a
// certificate of the authority that was made for it.
func (s *Server) Alive(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	cluster, err := kubebridge.Connect(s.Kubeconfig(), "")
	return err == nil && cluster.Ready(ctx)
}

// Start starts a server in the folder, which it empties before, with the
// environment. It outlives this process, in sessions of its own so that an
// interrupt at the terminal does not reach it. Its definitions are the JSON
// list of kinds (CRDs) that it knows beside Kubernetes's own.
func Start(ctx context.Context, programs Programs, dir string, environment []string, source string, definitions []byte) (*Server, error) {
	var faults []error
	for range starts {
		server, err := startOnce(ctx, programs, dir, environment)
		if err != nil {
			faults = append(faults, err)
			if ctx.Err() != nil {
				break
			}
			continue
		}
		server.Source = source
		if err := server.finish(ctx, definitions); err != nil {
			server.Kill()
			return nil, err
		}
		return server, nil
	}
	return nil, errors.Join(faults...)
}

// finish has the server know its kinds, and keeps it for the next run.
func (s *Server) finish(ctx context.Context, definitions []byte) error {
	cluster, err := kubebridge.Connect(s.Kubeconfig(), "")
	if err != nil {
		return err
	}
	if _, err := cluster.Define(ctx, definitions); err != nil {
		return err
	}
	record, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the API server's file: %w", err)
	}
	return os.WriteFile(filepath.Join(s.dir, recordFile), record, 0o600)
}

// Kill ends the server at once.
func (s *Server) Kill() {
	for _, pid := range s.PIDs {
		_ = syscall.Kill(int(pid), syscall.SIGKILL)
	}
}

func startOnce(ctx context.Context, programs Programs, dir string, environment []string) (*Server, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("remove the last API server's folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the API server's folder: %w", err)
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	server := &Server{Port: ports[0], dir: dir}
	if err := writeIdentity(dir, server.Port); err != nil {
		return nil, err
	}
	etcdEnded, err := server.run("etcd", environment, programs.Etcd, etcdFlags(dir, ports[1], ports[2])...)
	if err != nil {
		return nil, err
	}
	serverEnded, err := server.run("kube-apiserver", environment, programs.APIServer, serverFlags(dir, ports[0], ports[1])...)
	if err == nil {
		err = server.await(ctx, etcdEnded, serverEnded)
	}
	if err != nil {
		server.Kill()
		return nil, err
	}
	return server, nil
}

// run starts a program whose output goes to NAME.log.
func (s *Server) run(name string, environment []string, program string, flags ...string) (<-chan error, error) {
	log, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("make the log of %s: %w", name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(program, flags...)
	cmd.Dir, cmd.Env = s.dir, environment
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s.PIDs = append(s.PIDs, int32(cmd.Process.Pid))
	ended := make(chan error, 1)
	go func() {
		_ = cmd.Wait()
		ended <- fmt.Errorf("%s ended at its start (%s); its log is %s", name, cmd.ProcessState, log.Name())
	}()
	return ended, nil
}

func (s *Server) await(ctx context.Context, etcdEnded, serverEnded <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if s.Alive(ctx) {
			return nil
		}
		select {
		case err := <-etcdEnded:
			return err
		case err := <-serverEnded:
			return err
		case <-ctx.Done():
			return fmt.Errorf("the API server is not ready: %w; its log is %s", ctx.Err(), filepath.Join(s.dir, "kube-apiserver.log"))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freePorts returns as many ports that nobody listens on now.
func freePorts(count int) ([]int, error) {
	var ports []int
	for range count {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		// All are held until the last is found, so that they differ.
		defer func() { _ = listener.Close() }()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// Flags is what the server is started with, but for its ports and folder.
func Flags() []string { return slices.Concat(etcdFlags("", 0, 0), serverFlags("", 0, 0)) }

func etcdFlags(dir string, port, peers int) []string {
	clientURL, peerURL := httpURL(port), httpURL(peers)
	return []string{
		"--data-dir=" + filepath.Join(dir, "etcd"),
		"--listen-client-urls=" + clientURL, "--advertise-client-urls=" + clientURL,
		"--listen-peer-urls=" + peerURL, "--initial-advertise-peer-urls=" + peerURL, "--initial-cluster=default=" + peerURL,
		"--unsafe-no-fsync", // what it keeps is worth nothing after a crash
	}
}

func httpURL(port int) string { return "http://" + net.JoinHostPort(loopback, strconv.Itoa(port)) }

func serverFlags(dir string, port, etcd int) []string {
	return []string{
		"--etcd-servers=" + httpURL(etcd),
		"--bind-address=" + loopback, "--secure-port=" + strconv.Itoa(port),
		"--tls-cert-file=" + filepath.Join(dir, serverFile+certificateSuffix),
		"--tls-private-key-file=" + filepath.Join(dir, serverFile+keySuffix),
		"--client-ca-file=" + filepath.Join(dir, authorityFile+certificateSuffix),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-signing-key-file=" + filepath.Join(dir, tokensFile+keySuffix),
		"--service-account-key-file=" + filepath.Join(dir, tokensFile+keySuffix),
		"--service-cluster-ip-range=10.0.0.0/24",
		// Whoever has the client certificate may do everything, and nobody else anything.
		"--authorization-mode=AlwaysAllow", "--anonymous-auth=false",
		// No pod can be reached by the address of the loopback interface.
		"--endpoint-reconciler-type=none",
		// The first wants the controller that makes each namespace's default account,
		// the second sets finalizers that only a controller removes.
		"--disable-admission-plugins=ServiceAccount,StorageObjectInUseProtection",
		"--enable-priority-and-fairness=false",
	}
}
