package stacks

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/naming"
)

// sessionName marks the calls of this program in the accounts' CloudTrail.
const sessionName = "pulumi-log-pipeline"

// emulatorRetries keeps a call that the emulator cannot answer from being
// tried for minutes, as the AWS provider's own 25 retries would.
const emulatorRetries = 2

// Providers has one AWS provider for each account. Default providers are
// disabled in Pulumi.yaml, so that a resource without one of these is an error
// and never lands in the wrong account.
type Providers struct {
	// Data is the account of the pipeline.
	Data *aws.Provider
	// Service is the account of the clusters; the same as Data where one
	// account serves both.
	Service *aws.Provider
}

// NewProviders makes the provider of each account in the configuration.
func NewProviders(ctx *pulumi.Context, config *Config) (*Providers, error) {
	data, dataErr := newProvider(ctx, "data", config, config.Data)
	if config.Service == nil {
		return &Providers{Data: data, Service: data}, dataErr
	}
	service, serviceErr := newProvider(ctx, "service", config, *config.Service)
	return &Providers{Data: data, Service: service}, errors.Join(dataErr, serviceErr)
}

func newProvider(ctx *pulumi.Context, name string, config *Config, account Account) (*aws.Provider, error) {
	args := &aws.ProviderArgs{
		Region:            pulumi.String(account.Region),
		AllowedAccountIds: pulumi.ToStringArray([]string{account.ID}),
		DefaultTags: aws.ProviderDefaultTagsArgs{
			Tags: pulumi.ToStringMap(naming.Tags(ctx.Project(), ctx.Stack(), config.Tags)),
		},
	}
	if account.RoleARN != "" {
		args.AssumeRole = assumeRole(account)
	}
	if config.EmulatorEndpoint != "" {
		reachEmulator(args, config.EmulatorEndpoint)
	}
	provider, err := aws.NewProvider(ctx, name, args)
	if err != nil {
		return nil, fmt.Errorf("provider of the %s account %s: %w", name, account.ID, err)
	}
	return provider, nil
}

func assumeRole(account Account) aws.ProviderAssumeRolePtrInput {
	role := &aws.ProviderAssumeRoleArgs{
		RoleArn:     pulumi.String(account.RoleARN),
		SessionName: pulumi.String(sessionName),
	}
	if account.ExternalID != "" {
		role.ExternalId = pulumi.ToSecret(pulumi.String(account.ExternalID)).(pulumi.StringOutput)
	}
	return role
}

// reachEmulator sends every call to the emulator, which takes any credentials.
// A service that is missing here would be called at AWS itself with those, and
// refused.
func reachEmulator(args *aws.ProviderArgs, url string) {
	endpoint := pulumi.String(url)
	args.Endpoints = aws.ProviderEndpointArray{aws.ProviderEndpointArgs{
		Cloudwatch: endpoint,
		Firehose:   endpoint,
		Glue:       endpoint,
		Iam:        endpoint,
		Kinesis:    endpoint,
		Kms:        endpoint,
		Logs:       endpoint,
		S3:         endpoint,
		Sts:        endpoint,
	}}
	args.AccessKey, args.SecretKey = pulumi.String("local"), pulumi.String("local")
	args.S3UsePathStyle = pulumi.Bool(true)
	args.SkipCredentialsValidation = pulumi.Bool(true)
	args.SkipMetadataApiCheck = pulumi.Bool(true)
	args.MaxRetries = pulumi.Int(emulatorRetries)
}
