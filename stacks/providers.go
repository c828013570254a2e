package stacks

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/naming"
)

// sessionName marks the calls of this program in the accounts' CloudTrail.
const sessionName = "pulumi-log-pipeline"

// emulatorRetries keeps a call that the emulator cannot answer from being
// tried for minutes, as the AWS provider's own 25 retries would.
const emulatorRetries = 2

// Providers has one AWS provider for each account, and one Kubernetes provider
// for each cluster. Default providers are disabled in Pulumi.yaml, so that a
// resource without one of these is an error and never lands in the wrong place.
type Providers struct {
	// Data is the account of the pipeline; nil where its half is made elsewhere.
	Data *aws.Provider
	// Identities is the data account in the region where QuickSight keeps its groups; the same as Data where that is its own.
	Identities *aws.Provider
	// Service is the account of the clusters; the same as Data where one
	// account serves both, and nil where its half is made elsewhere.
	Service *aws.Provider
	// Clusters are the clusters, by name; none where the service account's
	// half is made elsewhere.
	Clusters map[string]*kubernetes.Provider
}

// newProviders makes the provider of each account and cluster in the
// configuration that this program is to change.
func newProviders(ctx *pulumi.Context, config *Config) (*Providers, error) {
	p := &Providers{Clusters: make(map[string]*kubernetes.Provider)}
	var faults []error
	made := func(err error) { faults = append(faults, err) }
	var err error
	if config.Accounts.makesData() {
		p.Data, err = newProvider(ctx, "data", config, config.Accounts.Data)
		made(err)
		p.Identities = p.Data
		if identities := config.identities(); identities != config.Accounts.Data {
			p.Identities, err = newProvider(ctx, "identities", config, identities)
			made(err)
		}
	}
	if !config.Accounts.makesService() {
		return p, errors.Join(faults...)
	}
	p.Service = p.Data
	if config.Accounts.Service != nil {
		p.Service, err = newProvider(ctx, "service", config, *config.Accounts.Service)
		made(err)
	}
	for _, cluster := range config.Clusters {
		p.Clusters[cluster.Name], err = newClusterProvider(ctx, config.Kubeconfig, cluster)
		made(err)
	}
	return p, errors.Join(faults...)
}

// newClusterProvider has the cluster's issuer as its identity: the provider is
// replaced, with all that it made, when the issuer changes, which it does with
// the cluster, and not when another path leads there.
func newClusterProvider(ctx *pulumi.Context, kubeconfig string, cluster clusterConfig) (*kubernetes.Provider, error) {
	args := &kubernetes.ProviderArgs{
		Context:           pulumi.String(cluster.Context),
		ClusterIdentifier: pulumi.String(cluster.Issuer),
	}
	if kubeconfig != "" {
		args.Kubeconfig = pulumi.String(kubeconfig)
	}
	provider, err := kubernetes.NewProvider(ctx, "cluster-"+cluster.Name, args)
	if err != nil {
		return nil, fmt.Errorf("provider of the cluster %s: %w", cluster.Name, err)
	}
	return provider, nil
}

func newProvider(ctx *pulumi.Context, name string, config *Config, account Account) (*aws.Provider, error) {
	args := &aws.ProviderArgs{
		Region:            pulumi.String(account.Region),
		AllowedAccountIds: pulumi.ToStringArray([]string{account.ID}),
		DefaultTags: aws.ProviderDefaultTagsArgs{
			Tags: pulumi.ToStringMap(naming.WithOwnTags(ctx.Project(), ctx.Stack(), config.Tags)),
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
		Athena:         endpoint,
		Cloudformation: endpoint,
		Cloudwatch:     endpoint,
		Emrserverless:  endpoint,
		Firehose:       endpoint,
		Glue:           endpoint,
		Iam:            endpoint,
		Kinesis:        endpoint,
		Kms:            endpoint,
		Lakeformation:  endpoint,
		Lambda:         endpoint,
		Logs:           endpoint,
		Opensearch:     endpoint,
		Quicksight:     endpoint,
		S3:             endpoint,
		Scheduler:      endpoint,
		Sts:            endpoint,
	}}
	args.AccessKey, args.SecretKey = pulumi.String("local"), pulumi.String("local")
	args.S3UsePathStyle = pulumi.Bool(true)
	args.SkipCredentialsValidation = pulumi.Bool(true)
	args.SkipMetadataApiCheck = pulumi.Bool(true)
	args.MaxRetries = pulumi.Int(emulatorRetries)
}
