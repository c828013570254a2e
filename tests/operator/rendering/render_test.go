package rendering_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"example.com/log-pipeline/tests/operator/rendering"
)

// small is a Logging with its agent, a flow of everything and an output.
const small = `
apiVersion: logging.banzaicloud.io/v1beta1
kind: Logging
metadata: {name: logs}
spec:
  controlNamespace: logging
  fluentd: {scaling: {replicas: 2, drain: {enabled: true}}}
---
apiVersion: logging.banzaicloud.io/v1beta1
kind: FluentbitAgent
metadata: {name: logs}
spec: {}
---
apiVersion: logging.banzaicloud.io/v1beta1
kind: ClusterFlow
metadata: {name: all, namespace: logging}
spec: {globalOutputRefs: [stream]}
---
apiVersion: logging.banzaicloud.io/v1beta1
kind: ClusterOutput
metadata: {name: stream, namespace: logging}
spec: {kinesisStream: {stream_name: logs}}
`

func parse(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	for document := range strings.SplitSeq(text, "---\n") {
		object := &unstructured.Unstructured{}
		require.NoError(t, yaml.Unmarshal([]byte(document), &object.Object))
		objects = append(objects, object)
	}
	return objects
}

func TestRenderGivesWhatTheOperatorWrites(t *testing.T) {
	rendered, err := rendering.Render(t.Context(), parse(t, small))
	require.NoError(t, err)
	assert.Empty(t, rendered.Problems)

	fluentd, err := rendering.ParseFluentd(rendered.Fluentd)
	require.NoError(t, err)
	assert.Equal(t, "1", fluentd.Child("system", "").Settings["workers"], "the includes are resolved")
	assert.NotNil(t, fluentd.Child("label", "@FLUENT_LOG"))
	var types []string
	for match := range fluentd.All("match") {
		types = append(types, match.Settings["@type"])
	}
	assert.Equal(t, []string{"label_router", "", "kinesis_streams", "null", "null", "null"}, types, "by default what fails or matches nothing is gone")

	agent, err := rendering.ParseFluentBit(rendered.FluentBit)
	require.NoError(t, err)
	assert.Equal(t, "logs-fluentd.logging.svc.cluster.local.", agent.Child("OUTPUT", "").Settings["host"])

	assert.Equal(t, "logs-fluentd", rendered.StatefulSet.Name)
	assert.Equal(t, "logs-fluentd", rendered.ServiceAccount.Name)
	assert.Equal(t, "logs-fluentbit", rendered.DaemonSet.Name)
	assert.Equal(t, "logs-fluentd-2-drainer", rendered.DrainJob.Name, "of the claim that a third replica left behind")
	assert.NotNil(t, rendered.Placeholder)
	assert.Nil(t, rendered.DisruptionBudget)
	assert.Empty(t, rendered.ServiceMonitors)
	assert.Empty(t, rendered.PrometheusRules)
}

func TestRenderWithoutDrain(t *testing.T) {
	rendered, err := rendering.Render(t.Context(), parse(t, strings.Replace(small, "drain: {enabled: true}", "", 1)))
	require.NoError(t, err)
	assert.Nil(t, rendered.DrainJob)
	assert.Nil(t, rendered.Placeholder)
}

func TestRenderSaysWhatTheOperatorRefuses(t *testing.T) {
	for name, test := range map[string]struct{ from, to, want string }{
		"no such output":   {"[stream]", "[strem]", "referenced clusteroutput not found: strem"},
		"two destinations": {"spec: {kinesisStream:", "spec: {s3: {s3_bucket: a}, kinesisStream:", `failed to create configured output "stream"`},
		"no agent":         {"kind: FluentbitAgent", "kind: NodeAgent", "1 Logging and 0 FluentbitAgent objects; want one each"},
		"unknown kind":     {"kind: FluentbitAgent", "kind: Agent", `Agent logs: no kind "Agent" is registered`},
		"no Fluentd":       {"fluentd: {scaling: {replicas: 2, drain: {enabled: true}}}", "", "no Fluentd in Logging logs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rendering.Render(t.Context(), parse(t, strings.Replace(small, test.from, test.to, 1)))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestRenderTellsTheProblemsThatTheOperatorSees(t *testing.T) {
	rendered, err := rendering.Render(t.Context(), parse(t, strings.Replace(small, "globalOutputRefs", "outputRefs", 1)))
	require.NoError(t, err)
	require.Len(t, rendered.Problems, 1)
	assert.Contains(t, rendered.Problems[0], `ClusterFlow all: "outputRefs" field is deprecated`)
}
