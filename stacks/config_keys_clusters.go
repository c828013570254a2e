package stacks

import (
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// The ways of Fluentd's events out of a cluster.
const (
	outputStream   = string(logging.ToStream)
	outputS3       = string(logging.ToS3)
	outputFirehose = string(logging.ToFirehose)
)

// The halves of a pipeline over two accounts.
const (
	sideBoth    = "both"
	sideData    = "data"
	sideService = "service"
)

func clusterKeys() []configKey {
	return []configKey{
		{
			name: "kubeconfig", allowed: "the path of a file",
			purpose: "The kubeconfig with the clusters' contexts. Empty: the ambient one (KUBECONFIG, or ~/.kube/config).",
		},
		{
			name: "clusters", kind: objectsKind, most: 20, fields: clusterFields(),
			purpose: "The EKS clusters whose logs are carried. Empty: none, the pipeline begins at the stream.",
		},
		{
			name: "loggingNamespace", fallback: logging.DefaultNamespace, valid: isOwnNamespace,
			allowed: labelAllowed + "; not default, and none that begins with kube-",
			purpose: "Kubernetes namespace of agents and Fluentd, for nothing else.",
		},
		{
			name: "streamOutageSeconds", kind: integerKind, fallback: "3600", max: 86_400,
			purpose: "How long Kinesis may be away before a log is lost.",
		},
		{
			name: "fluentdOutageSeconds", kind: integerKind, fallback: "1800", max: 86_400,
			purpose: "How long Fluentd may be away before a log is lost.",
		},
		{
			name: "outputs", kind: listKind, valid: oneOf(outputStream, outputS3, outputFirehose),
			allowed: "a list of stream, s3 (Fluentd's own delivery, beside the stream or alone) and firehose",
			purpose: "Where Fluentd sends the logs. Empty: to the stream.",
		},
		{
			name: "firehoseName", valid: passes(naming.FirehoseStream.Check), allowed: "1 to 64 letters, digits, underscores, hyphens and periods",
			purpose: "Firehose stream in the data account, with direct put as its source, for the output firehose.",
		},
	}
}

func clusterFields() []configKey {
	return []configKey{
		{name: "name", required: true, unique: true, valid: isLabel, allowed: labelAllowed, purpose: "Its name, which each event carries."},
		{name: "context", unique: true, allowed: "a context of the kubeconfig", purpose: "Its context in the kubeconfig. Empty: its name."},
		{
			name: "issuer", required: true, unique: true, valid: passes(access.CheckIssuer), allowed: "an https URL without port, query and trailing slash",
			purpose: "Its OIDC issuer, cluster.identity.oidc.issuer of aws eks describe-cluster.",
		},
		{
			name: "oidcProviderArn", valid: providerPattern.MatchString, allowed: "the ARN of an IAM OIDC provider",
			purpose: "IAM's OIDC provider of the issuer, where there is one. Empty: it is made.",
		},
		{name: "existingNamespace", kind: booleanKind, fallback: "false", purpose: "Whether loggingNamespace is there already, and so is not made."},
		{name: "installOperator", kind: booleanKind, fallback: "false", purpose: "Installs the Logging Operator with its chart."},
		{name: "prometheus", kind: booleanKind, fallback: "false", purpose: "Makes service monitors and alerts for the Prometheus Operator."},
		{name: "storageClass", valid: isSubdomain, allowed: "a DNS name", purpose: "Storage class of Fluentd's buffers. Empty: the cluster's default."},
		{name: "nodes", kind: integerKind, required: true, min: 1, max: 15_000, purpose: "Nodes that run pods."},
		{name: "podsPerNode", kind: integerKind, fallback: "30", min: 1, max: 737, purpose: "Pods on a node that write logs."},
		{
			name: "peakRecordsPerSecond", kind: integerKind, min: 1, max: 100_000_000,
			purpose: "Its part of the peak. Empty: by its nodes.",
		},
		{
			name: "meanRecordsPerSecond", kind: integerKind, min: 1, max: 100_000_000,
			purpose: "Its part of the mean. Empty: by its nodes.",
		},
		{
			name: "podPeakRecordsPerSecond", kind: integerKind, min: 1, max: 1_000_000,
			purpose: "Records a second of the loudest pod. Empty: the even share.",
		},
		{name: "agentDiskMiB", kind: integerKind, min: logging.MinAgentDiskMiB, max: 10 << 20, purpose: "The agent's buffer on each node. Empty: computed."},
		{name: "fluentdReplicas", kind: integerKind, min: 1, max: logging.MaxReplicas, purpose: "Replicas of Fluentd. Empty: computed."},
		{
			name: "fluentdWorkers", kind: integerKind, fallback: "1", min: 1, max: logging.MaxWorkers,
			purpose: "Workers of each replica. The operator drains the volume of a replica that goes only where there is one.",
		},
		{name: "fluentdFlushThreads", kind: integerKind, min: 1, max: logging.MaxFlushThreads, purpose: "Threads of each worker that call PutRecords. Empty: computed."},
		{name: "fluentdFlushSeconds", kind: integerKind, min: 1, max: 600, purpose: "How long Fluentd gathers records. Empty: computed."},
		{name: "fluentdDiskGiB", kind: integerKind, min: 1, max: 16_384, purpose: "Volume of each replica, which a volume that exists does not follow: expand it first. Empty: computed."},
		{
			name: "fluentdWorkerRecordsPerSecond", kind: integerKind, min: 1, max: 1_000_000,
			purpose: "Records a second that a worker carries, as you measured it. Empty: a cautious guess.",
		},
		{
			name: "retriesOnBatchRequest", kind: integerKind, min: 1, max: 1_000,
			purpose: "Tries of a batch until Fluentd's plugin drops what is left of it. Empty: computed.",
		},
	}
}

func flowKeys() []configKey {
	return []configKey{
		{
			name: "flows", kind: objectsKind, most: 200, fields: flowFields(),
			purpose: "Which logs are carried, and how they are read. Empty: all of every cluster, as JSON where they are.",
		},
		{
			name: "excludedNamespaces", kind: listKind, valid: isLabel, allowed: "a list of distinct Kubernetes namespaces",
			purpose: "Namespaces whose logs are not even read; loggingNamespace never is. Of the others, what no flow takes goes to the " +
				"failed bucket.",
		},
		{
			name: "redactFields", kind: listKind, valid: isFieldName, allowed: "a list of distinct names of letters, digits and _.-",
			purpose: "Fields whose values are replaced in every event.",
		},
		{
			name: "redactPatterns", kind: listKind, valid: isPattern, allowed: "a list of distinct regular expressions",
			purpose: "Regular expressions, what matches of which is replaced in every event.",
		},
		{
			name: "partitionKey", fallback: string(logging.ByEvent), valid: oneOf(string(logging.ByEvent), string(logging.ByPod)),
			allowed: "event_id or pod",
			purpose: "Field that spreads the events over the shards: evenly, or all of a pod to one shard, and so in order.",
		},
		{
			name: "oversizeRecords", fallback: string(logging.Truncate), valid: oneOf(string(logging.Truncate), string(logging.Divert)),
			allowed: "truncate or divert",
			purpose: "What is done to records that Kinesis would not take: cut, with a mark, or written whole to the failed bucket.",
		},
	}
}

func flowFields() []configKey {
	const names = "a list of distinct names of lower-case letters, digits and hyphens"
	return []configKey{
		{name: "name", required: true, unique: true, valid: isLabel, allowed: labelAllowed, purpose: "Its name."},
		{name: "clusters", kind: listKind, valid: isLabel, allowed: names, purpose: "The clusters it is for. Empty: all."},
		{name: "namespaces", kind: listKind, valid: isLabel, allowed: names, purpose: "Namespaces it takes. Empty: all but those excluded."},
		{name: "excludedNamespaces", kind: listKind, valid: isLabel, allowed: names, purpose: "Namespaces it leaves out."},
		{
			name: "labels", kind: labelsKind, allowed: "an object of Kubernetes labels: strings by keys",
			purpose: "Labels that a pod must have, all of them.",
		},
		{
			name: "excludedLabels", kind: labelsKind, allowed: "an object of Kubernetes labels: strings by keys",
			purpose: "Labels that a pod must not have, any of them.",
		},
		{name: "containers", kind: listKind, valid: isLabel, allowed: names, purpose: "Containers it takes. Empty: all."},
		{name: "excludedContainers", kind: listKind, valid: isLabel, allowed: names, purpose: "Containers it leaves out."},
		{
			name: "parser", fallback: string(logging.JSON), valid: oneOf(string(logging.JSON), string(logging.Istio), string(logging.NoParser)),
			allowed: "json, istio or none",
			purpose: "How a line is read: as JSON where it is JSON, as that or Istio's access log in text, or as text alone.",
		},
		{
			name: "outputs", kind: listKind, valid: oneOf(outputStream, outputS3, outputFirehose), allowed: "a list out of the key outputs",
			purpose: "Where it goes. Empty: to all outputs.",
		},
	}
}

func accessKeys() []configKey {
	return []configKey{
		{
			name: "side", fallback: sideBoth, valid: oneOf(sideBoth, sideData, sideService), allowed: "both, data or service",
			purpose: "The accounts whose half is made. With one alone, the output counterpart says what the other must do.",
		},
		{
			name: "writerExternalId", valid: passes(iampolicy.CheckExternalID), allowed: iampolicy.ExternalIDRule,
			purpose: "External id with which the clusters' Fluentd assumes the writer role; not a secret, as the clusters hold it in clear. " +
				"Required where the accounts differ.",
		},
		{
			name: "writerRoleArn", valid: rolePattern.MatchString, allowed: roleAllowed,
			purpose: "The data account's writer role, only with side service. Empty: the name that this program gives it.",
		},
		{
			name: "failedBucketName", valid: passes(naming.S3Bucket.Check), allowed: bucketAllowed,
			purpose: "The data account's bucket for what Fluentd cannot deliver; only with side service, and required there.",
		},
		{
			name: "s3BucketName", valid: passes(naming.S3Bucket.Check), allowed: bucketAllowed,
			purpose: "The data account's bucket for the output s3; only with side service, and required there. Otherwise it is the raw bucket.",
		},
		{
			name: "producerRoleArns", kind: listKind, valid: rolePattern.MatchString, allowed: "a list of distinct ARNs of IAM roles",
			purpose: "Other roles that may assume the writer role, besides those of the clusters.",
		},
		{
			name: "readerRoleArns", kind: listKind, valid: rolePattern.MatchString, allowed: "a list of distinct ARNs of IAM roles",
			purpose: "Roles that may assume a role in the data account that reads raw objects and their table. Empty: no such role.",
		},
		{
			name: "readerExternalId", valid: passes(iampolicy.CheckExternalID), allowed: iampolicy.ExternalIDRule,
			purpose: "External id of the readers. Required where they are of another account.",
		},
	}
}

func fieldNames(fields []configKey) string {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.name
		if field.required {
			names[i] += " (required)"
		}
	}
	return strings.Join(names, ", ")
}

var (
	// providerPattern's parts are the partition, the account and the issuer.
	providerPattern = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):oidc-provider/(.+)$`)
	fieldPattern    = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
)

const (
	// kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
	labelAllowed  = "1 to 63 lower-case letters, digits and hyphens"
	bucketAllowed = "3 to 63 lower-case letters, digits and hyphens"
)

func isLabel(text string) bool { return len(validation.IsDNS1123Label(text)) == 0 }
func isOwnNamespace(text string) bool {
	return isLabel(text) && text != "default" && !strings.HasPrefix(text, "kube-")
}

func isSubdomain(text string) bool { return len(validation.IsDNS1123Subdomain(text)) == 0 }
func isFieldName(text string) bool { return fieldPattern.MatchString(text) }

// isPattern takes what Go understands; what Ruby, which runs it, would read otherwise is for components/logging to refuse.
func isPattern(text string) bool {
	_, err := regexp.Compile(text)
	return err == nil
}
