// Package stacks says what an environment is: its configuration, the accounts
// that it lives in, and the components that it is made of, in the order in
// which the data flows. It makes no resources of its own.
package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Deploy registers the whole pipeline for the stack that it is run for. If
// anything is wrong with the configuration, it registers nothing and its error
// names every fault.
func Deploy(ctx *pulumi.Context) error {
	config, err := LoadConfig(ctx)
	if err != nil {
		return err
	}
	if err := say(ctx, config); err != nil {
		return err
	}
	providers, err := NewProviders(ctx, config)
	if err != nil {
		return err
	}
	data, err := deployData(ctx, config, providers)
	if err != nil {
		return err
	}
	// Last, though the logs begin there: Firehose reads the stream from the moment of its own creation.
	service, err := deployClusters(ctx, config, providers, data)
	if err != nil {
		return err
	}
	export(ctx, config, data, service)
	return nil
}

// say tells what works at a price, and why a computed capacity mode is what it is.
func say(ctx *pulumi.Context, config *Config) error {
	for _, warning := range config.Warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("show a warning: %w", err)
		}
	}
	if reason := config.Plan.ModeReason; reason != "" {
		if err := ctx.Log.Info(reason, nil); err != nil {
			return fmt.Errorf("explain the capacity mode: %w", err)
		}
	}
	return nil
}
