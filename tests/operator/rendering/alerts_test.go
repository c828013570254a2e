package rendering_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
)

const lossRule = "log-pipeline-loss"

func watched(a *logging.Args) {
	a.Namespace = "logs"
	a.Monitoring = logging.Monitoring{ServiceMonitors: true, PrometheusRules: true}
}

// selectors are the distinct labels that a rule's expressions select series by.
func selectors(rule monitoringv1.PrometheusRule) []string {
	var found []string
	for _, group := range rule.Spec.Groups {
		for _, alert := range group.Rules {
			for _, match := range regexp.MustCompile(`job="[^"]*", namespace="[^"]*"`).FindAllString(alert.Expr.String(), -1) {
				if !slices.Contains(found, match) {
					found = append(found, match)
				}
			}
		}
	}
	return found
}

// The operator names jobs and their pods' metrics: an alert that selects by other names never fires.
func TestLossAlertsSelectAsTheOperatorsOwnDo(t *testing.T) {
	p := build(t, watched)
	var own, operators []string
	for _, rule := range p.PrometheusRules {
		if rule.Name == lossRule {
			own = selectors(rule)
		} else {
			operators = append(operators, selectors(rule)...)
		}
	}
	require.Len(t, own, 2, "Fluentd's and the agents'")
	assert.Subset(t, operators, own)

	var scraped []string
	for _, monitor := range p.ServiceMonitors {
		scraped = append(scraped, `job="`+monitor.Name+`", namespace="`+monitor.Namespace+`"`)
	}
	assert.Subset(t, scraped, own, "a monitor has the name of its service, which is the job")
}

func TestAgentsAreScrapedWhereAllOfTheirMetricsAre(t *testing.T) {
	for _, monitor := range build(t, watched).ServiceMonitors {
		if monitor.Name == "log-pipeline-fluentbit-metrics" {
			require.Len(t, monitor.Spec.Endpoints, 1)
			assert.Equal(t, "/api/v2/metrics/prometheus", monitor.Spec.Endpoints[0].Path)
			return
		}
	}
	assert.Fail(t, "agents are not scraped")
}

// One label finds all rules of the system.
func TestAllRulesShareALabel(t *testing.T) {
	rules := build(t, watched).PrometheusRules
	assert.Len(t, rules, 5, "one of this component, and two each of agents and Fluentd")
	for _, rule := range rules {
		assert.Equal(t, "log-pipeline", rule.Labels["app.kubernetes.io/managed-by"], rule.Name)
	}
}

// It is no kind of the Logging Operator's, whose definitions check the others.
func TestTheLossRuleHasNoFieldThatPrometheusDoesNotKnow(t *testing.T) {
	_, objects := register(t, watched)
	for _, object := range objects {
		if object.GetName() != lossRule {
			continue
		}
		text, err := object.MarshalJSON()
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var rule monitoringv1.PrometheusRule
		require.NoError(t, decoder.Decode(&rule))
		assert.Equal(t, "logs", rule.Namespace)
		return
	}
	assert.Fail(t, "no loss rule")
}
