package logging

import (
	"github.com/cisco-open/operator-tools/pkg/typeoverride"
	"github.com/cisco-open/operator-tools/pkg/volume"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// fluentdMemoryMiB is a worker's, with batches of 5 MiB in each of its threads. The operator's default is 400 MB.
const fluentdMemoryMiB = 1024

func (a Args) systemObject() object {
	return object{
		kind: "Logging", name: SystemName, logical: "system", clusterScoped: true,
		spec: func(string) any { return a.system() },
	}
}

// system is Fluentd, with what it does to every event and what it does with those that nobody takes.
func (a Args) system() v1beta1.LoggingSpec {
	return v1beta1.LoggingSpec{
		LoggingRef:       SystemName,
		ControlNamespace: a.Namespace,
		FluentdSpec:      a.fluentd(),
		GlobalFilters:    globalFilters(),
		// Without these two, failed events and unmatched logs go to Fluentd's null output.
		ErrorOutputRef: failedOutput,
		DefaultFlowSpec: &v1beta1.DefaultFlowSpec{
			Filters: a.filters(NoParser), GlobalOutputRefs: []string{failedOutput},
		},
	}
}

func (a Args) fluentd() *v1beta1.FluentdSpec {
	return &v1beta1.FluentdSpec{
		Workers: int32(a.Aggregator.Workers),
		Scaling: &v1beta1.FluentdScaling{
			Replicas: a.Aggregator.Replicas,
			// The volume stays: see the package on several workers.
			Drain: v1beta1.FluentdDrainConfig{Enabled: true},
		},
		Pdb:                       &v1beta1.PdbInput{MaxUnavailable: ptr(intstr.FromInt32(1))},
		TopologySpreadConstraints: spread(),
		// Also the root_dir that the operator gives to several workers.
		BufferStorageVolume:  a.Aggregator.volume(),
		RootDir:              "/buffers",
		PodPriorityClassName: a.Aggregator.PriorityClass,
		Resources:            a.Aggregator.resources(),
		// IRSA wants the annotation on Fluentd's own ServiceAccount (gh:kube-logging/logging-operator#1118).
		ServiceAccountOverrides: &typeoverride.ServiceAccount{ObjectMeta: typeoverride.ObjectMeta{
			Annotations: map[string]string{"eks.amazonaws.com/role-arn": a.Aggregator.RoleARN},
		}},
		Metrics:             a.metrics(),
		BufferVolumeMetrics: a.metrics(),
	}
}

// spread keeps one node and one zone from holding all of Fluentd, where there are more of them.
func spread() []corev1.TopologySpreadConstraint {
	var constraints []corev1.TopologySpreadConstraint
	for _, key := range []string{corev1.LabelHostname, corev1.LabelTopologyZone} {
		constraints = append(constraints, corev1.TopologySpreadConstraint{
			MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: corev1.ScheduleAnyway,
			LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{
				"app.kubernetes.io/name":       "fluentd",
				"app.kubernetes.io/component":  "fluentd",
				"app.kubernetes.io/managed-by": SystemName,
			}},
		})
	}
	return constraints
}

func (a Aggregator) volume() volume.KubernetesVolume {
	claim := corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources: corev1.VolumeResourceRequirements{
			Requests: corev1.ResourceList{corev1.ResourceStorage: mebibytes((a.DiskGiB + a.Workers) * mebibytesInGibibyte)},
		},
	}
	if a.StorageClass != "" {
		claim.StorageClassName = ptr(a.StorageClass)
	}
	return volume.KubernetesVolume{PersistentVolumeClaim: &volume.PersistentVolumeClaim{PersistentVolumeClaimSpec: claim}}
}

// resources grow with the workers: each is a Ruby process, which uses one CPU at most.
func (a Aggregator) resources() corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Requests: corev1.ResourceList{
			corev1.ResourceCPU:    *resource.NewMilliQuantity(int64(a.Workers)*500, resource.DecimalSI),
			corev1.ResourceMemory: mebibytes(a.Workers * fluentdMemoryMiB / 2),
		},
		Limits: corev1.ResourceList{corev1.ResourceMemory: mebibytes(a.Workers * fluentdMemoryMiB)},
	}
}
