package logging

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
)

var (
	// Label is the name of a namespace or of a container.
	Label = naming.KubernetesLabel
	// Namespace is the namespace of agents and Fluentd.
	Namespace = labelBut(`^(default$|kube-)`, fault.Problemf("one of Kubernetes' own"), "not default, and none that begins with kube-")
	// FlowName is the name of a flow, none of those that lead to the outputs.
	FlowName = labelBut(`^`+deliverName+`(-|$)`, fault.Problemf("deliver and what begins with deliver- are taken"),
		"not deliver, and none that begins with deliver-")
	// StorageClass is the name of a storage class.
	StorageClass = naming.KubernetesSubdomain

	// Labels are labels of pods. The router's configuration has key:value and skips a label that a pod does not have, so that
	// no value is empty.
	Labels = fault.Rule[map[string]string]{
		Allowed: "labels as Kubernetes takes them, each with a value",
		Refuse:  refuseLabels,
		Schema: map[string]any{
			"propertyNames":        map[string]any{"pattern": `^([a-z0-9.-]+/)?` + valueForm + `$`},
			"additionalProperties": map[string]any{"type": "string", "pattern": valuePattern.String()},
		},
	}
)

// labelBut takes DNS labels that do not match a pattern, and says of the others that they are taken.
func labelBut(pattern string, taken fault.Problem, allowed string) fault.Rule[string] {
	rule := naming.KubernetesLabel
	rule.Allowed += "; " + allowed
	rule.Schema = maps.Clone(rule.Schema)
	// A number has no pattern: without its type it would be refused.
	rule.Schema["not"] = map[string]any{"type": "string", "pattern": pattern}
	isTaken, refuse := regexp.MustCompile(pattern).MatchString, rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		if isTaken(name) {
			return taken, true
		}
		return refuse(name)
	}
	return rule
}

// valueForm is that of a label's value, and of its key without a prefix
// (kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).
const valueForm = `[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?`

var valuePattern = regexp.MustCompile(`^` + valueForm + `$`)

func refuseLabels(labels map[string]string) (fault.Problem, bool) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		switch value := labels[key]; {
		case !isLabelKey(key):
			return fault.Problemf("the key %q is not allowed", key), true
		case value == "":
			return fault.Problemf("%q has no value", key), true
		case !valuePattern.MatchString(value):
			return fault.Problemf("the value %q of %q is not allowed", value, key), true
		}
	}
	return fault.Problem{}, false
}

// isLabelKey takes a name with or without a prefix, which is a DNS subdomain.
func isLabelKey(key string) bool {
	prefix, name, prefixed := strings.Cut(key, "/")
	if !prefixed {
		return valuePattern.MatchString(key)
	}
	_, refused := naming.KubernetesSubdomain.Refuse(prefix)
	return !refused && valuePattern.MatchString(name)
}
