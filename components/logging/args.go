package logging

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Defaults of [Args].
const (
	// DefaultNamespace is where agents and Fluentd run.
	DefaultNamespace = "logging"
	// DefaultChartVersion is the operator's release whose Go types this package is built with.
	DefaultChartVersion = "5.3.0"
	// DefaultFailedPrefix begins the keys of events that could not be processed and of logs that no flow takes.
	DefaultFailedPrefix = "fluentd/"
	// DefaultS3Prefix begins the keys of the objects that Fluentd writes to S3 itself. Firehose has other prefixes, so that both
	// can write to one bucket and be compared.
	DefaultS3Prefix = "direct/"
	// DefaultMaxBytes is the size of the largest event, as JSON. Firehose takes records of 1,024,000 bytes, and the Kinesis plugin
	// records of 1,048,576 (gh:awslabs/aws-fluent-plugin-kinesis lib/fluent/plugin/kinesis_helper/api.rb). Both count the
	// partition key too.
	DefaultMaxBytes = 1_000_000
)

// OutputName is one of the places that a flow's logs go to.
type OutputName string

const (
	// ToStream is Args.Stream.
	ToStream OutputName = "stream"
	// ToS3 is Args.S3.
	ToS3 OutputName = "s3"
	// ToFirehose is Args.Firehose.
	ToFirehose OutputName = "firehose"
)

// Parser is how a flow's lines are read.
type Parser string

const (
	// JSON takes a line that is a JSON object apart: its fields become fields of the event. Any other line stays in message.
	JSON Parser = "json"
	// Istio does what JSON does. It also reads lines of Istio's text format, into the fields of Istio's JSON format.
	Istio Parser = "istio"
	// NoParser leaves every line in message.
	NoParser Parser = "none"
)

// PartitionKey is the field by which Kinesis spreads events over shards.
type PartitionKey string

const (
	// ByEvent spreads events evenly: no pod fills a shard.
	ByEvent PartitionKey = "event_id"
	// ByPod sends the events of a pod to one shard, and so keeps their order. A pod can then log at most 1 MB/s.
	ByPod PartitionKey = "pod"
)

// Oversize is what becomes of an event larger than Events.MaxBytes.
type Oversize string

const (
	// Truncate cuts the text of the event and marks it with truncated and original_bytes.
	Truncate Oversize = "truncate"
	// Divert marks the event with oversized and original_bytes and sends all of it to the failed bucket instead of the flow's outputs.
	Divert Oversize = "divert"
)

// Args are the settings of a cluster's logging. Cluster, Writer.RoleARN, Aggregator.RoleARN, Failed.BucketName,
// Failed.Region, one of Stream, S3 and Firehose, and Flows are required.
type Args struct {
	// Cluster is the cluster's name, a field of every event.
	Cluster string
	// Namespace is where agents and Fluentd run, the operator's control namespace; default "logging". Nobody else should be
	// able to write there.
	Namespace string
	// ExistingNamespace says that the namespace exists. By default the component makes it.
	ExistingNamespace bool

	// Operator is about the Logging Operator itself.
	Operator Operator
	// Agent is Fluent Bit on every node.
	Agent Agent
	// Aggregator is Fluentd, which all agents send to.
	Aggregator Aggregator

	// Writer is the role in the outputs' account.
	Writer Writer
	// Stream is the Kinesis data stream; nil for none.
	Stream *Stream
	// S3 is a bucket that Fluentd writes to itself, alone or beside the stream; nil for none.
	S3 *S3
	// Firehose is a delivery stream that Fluentd puts records to itself; nil for none.
	Firehose *Firehose
	// Failed is a bucket for failed events and for logs that no flow takes.
	Failed Failed

	// Flows say which logs are taken. No two may take the same.
	Flows []Flow
	// Events is what becomes of each event.
	Events Events
	// Monitoring makes objects for Prometheus.
	Monitoring Monitoring

	// Protect makes Pulumi refuse to delete the namespace, which has Fluentd's volumes with the unsent events. A namespace that is
	// removed from the program stays in the cluster.
	Protect bool

	// After are the custom resources that must exist before the first log leaves: all that is on the way to the outputs, and
	// readers such as Firehose, which reads a stream from the moment of its own creation.
	After []pulumi.Resource
}

// Operator is about the Logging Operator itself.
type Operator struct {
	// Install installs the operator and its CRDs with its Helm chart. By default the cluster has an operator already; two would
	// fight.
	Install bool
	// ChartVersion is the chart's version; default [DefaultChartVersion].
	ChartVersion string
}

// Agent is Fluent Bit on every node.
type Agent struct {
	// DiskLimitMiB is how much of a node's disk the agent fills while Fluentd takes no logs: at least 16, default 4096. At the
	// limit Fluent Bit drops its oldest chunk and logs that: see the package.
	DiskLimitMiB int
	// IgnoredNamespaces are namespaces whose logs the agents do not read. They never read those of the logging system itself.
	IgnoredNamespaces []string
	// PriorityClass is the pods' priority class; default "system-node-critical".
	PriorityClass string
}

