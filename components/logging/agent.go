package logging

import (
	"strconv"
	"strings"

	spec "example.com/log-pipeline/internal/loggingspec"
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
func (a Args) agent() spec.FluentbitAgent {
	return spec.FluentbitAgent{
		LoggingRef: SystemName,
		InputTail:  a.tail(),
		// The kubernetes filter's merge would make the fields of a line that is JSON fields of the event, with a key twice where
		// both have it; annotations and namespace labels would make events larger, and no flow reads them.
		FilterKubernetes: spec.FilterKubernetes{
			MergeLog: "Off", Annotations: "Off", NamespaceLabels: "Off", K8SLoggingExclude: "On",
		},
		// The multiline parser calls the line log, and leaves its own mark.
		FilterModify: []spec.FilterModify{{Rules: []spec.FilterModifyRule{
			{Rename: &spec.KeyValue{Key: "log", Value: "message"}},
			{Remove: &spec.Key{Key: "_p"}},
		}}},
		BufferStorage: spec.BufferStorage{
			Path:            "/buffers",
			MaxChunksUp:     maxChunksUp,
			BacklogMemLimit: "64M",
			Metrics:         "On",
		},
		PositionDB:          hostPath("positions"),
		BufferStorageVolume: hostPath("buffers"),
		ForwardOptions: &spec.ForwardOptions{
			RequireAckResponse: true,
			RetryLimit:         "no_limits",
			// In bytes: Fluent Bit's M is a million of them (docs.fluentbit.io/manual/administration/configuring-fluent-bit/unit-sizes).
			StorageTotalLimitSize: strconv.Itoa(a.Agent.DiskLimitMiB << 20),
		},
		// Connections are made anew, so that agents spread over Fluentd's pods again when there are more of them.
		Network: &spec.FluentbitNetwork{
			Keepalive: true, KeepaliveIdleTimeoutSeconds: 30, KeepaliveMaxRecycle: 100,
		},
		// As much as the pod's own grace of 30 seconds allows.
		GraceSeconds:         20,
		PodPriorityClassName: a.Agent.PriorityClass,
		// A node whose taints keep the agent away has logs that nobody reads.
		Tolerations: []spec.Toleration{{Operator: spec.Exists}},
		Resources: spec.Resources{
			Requests: map[string]string{spec.CPU: millicores(100), spec.Memory: mebibytes(128)},
			// No limit of CPU: an agent that is held back falls behind the rotation of logs.
			Limits: map[string]string{spec.Memory: mebibytes(agentMemoryMiB)},
		},
		Metrics:             a.agentMetrics(),
		BufferVolumeMetrics: a.metrics(),
	}
}

// agentMetrics are of Fluent Bit's second version: the first, the operator's default, says neither how full the disk limit is
// nor whether reading is paused (docs.fluentbit.io/manual/administration/monitoring).
func (a Args) agentMetrics() *spec.Metrics {
	metrics := a.metrics()
	if metrics != nil {
		metrics.Path = "/api/v2/metrics/prometheus"
	}
	return metrics
}

func (a Args) tail() spec.InputTail {
	return spec.InputTail{
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
func hostPath(folder string) spec.Volume {
	return spec.Volume{HostPath: &spec.HostPath{Path: agentFolder + "/" + folder, Type: spec.DirectoryOrCreate}}
}

// metrics are what is seen of agents and Fluentd alike; nil for nothing.
func (a Args) metrics() *spec.Metrics {
	if !a.Monitoring.ServiceMonitors && !a.Monitoring.PrometheusRules {
		return nil
	}
	return &spec.Metrics{ServiceMonitor: a.Monitoring.ServiceMonitors, PrometheusRules: a.Monitoring.PrometheusRules}
}
