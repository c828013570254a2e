package localcloud

import (
	"context"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// Marker is the environment variable that everything a cloud starts inherits,
// with the cloud's folder as its value. So what a killed run left behind is
// found, however deep its parents were.
const Marker = "LOG_PIPELINE_LOCAL_CLOUD"

// Processes returns the living processes of the cloud in dir, but for this one
// and those in except.
func Processes(dir string, except ...int32) ([]*process.Process, error) {
	all, err := process.Processes()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var found []*process.Process
	for _, p := range all {
		if p.Pid == int32(os.Getpid()) || slices.Contains(except, p.Pid) {
			continue
		}
		// A process that ended meanwhile, or is somebody else's, has no environment to read.
		environment, err := p.Environ()
		if err == nil && slices.Contains(environment, Marker+"="+dir) {
			found = append(found, p)
		}
	}
	return found, nil
}

// killAll ends the cloud's processes and waits until they are gone.
func killAll(ctx context.Context, dir string, except ...int32) error {
	for deadline := time.Now().Add(10 * time.Second); ; {
		left, err := Processes(dir, except...)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("%d processes of the local cloud do not end, the first with the id %d", len(left), left[0].Pid)
		}
		for _, p := range left {
			_ = syscall.Kill(int(p.Pid), syscall.SIGKILL)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
