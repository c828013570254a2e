package localcloud

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// checkpoint is what the engine keeps of the stack.
type checkpoint struct {
	// exists is false before the first step.
	exists bool
	// doubtful says that a killed run left it with an operation begun and not
	// ended, or locked.
	doubtful  bool
	resources []Resource
}

func (e *engine) state() (checkpoint, error) {
	stacks, err := filepath.Glob(filepath.Join(e.stateDir(), ".pulumi", "stacks", "*", stackName+".json"))
	if err != nil || len(stacks) == 0 {
		return checkpoint{}, err
	}
	content, err := os.ReadFile(stacks[0])
	if err != nil {
		return checkpoint{}, fmt.Errorf("read the stack's state: %w", err)
	}
	var state struct {
		Checkpoint struct {
			Latest struct {
				Pending   []any      `json:"pending_operations"`
				Resources []Resource `json:"resources"`
			} `json:"latest"`
		} `json:"checkpoint"`
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return checkpoint{exists: true, doubtful: true}, nil
	}
	locks, err := filepath.Glob(filepath.Join(e.stateDir(), ".pulumi", "locks", "*", "*", "*", "*.json"))
	latest := state.Checkpoint.Latest
	return checkpoint{exists: true, doubtful: len(latest.Pending) > 0 || len(locks) > 0, resources: latest.Resources}, err
}
