package rendering

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cisco-open/operator-tools/pkg/reconciler"
	"github.com/cisco-open/operator-tools/pkg/secret"
	"github.com/go-logr/logr"
	"github.com/kube-logging/logging-operator/pkg/resources"
	"github.com/kube-logging/logging-operator/pkg/resources/fluentbit"
	"github.com/kube-logging/logging-operator/pkg/resources/fluentd"
	"github.com/kube-logging/logging-operator/pkg/resources/model"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/model/render"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/model/types"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// maxRounds ends a reconciliation that asks for another round for ever: it takes three with a check of the configuration.
const maxRounds = 10

// reconcile calls the reconcilers until none asks for another round.
func (c *cluster) reconcile(ctx context.Context) error {
	for range maxRounds {
		again, err := c.round(withPrometheus(ctx))
		if err != nil {
			return err
		}
		if !again {
			return nil
		}
		if err := c.passConfigCheck(ctx); err != nil {
			return err
		}
	}
	return errors.New("the operator's reconcilers do not come to rest")
}

// round is one call of the operator's controller, whose package cannot be imported: it needs a module that exists only
// inside the operator's repository (gh:kube-logging/logging-operator controllers/logging/logging_controller.go, Reconcile).
func (c *cluster) round(ctx context.Context) (again bool, err error) {
	var logging v1beta1.Logging
	if err := c.Get(ctx, c.logging, &logging); err != nil {
		return false, err
	}
	if err := logging.SetDefaults(); err != nil {
		return false, fmt.Errorf("defaults of Logging %s: %w", logging.Name, err)
	}
	repository := model.NewLoggingResourceRepository(c.Client, logr.Discard())
	found, err := repository.LoggingResourcesFor(ctx, logging)
	if err != nil {
		return false, fmt.Errorf("resources of Logging %s: %w", logging.Name, err)
	}
	external, spec := found.GetFluentd()
	if spec == nil {
		return false, fmt.Errorf("no Fluentd in Logging %s", logging.Name)
	}
	loader := &secretLoaders{client: c.Client, docker: logging.Spec.EnableDockerParserCompatibilityForCRI}
	config, err := fluentdConfig(found, loader)
	if err != nil {
		return false, err
	}

	agent := found.Fluentbits[0]
	options := reconciler.ReconcilerOpts{RecreateErrorMessageCondition: reconciler.MatchImmutableErrorMessages}
	for _, reconcile := range []resources.ContextAwareComponentReconciler{
		model.NewValidationReconciler(c.Client, found, loader, logr.Discard()),
		fluentd.New(c.Client, logr.Discard(), &logging, spec, external, &config, &loader.secrets, options).Reconcile,
		fluentbit.New(c.Client, logr.Discard(), &logging, options, &agent.Spec,
			fluentd.NewDataProvider(c.Client, &logging, spec, external),
			fluentbit.NewStandaloneFluentbitNameProvider(&agent), repository).Reconcile,
	} {
		result, err := reconcile(ctx)
		if err != nil {
			return false, fmt.Errorf("reconcile Logging %s: %w", logging.Name, err)
		}
		if result != nil {
			return true, nil
		}
	}
	return false, nil
}

// fluentdConfig is the part of Fluentd's configuration that comes of flows and outputs.
func fluentdConfig(found model.LoggingResources, loader *secretLoaders) (string, error) {
	system, err := model.CreateSystem(found, loader, logr.Discard())
	if err != nil {
		return "", fmt.Errorf("model of Logging %s: %w", found.Logging.Name, err)
	}
	var text bytes.Buffer
	renderer := render.FluentRender{Out: &text, Indent: 2}
	if err := renderer.Render(system); err != nil {
		return "", fmt.Errorf("configuration of Logging %s: %w", found.Logging.Name, err)
	}
	return text.String(), nil
}

// passConfigCheck ends the pods that check a configuration as a kubelet does when Fluentd's dry run succeeds.
func (c *cluster) passConfigCheck(ctx context.Context) error {
	var pods corev1.PodList
	if err := c.List(ctx, &pods); err != nil {
		return err
	}
	for i := range pods.Items {
		pods.Items[i].Status.Phase = corev1.PodSucceeded
		if err := c.Status().Update(ctx, &pods.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

// secretLoaders resolve the secrets that outputs name, as the operator does.
type secretLoaders struct {
	client  client.Client
	secrets secret.MountSecrets
	docker  bool
}

// OutputSecretLoaderForNamespace implements model.SecretLoaderFactory.
func (l *secretLoaders) OutputSecretLoaderForNamespace(namespace string) secret.SecretLoader {
	return &secretLoader{
		SecretLoader: secret.NewSecretLoader(l.client, namespace, fluentd.OutputSecretPath, &l.secrets),
		docker:       l.docker,
	}
}

// secretLoader also tells filters which field holds the log line.
type secretLoader struct {
	secret.SecretLoader
	docker bool
}

// GetLogKey implements the interface that the operator's parser and concat filters look for.
func (l *secretLoader) GetLogKey() string {
	if l.docker {
		return "log"
	}
	return types.GetLogKey()
}
