package logging

import (
	"fmt"
	"strings"
	"time"

	"example.com/log-pipeline/internal/capacity"
	spec "example.com/log-pipeline/internal/loggingspec"
)

const (
	// lossRule is the PrometheusRule of the alerts and the name of its one group, and alertPrefix begins their names.
	lossRule    = SystemName + "-loss"
	alertPrefix = "LogPipeline"
)

// alertObjects is the PrometheusRule, where it is wanted. The label is one that the operator's own rules for agents and Fluentd
// both have: a Prometheus that selects those by it has this one too.
func (a Args) alertObjects() []object {
	if !a.Monitoring.PrometheusRules {
		return nil
	}
	return []object{{
		apiVersion: spec.MonitoringAPIVersion, kind: "PrometheusRule",
		name: lossRule, logical: "loss-alerts", labels: map[string]string{"app.kubernetes.io/managed-by": SystemName},
		spec: func(string) any {
			return spec.PrometheusRule{Groups: []spec.RuleGroup{{Name: lossRule, Rules: a.alerts()}}}
		},
	}}
}

// alerts are the alarms that Prometheus can have.
func (a Args) alerts() []spec.Rule {
	var rules []spec.Rule
	for _, alarm := range capacity.FirstMileAlarms() {
		if alarm.Exporter != capacity.CloudWatch {
			rules = append(rules, a.alert(alarm))
		}
	}
	return rules
}

func (a Args) alert(alarm capacity.Alarm) spec.Rule {
	severity := "warning"
	if alarm.Critical {
		severity = "critical"
	}
	rule := spec.Rule{
		Alert:  alertPrefix + alarm.Name,
		Expr:   expression(alarm, a.series(alarm.Exporter)),
		Labels: map[string]string{"severity": severity, "service": string(alarm.Exporter)},
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s.", sentence(alarm.Reason)),
			"description": fmt.Sprintf("Pod {{ $labels.pod }} of the cluster %s has %s %s. What to do: %s.",
				a.Cluster, alarm.Metric, alarm.Condition, alarm.Action),
		},
	}
	if alarm.For > 0 {
		rule.For = inMinutes(alarm.For)
	}
	return rule
}

// series selects what is this logging system's: the operator names the services of its service monitors, and with them the
// jobs, after the Logging and the agent (gh:kube-logging/logging-operator pkg/resources/fluentd/prometheusrules.go and
// pkg/resources/fluentbit/prometheusrules.go).
func (a Args) series(exporter capacity.Exporter) string {
	return fmt.Sprintf("{job=%q, namespace=%q}", SystemName+"-"+string(exporter)+"-metrics", a.Namespace)
}

// expression is one series for each pod that the alarm is about, whichever of its plugins and workers it is.
func expression(alarm capacity.Alarm, series string) string {
	value, aggregate, comparison := alarm.Metric+series, "max", ">"
	if alarm.Comparison == capacity.Below {
		aggregate, comparison = "min", "<"
	}
	if alarm.Window > 0 {
		value, aggregate = fmt.Sprintf("increase(%s[%s])", value, inMinutes(alarm.Window)), "sum"
	}
	if alarm.Unlike != "" {
		value += fmt.Sprintf(" and %s != %s", alarm.Metric+series, alarm.Unlike+series)
	}
	return fmt.Sprintf("%s by (namespace, pod) (%s) %s %d", aggregate, value, comparison, alarm.Threshold)
}

func inMinutes(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }

// sentence begins with a capital letter.
func sentence(words string) string { return strings.ToUpper(words[:1]) + words[1:] }
