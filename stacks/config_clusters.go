package stacks

import (
	"cmp"
	"fmt"
	"slices"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// ClusterConfig is one EKS cluster.
type ClusterConfig struct {
	// Name is carried by each event of the cluster.
	Name string
	// Context is the cluster's in the kubeconfig. Default: Name.
	Context string
	// Issuer is the URL of its OIDC issuer.
	Issuer string
	// OIDCProviderARN is IAM's provider of the issuer; empty where it is to be made.
	OIDCProviderARN string
	// RoleName is the role of its Fluentd in the service account.
	RoleName string
	// ExistingNamespace says whether LoggingConfig.Namespace is there already. Default: false, it is made.
	ExistingNamespace bool
	// InstallOperator says whether the Logging Operator's chart is installed. Default: false.
	InstallOperator bool
	// Prometheus says whether service monitors and alerts are made. Default: false.
	Prometheus bool
	// StorageClass is that of Fluentd's buffers; empty for the cluster's default.
	StorageClass string
	// Load is its traffic, and what it must survive.
	Load capacity.Cluster
	// Plan is what the load needs of agents and Fluentd, with the user's own choices in it.
	Plan capacity.ClusterPlan
}

// agentDiskMiB is the plan's, or the least that an agent works with.
func (c ClusterConfig) agentDiskMiB() int { return max(logging.MinAgentDiskMiB, c.Plan.AgentDiskMiB) }

// LoggingConfig is what all clusters have in common.
type LoggingConfig struct {
	// Kubeconfig is the path of the kubeconfig; empty for the ambient one.
	Kubeconfig string
	// Namespace is that of agents and Fluentd. Default: logging.
	Namespace string
	// Outputs are where Fluentd sends the logs: stream, s3 and firehose. Default: stream.
	Outputs []string
	// FirehoseName is the delivery stream of the output firehose.
	FirehoseName string
	// ExcludedNamespaces are not carried. Default: none but Namespace.
	ExcludedNamespaces []string
	// RedactFields and RedactPatterns are what is replaced in every event. Default: nothing.
	RedactFields, RedactPatterns []string
	// PartitionKey spreads the events over the shards. Default: ByEvent.
	PartitionKey logging.PartitionKey
	// Oversize is what is done to records that Kinesis would not take. Default: Truncate.
	Oversize logging.Oversize
	// Flows are which logs are carried. Default: one, of all of them.
	Flows []FlowConfig
}

// AccessConfig is who may assume which role, and which of the two accounts' halves is made.
type AccessConfig struct {
	// Side is both, data or service. Default: both.
	Side string
	// WriterRoleName is the writer role in the data account: <project>-<stack>-writer.
	WriterRoleName string
	// WriterRoleARN is that role, whoever makes it.
	WriterRoleARN string
	// WriterExternalID is what Fluentd gives when it assumes it; empty where one account serves both.
	WriterExternalID string
	// ProducerRoleARNs are the roles that may assume it: those of the clusters, and others that were named.
	ProducerRoleARNs []string
	// FailedBucketName and S3BucketName are the data account's buckets, only where its half is made elsewhere.
	FailedBucketName, S3BucketName string
	// ReaderRoleName is the role that reads the raw objects: <project>-<stack>-reader.
	ReaderRoleName string
	// ReaderRoleARNs are the roles that may assume it; empty for no such role.
	ReaderRoleARNs []string
	// ReaderExternalID is what they give.
	ReaderExternalID string
}

// makesData says whether the data account's half is made.
func (a AccessConfig) makesData() bool { return a.Side != sideService }

// makesService says whether the service account's half is made.
func (a AccessConfig) makesService() bool { return a.Side != sideData }

// clusters reads the clusters; their load is read where it is planned for.
func (p *parser) clusters() []ClusterConfig {
	objects := p.objects("clusters")
	clusters := make([]ClusterConfig, len(objects))
	contexts := map[string]int{}
	for i, object := range objects {
		cluster := ClusterConfig{
			Name:            object.text("name"),
			Context:         cmp.Or(object.text("context"), object.text("name")),
			Issuer:          object.text("issuer"),
			OIDCProviderARN: object.text("oidcProviderArn"),
			InstallOperator: object.boolean("installOperator"),

			ExistingNamespace: object.boolean("existingNamespace"),

			Prometheus:   object.boolean("prometheus"),
			StorageClass: object.text("storageClass"),
		}
		cluster.RoleName = naming.IAMRole.Of(p.raw.Project + "-" + p.raw.Stack + "-" + cluster.Name + "-fluentd")
		first, twice := contexts[cluster.Context]
		switch {
		case !twice:
			contexts[cluster.Context] = i
		case cluster.Context != "" && !object.faulty["context"] && !object.faulty["name"]:
			p.faultIn("clusters", i, "context", "%q is the context of element %d too", cluster.Context, first+1)
		}
		clusters[i] = cluster
	}
	return clusters
}

func (p *parser) logging() LoggingConfig {
	l := LoggingConfig{
		Kubeconfig:         p.text("kubeconfig"),
		Namespace:          p.text("loggingNamespace"),
		Outputs:            p.list("outputs"),
		FirehoseName:       p.text("firehoseName"),
		ExcludedNamespaces: p.list("excludedNamespaces"),
		RedactFields:       p.list("redactFields"),
		RedactPatterns:     p.list("redactPatterns"),
		PartitionKey:       logging.PartitionKey(p.text("partitionKey")),
		Oversize:           logging.Oversize(p.text("oversizeRecords")),
	}
	if len(l.Outputs) == 0 {
		l.Outputs = []string{outputStream}
	}
	fires := slices.Contains(l.Outputs, outputFirehose)
	if fires && !p.given("firehoseName") && !p.faulty["outputs"] {
		p.fault("firehoseName", "not set, but needed by the output %s of %s", outputFirehose, p.full("outputs"))
	}
	if !fires && p.given("firehoseName") && !p.faulty["outputs"] {
		p.fault("firehoseName", "has no effect without the output %s in %s", outputFirehose, p.full("outputs"))
	}
	return l
}

// access reads the roles. What it says of the other account's half needs the clusters.
func (p *parser) access(c *Config) AccessConfig {
	service := c.service()
	a := AccessConfig{
		Side:             p.text("side"),
		WriterRoleName:   naming.IAMRole.Of(p.raw.Project + "-" + p.raw.Stack + "-writer"),
		WriterExternalID: p.text("writerExternalId"),
		FailedBucketName: p.text("failedBucketName"),
		S3BucketName:     p.text("s3BucketName"),
		ReaderRoleName:   naming.IAMRole.Of(p.raw.Project + "-" + p.raw.Stack + "-reader"),
		ReaderRoleARNs:   p.list("readerRoleArns"),
		ReaderExternalID: p.text("readerExternalId"),
	}
	a.WriterRoleARN = cmp.Or(p.text("writerRoleArn"), roleARNIn(c.Data, a.WriterRoleName))
	for _, cluster := range c.Clusters {
		a.ProducerRoleARNs = append(a.ProducerRoleARNs, roleARNIn(service, cluster.RoleName))
	}
	for _, arn := range p.list("producerRoleArns") {
		if !slices.Contains(a.ProducerRoleARNs, arn) {
			a.ProducerRoleARNs = append(a.ProducerRoleARNs, arn)
		}
	}
	p.checkSides(c, a)
	return a
}

// roleARNIn is the ARN of a role of an account, and nothing where the account is faulty.
func roleARNIn(account Account, name string) string {
	partition, err := iampolicy.PartitionOf(account.Region)
	if err != nil || account.ID == "" {
		return ""
	}
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", partition.ID, account.ID, name)
}
