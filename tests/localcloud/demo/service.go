package demo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// linesShown is how much of a log is shown when its process has ended.
const linesShown = 5

// service is a process that is to run until the demo ends.
type service struct {
	name, log string
	// ended yields once, when the process has ended.
	ended chan error
}

// start starts the command in a group of its own, so that a terminal's interrupt does not reach it: it ends with the demo.
// What it prints goes to a log in dir.
func start(name string, command *exec.Cmd, dir string) (*service, error) {
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
	s := &service{name: name, log: log.Name(), ended: make(chan error, 1)}
	go func() {
		_ = command.Wait()
		s.ended <- fmt.Errorf("the %s ended (%s); the end of its log, %s:\n%s", name, command.ProcessState, s.log, s.tail())
	}()
	return s, nil
}

// tail is the end of what the process has printed.
func (s *service) tail() string {
	content, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-linesShown):], "\n")
}
