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
	// DefaultS3Prefix begins the keys of what Fluentd writes to S3 itself. It is none of Firehose's, so that both can write
	// to one bucket and be compared.
	DefaultS3Prefix = "direct/"
	// DefaultMaxBytes is the largest event, as JSON: under the 1,024,000 bytes of Firehose's records and the 1,048,576 of
	// the Kinesis plugin (gh:awslabs/aws-fluent-plugin-kinesis lib/fluent/plugin/kinesis_helper/api.rb), which count the
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
	// JSON makes the fields of a line that is a JSON object fields of the event. Any other line stays as it is, in message.
	JSON Parser = "json"
	// Istio does what JSON does, and reads lines of Istio's text format into the same fields as those of its JSON format.
	Istio Parser = "istio"
	// NoParser leaves every line in message.
	NoParser Parser = "none"
)

// PartitionKey is the field by which Kinesis spreads events over shards.
type PartitionKey string

const (
	// ByEvent spreads events evenly: a loud pod fills no shard of its own.
	ByEvent PartitionKey = "event_id"
	// ByPod keeps the events of a pod in one shard and so in order; the loudest pod then has at most 1 MB/s.
	ByPod PartitionKey = "pod"
)

// Oversize is what becomes of an event larger than Events.MaxBytes.
type Oversize string

const (
	// Truncate cuts the text of the event and marks it with truncated and original_bytes.
	Truncate Oversize = "truncate"
	// Divert sends the whole event to the failed bucket, marked with oversized and original_bytes, and not to the flow's outputs.
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
	// ExistingNamespace says that the namespace is there already; by default it is made.
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
	// Failed is where events go that could not be processed, and logs that no flow takes.
	Failed Failed

	// Flows say which logs are taken. No two may take the same.
	Flows []Flow
	// Events is what becomes of each event.
	Events Events
	// Monitoring makes Prometheus see all this.
	Monitoring Monitoring

	// Protect keeps the namespace from being deleted, and with it Fluentd's volumes and what is buffered there. It stays when
	// it leaves the program.
	Protect bool

	// After is what must be there before the first log leaves: the way to the outputs, and whoever reads them from the moment
	// of its own creation, as Firehose does.
	After []pulumi.Resource
}

// Operator is about the Logging Operator itself.
type Operator struct {
	// Install installs the operator with its CRDs from its Helm chart. By default it is there already: a second one fights with it.
	Install bool
	// ChartVersion is the chart's version; default [DefaultChartVersion].
	ChartVersion string
}

// Agent is Fluent Bit on every node.
type Agent struct {
	// DiskLimitMiB is how much of a node's disk the agent fills while Fluentd does not take logs: at least 16, default 4096.
	// When it is full, Fluent Bit drops the oldest and says so in its log: see the package.
	DiskLimitMiB int
	// IgnoredNamespaces are not read at all. That of the logging system itself never is.
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
	// Workers is how many processes each has; default 1, which is what the operator's drain was made for: see the package.
	Workers int
	// FlushThreads is how many requests to an output a worker has under way; default 4.
	FlushThreads int
	// FlushSeconds is how long an event waits for others at most; default 5.
	FlushSeconds int
	// ChunkLimitMiB is the size of a chunk, the unit of flushing; default 8.
	ChunkLimitMiB int
	// QueuedChunks is how many chunks wait for a thread before more are filled instead: each keeps files open; default 32.
	QueuedChunks int
	// TotalLimitMiB is the limit of each buffer: every worker has [Buffers] of them. When one is full, Fluentd takes no
	// more, and agents buffer. Default: what DiskGiB holds.
	TotalLimitMiB int
	// DiskGiB is how much of a replica's volume is for those buffers, of which they may take nine tenths; default 20. A GiB a
	// worker is added for failed events and unmatched logs. A volume that exists keeps its size.
	DiskGiB int
	// StorageClass is the volume's; default that of the cluster.
	StorageClass string
	// RetriesOnBatchRequest is after how many requests the Kinesis plugin drops the records that were throttled each time:
	// 1 to 1000, default 600. See the package.
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
	// FlushSeconds is how long an event waits for others at most: 1 to 3600, default 300. Each time makes an object.
	FlushSeconds int
}

// Firehose is a delivery stream in the account of Writer that takes direct puts.
type Firehose struct {
	// DeliveryStreamName is the delivery stream's name.
	DeliveryStreamName string
	// Region is the delivery stream's region.
	Region string
}

// Failed is where events go that could not be processed, and logs that no flow takes.
type Failed struct {
	// BucketName is the bucket, in the account of Writer. Its default encryption applies.
	BucketName pulumi.StringInput
	// Region is the bucket's region.
	Region string
	// Prefix begins the keys, before dt= and hour=; default [DefaultFailedPrefix].
	Prefix string
}

// Flow takes logs. What is empty takes all; what is excluded is left out.
type Flow struct {
	// Name is the ClusterFlow's name, a DNS-1123 label.
	Name string
	// Namespaces are what it takes, and ExcludedNamespaces what it does not.
	Namespaces, ExcludedNamespaces []string
	// Labels are what a pod must have, all of them, and ExcludedLabels are what it must not have, any of them.
	Labels, ExcludedLabels map[string]string
	// Containers are what it takes, by their names in the pod, and ExcludedContainers what it does not.
	Containers, ExcludedContainers []string
	// Parser is JSON (default), Istio or NoParser.
	Parser Parser
	// Outputs are where its events go; default all that Args has.
	Outputs []OutputName
}

// Events is what becomes of each event.
type Events struct {
	// RedactFields are the names of fields whose values are replaced, however deep they lie, in whatever case they are written:
	// a name stands for Name, NAME and, where keys have dots, for any.path.name. A line that stays text has no fields, be it
	// JSON that is broken or too deep: what must not get out of those needs RedactPatterns.
	RedactFields []string
	// RedactPatterns are regular expressions; what matches in any text of an event is replaced. They run in Ruby and are
	// checked with Go: use what both know.
	RedactPatterns []string
	// PartitionKey is ByEvent (default) or ByPod.
	PartitionKey PartitionKey
	// Oversize is Truncate (default) or Divert.
	Oversize Oversize
	// MaxBytes is the largest event, as JSON: 16384 to [DefaultMaxBytes], the default.
	MaxBytes int
}

// Monitoring makes Prometheus see all this. Both need the CRDs of the Prometheus operator.
type Monitoring struct {
	// ServiceMonitors makes service monitors of agents, Fluentd and their buffers' volumes.
	ServiceMonitors bool
	// PrometheusRules makes the alerts that the Logging Operator comes with and, in the PrometheusRule "log-pipeline-loss", one
	// for each metric of agents and Fluentd that shows a loss or one to come: the operator's own do not know how full an agent's
	// disk limit is, nor the drops of the Kinesis plugin from failures that are retried. Those with severity critical say that
	// records are being lost. All select by job and namespace as the operator's service monitors name them.
	PrometheusRules bool
}
