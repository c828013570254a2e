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
	return export(ctx, config, data, service)
}

// otherHalf says what is left to do where one half is made elsewhere.
var otherHalf = map[string]string{
	sideData: "this is the data account's half alone. In the service account, each role of Fluentd needs the policy counterpart.producers. If this " +
		"program makes that half too, it wants the same project, stack name, outputs and firehoseName, side service, and failedBucketName and " +
		"s3BucketName from the outputs failedBucket and rawBucket",
	sideService: "this is the service account's half alone. In the data account, the role of the output writerRoleArn needs the trust policy " +
		"counterpart.writerTrust, kinesis:PutRecords on the stream, kms:GenerateDataKey on its key and on the buckets', and s3:PutObject under " +
		failedPrefix + " in the failed bucket, and under " + directPrefix + " where there is the output s3. If this program makes that half too, it wants the " +
		"same project, stack name, clusters, outputs and firehoseName, and side data",
}

// say tells what works at a price, why a computed capacity mode is what it is, and what is left to others.
func say(ctx *pulumi.Context, config *Config) error {
	for _, warning := range config.Warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("show a warning: %w", err)
		}
	}
	for _, information := range []string{config.Plan.ModeReason, otherHalf[config.Access.Side]} {
		if information == "" {
			continue
		}
		if err := ctx.Log.Info(information, nil); err != nil {
			return fmt.Errorf("explain the plan: %w", err)
		}
	}
	return nil
}
