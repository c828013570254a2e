package iampolicy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/tests/mocks"
)

func metricData(change func(*iampolicy.Statement)) iampolicy.Document {
	return identity(func(s *iampolicy.Statement) {
		s.Actions, s.Resources = []string{"cloudwatch:PutMetricData"}, iampolicy.Strings("*")
		s.Conditions = []iampolicy.Condition{
			{Operator: "StringEquals", Key: "cloudwatch:namespace", Values: iampolicy.Strings("Glue", "mine")},
		}
		if change != nil {
			change(s)
		}
	})
}

func TestActionsWithoutResourcesAreAllowedOnEverything(t *testing.T) {
	text, _ := rendered(t, metricData(nil), mocks.Up)
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{
		"Sid": "Read", "Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["*"],
		"Condition": {"StringEquals": {"cloudwatch:namespace": ["Glue", "mine"]}}
	}]}`, text)
	for what, change := range map[string]func(*iampolicy.Statement){
		"another action":   func(s *iampolicy.Statement) { s.Actions = []string{"cloudwatch:DeleteAlarms"} },
		"one more":         func(s *iampolicy.Statement) { s.Actions = append(s.Actions, "cloudwatch:DeleteAlarms") },
		"any namespace":    func(s *iampolicy.Statement) { s.Conditions = nil },
		"not a namespace":  func(s *iampolicy.Statement) { s.Conditions[0].Key = "aws:RequestedRegion" },
		"like a namespace": func(s *iampolicy.Statement) { s.Conditions[0].Operator = "StringLike" },
	} {
		_, err := metricData(change).JSON()
		require.ErrorContains(t, err, `resource "*" may not be allowed`, what)
	}
}
