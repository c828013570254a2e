package main

import (
	"os/exec"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
)

func TestHowAProgramEnds(t *testing.T) {
	for script, want := range map[string]*pulumirpc.RunResponse{
		"exit 0":      {},
		"exit 32":     {Bail: true}, // it has said why
		"exit 1":      {Error: "the program ended with an error: exit status 1"},
		"kill -9 $$":  {Error: "the program ended with an error: signal: killed"},
		"no-such-one": {Error: "the program ended with an error: exit status 127"},
	} {
		assert.Equal(t, want, ended(exec.Command("sh", "-c", script).Run()), script)
	}
}
