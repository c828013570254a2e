package stacks

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// clusterConfig is one EKS cluster. RoleName is the role of its Fluentd. Choice is what the user has decided of agents and
// Fluentd, and Plan what follows from that and the load.
type clusterConfig struct {
	Name, Context, Issuer, OIDCProviderARN, RoleName, StorageClass string
	ExistingNamespace, InstallOperator, Prometheus                 bool

	Load   capacity.Cluster
	Choice capacity.ClusterChoice
	Plan   capacity.ClusterPlan
}

func (c *clusterConfig) declare(s *settings.Section) {
	settings.Text(s, &c.Name, "name", "", naming.KubernetesLabel, "Its name, which each event carries.").Required().Unique()
	settings.Text(s, &c.Context, "context", "", anyContext, "Its context in the kubeconfig. Empty: its name.").Unique()
	settings.Text(s, &c.Issuer, "issuer", "", access.Issuer,
		"Its OIDC issuer, cluster.identity.oidc.issuer of aws eks describe-cluster.").Required().Unique()
	settings.Text(s, &c.OIDCProviderARN, "oidcProviderArn", "", iampolicy.OIDCProviderARN,
		"IAM's OIDC provider of the issuer, where there is one. Empty: it is made.")
	settings.Boolean(s, &c.ExistingNamespace, "existingNamespace", false, "Whether logging.namespace is there already, and so is not made.")
	settings.Boolean(s, &c.InstallOperator, "installOperator", false, "Installs the Logging Operator with its chart.")
	settings.Boolean(s, &c.Prometheus, "prometheus", false, "Makes service monitors and alerts for the Prometheus Operator.")
	settings.Text(s, &c.StorageClass, "storageClass", "", logging.StorageClass, "Storage class of Fluentd's buffers. Empty: the cluster's default.")
	settings.Integer(s, &c.Load.Nodes, "nodes", 0, capacity.Nodes, "Nodes that run pods.").Required()
	settings.Integer(s, &c.Load.PodsPerNode, "podsPerNode", 30, capacity.PodsPerNode, "Pods on a node that write logs.")
	settings.Rate(s, &c.Load.PeakRecordsPerSecond, "peakRecordsPerSecond", 0, capacity.Rate, "Its part of the peak. Empty: by its nodes.")
	settings.Rate(s, &c.Load.MeanRecordsPerSecond, "meanRecordsPerSecond", 0, capacity.Rate, "Its part of the mean. Empty: by its nodes.")
	settings.Rate(s, &c.Load.PodPeakRecordsPerSecond, "podPeakRecordsPerSecond", 0, capacity.PodRate,
		"Records a second of the loudest pod. Empty: the even share.")
	settings.Integer(s, &c.Choice.AgentDiskMiB, "agentDiskMiB", 0, capacity.AgentDiskMiB, "The agent's buffer on each node. Empty: computed.")
	settings.Object(s, "fluentd", "Its Fluentd; what is empty follows from the load.", c.declareFluentd)
}

func (c *clusterConfig) declareFluentd(s *settings.Section) {
	f := &c.Choice
	settings.Integer(s, &f.Replicas, "replicas", 0, capacity.Replicas, "Its replicas. Empty: computed.")
	settings.Integer(s, &f.Workers, "workers", 1, capacity.Workers,
		"Workers of each replica. The operator drains the volume of a replica that goes only where there is one.")
	settings.Integer(s, &f.FlushThreads, "flushThreads", 0, capacity.FlushThreads, "Threads of each worker that call PutRecords. Empty: computed.")
	settings.Integer(s, &f.FlushSeconds, "flushSeconds", 0, capacity.FlushSeconds, "How long a worker gathers records before it sends them. Empty: computed.")
	settings.Integer(s, &f.AggregatorDiskGiB, "diskGiB", 0, capacity.AggregatorDiskGiB,
		"Volume of each replica, which a volume that exists does not follow: expand it first. Empty: computed.")
	settings.Rate(s, &f.WorkerRecordsPerSecond, "workerRecordsPerSecond", 0, capacity.WorkerRate,
		"Records a second that a worker carries, as you measured it. Empty: a cautious guess.")
	settings.Integer(s, &f.RetriesOnBatchRequest, "retriesOnBatchRequest", 0, capacity.RetriesOnBatchRequest,
		"Tries of a batch until its Kinesis plugin drops what is left of it. Empty: computed.")
}

