// Package ruby runs Ruby scripts for tests, whether or not there is a Ruby on the machine: by CRuby compiled to
// WebAssembly, in Node.js 20 or later.
//
// It is Ruby 3.4 with its standard library, as in the Fluentd image of the operator's release 5.3
// (gh:kube-logging/logging-operator images/fluentd/Dockerfile). One thing is not as there: blocks that call each other some
// 25 deep may end the process, where another Ruby goes on for thousands.
package ruby

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"example.com/log-pipeline/tests/nodetools"
)

var interpreter = nodetools.Program{
	Name: "ruby", Title: "Ruby", Tests: "the tests that run Ruby", Source: "tests/ruby/wasm", Script: "run.mjs",
}

// Run gives the script at that path its standard input, and returns its standard output. root is the project's folder, in
// whose .tools npm installs Ruby when it is first run. Starting it takes seconds, so what can be is put to one run.
//
// The script can require the standard library. It sees no other file and nothing of the environment. What it raises is in
// the error, with where that was; exit counts as an error too.
func Run(ctx context.Context, root, script string, stdin []byte) ([]byte, error) {
	path, err := filepath.Abs(script)
	if err != nil {
		return nil, err
	}
	// Here, and not only in Node.js, so that go test knows that its result depends on the script.
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("find the Ruby script: %w", err)
	}
	dir, err := interpreter.Ensure(ctx, root)
	if err != nil {
		return nil, err
	}
	output, err := interpreter.Run(ctx, dir, stdin, path)
	if err != nil {
		return nil, fmt.Errorf("run %s in Ruby: %w", script, err)
	}
	return output, nil
}
