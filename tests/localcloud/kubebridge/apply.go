package kubebridge

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

const (
	// fieldManager is who owns the fields that the program sets.
	fieldManager = "log-pipeline"
	// OwnCluster is the environment variable that is "true" where the API server
	// is the local cloud's own: it runs alone, with no controllers.
	OwnCluster = "LOG_PIPELINE_OWN_CLUSTER"
	// deletion is how long an object may take to be gone, its finalizers included.
	deletion = 5 * time.Minute
)

// client returns the client for objects of this one's kind and namespace, nil
// if the API server does not know the kind.
func (c *Cluster) client(ctx context.Context, of object) (dynamic.ResourceInterface, error) {
	known, err := c.lookup(ctx, of.GroupVersionKind())
	if err != nil || known == nil {
		return nil, err
	}
	if known.namespaced {
		return c.objects.Resource(known.resource).Namespace(of.GetNamespace()), nil
	}
	return c.objects.Resource(known.resource), nil
}

// requireClient is client for what must be known by now.
func (c *Cluster) requireClient(ctx context.Context, of object) (dynamic.ResourceInterface, error) {
	client, err := c.client(ctx, of)
	if err == nil && client == nil {
		err = fmt.Errorf("%s: the API server does not know this kind in %s: is its definition (CRD) installed?", describe(of), of.GetAPIVersion())
	}
	return client, err
}

// Apply makes the object be as wanted, or the API server's refusal an error
// that has the field's path.
func (c *Cluster) Apply(ctx context.Context, wanted object) (object, error) {
	client, err := c.requireClient(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return patch(ctx, client, wanted, false)
}

// TryApply is Apply that changes nothing. It passes what can only be known
// later: a kind or namespace that is not there yet, values that are unknown.
func (c *Cluster) TryApply(ctx context.Context, wanted object) error {
	client, err := c.client(ctx, wanted)
	if err != nil || client == nil {
		return err
	}
	_, err = patch(ctx, client, wanted, true)
	if apierrors.IsNotFound(err) && wanted.GetNamespace() != "" {
		elsewhere := wanted.DeepCopy()
		elsewhere.SetNamespace(metav1.NamespaceDefault)
		if client, err = c.client(ctx, elsewhere); err == nil {
			_, err = patch(ctx, client, elsewhere, true)
		}
	}
	// What stands for an unknown value may be refused, but a field's name is a fault in any case.
	if err != nil && hasUnknown(wanted.Object) && !strings.Contains(err.Error(), "field not declared in schema") {
		return nil
	}
	return err
}

func patch(ctx context.Context, client dynamic.ResourceInterface, wanted object, dryRun bool) (object, error) {
	content, err := json.Marshal(wanted.Object)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", describe(wanted), err)
	}
	force := true
	options := metav1.PatchOptions{FieldManager: fieldManager, Force: &force, FieldValidation: metav1.FieldValidationStrict}
	if dryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	applied, err := client.Patch(ctx, wanted.GetName(), types.ApplyPatchType, content, options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", describe(wanted), err)
	}
	return applied, nil
}

func hasUnknown(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			if hasUnknown(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, hasUnknown)
	case string:
		return isUnknown(value)
	}
	return false
}

// requireAbsent refuses to take an object that is there already, as
// pulumi-kubernetes does: whoever made it would lose it at the destroy. In a
// cluster of the user's, what this provider made is taken up again, since the
// local cloud forgets its state when a run is killed.
func (c *Cluster) requireAbsent(ctx context.Context, wanted object, upsert bool) error {
	found, err := c.Get(ctx, wanted)
	if err != nil || found == nil || upsert {
		return err
	}
	applied := slices.ContainsFunc(found.GetManagedFields(), func(entry metav1.ManagedFieldsEntry) bool {
		return entry.Manager == fieldManager && entry.Operation == metav1.ManagedFieldsOperationApply
	})
	if applied && !ownCluster() {
		return nil
	}
	return fmt.Errorf("%s already exists in the cluster: delete it, import it, or choose another name", describe(wanted))
}

func ownCluster() bool { return os.Getenv(OwnCluster) == "true" }

// Get returns the object of that kind, namespace and name, nil if there is none.
func (c *Cluster) Get(ctx context.Context, wanted object) (object, error) {
	client, err := c.client(ctx, wanted)
	if err != nil || client == nil {
		return nil, err
	}
	found, err := client.Get(ctx, wanted.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", describe(wanted), err)
	}
	return found, nil
}

// Show returns what the cluster has under pulumi-kubernetes's type and id,
// without the bookkeeping of who set which field.
func (c *Cluster) Show(ctx context.Context, token, id string) (map[string]any, error) {
	wanted, err := fromID(token, id)
	if err != nil {
		return nil, err
	}
	found, err := c.Get(ctx, wanted)
	if err == nil && found == nil {
		err = fmt.Errorf("%s is not in the cluster", describe(wanted))
	}
	if err != nil {
		return nil, err
	}
	return outputs(found), nil
}

// delete returns once the object is gone.
func (c *Cluster) delete(ctx context.Context, unwanted object) error {
	ctx, cancel := context.WithTimeout(ctx, deletion)
	defer cancel()
	found, err := c.Get(ctx, unwanted)
	if err != nil || found == nil {
		return err
	}
	client, err := c.requireClient(ctx, unwanted)
	if err != nil {
		return err
	}
	// In the foreground it would wait for the garbage collector, which the local cloud's own cluster lacks.
	background := metav1.DeletePropagationBackground
	err = client.Delete(ctx, unwanted.GetName(), metav1.DeleteOptions{PropagationPolicy: &background})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete %s: %w", describe(unwanted), err)
	}
	if ownCluster() && unwanted.GetAPIVersion() == "v1" && unwanted.GetKind() == "Namespace" {
		if err := finalize(ctx, client, unwanted.GetName()); err != nil {
			return err
		}
	}
	return c.awaitGone(ctx, found)
}

// finalize does the namespace controller's last step. The program has deleted
// what it made inside before.
func finalize(ctx context.Context, client dynamic.ResourceInterface, name string) error {
	found, err := client.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("finalize the namespace %s: %w", name, err)
	}
	if err := unstructured.SetNestedSlice(found.Object, nil, "spec", "finalizers"); err != nil {
		return fmt.Errorf("finalize the namespace %s: %w", name, err)
	}
	if _, err := client.Update(ctx, found, metav1.UpdateOptions{}, "finalize"); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("finalize the namespace %s: %w", name, err)
	}
	return nil
}

func (c *Cluster) awaitGone(ctx context.Context, deleted object) error {
	for {
		found, err := c.Get(ctx, deleted)
		// One of the same name that somebody makes meanwhile is another object.
		if err != nil || found == nil || found.GetUID() != deleted.GetUID() {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not gone: it waits for its finalizers %v: %w", describe(deleted), found.GetFinalizers(), ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
