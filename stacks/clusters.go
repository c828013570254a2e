package stacks

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/logging"
)

// serviceSide is the service account's half.
type serviceSide struct {
	// identities are the clusters' Fluentd roles, by the clusters' names.
	identities map[string]*access.PodIdentity
}

// deployClusters makes the service account's half: nil where it is made elsewhere, or where there are no clusters. data is
// nil where the data account's half is made elsewhere.
func deployClusters(ctx *pulumi.Context, config *Config, providers *Providers, data *dataSide) (*serviceSide, error) {
	if !config.Access.makesService() || len(config.Clusters) == 0 {
		return nil, nil
	}
	side := &serviceSide{identities: make(map[string]*access.PodIdentity)}
	for _, cluster := range config.Clusters {
		identity, err := access.NewPodIdentity(ctx, cluster.Name, config.identityArgs(cluster), pulumi.Providers(providers.Service))
		if err != nil {
			return nil, err
		}
		side.identities[cluster.Name] = identity
		args := config.loggingArgs(cluster, data)
		args.After = loggingNeeds(identity, data)
		_, err = logging.New(ctx, cluster.Name, args, pulumi.Providers(providers.Clusters[cluster.Name]))
		if err != nil {
			return nil, err
		}
	}
	return side, nil
}

// loggingNeeds is what must be there before the first log leaves a cluster: the way to the stream, and whoever reads it.
func loggingNeeds(identity *access.PodIdentity, data *dataSide) []pulumi.Resource {
	needs := []pulumi.Resource{identity}
	if data != nil {
		needs = append(needs, data.raw, data.writer)
	}
	return needs
}

func (c *Config) identityArgs(cluster ClusterConfig) *access.PodIdentityArgs {
	service := c.service()
	return &access.PodIdentityArgs{
		AccountID:      service.ID,
		Region:         service.Region,
		RoleName:       cluster.RoleName,
		Issuer:         cluster.Issuer,
		ProviderARN:    cluster.OIDCProviderARN,
		ServiceAccount: access.ServiceAccount{Namespace: c.Logging.Namespace, Name: logging.ServiceAccountName},
		WriterRoleARN:  c.Access.WriterRoleARN,
		ExternalID:     c.Access.WriterExternalID,
	}
}

func (c *Config) loggingArgs(cluster ClusterConfig, data *dataSide) *logging.Args {
	args := &logging.Args{
		Cluster:   cluster.Name,
		Namespace: c.Logging.Namespace,

		ExistingNamespace: cluster.ExistingNamespace,
		Protect:           c.Protect,

		Operator:   logging.Operator{Install: cluster.InstallOperator},
		Agent:      logging.Agent{DiskLimitMiB: cluster.agentDiskMiB(), IgnoredNamespaces: c.Logging.ExcludedNamespaces},
		Aggregator: c.aggregator(cluster),
		Writer:     logging.Writer{RoleARN: c.Access.WriterRoleARN, ExternalID: c.Access.WriterExternalID},
		Failed:     logging.Failed{BucketName: pulumi.String(c.Access.FailedBucketName), Region: c.Data.Region, Prefix: failedPrefix},
		Events: logging.Events{
			RedactFields:   c.Logging.RedactFields,
			RedactPatterns: c.Logging.RedactPatterns,
			PartitionKey:   c.Logging.PartitionKey,
			Oversize:       c.Logging.Oversize,
		},
		Monitoring: logging.Monitoring{ServiceMonitors: cluster.Prometheus, PrometheusRules: cluster.Prometheus},
	}
	if slices.Contains(c.Logging.Outputs, outputStream) {
		args.Stream = &logging.Stream{Name: c.Stream.Name, Region: c.Data.Region}
	}
	if slices.Contains(c.Logging.Outputs, outputS3) {
		args.S3 = &logging.S3{BucketName: pulumi.String(c.Access.S3BucketName), Region: c.Data.Region, Prefix: directPrefix}
	}
	if slices.Contains(c.Logging.Outputs, outputFirehose) {
		args.Firehose = &logging.Firehose{DeliveryStreamName: c.Logging.FirehoseName, Region: c.Data.Region}
	}
	if data != nil {
		args.Failed.BucketName = data.store.Failed.Name
		if args.S3 != nil {
			args.S3.BucketName = data.store.Raw.Name
		}
	}
	for _, flow := range c.Logging.Flows {
		if flow.in(cluster.Name) {
			args.Flows = append(args.Flows, flow.Flow)
		}
	}
	return args
}

func (c *Config) aggregator(cluster ClusterConfig) logging.Aggregator {
	plan := cluster.Plan
	return logging.Aggregator{
		RoleARN:               roleARNIn(c.service(), cluster.RoleName),
		Replicas:              plan.Replicas,
		Workers:               plan.Workers,
		FlushThreads:          plan.FlushThreads,
		FlushSeconds:          plan.FlushSeconds,
		ChunkLimitMiB:         plan.ChunkLimitMiB,
		QueuedChunks:          plan.QueuedChunksLimit,
		TotalLimitMiB:         plan.TotalLimitMiB,
		DiskGiB:               plan.AggregatorDiskGiB,
		StorageClass:          cluster.StorageClass,
		RetriesOnBatchRequest: plan.RetriesOnBatchRequest,
	}
}
