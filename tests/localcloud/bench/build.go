package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/log-pipeline/tests/localcloud"
)

// sdkPrefix begins the import paths of Pulumi's SDKs.
const sdkPrefix = "github.com/pulumi/"

// coldBuild builds the program with an empty cache of its own.
func coldBuild(ctx context.Context, root, scratch, program string, out io.Writer) error {
	graph := filepath.Join(scratch, "actions.json")
	cmd := localcloud.BuildProgram(ctx, root, program)
	cmd.Args = slices.Insert(cmd.Args, 2, "-debug-actiongraph", graph)
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(scratch, "go-build"))
	start := time.Now()
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, output)
	}
	wall := time.Since(start)
	used := cmd.ProcessState
	figure(out, "cold build, CPU", seconds(used.UserTime()+used.SystemTime()), "at most 240 s")
	figure(out, "cold build, wall", seconds(wall), "")
	if usage, ok := used.SysUsage().(*syscall.Rusage); ok {
		figure(out, "cold build, largest process", gibibytes(uint64(usage.Maxrss)*rssUnit), "at most 1.2 GiB")
	}
	// The official host builds into a new file each time, so that it links again.
	again := localcloud.BuildProgram(ctx, root, program+"-again")
	again.Env = cmd.Env
	start = time.Now()
	if output, err := again.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program again: %w\n%s", err, output)
	}
	figure(out, "warm build, wall", seconds(time.Since(start)), "")
	content, err := os.ReadFile(graph)
	if err != nil {
		return fmt.Errorf("read what the build did: %w", err)
	}
	sdk, all, err := cpuTimes(content)
	if err != nil {
		return err
	}
	figure(out, "cold build, CPU of Pulumi's SDKs", seconds(sdk), "")
	figure(out, "cold build, share of Pulumi's SDKs", fmt.Sprintf("%.0f %%", 100*sdk.Seconds()/all.Seconds()), "")
	return nil
}

// cpuTimes are the CPU times of the commands of a build, of those for the packages of Pulumi's SDKs and of all, from the JSON
// of go build -debug-actiongraph (cmd/go/internal/work, actionJSON).
func cpuTimes(graph []byte) (sdk, all time.Duration, err error) {
	var actions []struct {
		Package         string
		CmdUser, CmdSys time.Duration
	}
	if err := json.Unmarshal(graph, &actions); err != nil {
		return 0, 0, fmt.Errorf("read what the build did: %w", err)
	}
	for _, action := range actions {
		used := action.CmdUser + action.CmdSys
		all += used
		if strings.HasPrefix(action.Package, sdkPrefix) {
			sdk += used
		}
	}
	if all == 0 {
		return 0, 0, fmt.Errorf("none of the %d actions of the build has a CPU time", len(actions))
	}
	return sdk, all, nil
}
