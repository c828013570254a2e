// Package service runs processes that work on the local cloud for a while, such as a job or a server.
package service

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// linesShown is how much of a log is shown when its process has ended.
const linesShown = 5

// Service is a process that is to run until the cloud's work ends.
type Service struct {
	// Log is the file of what it prints.
	Log string
	// Ended yields once, when the process has ended.
	Ended chan error
	// PID is the process's.
	PID int32
	// state is of the process once Ended has yielded.
	state *os.ProcessState
}

// Start starts the command in a group of its own, so that a terminal's interrupt does not reach it: it ends with
// EndWork of the cloud. What it prints goes to a log in dir.
func Start(name string, command *exec.Cmd, dir string) (*Service, error) {
	log, err := os.Create(filepath.Join(dir, strings.ToLower(name)+".log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	command.Dir, command.Stdout, command.Stderr = dir, log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	s := &Service{Log: log.Name(), PID: int32(command.Process.Pid), Ended: make(chan error, 1)}
	go func() {
		_ = command.Wait()
		s.state = command.ProcessState
		s.Ended <- fmt.Errorf("the %s ended (%s); the end of its log, %s:\n%s", name, command.ProcessState, s.Log, s.tail())
	}()
	return s, nil
}

// Finish waits until the process has ended, which it is to do by itself. Meanwhile it looks every poll.
func (s *Service) Finish(ctx context.Context, poll time.Duration, look func() error) error {
	for {
		select {
		case err := <-s.Ended:
			if s.state.Success() {
				return nil
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(poll):
			if err := look(); err != nil {
				return err
			}
		}
	}
}

// tail is the end of what the process has printed.
func (s *Service) tail() string {
	content, err := os.ReadFile(s.Log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-linesShown):], "\n")
}
