package naming

import (
	"regexp"

	"example.com/log-pipeline/internal/fault"
)

// What Kubernetes takes as names: kubernetes.io/docs/concepts/overview/working-with-objects/names/.
var (
	// KubernetesLabel is a DNS label (RFC 1123): the name of a namespace.
	KubernetesLabel = fault.Matching(regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`), "1 to 63 lower-case letters, digits and hyphens")
	// KubernetesSubdomain is a DNS subdomain (RFC 1123): the name of most other objects.
	KubernetesSubdomain = kubernetesSubdomain()
)

const maxSubdomain = 253

func kubernetesSubdomain() fault.Rule[string] {
	pattern := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	r := fault.Passing("1 to 253 lower-case letters, digits, hyphens and periods",
		func(name string) bool { return len(name) <= maxSubdomain && pattern.MatchString(name) })
	r.Schema = map[string]any{"pattern": pattern.String(), "maxLength": maxSubdomain}
	return r
}
