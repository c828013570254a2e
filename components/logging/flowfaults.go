package logging

import (
	"maps"
	"slices"

	"example.com/log-pipeline/internal/fault"
)

// selectionFields are the fields of a flow that say which logs it takes.
var selectionFields = []string{
	"Namespaces", "ExcludedNamespaces", "Labels", "ExcludedLabels", "Containers", "ExcludedContainers",
}

// outputFields are the fields of Args that say where the outputs are.
var outputFields = map[OutputName]fault.Path{ToStream: "Stream", ToS3: "S3", ToFirehose: "Firehose"}

func (a Args) checkFlows() fault.List {
	faults := fault.When(len(a.Flows) == 0, fault.Fault{
		Path: flowsPath, Problem: fault.Problemf("none, so that every log is an unmatched one"), Allowed: "one at least",
	})
	for i, flow := range a.Flows {
		path := flowsPath.Index(i)
		faults = append(faults, a.checkFlow(path, flow)...)
		for j, other := range a.Flows[:i] {
			faults = append(faults, a.checkPair(path, flow, flowsPath.Index(j), other)...)
		}
	}
	return faults
}

// checkPair compares a flow with one before it.
func (a Args) checkPair(path fault.Path, flow Flow, otherPath fault.Path, other Flow) fault.List {
	reads := slices.Concat(path.Fields(selectionFields...), otherPath.Fields(selectionFields...),
		[]fault.Path{"Namespace", "Agent.IgnoredNamespaces"})
	return fault.Join(
		fault.When(flow.Name == other.Name && flow.Name != "", fault.Fault{
			Path: path.Field("Name"), Given: flow.Name, Problem: fault.Problemf("the name of %s too", otherPath),
			Reads: otherPath.Fields("Name"),
		}),
		fault.When(!a.apart(flow, other), fault.Fault{
			Path:    path,
			Problem: fault.Problemf("%q may take logs that %s %q takes, which would be sent twice", flow.Name, otherPath, other.Name),
			Allowed: "other namespaces, containers or values of a label, or what one takes excluded from the other",
			Reads:   reads,
		}),
	)
}

func (a Args) checkFlow(path fault.Path, flow Flow) fault.List {
	excludedLabels := path.Field("ExcludedLabels")
	key, value, both := shared(flow.Labels, flow.ExcludedLabels)
	return fault.Join(
		fault.Required(path.Field("Name"), flow.Name, FlowName),
		Parsers.Check(path.Field("Parser"), string(flow.Parser)),
		a.checkFlowOutputs(path.Field("Outputs"), flow.Outputs),
		a.checkNamespaces(path, flow),
		checkNames(path, "Containers", flow.Containers, flow.ExcludedContainers),
		Labels.Check(path.Field("Labels"), flow.Labels),
		Labels.Check(excludedLabels, flow.ExcludedLabels),
		fault.When(both, fault.Fault{
			Path: path.Field("Labels"), Reads: []fault.Path{excludedLabels},
			Problem: fault.Problemf("%q is in %s too, so that no log is left", key+"="+value, excludedLabels),
		}),
	)
}

func (a Args) checkFlowOutputs(path fault.Path, outputs []OutputName) fault.List {
	var faults fault.List
	set := a.outputs()
	for i, output := range outputs {
		unknown := Outputs.InList(path, []string{string(output)})
		faults = append(faults, unknown...)
		faults = append(faults, fault.When(len(unknown) == 0 && !slices.Contains(set, output), fault.Fault{
			Path: path, Problem: fault.Problemf("%q is none of those that are set: %q", output, set),
			Reads: []fault.Path{outputFields[output]},
		})...)
		faults = append(faults, fault.When(i > 0 && output == outputs[i-1], fault.Fault{
			Path: path, Problem: fault.Problemf("%q is given twice", output), Allowed: "each once",
		})...)
	}
	return faults
}

func (a Args) checkNamespaces(path fault.Path, flow Flow) fault.List {
	const own, ignored fault.Path = "Namespace", "Agent.IgnoredNamespaces"
	field := path.Field("Namespaces")
	faults := checkNames(path, "Namespaces", flow.Namespaces, flow.ExcludedNamespaces)
	for _, name := range flow.Namespaces {
		switch {
		case name == a.Namespace:
			faults = append(faults, fault.Fault{
				Path: field, Reads: []fault.Path{own},
				Problem: fault.Problemf("%q is the logging system's own, whose logs are not read", name),
			})
		case slices.Contains(a.Agent.IgnoredNamespaces, name):
			faults = append(faults, fault.Fault{
				Path: field, Reads: []fault.Path{ignored},
				Problem: fault.Problemf("%q is in %s, whose logs are not read", name, ignored),
			})
		}
	}
	return faults
}

// checkNames checks the labels that a field has, and those that the flow excludes.
func checkNames(path fault.Path, name string, taken, excluded []string) fault.List {
	field, excludedField := path.Field(name), path.Field("Excluded"+name)
	faults := fault.Join(Label.InList(field, taken), Label.InList(excludedField, excluded))
	for _, text := range taken {
		faults = append(faults, fault.When(slices.Contains(excluded, text), fault.Fault{
			Path: field, Reads: []fault.Path{excludedField},
			Problem: fault.Problemf("%q is in %s too, so that nothing of it is left", text, excludedField),
		})...)
	}
	return faults
}

// apart says whether no log can be taken by both flows. It is false where nothing excludes that.
func (a Args) apart(f, g Flow) bool {
	return distinct(f.Namespaces, a.excludedNamespaces(f), g.Namespaces, a.excludedNamespaces(g)) ||
		distinct(f.Containers, f.ExcludedContainers, g.Containers, g.ExcludedContainers) ||
		contradict(f.Labels, g.Labels) || anyShared(f.Labels, g.ExcludedLabels) || anyShared(g.Labels, f.ExcludedLabels)
}

// distinct says whether two selections have no name in common. A selection has the names that it takes, or all names where it
// takes none, without those that it excludes.
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
