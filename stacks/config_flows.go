package stacks

import (
	"slices"

	"example.com/log-pipeline/components/logging"
)

// FlowConfig is a flow of some of the clusters.
type FlowConfig struct {
	logging.Flow
	// Clusters are those that it is for; empty for all.
	Clusters []string
}

// in says whether the flow is for a cluster.
func (f FlowConfig) in(cluster string) bool {
	return len(f.Clusters) == 0 || slices.Contains(f.Clusters, cluster)
}

// everythingFlow is the name of the flow that there is where none is given.
const everythingFlow = "everything"

// flows reads the flows, and makes one of everything where there are none.
func (p *parser) flows(c *Config) []FlowConfig {
	objects := p.objects("flows")
	if len(objects) == 0 {
		return []FlowConfig{{Flow: logging.Flow{Name: everythingFlow, Parser: logging.JSON}}}
	}
	flows := make([]FlowConfig, len(objects))
	for i, object := range objects {
		flows[i] = FlowConfig{
			Clusters: object.list("clusters"),
			Flow: logging.Flow{
				Name:               object.text("name"),
				Namespaces:         object.list("namespaces"),
				ExcludedNamespaces: object.list("excludedNamespaces"),
				Labels:             object.pairs("labels"),
				ExcludedLabels:     object.pairs("excludedLabels"),
				Containers:         object.list("containers"),
				ExcludedContainers: object.list("excludedContainers"),
				Parser:             logging.Parser(object.text("parser")),
				Outputs:            outputNames(object.list("outputs")),
			},
		}
		p.checkFlow(i, flows[i], c)
	}
	return flows
}

// checkFlow refuses what nothing in the configuration corresponds to.
func (p *parser) checkFlow(index int, flow FlowConfig, c *Config) {
	// A cluster whose name cannot be read may be any.
	anyUnread := p.unread("clusters") || slices.ContainsFunc(c.Clusters, func(cluster ClusterConfig) bool { return cluster.Name == "" })
	for _, name := range flow.Clusters {
		known := slices.ContainsFunc(c.Clusters, func(cluster ClusterConfig) bool { return cluster.Name == name })
		if !known && !anyUnread {
			p.faultIn("flows", index, "clusters", "there is no cluster %q in %s", name, p.full("clusters"))
		}
	}
	for _, output := range flow.Outputs {
		if !slices.Contains(c.Logging.Outputs, string(output)) && !p.faulty["outputs"] {
			p.faultIn("flows", index, "outputs", "%q is not one of %s", output, p.full("outputs"))
		}
	}
}

func outputNames(names []string) []logging.OutputName {
	var outputs []logging.OutputName
	for _, name := range names {
		outputs = append(outputs, logging.OutputName(name))
	}
	return outputs
}
