package loggingspec

// PrometheusRule is groups of alerts.
type PrometheusRule struct {
	Groups []RuleGroup `json:"groups,omitempty"`
}

// RuleGroup is alerts that are evaluated together.
type RuleGroup struct {
	Name  string `json:"name,omitzero"`
	Rules []Rule `json:"rules,omitempty"`
}

// Rule is an alert.
type Rule struct {
	Alert       string            `json:"alert,omitzero"`
	Expr        string            `json:"expr,omitzero"`
	For         string            `json:"for,omitzero"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}
