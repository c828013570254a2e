package rendering

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kube-logging/logging-operator/pkg/resources/fluentbit"
	"github.com/kube-logging/logging-operator/pkg/resources/fluentd"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// leaveClaimBehind makes the claim that a replica leaves when the StatefulSet is made smaller by one.
func (c *cluster) leaveClaimBehind(ctx context.Context) error {
	var sets appsv1.StatefulSetList
	if err := c.List(ctx, &sets); err != nil {
		return err
	}
	for _, set := range sets.Items {
		for _, template := range set.Spec.VolumeClaimTemplates {
			claim := template.DeepCopy()
			claim.Namespace = set.Namespace
			claim.Name = fmt.Sprintf("%s-%s-%d", template.Name, set.Name, replicas(&set))
			if err := c.Create(ctx, claim); err != nil {
				return err
			}
		}
	}
	return nil
}

func replicas(set *appsv1.StatefulSet) int32 {
	if set.Spec.Replicas == nil {
		return 1
	}
	return *set.Spec.Replicas
}

// collect finds what the reconcilers have written.
func (c *cluster) collect(ctx context.Context) (*Rendered, error) {
	var (
		sets      appsv1.StatefulSetList
		daemons   appsv1.DaemonSetList
		budgets   policyv1.PodDisruptionBudgetList
		jobs      batchv1.JobList
		monitors  monitoringv1.ServiceMonitorList
		rules     monitoringv1.PrometheusRuleList
		collected Rendered
	)
	if err := errors.Join(c.List(ctx, &sets), c.List(ctx, &daemons), c.List(ctx, &budgets), c.List(ctx, &jobs),
		c.List(ctx, &monitors), c.List(ctx, &rules)); err != nil {
		return nil, err
	}
	collected.ServiceMonitors, collected.PrometheusRules = monitors.Items, rules.Items
	if len(sets.Items) != 1 || len(daemons.Items) != 1 || len(budgets.Items) > 1 || len(jobs.Items) > 1 {
		return nil, fmt.Errorf("the operator made %d StatefulSets, %d DaemonSets, %d budgets and %d drain jobs; want 1, 1, and at most 1 of the others",
			len(sets.Items), len(daemons.Items), len(budgets.Items), len(jobs.Items))
	}
	collected.StatefulSet, collected.DaemonSet = &sets.Items[0], &daemons.Items[0]
	if len(budgets.Items) == 1 {
		collected.DisruptionBudget = &budgets.Items[0]
	}
	if len(jobs.Items) == 1 {
		collected.DrainJob = &jobs.Items[0]
	}
	return &collected, errors.Join(c.collectPods(ctx, &collected), c.collectConfigs(ctx, &collected), c.collectProblems(ctx, &collected))
}

func (c *cluster) collectPods(ctx context.Context, into *Rendered) error {
	pods := into.StatefulSet.Spec.Template.Spec
	account := &corev1.ServiceAccount{}
	if err := c.Get(ctx, client.ObjectKey{Namespace: into.StatefulSet.Namespace, Name: pods.ServiceAccountName}, account); client.IgnoreNotFound(err) != nil {
		return err
	} else if err == nil {
		into.ServiceAccount = account
	}
	var placeholders corev1.PodList
	if err := c.List(ctx, &placeholders, client.MatchingLabels{"app.kubernetes.io/component": fluentd.ComponentPlaceholder}); err != nil {
		return err
	}
	if len(placeholders.Items) > 0 {
		into.Placeholder = &placeholders.Items[0]
	}
	return nil
}

// collectConfigs reads the configurations from the secrets that the pods mount.
func (c *cluster) collectConfigs(ctx context.Context, into *Rendered) error {
	files, err := c.mountedSecrets(ctx, into.StatefulSet.Namespace, &into.StatefulSet.Spec.Template.Spec)
	if err != nil {
		return err
	}
	into.Fluentd = resolveIncludes(files, files[path.Join("/fluentd/etc", fluentd.ConfigKey)])
	files, err = c.mountedSecrets(ctx, into.DaemonSet.Namespace, &into.DaemonSet.Spec.Template.Spec)
	if err != nil {
		return err
	}
	into.FluentBit = files[path.Join(fluentbit.OperatorConfigPath, fluentbit.BaseConfigName)]
	return nil
}

// mountedSecrets are the files that the first container of a pod finds, by path.
func (c *cluster) mountedSecrets(ctx context.Context, namespace string, pod *corev1.PodSpec) (map[string]string, error) {
	files := make(map[string]string)
	for _, volume := range pod.Volumes {
		mounted := slices.IndexFunc(pod.Containers[0].VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == volume.Name })
		if volume.Secret == nil || mounted < 0 {
			continue
		}
		var secret corev1.Secret
		if err := c.Get(ctx, client.ObjectKey{Namespace: namespace, Name: volume.Secret.SecretName}, &secret); client.IgnoreNotFound(err) != nil {
			return nil, err
		}
		for name, content := range secret.Data {
			files[path.Join(pod.Containers[0].VolumeMounts[mounted].MountPath, name)] = string(content)
		}
	}
	return files, nil
}

// resolveIncludes replaces each @include by the files that it names, in the order of their names, as Fluentd does.
func resolveIncludes(files map[string]string, text string) string {
	var resolved strings.Builder
	for line := range strings.Lines(text) {
		pattern, isInclude := strings.CutPrefix(strings.TrimSpace(line), "@include ")
		if !isInclude {
			resolved.WriteString(line)
			continue
		}
		var names []string
		for name := range files {
			if matches, _ := path.Match(pattern, name); matches {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			resolved.WriteString(resolveIncludes(files, files[name]))
		}
	}
	return resolved.String()
}

func (c *cluster) collectProblems(ctx context.Context, into *Rendered) error {
	var (
		loggings       v1beta1.LoggingList
		clusterFlows   v1beta1.ClusterFlowList
		clusterOutputs v1beta1.ClusterOutputList
		flows          v1beta1.FlowList
		outputs        v1beta1.OutputList
	)
	if err := errors.Join(c.List(ctx, &loggings), c.List(ctx, &clusterFlows), c.List(ctx, &clusterOutputs), c.List(ctx, &flows), c.List(ctx, &outputs)); err != nil {
		return err
	}
	add := func(kind, name string, problems []string) {
		for _, problem := range problems {
			into.Problems = append(into.Problems, fmt.Sprintf("%s %s: %s", kind, name, problem))
		}
	}
	for _, o := range loggings.Items {
		add("Logging", o.Name, o.Status.Problems)
	}
	for _, o := range clusterFlows.Items {
		add("ClusterFlow", o.Name, o.Status.Problems)
	}
	for _, o := range clusterOutputs.Items {
		add("ClusterOutput", o.Name, o.Status.Problems)
	}
	for _, o := range flows.Items {
		add("Flow", o.Name, o.Status.Problems)
	}
	for _, o := range outputs.Items {
		add("Output", o.Name, o.Status.Problems)
	}
	return nil
}