func (c *Config) completeClusters() {
	for i := range c.Clusters {
		cluster := &c.Clusters[i]
		cluster.Context = cmp.Or(cluster.Context, cluster.Name)
		cluster.RoleName = naming.IAMRole.Of(c.NamePrefix + "-" + cluster.Name + "-fluentd")
	}
}

// clusterNames are the settings of the clusters' names.
func (c *Config) clusterNames() []fault.Path {
	paths := make([]fault.Path, len(c.Clusters))
	for i := range c.Clusters {
		paths[i] = fault.Path("clusters").Index(i).Field("name")
	}
	return paths
}

// clusterRules refuse two clusters in one context, where one of them has it for its name.
func (c *Config) clusterRules() fault.List {
	var found fault.List
	first := map[string]int{}
	for i, cluster := range c.Clusters {
		path := fault.Path("clusters").Index(i)
		other, twice := first[cluster.Context]
		if !twice {
			first[cluster.Context] = i
			continue
		}
		theirs := fault.Path("clusters").Index(other)
		found = append(found, fault.When(cluster.Context != "", fault.Fault{
			Path: path.Field("context"), Problem: fault.Problemf("%q is the context of %s too", cluster.Context, theirs),
			Reads: append(path.Fields("name"), theirs.Fields("name", "context")...),
		})...)
	}
	return found
}

// identitySources are where the args of a cluster's role come from.
func (c *Config) identitySources(cluster fault.Path) fault.Sources {
	sources := fault.Sources{
		"AccountID":                fault.From("accounts.service.id"),
		"Region":                   fault.From("accounts.service.region", "accounts.data.region"),
		"RoleName":                 fault.From(cluster.Field("name"), "namePrefix"),
		"Issuer":                   fault.From(cluster.Field("issuer")),
		"ProviderARN":              fault.From(cluster.Field("oidcProviderArn")),
		"ServiceAccount.Namespace": fault.From("logging.namespace"),
		"WriterRoleARN":            fault.From("access.writerRoleArn", dataPlace...),
		"ExternalID":               fault.Wired, // the writer role says what is wrong with it
	}
	if c.Accounts.Service == nil {
		sources["AccountID"], sources["Region"] = fault.From("accounts.data.id"), fault.From("accounts.data.region")
	}
	return sources
}

// loggingSources are where the args of a cluster's logging come from; flows are the indices of its flows.
func (c *Config) loggingSources(cluster fault.Path, flows []int) fault.Sources {
	fluentd := cluster.Field("fluentd")
	sources := fault.Sources{
		"Cluster":                 fault.From(cluster.Field("name")),
		"Namespace":               fault.From("logging.namespace"),
		"Agent.DiskLimitMiB":      fault.From(cluster.Field("agentDiskMiB")),
		"Agent.IgnoredNamespaces": fault.From("logging.excludedNamespaces"),

		"Aggregator":               fault.From(fluentd),
		"Aggregator.RoleARN":       fault.From(cluster.Field("name"), append(c.Accounts.servicePlace(), "namePrefix")...),
		"Aggregator.QueuedChunks":  fault.From(fluentd.Field("flushThreads")),
		"Aggregator.TotalLimitMiB": fault.From(fluentd.Field("diskGiB")),
		"Aggregator.ChunkLimitMiB": fault.From(fluentd.Field("diskGiB")),
		"Aggregator.StorageClass":  fault.From(cluster.Field("storageClass")),

		"Writer.RoleARN":              fault.From("access.writerRoleArn", dataPlace...),
		"Writer.ExternalID":           fault.From("access.writerExternalId"),
		"Stream":                      fault.From("logging.outputs"),
		"S3":                          fault.From("logging.outputs"),
		"Firehose":                    fault.From("logging.outputs"),
		"Stream.Name":                 fault.From("stream.name", "namePrefix"),
		"Stream.Region":               fault.From("accounts.data.region"),
		"S3.BucketName":               fault.Wired,
		"S3.Region":                   fault.From("accounts.data.region"),
		"Firehose.DeliveryStreamName": fault.From("logging.firehoseName"),
		"Firehose.Region":             fault.From("accounts.data.region"),
		"Failed.BucketName":           fault.Wired,
		"Failed.Region":               fault.From("accounts.data.region"),

		"Events": fault.From("events"),
		"Flows":  fault.From("flows"),
	}
	for i, index := range flows {
		sources[fault.Path("Flows").Index(i)] = fault.From(fault.Path("flows").Index(index))
	}
	return sources
}

