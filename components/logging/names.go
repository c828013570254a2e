package logging

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// The forms of names and labels are Kubernetes' own (gh:kubernetes/apimachinery pkg/util/validation/validation.go).
const (
	labelForm     = `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`
	subdomainForm = `[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*`
	valueForm     = `[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?`

	// maxSubdomain is a length, which no form can say.
	maxSubdomain = 253

	labelAllowed = "1 to 63 lower-case letters, digits and hyphens"
)

var (
	labelPattern     = regexp.MustCompile(`^` + labelForm + `$`)
	subdomainPattern = regexp.MustCompile(`^` + subdomainForm + `$`)
	keyPattern       = regexp.MustCompile(`^(` + subdomainForm + `/)?` + valueForm + `$`)
	valuePattern     = regexp.MustCompile(`^` + valueForm + `$`)
)

var (
	// Label is a DNS-1123 label: the name of a namespace or of a container.
	Label = fault.Matching(labelPattern, labelAllowed)
	// Namespace is the namespace of agents and Fluentd.
	Namespace = labelBut(`^(default$|kube-)`, fault.Problemf("it is one of Kubernetes' own"),
		labelAllowed+"; not default, and none that begins with kube-")
	// FlowName is the name of a flow, none of those that lead to the outputs.
	FlowName = labelBut(`^`+deliverName+`(-|$)`, fault.Problemf("deliver and what begins with deliver- are taken"),
		labelAllowed+"; not deliver, and none that begins with deliver-")
	// StorageClass is the name of a storage class.
	StorageClass = subdomain
	// PriorityClass is the name of a priority class.
	PriorityClass = subdomain

	// Labels are labels of pods. The router's configuration has key:value and skips a label that a pod does not have, so that
	// no value is empty.
	Labels = fault.Rule[map[string]string]{
		Allowed: "labels as Kubernetes takes them, each with a value",
		Refuse:  refuseLabels,
		Schema: map[string]any{
			"propertyNames":        map[string]any{"pattern": keyPattern.String()},
			"additionalProperties": map[string]any{"type": "string", "pattern": valuePattern.String()},
		},
	}
)

// labelBut takes the labels that do not match a pattern, and says of the others that they are taken.
func labelBut(pattern string, taken fault.Problem, allowed string) fault.Rule[string] {
	rule := fault.Matching(labelPattern, allowed)
	rule.Schema["not"] = map[string]any{"pattern": pattern}
	isTaken, refuse := regexp.MustCompile(pattern).MatchString, rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		if isTaken(name) {
			return taken, true
		}
		return refuse(name)
	}
	return rule
}

var subdomain = fault.Rule[string]{
	Allowed: "1 to 253 lower-case letters, digits, hyphens and periods",
	Refuse: func(name string) (fault.Problem, bool) {
		return fault.Problemf("not allowed"), len(name) > maxSubdomain || !subdomainPattern.MatchString(name)
	},
	Schema: map[string]any{"pattern": subdomainPattern.String(), "maxLength": maxSubdomain},
}

func refuseLabels(labels map[string]string) (fault.Problem, bool) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		value := labels[key]
		prefix, _, prefixed := strings.Cut(key, "/")
		switch {
		case !keyPattern.MatchString(key), prefixed && len(prefix) > maxSubdomain:
			return fault.Problemf("the key %q is not allowed", key), true
		case value == "":
			return fault.Problemf("%q has no value", key), true
		case !valuePattern.MatchString(value):
			return fault.Problemf("the value %q of %q is not allowed", value, key), true
		}
	}
	return fault.Problem{}, false
}
