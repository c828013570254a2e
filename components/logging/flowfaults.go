package logging

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

func (a Args) checkFlows(c *collector) {
	if len(a.Flows) == 0 {
		c.add("Flows", "none; want one at least, or every log is an unmatched one")
	}
	for i, flow := range a.Flows {
		path := fmt.Sprintf("Flows[%d]", i)
		a.checkFlow(c, path+".", flow)
		for j, other := range a.Flows[:i] {
			if flow.Name == other.Name {
				c.add(path+".Name", "%q is the name of Flows[%d] too; want another", flow.Name, j)
			}
			if !a.apart(flow, other) {
				c.add(path, "%q may take logs that Flows[%d] %q takes, which would be sent twice; "+
					"want different Namespaces, Containers or values of a label, or what one takes excluded from the other", flow.Name, j, other.Name)
			}
		}
	}
}

func (a Args) checkFlow(c *collector, path string, flow Flow) {
	c.kubernetes(path+"Name", flow.Name, validation.IsDNS1123Label)
	if flow.Name == deliverName || strings.HasPrefix(flow.Name, deliverName+"-") {
		c.add(path+"Name", "%q; %s and what begins with %s- are taken", flow.Name, deliverName, deliverName)
	}
	if flow.Parser != JSON && flow.Parser != Istio && flow.Parser != NoParser {
		c.add(path+"Parser", "%q; want %s, %s or %s", flow.Parser, JSON, Istio, NoParser)
	}
	for i, output := range flow.Outputs {
		switch {
		case !slices.Contains(a.outputs(), output):
			c.add(path+"Outputs", "%q; want some of those that are set: %q", output, a.outputs())
		case i > 0 && output == flow.Outputs[i-1]:
			c.add(path+"Outputs", "%q is given twice; want each once", output)
		}
	}
	a.checkNamespaces(c, path, flow)
	c.labels(path+"Containers", flow.Containers)
	c.labels(path+"ExcludedContainers", flow.ExcludedContainers)
	for _, name := range flow.Containers {
		if slices.Contains(flow.ExcludedContainers, name) {
			c.add(path+"Containers", "%q is in ExcludedContainers too; nothing of it is left", name)
		}
	}
	checkLabels(c, path+"Labels", flow.Labels)
	checkLabels(c, path+"ExcludedLabels", flow.ExcludedLabels)
	if key, value, both := shared(flow.Labels, flow.ExcludedLabels); both {
		c.add(path+"Labels", "%q is in ExcludedLabels too; no log is left", key+"="+value)
	}
}

func (a Args) checkNamespaces(c *collector, path string, flow Flow) {
	c.labels(path+"Namespaces", flow.Namespaces)
	c.labels(path+"ExcludedNamespaces", flow.ExcludedNamespaces)
	for _, name := range flow.Namespaces {
		switch {
		case name == a.Namespace:
			c.add(path+"Namespaces", "%q is the logging system's own, whose logs are not read; want others", name)
		case slices.Contains(a.Agent.IgnoredNamespaces, name):
			c.add(path+"Namespaces", "%q is in Agent.IgnoredNamespaces, whose logs are not read; want others", name)
		case slices.Contains(flow.ExcludedNamespaces, name):
			c.add(path+"Namespaces", "%q is in ExcludedNamespaces too; nothing of it is left", name)
		}
	}
}

func checkLabels(c *collector, field string, labels map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		value := labels[key]
		c.kubernetes(field, key, validation.IsQualifiedName)
		c.kubernetes(field, value, validation.IsValidLabelValue)
		// The router's configuration has key:value, and skips a label that a pod does not have.
		if value == "" {
			c.add(field, "%q has no value; want one", key)
		}
	}
}

// apart says whether no log can be taken by both flows. Without a reason why not, one may be.
func (a Args) apart(f, g Flow) bool {
	return distinct(f.Namespaces, a.excludedNamespaces(f), g.Namespaces, a.excludedNamespaces(g)) ||
		distinct(f.Containers, f.ExcludedContainers, g.Containers, g.ExcludedContainers) ||
		contradict(f.Labels, g.Labels) || anyShared(f.Labels, g.ExcludedLabels) || anyShared(g.Labels, f.ExcludedLabels)
}

// distinct says whether nothing is in two selections of names, each of what it takes (all, where that is empty) without what
// it excludes.
func distinct(f, withoutF, g, withoutG []string) bool {
	if len(f) == 0 {
		f, g = g, f
	}
	if len(f) == 0 {
		return false
	}
	return !slices.ContainsFunc(f, func(name string) bool {
		return (len(g) == 0 || slices.Contains(g, name)) && !slices.Contains(withoutF, name) && !slices.Contains(withoutG, name)
	})
}

// contradict says whether both demand a label with different values.
func contradict(f, g map[string]string) bool {
	for key, value := range f {
		if other, ok := g[key]; ok && other != value {
			return true
		}
	}
	return false
}

func anyShared(f, g map[string]string) bool {
	_, _, both := shared(f, g)
	return both
}

// shared is a label that both have, with its value.
func shared(f, g map[string]string) (key, value string, both bool) {
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if other, ok := g[key]; ok && other == f[key] {
			return key, other, true
		}
	}
	return "", "", false
}
