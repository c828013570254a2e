package logging_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/loggingspec"
	"example.com/log-pipeline/tests/mocks"
)

const ruleType = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"

// alerts are those of the rule, by name.
func alerts(t *testing.T, change func(*logging.Args)) map[string]loggingspec.Rule {
	t.Helper()
	recording := up(t, func(a *logging.Args) {
		a.Monitoring.PrometheusRules = true
		if change != nil {
			change(a)
		}
	})
	text, err := json.Marshal(recording.Named(t, "eks-loss-alerts").Get("spec"))
	require.NoError(t, err)
	var spec loggingspec.PrometheusRule
	require.NoError(t, json.Unmarshal(text, &spec))
	require.Len(t, spec.Groups, 1)
	byName := make(map[string]loggingspec.Rule)
	for _, rule := range spec.Groups[0].Rules {
		byName[rule.Alert] = rule
	}
	require.Len(t, byName, len(spec.Groups[0].Rules), "no two alerts have one name")
	return byName
}

func TestAlertsAreThereOnlyIfTheyAreAskedFor(t *testing.T) {
	assert.Empty(t, up(t, nil).OfType(ruleType))
	monitors := up(t, func(a *logging.Args) { a.Monitoring.ServiceMonitors = true })
	assert.Empty(t, monitors.OfType(ruleType))

	recording := up(t, func(a *logging.Args) { a.Monitoring.PrometheusRules, a.Namespace = true, "logs" })
	require.Len(t, recording.OfType(ruleType), 1)
	rule := recording.Named(t, "eks-loss-alerts")
	assertAll(t, rule, map[string]any{
		"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
		"metadata.name": "log-pipeline-loss", "metadata.namespace": "logs",
		"metadata.labels": map[string]any{"app.kubernetes.io/managed-by": "log-pipeline"},
	})
	assert.Empty(t, empty(rule.Inputs, ""))
	assert.True(t, rule.DependsOn(recording.Named(t, "eks-namespace")))
}

func TestEachAlarmOfThePlanHasItsAlert(t *testing.T) {
	found := alerts(t, nil)
	alarms := 0
	for _, alarm := range capacity.FirstMileAlarms() {
		if alarm.Exporter == capacity.CloudWatch {
			continue
		}
		alarms++
		alert, exists := found["LogPipeline"+alarm.Name]
		if !assert.True(t, exists, alarm.Name) {
			continue
		}
		assert.Contains(t, alert.Expr, alarm.Metric+"{")
		assert.Equal(t, alarm.For > 0, alert.For != "", alarm.Name)
		assert.Contains(t, []string{"warning", "critical"}, alert.Labels["severity"], alarm.Name)
		assert.Equal(t, alarm.Critical, alert.Labels["severity"] == "critical", alarm.Name)
		assert.Contains(t, strings.ToLower(alert.Annotations["summary"]), strings.ToLower(alarm.Reason))
		for _, part := range []string{"{{ $labels.pod }}", "prod-eu", alarm.Metric, alarm.Condition, alarm.Action} {
			assert.Contains(t, alert.Annotations["description"], part)
		}
	}
	assert.Len(t, found, alarms, "and there are no others")
}

// Another Fluentd of the cluster, or another of the operator's, raises none.
func TestAlertsAreAboutThisLoggingSystemOnly(t *testing.T) {
	selector := regexp.MustCompile(`[a-z_]+\{[^}]*\}`)
	for name, alert := range alerts(t, func(a *logging.Args) { a.Namespace = "logs" }) {
		expression := alert.Expr
		assert.Regexp(t, `^(sum|min|max) by \(namespace, pod\) \(.*\) [<>] \d+$`, expression, name)
		series := selector.FindAllString(expression, -1)
		assert.NotEmpty(t, series, name)
		assert.NotContains(t, selector.ReplaceAllString(expression, ""), "fluent", "%s: a metric without a selector", name)
		for _, one := range series {
			job := map[bool]string{true: "fluentd", false: "fluentbit"}[strings.HasPrefix(one, "fluentd_")]
			assert.True(t, strings.HasSuffix(one, `{job="log-pipeline-`+job+`-metrics", namespace="logs"}`), one)
		}
	}
}

func TestGoldenAlerts(t *testing.T) {
	rule := up(t, func(a *logging.Args) { a.Monitoring.PrometheusRules = true }).Named(t, "eks-loss-alerts")
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(rule.Inputs))
	mocks.Golden(t, "loss-alerts.json", text.String())
}
