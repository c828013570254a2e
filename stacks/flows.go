package stacks

import (
	"slices"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// FlowConfig is a flow of some of the clusters.
type FlowConfig struct {
	logging.Flow
	// Clusters are those that it is for; empty for all.
	Clusters []string
}

// everythingFlow is the name of the flow that there is where none is given.
const everythingFlow = "everything"

func (f *FlowConfig) declare(s *settings.Section) {
	settings.Text(s, &f.Name, "name", "", logging.FlowName, "Its name.").Required().Unique()
	settings.List(s, &f.Clusters, "clusters", naming.KubernetesLabel, "The clusters it is for. Empty: all.")
	settings.List(s, &f.Namespaces, "namespaces", naming.KubernetesLabel, "Namespaces it takes. Empty: all but those excluded.")
	settings.List(s, &f.ExcludedNamespaces, "excludedNamespaces", naming.KubernetesLabel, "Namespaces it leaves out.")
	settings.Map(s, &f.Labels, "labels", logging.Labels, "Labels that a pod must have, all of them.")
	settings.Map(s, &f.ExcludedLabels, "excludedLabels", logging.Labels, "Labels that a pod must not have, any of them.")
	settings.List(s, &f.Containers, "containers", naming.KubernetesLabel, "Containers it takes. Empty: all.")
	settings.List(s, &f.ExcludedContainers, "excludedContainers", naming.KubernetesLabel, "Containers it leaves out.")
	settings.Text(s, &f.Parser, "parser", logging.JSON, logging.Parsers,
		"How a line is read: as JSON where it is JSON, as that or Istio's access log in text, or as text alone.")
	settings.List(s, &f.Outputs, "outputs", logging.Outputs, "Where it goes, out of logging.outputs. Empty: to all of them.")
}

// in says whether the flow is for a cluster.
func (f FlowConfig) in(cluster string) bool {
	return len(f.Clusters) == 0 || slices.Contains(f.Clusters, cluster)
}

func (c *Config) completeFlows() {
	if len(c.Flows) == 0 {
		c.Flows = []FlowConfig{{Flow: logging.Flow{Name: everythingFlow, Parser: logging.JSON}}}
	}
}

// flowsOf are the flows of a cluster, and their indices in the configuration.
func (c *Config) flowsOf(cluster string) (flows []logging.Flow, indices []int) {
	for i, flow := range c.Flows {
		if flow.in(cluster) {
			flows, indices = append(flows, flow.Flow), append(indices, i)
		}
	}
	return flows, indices
}

// flowOutputs are the settings that say which outputs a cluster's flows go to.
func (c *Config) flowOutputs() []fault.Path {
	var paths []fault.Path
	for i := range c.Flows {
		paths = append(paths, fault.Path("flows").Index(i).Fields("clusters", "outputs")...)
	}
	return paths
}

// flowRules refuse what nothing in the configuration corresponds to.
func (c *Config) flowRules(reading *settings.Reading) fault.List {
	if len(c.Clusters) == 0 {
		return fault.Join(noEffect(reading, "flows", "without %s", "clusters"), noEffect(reading, "events", "without %s", "clusters"))
	}
	var found fault.List
	for i, flow := range c.Flows {
		path := fault.Path("flows").Index(i)
		for _, name := range flow.Clusters {
			known := slices.ContainsFunc(c.Clusters, func(cluster ClusterConfig) bool { return cluster.Name == name })
			found = append(found, fault.When(!known, fault.Fault{
				Path: path.Field("clusters"), Problem: fault.Problemf("there is no cluster %q in %s", name, fault.Path("clusters")), Reads: c.clusterNames(),
			})...)
		}
		for _, output := range flow.Outputs {
			found = append(found, fault.When(!slices.Contains(c.Logging.Outputs, output), fault.Fault{
				Path: path.Field("outputs"), Problem: fault.Problemf("%q is not one of %s", output, fault.Path("logging.outputs")),
				Reads: []fault.Path{"logging.outputs"},
			})...)
		}
	}
	return found
}
