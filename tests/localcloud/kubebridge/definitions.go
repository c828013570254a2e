package kubebridge

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// established is how long the API server may take to serve new kinds.
const established = time.Minute

// Define makes the API server know the kinds whose definitions (CRDs) the JSON
// list has, and returns how many were missing. What is defined already stays
// as it is: others may use it.
func (c *Cluster) Define(ctx context.Context, list []byte) (missing int, err error) {
	var contents []map[string]any
	if err := json.Unmarshal(list, &contents); err != nil {
		return 0, fmt.Errorf("read the definitions: %w", err)
	}
	client := c.objects.Resource(schema.GroupVersionResource{
		Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
	})
	var created []schema.GroupVersionKind
	for _, content := range contents {
		definition := &unstructured.Unstructured{Object: content}
		known, err := c.knowsAny(ctx, kindsOf(definition))
		if err != nil {
			return 0, err
		}
		if known {
			continue
		}
		options := metav1.CreateOptions{FieldManager: fieldManager, FieldValidation: metav1.FieldValidationStrict}
		if _, err := client.Create(ctx, definition, options); err != nil {
			return 0, fmt.Errorf("define %s: %w", definition.GetName(), err)
		}
		missing++
		created = append(created, kindsOf(definition)...)
	}
	return missing, c.awaitServed(ctx, created)
}

func (c *Cluster) knowsAny(ctx context.Context, kinds []schema.GroupVersionKind) (bool, error) {
	for _, kind := range kinds {
		if known, err := c.lookup(ctx, kind); err != nil || known != nil {
			return known != nil, err
		}
	}
	return false, nil
}

// kindsOf returns the kind in each of its versions.
func kindsOf(definition object) []schema.GroupVersionKind {
	group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
	kind, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "kind")
	versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
	var kinds []schema.GroupVersionKind
	for _, version := range versions {
		fields, _ := version.(map[string]any)
		name, _, _ := unstructured.NestedString(fields, "name")
		kinds = append(kinds, schema.GroupVersionKind{Group: group, Version: name, Kind: kind})
	}
	return kinds
}

// awaitServed returns once objects of these kinds can be applied: the API
// server lists a kind when its definition is established.
func (c *Cluster) awaitServed(ctx context.Context, kinds []schema.GroupVersionKind) error {
	ctx, cancel := context.WithTimeout(ctx, established)
	defer cancel()
	for _, kind := range kinds {
		for {
			known, err := c.lookup(ctx, kind)
			if err != nil {
				return err
			}
			if known != nil {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("the API server does not serve %s: %w", kind, ctx.Err())
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}
