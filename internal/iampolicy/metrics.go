package iampolicy

import "slices"

const (
	putMetricData   = "cloudwatch:PutMetricData"
	metricNamespace = "cloudwatch:namespace"
)

// MetricData is the statement of a role's permissions that lets it put metrics into some namespaces of CloudWatch. It is the only
// one that may allow its action on "*": PutMetricData has no resources, and the namespace is all that narrows it
// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html).
func MetricData(namespaces ...string) Statement {
	return Statement{
		Sid:        "MetricData",
		Effect:     Allow,
		Actions:    []string{putMetricData},
		Resources:  Strings("*"),
		Conditions: []Condition{{Operator: "StringEquals", Key: metricNamespace, Values: Strings(namespaces...)}},
		metricData: true,
	}
}

// putsMetricData says whether the statement is still what [MetricData] made.
func (s Statement) putsMetricData() bool {
	return s.metricData && len(s.Actions) == 1 && s.Actions[0] == putMetricData &&
		slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.Operator == "StringEquals" && c.Key == metricNamespace })
}
