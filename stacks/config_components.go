package stacks

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
)

// checkComponents asks the components of clusters and roles whether they take what is configured, so that nothing is
// accepted here and refused halfway through a deployment. What they say of a field is a fault of the key that it comes from.
func (p *parser) checkComponents(c *Config) {
	if p.anyFaulty("region", "dataAccountId", "serviceAccountId", "serviceRegion", "side", "clusters", "writerExternalId", "writerRoleArn",
		"failedBucketName", "s3BucketName") {
		return
	}
	for i, cluster := range c.Clusters {
		p.takeOver(c.identityArgs(cluster).Check(), origins{
			"Issuer": p.field("clusters", i, "issuer"), "ProviderARN": p.field("clusters", i, "oidcProviderArn"),
			"RoleName": p.field("clusters", i, "name"), "WriterRoleARN": p.key("writerRoleArn"),
		})
		p.checkLogging(c, i)
	}
	p.checkRoles(c)
}

// origins are where the fields of a component's args come from: each reports a fault there.
type origins map[string]func(problem string)

func (p *parser) key(name string) func(string) {
	return func(problem string) { p.once(func() { p.fault(name, "%s", problem) }) }
}

func (p *parser) field(name string, index int, field string) func(string) {
	return func(problem string) { p.once(func() { p.faultIn(name, index, field, "%s", problem) }) }
}

// once reports a fault unless it was reported: what is wrong with a flow is wrong in every cluster.
func (p *parser) once(report func()) {
	before := len(p.faults)
	report()
	if last := len(p.faults) - 1; last >= before && slices.Contains(p.faults[:before], p.faults[last]) {
		p.faults = p.faults[:last]
	}
}

// takeOver makes the faults of a component's args faults of the configuration. A field of unknown origin is reported too,
// by the first key of all: it must not pass.
func (p *parser) takeOver(err error, from origins) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, fault := range joined.Unwrap() {
		field, problem, _ := strings.Cut(fault.Error(), ": ")
		report := from[field]
		if report == nil {
			report, problem = p.key("clusters"), fault.Error()
		}
		report(problem)
	}
}

var flowField = regexp.MustCompile(`^Flows\[(\d+)\]\.?(.*)$`)

// checkLogging finds what is wrong with the flows and with what they do to events.
func (p *parser) checkLogging(c *Config, index int) {
	if p.anyFaulty("flows", "outputs", "firehoseName", "loggingNamespace", "excludedNamespaces", "redactFields", "redactPatterns") {
		return
	}
	args := c.loggingArgs(c.Clusters[index], nil)
	args.Failed.BucketName = pulumi.String(cmp.Or(c.Access.FailedBucketName, "failed"))
	from := origins{
		"Namespace": p.key("loggingNamespace"), "Agent.IgnoredNamespaces": p.key("excludedNamespaces"), "Flows": p.key("flows"),
		"Events.RedactFields": p.key("redactFields"), "Events.RedactPatterns": p.key("redactPatterns"),
		"Cluster": p.field("clusters", index, "name"), "Agent.DiskLimitMiB": p.field("clusters", index, "agentDiskMiB"),
		"Aggregator.TotalLimitMiB": p.field("clusters", index, "fluentdDiskGiB"),
	}
	// The args have those of all flows that are for this cluster.
	var flows []int
	for i, flow := range c.Logging.Flows {
		if flow.in(c.Clusters[index].Name) {
			flows = append(flows, i)
		}
	}
	err := args.Check()
	if joined, ok := err.(interface{ Unwrap() []error }); ok && len(p.objects("flows")) > 0 {
		for _, fault := range joined.Unwrap() {
			field, _, _ := strings.Cut(fault.Error(), ": ")
			if parts := flowField.FindStringSubmatch(field); parts != nil {
				i, _ := strconv.Atoi(parts[1])
				from[field] = p.field("flows", flows[i], cmp.Or(lowerFirst(parts[2]), "name"))
			}
		}
	}
	p.takeOver(err, from)
}

// checkRoles finds what is wrong with the roles that are trusted. What comes out of resources is not looked at.
func (p *parser) checkRoles(c *Config) {
	if len(c.Access.ProducerRoleARNs) > 0 && c.Access.makesData() && !p.faulty["producerRoleArns"] {
		producers := p.key("producerRoleArns")
		if len(p.list("producerRoleArns")) == 0 {
			producers = p.key("clusters")
		}
		args, err := c.writerArgs(&lake.Lake{}, &stream.Stream{})
		if err == nil {
			err = args.Check()
		}
		p.takeOver(err, origins{"Producers": producers, "RoleName": producers, "ExternalID": p.key("writerExternalId")})
	}
	if len(c.Access.ReaderRoleARNs) > 0 && c.Access.makesData() && !p.anyFaulty("readerRoleArns", "readerExternalId") {
		readers := p.key("readerRoleArns")
		p.takeOver(c.readerArgs(&lake.Lake{}, &delivery.S3{}).Check(), origins{"Readers": readers, "RoleName": readers, "ExternalID": p.key("readerExternalId")})
	}
}

func lowerFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}
