package stacks

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/components/stream"
)

// finding is what a component says of a field of its args, told of where that field comes from.
type finding struct {
	origin
	index   int // of the object that origin.field is of
	problem string
}

// checkComponents asks the components of clusters and roles whether they take what is configured, so that nothing is
// accepted here and refused halfway through a deployment. All are asked before anything is reported: what one of them says
// hides nothing that another does.
func (p *parser) checkComponents(c *Config) {
	found := p.sharedFindings(c)
	for i, cluster := range c.Clusters {
		found = append(found, p.findings(c.identityArgs(cluster).Check(), source{table: identityOrigins, cluster: i})...)
		found = append(found, p.loggingFindings(c, cluster, i)...)
	}
	if len(c.Clusters) == 0 {
		found = append(found, p.loggingFindings(c, standIn(""), noObject)...)
	}
	found = append(found, p.roleFindings(c)...)
	p.report(found)
}

// standIn is a cluster for checks that are about none of those configured.
func standIn(name string) ClusterConfig { return ClusterConfig{Name: name, RoleName: "fluentd"} }

// sharedFindings are what is wrong with all that clusters have in common, and with each flow, whichever cluster it is for.
func (p *parser) sharedFindings(c *Config) []finding {
	args := c.loggingArgs(standIn("any"), nil)
	args.Flows = nil
	var flows []int
	for i, flow := range c.Logging.Flows {
		args.Flows, flows = append(args.Flows, flow.Flow), append(flows, i)
	}
	found := p.findings(args.Check(), source{table: loggingOrigins, cluster: noObject, flows: flows})
	// Flows of different clusters may take the same.
	return slices.DeleteFunc(found, func(f finding) bool { return f.field == wholeObject })
}

// loggingFindings are what is wrong in a cluster, and between the flows that are for it.
func (p *parser) loggingFindings(c *Config, cluster ClusterConfig, index int) []finding {
	args := c.loggingArgs(cluster, nil)
	args.Failed.BucketName = pulumi.String(cmp.Or(c.Access.FailedBucketName, "failed"))
	var flows []int
	for i, flow := range c.Logging.Flows {
		if flow.in(cluster.Name) {
			flows = append(flows, i)
		}
	}
	if len(flows) > 0 {
		return p.findings(args.Check(), source{table: loggingOrigins, cluster: index, flows: flows})
	}
	args.Flows = []logging.Flow{{Name: everythingFlow}} // so that the component says only what is not about flows
	found := p.findings(args.Check(), source{table: loggingOrigins, cluster: index})
	if index != noObject && cluster.Name != "" && !p.anyFlow(func(flow settings) bool { return flow.faulty["clusters"] }) {
		found = append(found, finding{origin: origin{key: "flows"}, problem: "none is for the cluster " + strconv.Quote(cluster.Name) +
			"; want one at least, or every log of it is an unmatched one"})
	}
	return found
}

func (p *parser) anyFlow(is func(settings) bool) bool {
	return slices.ContainsFunc(p.objects("flows"), is)
}

// roleFindings are what is wrong with the roles that are trusted. What comes out of resources is not looked at.
func (p *parser) roleFindings(c *Config) []finding {
	found := p.producerFindings(c)
	if len(c.Access.ReaderRoleARNs) == 0 {
		return found
	}
	return append(found, p.findings(c.readerArgs(&lake.Lake{}, &delivery.S3{}).Check(), source{table: readerOrigins, cluster: noObject})...)
}

func (p *parser) producerFindings(c *Config) []finding {
	// Without a place there is no role to trust anybody.
	if !c.Access.makesData() || p.anyFaulty("side", "region", "dataAccountId") {
		return nil
	}
	given := p.list("producerRoleArns")
	args, err := c.writerArgs(&lake.Lake{}, &stream.Stream{})
	if err != nil {
		return p.findings(err, source{cluster: noObject})
	}
	// The clusters' roles are in an account that may be at fault itself.
	known := !p.anyFaulty("serviceAccountId", "serviceRegion")
	args.Producers = slices.DeleteFunc(slices.Clone(args.Producers), func(arn string) bool {
		return arn == "" || !known && !slices.Contains(given, arn)
	})
	if len(args.Producers) == 0 {
		return nil
	}
	table := producerOrigins
	if len(given) == 0 {
		table = clusterProducerOrigins
	}
	return p.findings(args.Check(), source{table: table, cluster: noObject})
}

// findings are what an error of a component's Check says, without what is about values that are at fault already, or follows
// from such. A field of unknown origin is there too, by the first key of all: it must not pass.
func (p *parser) findings(err error, from source) []finding {
	if err == nil {
		return nil
	}
	faults := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		faults = joined.Unwrap()
	}
	var found []finding
	for _, fault := range faults {
		f, known := p.locate(fault.Error(), from)
		if known && !p.followed(f, fault.Error(), from) {
			found = append(found, f)
		}
	}
	return found
}

// followed says whether a finding is about a value that is at fault already, or that cannot be read in part.
func (p *parser) followed(f finding, text string, from source) bool {
	if p.anyFaulty(f.needs...) {
		return true
	}
	objects := p.objects(f.key)
	switch {
	case f.field == wholeObject:
		// Whether flows take the same is not known where what one of them takes is not.
		return slices.ContainsFunc(from.flowsIn(text), func(i int) bool { return objects[i].unreadBut("name", "parser", "outputs") })
	case f.field != "":
		return objects[f.index].faulty[f.field]
	case isObjects(f.key):
		return p.given(f.key) && p.unread(f.key)
	default:
		return p.faulty[f.key]
	}
}

// report makes findings faults, each once: what is wrong with a flow is wrong in every cluster.
func (p *parser) report(found []finding) {
	for _, f := range found {
		before := len(p.faults)
		switch problem := p.openly(f); f.field {
		case "":
			p.fault(f.key, "%s", problem)
		case wholeObject:
			p.faultOfObject(f.key, f.index, problem)
		default:
			p.faultIn(f.key, f.index, f.field, "%s", problem)
		}
		if slices.Contains(p.faults[:before], p.faults[before]) {
			p.faults = p.faults[:before]
		}
	}
}

// openly is the problem as it may be shown. A component quotes the value, and parts of it, and what would do instead: of an
// encrypted value nothing of that.
func (p *parser) openly(f finding) string {
	if p.raw.Secret[p.full(f.key)] {
		return "not allowed"
	}
	return f.problem
}
