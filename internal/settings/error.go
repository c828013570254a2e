package settings

import (
	"fmt"
	"strings"
)

// Error is every fault of a configuration.
type Error struct {
	stack  string
	faults []string
}

// Heading says whose configuration it is, and how many faults it has.
func (e *Error) Heading() string {
	noun := "faults"
	if len(e.faults) == 1 {
		noun = "fault"
	}
	return fmt.Sprintf("the configuration of stack %q has %d %s, and nothing is changed", e.stack, len(e.faults), noun)
}

// Diagnostics has a line for each fault.
func (e *Error) Diagnostics() []string { return e.faults }

// Error has the heading, and a line for each fault.
func (e *Error) Error() string { return e.Heading() + ":\n  " + strings.Join(e.faults, "\n  ") }
