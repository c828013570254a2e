package logging

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

const (
	// MinAgentDiskMiB is a few chunks of 2 MB: Fluent Bit drops what finds no place.
	MinAgentDiskMiB = 16
	// MaxReplicas is beyond any cluster: more is a slip of the hand, or a load that one Fluentd does not carry.
	MaxReplicas = 500
	// MaxWorkers is, likewise, beyond any replica.
	MaxWorkers = 32
	// MaxFlushThreads is, likewise, beyond any worker.
	MaxFlushThreads = 64
	// maxRetries bounds how deep the plugin calls itself
	// (gh:awslabs/aws-fluent-plugin-kinesis lib/fluent/plugin/kinesis_helper/api.rb, batch_request_with_retry).
	maxRetries  = 1000
	minMaxBytes = 16_384
)

// The forms of names and texts, each with its source (docs.aws.amazon.com/).
var (
	// clusterName: eks/latest/APIReference/API_CreateCluster.html.
	clusterName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$`)
	// sessionPattern: STS/latest/APIReference/API_AssumeRole.html.
	sessionPattern = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	chartVersion   = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
)

// collector gathers faults.
type collector struct{ faults []error }

func (c *collector) add(field, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w", field, fmt.Errorf(format, args...)))
}

func (c *collector) wrap(field string, err error) {
	if err != nil {
		c.add(field, "%w", err)
	}
}

// kubernetes checks a text by one of Kubernetes' own rules.
func (c *collector) kubernetes(field, value string, rule func(string) []string) {
	if wrong := rule(value); len(wrong) > 0 {
		c.add(field, "%q; %s", value, strings.Join(wrong, "; "))
	}
}

// labels checks names of namespaces or containers, which Kubernetes makes of DNS labels.
func (c *collector) labels(field string, names []string) {
	for _, name := range names {
		c.kubernetes(field, name, validation.IsDNS1123Label)
	}
}

func (c *collector) between(field string, value, least, most int) {
	if value < least || value > most {
		c.add(field, "%d; want %d to %d", value, least, most)
	}
}

// Check returns all faults of the args in one error, each behind its field's name. What comes out of a resource is not known
// before the run, and goes unchecked.
func (a *Args) Check() error { return a.resolve().validate() }

func (a Args) validate() error {
	c := &collector{}
	if !clusterName.MatchString(a.Cluster) {
		c.add("Cluster", "%q; want 1 to 100 letters, digits, hyphens and underscores, the first a letter or digit", a.Cluster)
	}
	c.kubernetes("Namespace", a.Namespace, validation.IsDNS1123Label)
	if !chartVersion.MatchString(a.Operator.ChartVersion) {
		c.add("Operator.ChartVersion", "%q; want a release such as %s", a.Operator.ChartVersion, DefaultChartVersion)
	}
	a.checkAgent(c)
	a.checkAggregator(c)
	a.checkWriter(c)
	a.checkOutputs(c)
	a.checkEvents(c)
	a.checkFlows(c)
	return errors.Join(c.faults...)
}

func (a Args) checkAgent(c *collector) {
	if a.Agent.DiskLimitMiB < MinAgentDiskMiB {
		c.add("Agent.DiskLimitMiB", "%d; want at least %d", a.Agent.DiskLimitMiB, MinAgentDiskMiB)
	}
	c.labels("Agent.IgnoredNamespaces", a.Agent.IgnoredNamespaces)
	c.kubernetes("Agent.PriorityClass", a.Agent.PriorityClass, validation.IsDNS1123Subdomain)
}

func (a Args) checkAggregator(c *collector) {
	g := a.Aggregator
	a.checkRole(c, "Aggregator.RoleARN", g.RoleARN)
	c.between("Aggregator.Replicas", g.Replicas, 1, MaxReplicas)
	c.between("Aggregator.Workers", g.Workers, 1, MaxWorkers)
	c.between("Aggregator.FlushThreads", g.FlushThreads, 1, MaxFlushThreads)
	c.between("Aggregator.FlushSeconds", g.FlushSeconds, 1, 600)
	c.between("Aggregator.ChunkLimitMiB", g.ChunkLimitMiB, 1, 256)
	c.between("Aggregator.QueuedChunks", g.QueuedChunks, 1, 10_000)
	c.between("Aggregator.DiskGiB", g.DiskGiB, 1, 16_384)
	c.between("Aggregator.RetriesOnBatchRequest", g.RetriesOnBatchRequest, 1, maxRetries)
	c.kubernetes("Aggregator.PriorityClass", g.PriorityClass, validation.IsDNS1123Subdomain)
	if g.StorageClass != "" {
		c.kubernetes("Aggregator.StorageClass", g.StorageClass, validation.IsDNS1123Subdomain)
	}
	// A buffer of one chunk could take nothing while that is sent.
	least, most := 2*g.ChunkLimitMiB, 0
	if buffers := a.buffers() * g.Workers; buffers > 0 {
		most = g.usableMiB() / buffers
	}
	if len(a.outputs()) > 0 && (g.TotalLimitMiB < least || g.TotalLimitMiB > most) {
		c.add("Aggregator.TotalLimitMiB", "%d with %d buffers in DiskGiB %d and ChunkLimitMiB %d; want %d (two chunks) to %d (nine tenths of the disk)",
			g.TotalLimitMiB, a.buffers()*g.Workers, g.DiskGiB, g.ChunkLimitMiB, least, most)
	}
}

func (a Args) checkWriter(c *collector) {
	a.checkRole(c, "Writer.RoleARN", a.Writer.RoleARN)
	if a.Writer.ExternalID != "" {
		c.wrap("Writer.ExternalID", iampolicy.CheckExternalID(a.Writer.ExternalID))
	}
	if !sessionPattern.MatchString(a.Writer.SessionName) {
		c.add("Writer.SessionName", "%q; want 2 to 64 letters, digits and [_+=,.@-]", a.Writer.SessionName)
	}
}

// checkRole also finds a role of another partition than the outputs' regions: no session crosses partitions.
func (a Args) checkRole(c *collector, field, text string) {
	role, err := iampolicy.ParseRoleARN(text)
	if err != nil {
		c.wrap(field, err)
		return
	}
	partition, err := iampolicy.PartitionOf(a.Failed.Region)
	if err == nil && role.Partition != partition.ID {
		c.add(field, "%q is of the partition %s; want %s, which Failed.Region %s is in", text, role.Partition, partition.ID, a.Failed.Region)
	}
}

func (a Args) checkOutputs(c *collector) {
	if len(a.outputs()) == 0 {
		c.add("Stream, S3, Firehose", "none is set; want one at least")
	}
	if a.Stream != nil {
		c.wrap("Stream.Name", naming.KinesisStream.Check(a.Stream.Name))
		a.checkRegion(c, "Stream.Region", a.Stream.Region)
	}
	if a.Firehose != nil {
		c.wrap("Firehose.DeliveryStreamName", naming.FirehoseStream.Check(a.Firehose.DeliveryStreamName))
		a.checkRegion(c, "Firehose.Region", a.Firehose.Region)
	}
	if a.S3 != nil {
		a.checkBucket(c, "S3.", a.S3.BucketName, a.S3.Region, a.S3.Prefix)
		c.between("S3.FlushSeconds", a.S3.FlushSeconds, 1, 3600)
	}
	a.checkBucket(c, "Failed.", a.Failed.BucketName, a.Failed.Region, a.Failed.Prefix)
}

func (a Args) checkBucket(c *collector, path string, name pulumi.StringInput, region, prefix string) {
	if name == nil {
		c.add(path+"BucketName", "not set; want a bucket")
	}
	a.checkRegion(c, path+"Region", region)
	c.faults = append(c.faults, objectkey.Faults(path, objectkey.Prefix{Field: "Prefix", Value: prefix})...)
}

// checkRegion also finds outputs of different partitions.
func (a Args) checkRegion(c *collector, field, region string) {
	partition, err := iampolicy.PartitionOf(region)
	if err != nil {
		c.wrap(field, err)
		return
	}
	failed, err := iampolicy.PartitionOf(a.Failed.Region)
	if err == nil && partition != failed {
		c.add(field, "%q is in the partition %s; want %s, which Failed.Region %s is in", region, partition.ID, failed.ID, a.Failed.Region)
	}
}

func (a Args) checkEvents(c *collector) {
	e := a.Events
	for _, field := range e.RedactFields {
		switch {
		case field == "":
			c.add("Events.RedactFields", `"" is no field; want names`)
		case slices.Contains(ownFields, field):
			c.add("Events.RedactFields", "%q is set by the pipeline, which needs it; want fields of the logs", field)
		}
	}
	for _, pattern := range e.RedactPatterns {
		c.wrap("Events.RedactPatterns", checkPattern(pattern))
	}
	if e.PartitionKey != ByEvent && e.PartitionKey != ByPod {
		c.add("Events.PartitionKey", "%q; want %s or %s", e.PartitionKey, ByEvent, ByPod)
	}
	if e.Oversize != Truncate && e.Oversize != Divert {
		c.add("Events.Oversize", "%q; want %s or %s", e.Oversize, Truncate, Divert)
	}
	c.between("Events.MaxBytes", e.MaxBytes, minMaxBytes, DefaultMaxBytes)
}
