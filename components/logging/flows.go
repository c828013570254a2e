package logging

import (
	"maps"
	"slices"

	spec "example.com/log-pipeline/internal/loggingspec"
)

const (
	// deliverName is, or begins, the name of what leads from flows to outputs.
	deliverName = "deliver"
	// deliveredTag is the one tag that events have in buffers. A chunk of stream or Firehose holds one tag, and an agent's tag
	// is a container's: those would be thousands of requests with a few events each.
	deliveredTag = "logs"
)

// delivery is where flows meet that go to the same outputs, and where the outputs' buffers are.
type delivery struct {
	name    string
	outputs []OutputName
}

// label is Fluentd's name of that part of its configuration.
func (d delivery) label() string { return "@" + d.name }

// deliveries are one to all outputs, and others where flows go to some of them. Flows share the buffers of an output: those
// have one size, their batches are full, and they stay where they are when a flow is renamed or removed, since Fluentd finds
// a buffer by the names of the flow and the output. For the same reason the first is always there, whatever flows do.
//
// It cannot be one for each output: a flow to several would have to copy events to relabel outputs, of which the operator
// leaves out the label then (gh:kube-logging/logging-operator pkg/sdk/logging/model/types, NewCopyDirective).
func (a Args) deliveries() []delivery { return deliveries(a.outputs(), a.Flows) }

func deliveries(all []OutputName, flows []Flow) []delivery {
	deliveries := []delivery{{name: deliverName, outputs: all}}
	for _, flow := range flows {
		some := delivery{name: deliveryTo(flow.Outputs, all), outputs: flow.Outputs}
		if !slices.ContainsFunc(deliveries, func(d delivery) bool { return d.name == some.name }) {
			deliveries = append(deliveries, some)
		}
	}
	return deliveries
}

// deliveryTo is the name of the delivery to some of all outputs.
func deliveryTo(some, all []OutputName) string {
	name := deliverName
	if slices.Equal(some, all) {
		return name
	}
	for _, output := range some {
		name += "-" + string(output)
	}
	return name
}

// Buffers is how many buffers each of Fluentd's workers has for these outputs and flows: one for each output, and more where
// flows go to some of the outputs only.
func Buffers(outputs []OutputName, flows []Flow) int {
	outputs = slices.Sorted(slices.Values(outputs))
	resolved := make([]Flow, len(flows))
	for i, flow := range flows {
		resolved[i] = flow.resolve(outputs)
	}
	n := 0
	for _, d := range deliveries(outputs, resolved) {
		n += len(d.outputs)
	}
	return n
}

// flowObjects are the caller's flows, and the deliveries that they lead to.
func (a Args) flowObjects() []object {
	var objects []object
	for _, d := range a.deliveries() {
		refs := make([]string, len(d.outputs))
		for i, name := range d.outputs {
			refs[i] = string(name)
		}
		objects = append(objects, clusterFlow(d.name, spec.ClusterFlow{
			FlowLabel:            d.label(),
			IncludeLabelInRouter: new(false),
			Filters:              []spec.Filter{{TagNormaliser: &spec.TagNormaliser{Format: deliveredTag}}},
			GlobalOutputRefs:     refs,
		}))
	}
	for _, flow := range a.Flows {
		objects = append(objects, clusterFlow(flow.Name, spec.ClusterFlow{
			Match:            a.match(flow),
			Filters:          a.filters(flow.Parser),
			GlobalOutputRefs: []string{deliveryTo(flow.Outputs, a.outputs())},
		}))
	}
	return objects
}

func clusterFlow(name string, flow spec.ClusterFlow) object {
	flow.LoggingRef = SystemName
	return object{kind: "ClusterFlow", name: name, logical: "flow/" + name, spec: func(string) any { return flow }}
}

// match is tried in order, and the first that fits decides, so that what is left out comes first. Within one element all
// conditions have to hold (gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb, match?).
func (a Args) match(flow Flow) []spec.Match {
	var matches []spec.Match
	exclude := func(e spec.Selection) { matches = append(matches, spec.Match{Exclude: &e}) }
	exclude(spec.Selection{Namespaces: a.excludedNamespaces(flow)})
	if len(flow.ExcludedContainers) > 0 {
		exclude(spec.Selection{ContainerNames: flow.ExcludedContainers})
	}
	for _, key := range slices.Sorted(maps.Keys(flow.ExcludedLabels)) {
		exclude(spec.Selection{Labels: map[string]string{key: flow.ExcludedLabels[key]}})
	}
	return append(matches, spec.Match{Select: &spec.Selection{
		Namespaces: flow.Namespaces, Labels: flow.Labels, ContainerNames: flow.Containers,
	}})
}

// excludedNamespaces are the flow's own and those that no flow takes.
func (a Args) excludedNamespaces(flow Flow) []string {
	all := slices.Concat([]string{a.Namespace}, a.Agent.IgnoredNamespaces, flow.ExcludedNamespaces)
	slices.Sort(all)
	return slices.Compact(all)
}
