package iampolicy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/tests/mocks"
)

func TestMetricDataIsOfTheNamespacesAlone(t *testing.T) {
	document := func(s iampolicy.Statement) iampolicy.Document {
		return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{s}}
	}
	text, _ := rendered(t, document(iampolicy.MetricData("Glue", "mine")), mocks.Up)
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{
		"Sid": "MetricData", "Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["*"],
		"Condition": {"StringEquals": {"cloudwatch:namespace": ["Glue", "mine"]}}
	}]}`, text)

	for what, change := range map[string]func(*iampolicy.Statement){
		"another action": func(s *iampolicy.Statement) { s.Actions = []string{"cloudwatch:DeleteAlarms"} },
		"one more":       func(s *iampolicy.Statement) { s.Actions = append(s.Actions, "cloudwatch:DeleteAlarms") },
		"any namespace":  func(s *iampolicy.Statement) { s.Conditions = nil },
	} {
		s := iampolicy.MetricData("mine")
		change(&s)
		_, err := document(s).JSON()
		require.ErrorContains(t, err, `resource "*" may not be allowed`, what)
	}
	_, err := document(iampolicy.MetricData()).JSON()
	require.ErrorContains(t, err, "no value")
}
