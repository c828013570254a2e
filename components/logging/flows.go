package logging

import (
	"maps"
	"slices"

	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/model/filter"
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
		objects = append(objects, clusterFlow(d.name, v1beta1.ClusterFlowSpec{
			FlowLabel:            d.label(),
			IncludeLabelInRouter: ptr(false),
			Filters:              []v1beta1.Filter{{TagNormaliser: &filter.TagNormaliser{Format: deliveredTag}}},
			GlobalOutputRefs:     refs,
		}))
	}
	for _, flow := range a.Flows {
		objects = append(objects, clusterFlow(flow.Name, v1beta1.ClusterFlowSpec{
			Match:            a.match(flow),
			Filters:          a.filters(flow.Parser),
			GlobalOutputRefs: []string{deliveryTo(flow.Outputs, a.outputs())},
		}))
	}
	return objects
}

func clusterFlow(name string, spec v1beta1.ClusterFlowSpec) object {
	spec.LoggingRef = SystemName
	return object{kind: "ClusterFlow", name: name, logical: "flow/" + name, spec: func(string) any { return spec }}
}

// match is tried in order, and the first that fits decides, so that what is left out comes first. Within one element all
// conditions have to hold (gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb, match?).
func (a Args) match(flow Flow) []v1beta1.ClusterMatch {
	var matches []v1beta1.ClusterMatch
	exclude := func(e v1beta1.ClusterExclude) { matches = append(matches, v1beta1.ClusterMatch{ClusterExclude: &e}) }
	exclude(v1beta1.ClusterExclude{Namespaces: a.excludedNamespaces(flow)})
	if len(flow.ExcludedContainers) > 0 {
		exclude(v1beta1.ClusterExclude{ContainerNames: flow.ExcludedContainers})
	}
	for _, key := range slices.Sorted(maps.Keys(flow.ExcludedLabels)) {
		exclude(v1beta1.ClusterExclude{Labels: map[string]string{key: flow.ExcludedLabels[key]}})
	}
	return append(matches, v1beta1.ClusterMatch{ClusterSelect: &v1beta1.ClusterSelect{
		Namespaces: flow.Namespaces, Labels: flow.Labels, ContainerNames: flow.Containers,
	}})
}

// excludedNamespaces are the flow's own and those that no flow takes.
func (a Args) excludedNamespaces(flow Flow) []string {
	all := slices.Concat([]string{a.Namespace}, a.Agent.IgnoredNamespaces, flow.ExcludedNamespaces)
	slices.Sort(all)
	return slices.Compact(all)
}
