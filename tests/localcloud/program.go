package localcloud

import (
	"context"
	"os/exec"
)

// BuildProgram returns the command that builds the Go program in dir. Its flags are those of the official language host
// (pulumi 3.247.0 and later, sdk/go/pulumi-language-go/main.go). Go compiles every package anew where -trimpath differs,
// so with other flags the official host would not find in Go's cache what was built here. The Makefile sets -trimpath for
// all other builds and tests, so that they share the program's packages too.
func BuildProgram(ctx context.Context, dir, output string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", output, "-trimpath", "-ldflags", "-w -s")
	cmd.Dir = dir
	return cmd
}