// Aggregator is Fluentd, which all agents send to.
type Aggregator struct {
	// RoleARN is the IAM role of Fluentd's ServiceAccount (IRSA), which assumes Writer.RoleARN.
	RoleARN string
	// Replicas is how many pods there are; default 2.
	Replicas int
	// Workers is how many processes each pod has; default 1. The operator's drain works with one only: see the package.
	Workers int
	// FlushThreads is how many requests a worker sends to an output at the same time; default 4.
	FlushThreads int
	// FlushSeconds is how long an event waits for others at most; default 5.
	FlushSeconds int
	// ChunkLimitMiB is the size of a chunk, the unit of flushing; default 8.
	ChunkLimitMiB int
	// QueuedChunks is how many chunks wait for a thread at most; default 32. Each keeps files open. When so many wait, Fluentd
	// fills the open chunks further.
	QueuedChunks int
	// TotalLimitMiB is the limit of each buffer. Every worker has [Buffers] of them. When a buffer is full, Fluentd takes no
	// more events, and the agents buffer. Default: nine tenths of DiskGiB, divided by the buffers of a replica.
	TotalLimitMiB int
	// DiskGiB is the part of a replica's volume for these buffers; default 20. They may take nine tenths of it. The volume has one
	// GiB more for each worker, for failed events and unmatched logs. A volume that exists keeps its size.
	DiskGiB int
	// StorageClass is the volume's; default that of the cluster.
	StorageClass string
	// RetriesOnBatchRequest is how often the Kinesis plugin tries a batch again before it drops the records that are still
	// throttled: 1 to 1000, default 600. See the package.
	RetriesOnBatchRequest int
	// PriorityClass is the pods' priority class; default "system-cluster-critical".
	PriorityClass string
}

// Writer is the role in the outputs' account that Fluentd assumes. Sessions last an hour, the most that role chaining
// allows (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining).
type Writer struct {
	// RoleARN is the role.
	RoleARN string
	// ExternalID is what the role's trust policy asks for: 2 to 1224 characters, or empty where it asks for none.
	ExternalID string
	// SessionName is what CloudTrail shows; default "log-pipeline-<Cluster>".
	SessionName string
}

// Stream is a Kinesis data stream in the account of Writer.
type Stream struct {
	// Name is the stream's name.
	Name string
	// Region is the stream's region.
	Region string
}

// S3 is a bucket in the account of Writer.
type S3 struct {
	// BucketName is the bucket. Its default encryption applies.
	BucketName pulumi.StringInput
	// Region is the bucket's region.
	Region string
	// Prefix begins the keys, before dt= and hour=; default [DefaultS3Prefix].
	Prefix string
	// FlushSeconds is how long an event waits for others at most: 1 to 3600, default 300. Each flush makes an object.
	FlushSeconds int
}

// Firehose is a delivery stream in the account of Writer that takes direct puts.
type Firehose struct {
	// DeliveryStreamName is the delivery stream's name.
	DeliveryStreamName string
	// Region is the delivery stream's region.
	Region string
}

// Failed is a bucket for failed events and for logs that no flow takes.
type Failed struct {
	// BucketName is the bucket, in the account of Writer. Its default encryption applies.
	BucketName pulumi.StringInput
	// Region is the bucket's region.
	Region string
	// Prefix begins the keys, before dt= and hour=; default [DefaultFailedPrefix].
	Prefix string
}

// Flow takes the logs that all its fields select. An empty field selects all logs.
type Flow struct {
	// Name is the ClusterFlow's name, a DNS-1123 label.
	Name string
	// Namespaces are the namespaces that it takes, and ExcludedNamespaces those that it does not take.
	Namespaces, ExcludedNamespaces []string
	// Labels are labels of which a pod must have all, and ExcludedLabels are labels of which it must have none.
	Labels, ExcludedLabels map[string]string
	// Containers are the names of the containers that it takes, and ExcludedContainers of those that it does not take.
	Containers, ExcludedContainers []string
	// Parser is JSON (default), Istio or NoParser.
	Parser Parser
	// Outputs are where its events go; default all outputs that Args has.
	Outputs []OutputName
}

// Events is what becomes of each event.
type Events struct {
	// RedactFields are the names of fields whose values are replaced, at any depth and in any case: name also means NAME, and
	// any.path.name where keys have dots. A line that stays text, such as JSON that is broken or too deep, has no fields. Secrets
	// in such lines need RedactPatterns.
	RedactFields []string
	// RedactPatterns are regular expressions. Every match in a text of an event is replaced. Ruby runs them and Go checks them, so
	// that only what both read alike is taken.
	RedactPatterns []string
	// PartitionKey is ByEvent (default) or ByPod.
	PartitionKey PartitionKey
	// Oversize is Truncate (default) or Divert.
	Oversize Oversize
	// MaxBytes is the size of the largest event, as JSON: 16384 to [DefaultMaxBytes], the default.
	MaxBytes int
}

// Monitoring makes objects for Prometheus. They need the CRDs of the Prometheus operator.
type Monitoring struct {
	// ServiceMonitors makes service monitors of agents, Fluentd and the volumes of their buffers.
	ServiceMonitors bool
	// PrometheusRules makes the alerts that the Logging Operator comes with, and the PrometheusRule "log-pipeline-loss". That has
	// an alert for each metric of agents and Fluentd that shows a loss, or one to come. The operator's own alerts know neither how
	// full an agent's disk limit is nor which failures of the Kinesis plugin are drops. Severity critical means that records are
	// being lost. All alerts select by job and namespace, as the operator's service monitors set them.
	PrometheusRules bool
}
