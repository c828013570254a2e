// Package program runs a Pulumi program so that everything that is wrong is a diagnostic of its own.
//
// pulumi.Run shows all of it as one text, under "an unhandled error occurred: program failed".
package program

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Diagnosed is an error that is shown as several diagnostics, in their order. What wraps it is not shown.
type Diagnosed interface {
	error
	Diagnostics() []string
}

// Headed is a diagnosed error with a heading, which is shown before its diagnostics and is no error itself.
type Headed interface {
	Diagnosed
	Heading() string
}

// Run runs the body as pulumi.Run does. It does not return if the program fails.
func Run(body pulumi.RunFunc) {
	if status := run(body); status != 0 {
		os.Exit(status)
	}
}

// run returns the status to exit with.
func run(body pulumi.RunFunc) int {
	var info pulumi.RunInfo
	err := pulumi.RunErr(body, func(given *pulumi.RunInfo) { info = *given })
	if err == nil {
		return 0
	}
	if errors.Is(err, pulumi.ErrPlugins) {
		pulumi.Run(body) // only it can print them; it exits
	}
	if err := show(info, err); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// The language host then tells the engine that everything is said.
	return constant.ExitStatusLoggedError
}

// show has the engine show the failure. The run's own connection to it is closed: some failures are known only after that.
func show(info pulumi.RunInfo, failure error) error {
	if info.EngineAddr == "" {
		return fmt.Errorf("this program is run by the Pulumi command line, as in pulumi preview: %w", failure)
	}
	info.MonitorAddr = ""
	ctx, err := pulumi.NewContext(context.Background(), info)
	if err != nil {
		return errors.Join(failure, err)
	}
	defer func() { _ = ctx.Close() }()
	for _, d := range diagnostics(failure) {
		say := ctx.Log.Error
		if d.heading {
			say = ctx.Log.Info
		}
		if err := say(d.text, nil); err != nil {
			return errors.Join(failure, fmt.Errorf("show it in the engine: %w", err))
		}
	}
	return nil
}

type diagnostic struct {
	text    string
	heading bool
}

// diagnostics are what to show.
func diagnostics(failure error) []diagnostic {
	// The SDK lists what the body and the stack's outputs return.
	if list, ok := failure.(interface{ WrappedErrors() []error }); ok {
		var all []diagnostic
		for _, each := range list.WrappedErrors() {
			all = append(all, diagnostics(each)...)
		}
		return all
	}
	var diagnosed Diagnosed
	if !errors.As(failure, &diagnosed) || len(diagnosed.Diagnostics()) == 0 {
		return []diagnostic{{text: failure.Error()}}
	}
	var all []diagnostic
	if headed, ok := diagnosed.(Headed); ok {
		all = append(all, diagnostic{text: headed.Heading(), heading: true})
	}
	for _, text := range diagnosed.Diagnostics() {
		all = append(all, diagnostic{text: text})
	}
	return all
}
