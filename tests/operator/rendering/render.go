package rendering

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kube-logging/logging-operator/pkg/resources"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// Rendered is what the operator makes of the custom resources of one cluster. What it does not make is nil or empty.
type Rendered struct {
	// Fluentd is the configuration that Fluentd reads, with all its includes.
	Fluentd string
	// FluentBit is the configuration that the agent reads.
	FluentBit string
	// StatefulSet is Fluentd's, with the claims of its buffers.
	StatefulSet *appsv1.StatefulSet
	// ServiceAccount is Fluentd's.
	ServiceAccount *corev1.ServiceAccount
	// DisruptionBudget is Fluentd's.
	DisruptionBudget *policyv1.PodDisruptionBudget
	// DrainJob empties the buffer that a replica left behind when there are fewer replicas, Placeholder keeps its name taken.
	DrainJob    *batchv1.Job
	Placeholder *corev1.Pod
	// DaemonSet is the agent's.
	DaemonSet *appsv1.DaemonSet
	// ServiceMonitors and PrometheusRules are those of Fluentd and of the agent.
	ServiceMonitors []monitoringv1.ServiceMonitor
	PrometheusRules []monitoringv1.PrometheusRule
	// Problems are what the operator says in the status of the custom resources, such as an output that does not exist.
	Problems []string
}

// Render runs the operator's own reconcilers on the objects of one cluster until they have nothing more to do, as if its
// check of the configuration passed and a replica more had left its claim behind. Faults are: not one Logging and one
// agent, and what the operator itself refuses. Defaults that an API server fills in are not filled in.
func Render(ctx context.Context, objects []*unstructured.Unstructured) (*Rendered, error) {
	c, err := newCluster(ctx, objects)
	if err != nil {
		return nil, err
	}
	if err := c.reconcile(ctx); err != nil {
		return nil, err
	}
	if err := c.leaveClaimBehind(ctx); err != nil {
		return nil, err
	}
	if err := c.reconcile(ctx); err != nil {
		return nil, err
	}
	return c.collect(ctx)
}

// cluster is an API server in memory with one Logging.
type cluster struct {
	client.Client
	logging client.ObjectKey
}

func newCluster(ctx context.Context, objects []*unstructured.Unstructured) (*cluster, error) {
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), v1beta1.AddToScheme(scheme), monitoringv1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	c := &cluster{Client: fake.NewClientBuilder().WithScheme(scheme).
		WithStatusSubresource(&v1beta1.Logging{}, &v1beta1.FluentbitAgent{},
			&v1beta1.ClusterFlow{}, &v1beta1.ClusterOutput{}, &v1beta1.Flow{}, &v1beta1.Output{}).Build()}

	namespaces := make(map[string]bool)
	for _, object := range objects {
		namespaces[object.GetNamespace()] = object.GetNamespace() != ""
		if object.GetKind() == "Namespace" {
			namespaces[object.GetName()] = true
			continue
		}
		if err := c.create(ctx, object); err != nil {
			return nil, fmt.Errorf("%s %s: %w", object.GetKind(), key(object), err)
		}
	}
	for name, exists := range namespaces {
		if !exists {
			continue
		}
		namespace := &corev1.Namespace{}
		namespace.Name = name
		if err := c.Create(ctx, namespace); err != nil {
			return nil, err
		}
	}
	return c, c.findLogging(ctx)
}

// create adds an object as the Go type of its kind, so that whole numbers become integers.
func (c *cluster) create(ctx context.Context, object *unstructured.Unstructured) error {
	typed, err := c.Scheme().New(object.GroupVersionKind())
	if err != nil {
		return err
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, typed); err != nil {
		return err
	}
	return c.Create(ctx, typed.(client.Object))
}

func (c *cluster) findLogging(ctx context.Context) error {
	var loggings v1beta1.LoggingList
	var agents v1beta1.FluentbitAgentList
	if err := errors.Join(c.List(ctx, &loggings), c.List(ctx, &agents)); err != nil {
		return err
	}
	if len(loggings.Items) != 1 || len(agents.Items) != 1 {
		return fmt.Errorf("%d Logging and %d FluentbitAgent objects; want one each", len(loggings.Items), len(agents.Items))
	}
	c.logging = client.ObjectKeyFromObject(&loggings.Items[0])
	return nil
}

// withPrometheus says that the Prometheus operator's kinds exist in the cluster.
func withPrometheus(ctx context.Context) context.Context {
	//nolint:staticcheck // The operator's own keys are plain strings.
	ctx = context.WithValue(ctx, resources.ServiceMonitorKey, true)
	//nolint:staticcheck // As above.
	return context.WithValue(ctx, resources.PrometheusRuleKey, true)
}
