package metricspec

import _ "embed"

// DefaultFile is what the spec of [Default] is called in faults.
const DefaultFile = "the default metric spec"

//go:embed default.yaml
var defaultText []byte

// Default is the spec where the user has none, for the access logs of Istio and for product events. It is default.yaml, which
// says what those are, and a test proves that it has no faults.
func Default() *Spec {
	spec, _ := Parse(DefaultFile, defaultText)
	return spec
}
