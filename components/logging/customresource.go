package logging

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// keptEmpty are the fields that mean something when they are empty: a match that selects everything.
var keptEmpty = map[string]bool{"select": true}

// untyped is a spec as the API server reads it: what the operator's Go types write when nothing is set (null, "", {}) is
// left out, so that what is registered is what was meant.
func untyped(spec any) (map[string]any, error) {
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("render %T: %w", spec, err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("read %T: %w", spec, err)
	}
	dropEmpty(fields)
	return fields, nil
}

func dropEmpty(fields map[string]any) {
	for key, value := range fields {
		if isEmpty(value) && !keptEmpty[key] {
			delete(fields, key)
		}
	}
}

// isEmpty says whether nothing is left of a value, once what is empty in it is dropped.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case map[string]any:
		dropEmpty(value)
		return len(value) == 0
	case []any:
		for _, element := range value {
			if fields, ok := element.(map[string]any); ok {
				dropEmpty(fields)
			}
		}
		return len(value) == 0
	}
	return false
}

// object is a custom resource, of the operator's where apiVersion is empty.
type object struct {
	apiVersion string
	labels     map[string]string
	// kind and name are Kubernetes', and logical is the rest of the name in Pulumi: with a slash where names of the user's
	// follow, so that those of two clusters never meet.
	kind, name, logical string
	// clusterScoped objects lie in no namespace.
	clusterScoped bool
	// spec makes the Go type of its definition, given the bucket's name where bucket is set.
	spec   func(bucket string) any
	bucket pulumi.StringInput
}

// register makes the custom resource. Its CRD need not be there in preview.
func (l *Logging) register(ctx *pulumi.Context, o object, after []pulumi.Resource) (pulumi.Resource, error) {
	spec, err := o.rendered()
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", o.kind, o.name, err)
	}
	metadata := metav1.ObjectMetaArgs{Name: pulumi.String(o.name)}
	if len(o.labels) > 0 {
		metadata.Labels = pulumi.ToStringMap(o.labels)
	}
	if !o.clusterScoped {
		metadata.Namespace = pulumi.String(l.args.Namespace)
	}
	resource, err := apiextensions.NewCustomResource(ctx, l.name+"-"+o.logical, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(cmp.Or(o.apiVersion, v1beta1.GroupVersion.String())),
		Kind:        pulumi.String(o.kind),
		Metadata:    metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, pulumi.Parent(l), pulumi.DependsOn(after))
	if err != nil {
		return nil, fmt.Errorf("create %s %q: %w", o.kind, o.name, err)
	}
	return resource, nil
}

// rendered is the spec: a plain value, or an output where a bucket's name is one.
func (o object) rendered() (any, error) {
	if o.bucket == nil {
		return untyped(o.spec(""))
	}
	return o.bucket.ToStringOutput().ApplyT(func(bucket string) (map[string]any, error) {
		return untyped(o.spec(bucket))
	}), nil
}