// checkCluster asks the components of a cluster.
func (c *Config) checkCluster(i int) fault.List {
	cluster, path := c.Clusters[i], fault.Path("clusters").Index(i)
	flows, indices := c.flowsOf(cluster.Name)
	found := fault.Join(
		c.identityArgs(cluster).Check(cluster.Name).From(c.identitySources(path)),
		fault.When(len(flows) == 0, fault.Fault{
			Path: "flows", Problem: fault.Problemf("none is for the cluster %q; want one at least, or every log of it is an unmatched one", cluster.Name),
			Reads: append(c.flowOutputs(), path.Field("name")),
		}),
	)
	if len(flows) == 0 {
		return found
	}
	return append(found, c.loggingArgs(cluster, nil).Check(cluster.Name).From(c.loggingSources(path, indices))...)
}

func (c *Config) identityArgs(cluster clusterConfig) *access.PodIdentityArgs {
	service := c.Accounts.service()
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

// loggingArgs are what is made of the configuration, and of the lake; store is nil where that is made elsewhere, or not yet.
func (c *Config) loggingArgs(cluster clusterConfig, store *lake.Lake) *logging.Args {
	region := c.Accounts.Data.Region
	args := &logging.Args{
		Cluster:   cluster.Name,
		Namespace: c.Logging.Namespace,

		ExistingNamespace: cluster.ExistingNamespace,
		Protect:           c.Protect,

		Operator:   logging.Operator{Install: cluster.InstallOperator},
		Agent:      logging.Agent{DiskLimitMiB: cluster.Plan.AgentDiskMiB, IgnoredNamespaces: c.Logging.ExcludedNamespaces},
		Aggregator: c.aggregator(cluster),
		Writer:     logging.Writer{RoleARN: c.Access.WriterRoleARN, ExternalID: c.Access.WriterExternalID},
		Failed:     logging.Failed{BucketName: pulumi.String(c.Access.FailedBucketName), Region: region, Prefix: failedPrefix},
		Events:     c.Events,
		Monitoring: logging.Monitoring{ServiceMonitors: cluster.Prometheus, PrometheusRules: cluster.Prometheus},
	}
	args.Flows, _ = c.flowsOf(cluster.Name)
	if c.Logging.to(logging.ToStream) {
		args.Stream = &logging.Stream{Name: c.Stream.Name, Region: region}
	}
	if c.Logging.to(logging.ToS3) {
		args.S3 = &logging.S3{BucketName: pulumi.String(c.Access.S3BucketName), Region: region, Prefix: directPrefix}
	}
	if c.Logging.to(logging.ToFirehose) {
		args.Firehose = &logging.Firehose{DeliveryStreamName: c.Logging.FirehoseName, Region: region}
	}
	if store != nil {
		args.Failed.BucketName = store.Failed.Name
		if args.S3 != nil {
			args.S3.BucketName = store.Raw.Name
		}
	}
	return args
}

func (c *Config) aggregator(cluster clusterConfig) logging.Aggregator {
	plan := cluster.Plan
	return logging.Aggregator{
		RoleARN:               roleARNIn(c.Accounts.service(), cluster.RoleName),
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
