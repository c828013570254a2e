package stacks

import (
	"slices"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// LoggingConfig is what agents and Fluentd of all clusters have in common.
type LoggingConfig struct {
	// Namespace is that of agents and Fluentd. Default: logging.
	Namespace string
	// Outputs are where Fluentd sends the logs: stream, s3 and firehose. Default: stream.
	Outputs []logging.OutputName
	// FirehoseName is the delivery stream of the output firehose.
	FirehoseName string
	// ExcludedNamespaces are not carried. Default: none but Namespace.
	ExcludedNamespaces []string
}

func (c *LoggingConfig) declare(s *settings.Section) {
	settings.Text(s, &c.Namespace, "namespace", logging.DefaultNamespace, logging.Namespace,
		"Kubernetes namespace of agents and Fluentd, for nothing else.")
	settings.List(s, &c.Outputs, "outputs", logging.Outputs,
		"Where Fluentd sends the logs: to the stream, to S3 by its own delivery, beside the stream or alone, or to a Firehose stream. Empty: to the stream.")
	settings.Text(s, &c.FirehoseName, "firehoseName", "", naming.FirehoseStream.Rule,
		"Firehose stream in the data account, with direct put as its source, for the output firehose.")
	settings.List(s, &c.ExcludedNamespaces, "excludedNamespaces", naming.KubernetesLabel,
		"Namespaces whose logs are not even read; that of logging never is. Of the others, what no flow takes goes to the failed bucket.")
}

func (c *LoggingConfig) complete() {
	if len(c.Outputs) == 0 {
		c.Outputs = []logging.OutputName{logging.ToStream}
	}
}

// to says whether an output is one of those configured.
func (c LoggingConfig) to(output logging.OutputName) bool { return slices.Contains(c.Outputs, output) }

func (c *Config) loggingRules(reading *settings.Reading) fault.List {
	const name, outputs = fault.Path("logging.firehoseName"), fault.Path("logging.outputs")
	if !c.Logging.to(logging.ToFirehose) {
		return noEffect(reading, name, "without the output firehose in %s", outputs)
	}
	return fault.When(!reading.IsSet(name), fault.Fault{
		Path: name, Problem: fault.Problemf("not set, but needed by the output firehose of %s", outputs), Reads: []fault.Path{outputs},
	})
}
