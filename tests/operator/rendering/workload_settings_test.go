package rendering_test

import (
	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
)

func workloadSettings() []setting {
	return []setting{
		{
			"there are as many replicas as were planned",
			func(t assert.TestingT, p *pipeline) {
				if assert.NotNil(t, p.StatefulSet.Spec.Replicas) {
					assert.EqualValues(t, 3, *p.StatefulSet.Spec.Replicas)
				}
			},
			without("Logging", "spec", "fluentd", "scaling", "replicas"),
		},
		{
			"each has the volume that was planned",
			func(t assert.TestingT, p *pipeline) {
				// What is planned, and a GiB a worker for failed events.
				assert.EqualValues(t, (40+p.args.Aggregator.Workers)<<30, p.diskBytes())
			},
			without("Logging", "spec", "fluentd", "bufferStorageVolume"),
		},
		{
			"the buffer of a replica that is gone is drained",
			func(t assert.TestingT, p *pipeline) {
				if !assert.NotNil(t, p.DrainJob) || !assert.NotNil(t, p.Placeholder) {
					return
				}
				pod := p.DrainJob.Spec.Template.Spec
				assert.Equal(t, p.StatefulSet.Spec.Template.Spec.ServiceAccountName, pod.ServiceAccountName, "it may write where Fluentd may")
				claims := make(map[string]string)
				for _, volume := range pod.Volumes {
					if volume.PersistentVolumeClaim != nil {
						claims[volume.Name] = volume.PersistentVolumeClaim.ClaimName
					}
				}
				assert.Equal(t, map[string]string{p.claim().Name: p.claim().Name + "-log-pipeline-fluentd-3"}, claims)
				assert.Equal(t, p.system()["root_dir"], mount(t, pod, "fluentd", p.claim().Name))
			},
			without("Logging", "spec", "fluentd", "scaling", "drain"),
		},
		{
			"evictions take one replica at a time",
			func(t assert.TestingT, p *pipeline) {
				if assert.NotNil(t, p.DisruptionBudget) {
					assert.Equal(t, "1", p.DisruptionBudget.Spec.MaxUnavailable.String())
					assert.Equal(t, p.StatefulSet.Spec.Selector, p.DisruptionBudget.Spec.Selector)
				}
			},
			without("Logging", "spec", "fluentd", "pdb"),
		},
		{
			"replicas are spread by labels that they have",
			func(t assert.TestingT, p *pipeline) {
				pods := p.StatefulSet.Spec.Template
				assert.NotEmpty(t, pods.Spec.TopologySpreadConstraints)
				for _, constraint := range pods.Spec.TopologySpreadConstraints {
					assert.Subset(t, pods.Labels, constraint.LabelSelector.MatchLabels)
				}
			},
			without("Logging", "spec", "fluentd", "topologySpreadConstraints"),
		},
		{
			"Fluentd's own ServiceAccount has the role",
			func(t assert.TestingT, p *pipeline) {
				if assert.NotNil(t, p.ServiceAccount) {
					assert.Equal(t, "logging/log-pipeline-fluentd", p.ServiceAccount.Namespace+"/"+p.ServiceAccount.Name)
					assert.Equal(t, p.args.Aggregator.RoleARN, p.ServiceAccount.Annotations["eks.amazonaws.com/role-arn"])
				}
			},
			without("Logging", "spec", "fluentd", "serviceAccount"),
		},
		{
			// Fluent Bit's Grace has to end before the kubelet's, which the operator does not let be set: 30 seconds for agents and
			// Fluentd. What is not sent by then is on the node, and on the volume.
			"the agent has time to end",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "20", p.agentPart("SERVICE")["grace"])
				for _, pod := range []corev1.PodSpec{p.DaemonSet.Spec.Template.Spec, p.StatefulSet.Spec.Template.Spec} {
					assert.Nil(t, pod.TerminationGracePeriodSeconds, "the operator sets it now: so should we")
				}
			},
			without("FluentbitAgent", "spec", "grace"),
		},
		{
			"agents run on every node",
			func(t assert.TestingT, p *pipeline) {
				assert.Contains(t, p.DaemonSet.Spec.Template.Spec.Tolerations, corev1.Toleration{Operator: corev1.TolerationOpExists})
			},
			without("FluentbitAgent", "spec", "tolerations"),
		},
	}
}

// claim is the template of Fluentd's only volume claim.
func (p *pipeline) claim() corev1.PersistentVolumeClaim {
	templates := p.StatefulSet.Spec.VolumeClaimTemplates
	if len(templates) != 1 {
		return corev1.PersistentVolumeClaim{}
	}
	return templates[0]
}

// diskBytes is the size of a replica's volume.
func (p *pipeline) diskBytes() int64 {
	requests := p.claim().Spec.Resources.Requests
	return requests.Storage().Value()
}
