// Command operator-crds writes the definitions of the Logging Operator's
// custom resources into the file that it is given, as a JSON list. It is a
// command of its own because what makes them takes long to build.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"example.com/log-pipeline/tests/operator"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: operator-crds FILE")
	}
	definitions, err := operator.CRDs(context.Background())
	if err != nil {
		return err
	}
	content, err := json.Marshal(definitions)
	if err != nil {
		return fmt.Errorf("encode the definitions: %w", err)
	}
	return os.WriteFile(args[0], content, 0o600)
}
