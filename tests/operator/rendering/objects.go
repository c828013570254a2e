// Package rendering runs the Logging Operator's own reconcilers, without a cluster, on the custom resources that a program
// registers: it gives the very configuration of Fluentd and Fluent Bit that the operator would write, and the workloads
// around them.
package rendering

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"example.com/log-pipeline/tests/mocks"
)

// Objects are the Kubernetes objects that a program registered, of all its clusters: those with an API version and a kind,
// so no charts. They come in the order of kind, namespace and name.
func Objects(recording *mocks.Recording) []*unstructured.Unstructured {
	var objects []*unstructured.Unstructured
	for _, ofCluster := range Clusters(recording) {
		objects = append(objects, ofCluster...)
	}
	sortByKey(objects)
	return objects
}

// Clusters are the Kubernetes objects that a program registered, by the logical name of the provider that they go to: ""
// where it names none.
func Clusters(recording *mocks.Recording) map[string][]*unstructured.Unstructured {
	clusters := make(map[string][]*unstructured.Unstructured)
	for _, registered := range recording.All() {
		object := &unstructured.Unstructured{Object: plain(registered.Inputs).(map[string]any)}
		if !strings.HasPrefix(registered.Type, "kubernetes:") || object.GetAPIVersion() == "" || object.GetKind() == "" {
			continue
		}
		provider := providerName(registered.Provider)
		clusters[provider] = append(clusters[provider], object)
	}
	for _, objects := range clusters {
		sortByKey(objects)
	}
	return clusters
}

// providerName is the last part of the URN in a provider's reference, which is URN::ID.
func providerName(reference string) string {
	parts := strings.Split(reference, "::")
	if len(parts) < 2 {
		return ""
	}
	return parts[len(parts)-2]
}

func sortByKey(objects []*unstructured.Unstructured) {
	slices.SortFunc(objects, func(a, b *unstructured.Unstructured) int {
		return cmp.Or(cmp.Compare(a.GetKind(), b.GetKind()), cmp.Compare(key(a), key(b)))
	})
}

// plain is an input as the provider gets it: no secrets or outputs around values.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for name, element := range value {
			copied[name] = plain(element)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, element := range value {
			copied[i] = plain(element)
		}
		return copied
	case *resource.Secret:
		return plain(value.Element.Mappable())
	default:
		return value
	}
}

// key is the namespace, if any, and the name.
func key(object *unstructured.Unstructured) string {
	return strings.TrimPrefix(object.GetNamespace()+"/"+object.GetName(), "/")
}
