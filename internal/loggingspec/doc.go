// Package loggingspec has the specs of the custom resources that the logging component registers, with the fields that it sets
// and no others, as they stand in JSON. The Logging Operator's own Go types (gh:kube-logging/logging-operator pkg/sdk) have all
// fields, and take Kubernetes' client into every program that imports them.
//
// Field for field they are compared with the types of the operator, of the Prometheus operator and of Kubernetes in
// tests/operator. What is not set is left out of the JSON: for an API server a null or an empty text is a value. Quantities
// are text in the form that Kubernetes itself writes.
package loggingspec

// The API versions of the custom resources.
const (
	// APIVersion is the Logging Operator's.
	APIVersion = "logging.banzaicloud.io/v1beta1"
	// MonitoringAPIVersion is the Prometheus operator's.
	MonitoringAPIVersion = "monitoring.coreos.com/v1"
)
