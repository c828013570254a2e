package logging_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/components/logging"
)

func TestTheAgentLosesNothingThatItsDiskHolds(t *testing.T) {
	agent := up(t, nil).Named(t, "eks-agent")
	assertAll(t, agent, map[string]any{
		// What is read lies on the node's disk, in bytes that are limited, and reading goes on meanwhile.
		"spec.inputTail.storage:type":                      "filesystem",
		"spec.inputTail.storage:pause_on_chunks_overlimit": "off",
		"spec.bufferStorage.storage:path":                  "/buffers",
		"spec.bufferStorageVolume.hostPath.path":           "/var/lib/log-pipeline/buffers",
		"spec.bufferStorageVolume.hostPath.type":           "DirectoryOrCreate",
		"spec.forwardOptions.storage:total_limit_size":     "4294967296",
		"spec.bufferStorage.storage:max_chunks_up":         128,
		"spec.bufferStorage.storage:backlog:mem_limit":     "64M",
		"spec.inputTail.Mem_Buf_Limit":                     "64M",
		"spec.resources.limits.memory":                     "512Mi",
		// Where it has read to outlives the pod, and so do files that were there before it.
		"spec.positiondb.hostPath.path":   "/var/lib/log-pipeline/positions",
		"spec.positiondb.hostPath.type":   "DirectoryOrCreate",
		"spec.inputTail.Read_From_Head":   true,
		"spec.inputTail.Refresh_Interval": "5",
		"spec.inputTail.Rotate_Wait":      "60",
		// It has arrived when Fluentd says so.
		"spec.forwardOptions.Require_ack_response": true,
		"spec.forwardOptions.Retry_Limit":          "no_limits",
		"spec.grace":                               20,
		// Long lines: what the runtime splits is joined, and a longer one does not end the reading of its file.
		"spec.inputTail.multiline:parser":  []any{"cri"},
		"spec.inputTail.Skip_Long_Lines":   "On",
		"spec.inputTail.Buffer_Chunk_Size": "64k",
		"spec.inputTail.Buffer_Max_Size":   "2M",
		// It is on every node, whatever its taints, and not the first to be evicted or held back.
		"spec.tolerations":          []any{map[string]any{"operator": "Exists"}},
		"spec.podPriorityClassName": "system-node-critical",
		// The line arrives as message, as it was.
		"spec.filterKubernetes.Merge_Log":           "Off",
		"spec.filterKubernetes.Annotations":         "Off",
		"spec.filterKubernetes.namespace_labels":    "Off",
		"spec.filterKubernetes.K8S-Logging:Exclude": "On",
		"spec.filterModify": []any{map[string]any{"rules": []any{
			map[string]any{"Rename": map[string]any{"key": "log", "value": "message"}},
			map[string]any{"Remove": map[string]any{"key": "_p"}},
		}}},
		// Connections move to new replicas.
		"spec.network.keepalive":           true,
		"spec.network.keepaliveMaxRecycle": 100,
	})
	assert.Nil(t, at(agent, "spec.resources.limits.cpu"), "an agent that is held back falls behind the rotation")
	assert.Nil(t, at(agent, "spec.metrics"))
}

func TestTheAgentsDiskAndPriorityAreTheCallers(t *testing.T) {
	agent := up(t, func(a *logging.Args) {
		a.Agent = logging.Agent{DiskLimitMiB: 700, PriorityClass: "agents"}
	}).Named(t, "eks-agent")
	assertAll(t, agent, map[string]any{
		"spec.forwardOptions.storage:total_limit_size": "734003200", "spec.podPriorityClassName": "agents",
	})
}

// Its own messages about a failure would be more to send.
func TestTheLoggingSystemDoesNotReadItself(t *testing.T) {
	recording := up(t, func(a *logging.Args) { a.Namespace, a.Agent.IgnoredNamespaces = "logs", []string{"noise", "chatter"} })
	assertAll(t, recording.Named(t, "eks-agent"), map[string]any{
		"spec.inputTail.Exclude_Path": "/var/log/containers/*_logs_*.log,/var/log/containers/*_chatter_*.log,/var/log/containers/*_noise_*.log",
	})
	match := at(recording.Named(t, "eks-flow/everything"), "spec.match").([]any)
	assert.Equal(t, map[string]any{"exclude": map[string]any{"namespaces": []any{"chatter", "logs", "noise"}}}, match[0])
}

func TestPrometheusSeesAgentsAndFluentdAndTheirVolumes(t *testing.T) {
	recording := up(t, func(a *logging.Args) { a.Monitoring = logging.Monitoring{ServiceMonitors: true, PrometheusRules: true} })
	agent, system := recording.Named(t, "eks-agent"), recording.Named(t, "eks-system")
	want := map[string]any{"serviceMonitor": true, "prometheusRules": true}
	assertAll(t, agent, map[string]any{
		// Fluent Bit's first version, the operator's default, has not all that the alerts look at.
		"spec.metrics":             map[string]any{"serviceMonitor": true, "prometheusRules": true, "path": "/api/v2/metrics/prometheus"},
		"spec.bufferVolumeMetrics": want, "spec.bufferStorage.storage:metrics": "On",
	})
	assertAll(t, system, map[string]any{"spec.fluentd.metrics": want, "spec.fluentd.bufferVolumeMetrics": want})

	rules := up(t, func(a *logging.Args) { a.Monitoring.PrometheusRules = true }).Named(t, "eks-system")
	assertAll(t, rules, map[string]any{"spec.fluentd.metrics": map[string]any{"prometheusRules": true}})
}
