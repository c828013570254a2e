package kubebridge

import (
	"fmt"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type object = *unstructured.Unstructured

// kindOf reads pulumi-kubernetes's name of a type, kubernetes:GROUP/VERSION:KIND.
// The group that has no name in Kubernetes is called core there.
func kindOf(token string) (apiVersion, kind string, err error) {
	parts := strings.Split(token, ":")
	if len(parts) != 3 || parts[0] != "kubernetes" || parts[2] == "" || strings.Count(parts[1], "/") != 1 {
		return "", "", status.Errorf(codes.InvalidArgument,
			"the type %s is not allowed in the local cloud: allowed is kubernetes:GROUP/VERSION:KIND", token)
	}
	for _, group := range []string{"helm.sh/", "yaml/", "kustomize/"} {
		if strings.HasPrefix(parts[1], group) {
			return "", "", status.Errorf(codes.InvalidArgument, "%s: charts and files are off in the local cloud, which "+
				"applies objects one by one: leave it out of the local stack", token)
		}
	}
	return strings.TrimPrefix(parts[1], "core/"), parts[2], nil
}

// newObject makes the object that the inputs describe, or says what is wrong.
func newObject(token string, inputs *structpb.Struct) (object, []*pulumirpc.CheckFailure) {
	apiVersion, kind, err := kindOf(token)
	if err != nil {
		return nil, []*pulumirpc.CheckFailure{{Property: "kind", Reason: status.Convert(err).Message()}}
	}
	made := fromStruct(inputs)
	var failures []*pulumirpc.CheckFailure
	// A type that ends in Patch or List says otherwise than its inputs.
	for property, is := range map[string]struct{ found, wanted string }{
		"apiVersion": {made.GetAPIVersion(), apiVersion}, "kind": {made.GetKind(), kind},
	} {
		if is.found != is.wanted {
			failures = append(failures, &pulumirpc.CheckFailure{Property: property, Reason: fmt.Sprintf(
				"%q does not fit the type %s: allowed is %q; patches and lists are not", is.found, token, is.wanted)})
		}
	}
	if made.GetName() == "" {
		failures = append(failures, &pulumirpc.CheckFailure{Property: "metadata.name", Reason: "not set: " +
			"the local cloud makes no names up, since others refer to this object by its own"})
	}
	return made, failures
}

// fromStruct leaves out what is null: to apply server-side it means nothing.
func fromStruct(properties *structpb.Struct) object {
	content, _ := withoutNulls(properties.AsMap()).(map[string]any)
	return &unstructured.Unstructured{Object: content}
}

func withoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if inner == nil {
				delete(value, key)
			} else {
				value[key] = withoutNulls(inner)
			}
		}
	case []any:
		for i, inner := range value {
			value[i] = withoutNulls(inner)
		}
	}
	return value
}

func toStruct(content map[string]any) (*structpb.Struct, error) {
	properties, err := structpb.NewStruct(content)
	if err != nil {
		return nil, fmt.Errorf("encode an object's properties: %w", err)
	}
	return properties, nil
}

// idOf is pulumi-kubernetes's id of an object: NAMESPACE/NAME, or NAME.
func idOf(of object) string {
	if of.GetNamespace() == "" {
		return of.GetName()
	}
	return of.GetNamespace() + "/" + of.GetName()
}

// fromID returns an object of that type and id, with nothing in it.
func fromID(token, id string) (object, error) {
	apiVersion, kind, err := kindOf(token)
	if err != nil {
		return nil, err
	}
	namespace, name, namespaced := strings.Cut(id, "/")
	if !namespaced {
		namespace, name = "", id
	}
	named := &unstructured.Unstructured{Object: map[string]any{}}
	named.SetAPIVersion(apiVersion)
	named.SetKind(kind)
	named.SetName(name)
	if namespaced {
		named.SetNamespace(namespace)
	}
	return named, nil
}

// describe names an object in a message.
func describe(of object) string { return of.GetKind() + " " + idOf(of) }

// outputs are the object without the bookkeeping of who set which field.
func outputs(of object) map[string]any {
	copied := of.DeepCopy()
	copied.SetManagedFields(nil)
	return copied.Object
}

// inputsOf returns what a program would have to say to get the object as it
// is: the fields of the earlier inputs, or of an import all but the server's.
func inputsOf(found object, earlier *structpb.Struct) map[string]any {
	if len(earlier.GetFields()) > 0 {
		inputs, _ := restrict(found.Object, earlier.AsMap()).(map[string]any)
		return inputs
	}
	inputs := outputs(found)
	for _, path := range [][]string{
		{"status"}, {"metadata", "uid"}, {"metadata", "resourceVersion"}, {"metadata", "generation"}, {"metadata", "creationTimestamp"},
	} {
		unstructured.RemoveNestedField(inputs, path...)
	}
	return inputs
}

// restrict returns what value has of the fields that like has.
func restrict(value, like any) any {
	switch like := like.(type) {
	case map[string]any:
		fields, ok := value.(map[string]any)
		if !ok {
			return value
		}
		restricted := map[string]any{}
		for key, inner := range like {
			if found, ok := fields[key]; ok {
				restricted[key] = restrict(found, inner)
			}
		}
		return restricted
	case []any:
		items, ok := value.([]any)
		if !ok || len(items) != len(like) {
			return value
		}
		restricted := make([]any, len(items))
		for i := range items {
			restricted[i] = restrict(items[i], like[i])
		}
		return restricted
	}
	return value
}
