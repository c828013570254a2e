package logging

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cisco-open/operator-tools/pkg/volume"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

const (
	// agentFolder is where a node keeps what the agent has read and not yet sent, and how far it has read. /var is writable
	// on every node image, Bottlerocket's too.
	agentFolder = "/var/lib/" + SystemName

	// maxChunksUp chunks of at most 2 MB are in memory, and the rest on disk only: half of agentMemoryMiB.
	maxChunksUp    = 128
	agentMemoryMiB = 512
)

func (a Args) agentObject() object {
	return object{
		kind: "FluentbitAgent", name: SystemName, logical: "agent", clusterScoped: true,
		spec: func(string) any { return a.agent() },
	}
}

// agent reads every container's log, wherever it runs, and keeps what it has read on the node's disk until Fluentd says
// that it has it.
func (a Args) agent() v1beta1.FluentbitSpec {
	return v1beta1.FluentbitSpec{
		LoggingRef: SystemName,
		InputTail:  a.tail(),
		// The kubernetes filter's merge would make the fields of a line that is JSON fields of the event, with a key twice where
		// both have it; annotations and namespace labels would make events larger, and no flow reads them.
		FilterKubernetes: v1beta1.FilterKubernetes{
			MergeLog: "Off", Annotations: "Off", NamespaceLabels: "Off", K8SLoggingExclude: "On",
		},
		// The multiline parser calls the line log, and leaves its own mark.
		FilterModify: []v1beta1.FilterModify{{Rules: []v1beta1.FilterModifyRule{
			{Rename: &v1beta1.FilterKeyValue{Key: "log", Value: "message"}},
			{Remove: &v1beta1.FilterKey{Key: "_p"}},
		}}},
		BufferStorage: v1beta1.BufferStorage{
			StoragePath:            "/buffers",
			StorageMaxChunksUp:     maxChunksUp,
			StorageBacklogMemLimit: "64M",
			StorageMetrics:         "On",
		},
		PositionDB:          hostPath("positions"),
		BufferStorageVolume: hostPath("buffers"),
		ForwardOptions: &v1beta1.ForwardOptions{
			RequireAckResponse: true,
			RetryLimit:         "no_limits",
			// In bytes: Fluent Bit's M is a million of them (docs.fluentbit.io/manual/administration/configuring-fluent-bit/unit-sizes).
			StorageTotalLimitSize: strconv.Itoa(a.Agent.DiskLimitMiB << 20),
		},
		// Connections are made anew, so that agents spread over Fluentd's pods again when there are more of them.
		Network: &v1beta1.FluentbitNetwork{
			Keepalive: ptr(true), KeepaliveIdleTimeout: ptr(uint32(30)), KeepaliveMaxRecycle: ptr(uint32(100)),
		},
		// As much as the pod's own grace of 30 seconds allows.
		Grace:                20,
		PodPriorityClassName: a.Agent.PriorityClass,
		// A node whose taints keep the agent away has logs that nobody reads.
		Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
		Resources: corev1.ResourceRequirements{
			Requests: corev1.ResourceList{
				corev1.ResourceCPU:    resource.MustParse("100m"),
				corev1.ResourceMemory: resource.MustParse("128Mi"),
			},
			// No limit of CPU: an agent that is held back falls behind the rotation of logs.
			Limits: corev1.ResourceList{corev1.ResourceMemory: mebibytes(agentMemoryMiB)},
		},
		Metrics:             a.agentMetrics(),
		BufferVolumeMetrics: a.metrics(),
	}
}

// agentMetrics are of Fluent Bit's second version: the first, the operator's default, says neither how full the disk limit is
// nor whether reading is paused (docs.fluentbit.io/manual/administration/monitoring).
func (a Args) agentMetrics() *v1beta1.Metrics {
	metrics := a.metrics()
	if metrics != nil {
		metrics.Path = "/api/v2/metrics/prometheus"
	}
	return metrics
}

func (a Args) tail() v1beta1.InputTail {
	return v1beta1.InputTail{
		StorageType: "filesystem",
		// Reading goes on, and ForwardOptions' limit is in bytes: see the package.
		StoragePauseOnChunksOverlimit: "off",
		// Chunks beyond it are on disk only (gh:fluent/fluent-bit src/flb_input_chunk.c, flb_input_chunk_set_up_down).
		MemBufLimit: "64M",
		// Joins what the container runtime has split (at 16 KiB), keeping the time of the first part.
		MultilineParser: []string{"cri"},
		// A line that the runtime has not split and that is longer still is left out, with a warning; "Off" would stop reading
		// its file.
		BufferChunkSize: "64k",
		BufferMaxSize:   "2M",
		SkipLongLines:   "On",
		// Pods that are on a node before the agent.
		ReadFromHead: true,
		// What is written to a file after its rotation, and what was not read until then.
		RotateWait:      "60",
		RefreshInterval: "5",
		ExcludePath:     a.ignoredPaths(),
	}
}

// ignoredPaths are the files of the logging system itself, whose logs about a failure would feed it, and of what is not
// wanted. The kubelet names them <pod>_<namespace>_<container>-<id>.log.
func (a Args) ignoredPaths() string {
	var paths []string
	for _, namespace := range append([]string{a.Namespace}, a.Agent.IgnoredNamespaces...) {
		paths = append(paths, "/var/log/containers/*_"+namespace+"_*.log")
	}
	return strings.Join(paths, ",")
}

// hostPath is a folder of the node, which outlives the pod.
func hostPath(folder string) volume.KubernetesVolume {
	return volume.KubernetesVolume{HostPath: &corev1.HostPathVolumeSource{
		Path: agentFolder + "/" + folder, Type: ptr(corev1.HostPathDirectoryOrCreate),
	}}
}

// metrics are what is seen of agents and Fluentd alike; nil for nothing.
func (a Args) metrics() *v1beta1.Metrics {
	if !a.Monitoring.ServiceMonitors && !a.Monitoring.PrometheusRules {
		return nil
	}
	return &v1beta1.Metrics{ServiceMonitor: a.Monitoring.ServiceMonitors, PrometheusRules: a.Monitoring.PrometheusRules}
}

func mebibytes(n int) resource.Quantity { return resource.MustParse(fmt.Sprintf("%dMi", n)) }

func ptr[T any](value T) *T { return &value }
