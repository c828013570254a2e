package localcloud

import (
	"fmt"
	"io"
	"time"
)

// step does one thing that may take long and prints a line for it: its name
// before, what came of it and the seconds after.
func step(out io.Writer, name string, do func() (result string, err error)) error {
	_, _ = fmt.Fprintf(out, "  %-28s ", name)
	start := time.Now()
	result, err := do()
	if err != nil {
		_, _ = fmt.Fprintln(out, "failed")
		return fmt.Errorf("%s: %w", name, err)
	}
	_, _ = fmt.Fprintf(out, "%s (%.1f s)\n", result, time.Since(start).Seconds())
	return nil
}
