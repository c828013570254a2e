package logging

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	spec "example.com/log-pipeline/internal/loggingspec"
)

// registered is a Kubernetes object of which nothing is read back. The SDK's own types of Kubernetes' API are most of what a
// program compiles that uses one of them; inputs and type tokens here are those of the SDK's constructors.
type registered struct{ pulumi.CustomResourceState }

// registerObject registers an object under the logical name. Its kind and API version make the type token, in which the core
// group has a name (gh:pulumi/pulumi-kubernetes sdk/go/kubernetes/core/v1/namespace.go, apiextensions/customResource.go).
func (l *Logging) registerObject(ctx *pulumi.Context, logical, apiVersion, kind string, fields pulumi.Map, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	group := apiVersion
	if group == "v1" {
		group = "core/v1"
	}
	fields["apiVersion"], fields["kind"] = pulumi.String(apiVersion), pulumi.String(kind)
	object := &registered{}
	err := ctx.RegisterResource(fmt.Sprintf("kubernetes:%s:%s", group, kind), l.name+"-"+logical, fields, object,
		append([]pulumi.ResourceOption{pulumi.Parent(l)}, opts...)...)
	return object, err
}

func (l *Logging) registerNamespace(ctx *pulumi.Context) (pulumi.Resource, error) {
	metadata := pulumi.Map{
		"name": pulumi.String(l.args.Namespace),
		// The agents mount the node's folders, which the stricter levels refuse
		// (kubernetes.io/docs/concepts/security/pod-security-standards).
		"labels": pulumi.StringMap{"pod-security.kubernetes.io/enforce": pulumi.String("privileged")},
	}
	// The SDK's constructor names the provider's version for the types that it knows, and none for custom resources.
	opts := utilities.PkgResourceDefaultOpts([]pulumi.ResourceOption{
		pulumi.Protect(l.args.Protect), pulumi.RetainOnDelete(l.args.Protect),
	})
	namespace, err := l.registerObject(ctx, "namespace", "v1", "Namespace", pulumi.Map{"metadata": metadata}, opts...)
	if err != nil {
		return nil, fmt.Errorf("create namespace: %w", err)
	}
	return namespace, nil
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
	// spec makes the spec, given the bucket's name where bucket is set.
	spec   func(bucket string) any
	bucket pulumi.StringInput
}

// register makes the custom resource. Its CRD need not be there in preview.
func (l *Logging) register(ctx *pulumi.Context, o object, after []pulumi.Resource) (pulumi.Resource, error) {
	rendered, err := o.rendered()
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", o.kind, o.name, err)
	}
	metadata := pulumi.Map{"name": pulumi.String(o.name)}
	if len(o.labels) > 0 {
		metadata["labels"] = pulumi.ToStringMap(o.labels)
	}
	if !o.clusterScoped {
		metadata["namespace"] = pulumi.String(l.args.Namespace)
	}
	resource, err := l.registerObject(ctx, o.logical, cmp.Or(o.apiVersion, spec.APIVersion), o.kind,
		pulumi.Map{"metadata": metadata, "spec": rendered}, pulumi.DependsOn(after))
	if err != nil {
		return nil, fmt.Errorf("create %s %q: %w", o.kind, o.name, err)
	}
	return resource, nil
}

func (l *Logging) registerAll(ctx *pulumi.Context, objects []object, after []pulumi.Resource) ([]pulumi.Resource, error) {
	made := make([]pulumi.Resource, len(objects))
	for i, o := range objects {
		resource, err := l.register(ctx, o, after)
		if err != nil {
			return nil, err
		}
		made[i] = resource
	}
	return made, nil
}

// rendered is the spec: a plain value, or an output where a bucket's name is one.
func (o object) rendered() (pulumi.Input, error) {
	if o.bucket == nil {
		fields, err := untyped(o.spec(""))
		return pulumi.ToMap(fields), err
	}
	return o.bucket.ToStringOutput().ApplyT(func(bucket string) (map[string]any, error) {
		return untyped(o.spec(bucket))
	}).(pulumi.MapOutput), nil
}

// untyped is a spec as the API server reads it.
func untyped(spec any) (map[string]any, error) {
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("render %T: %w", spec, err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("read %T: %w", spec, err)
	}
	return fields, nil
}
