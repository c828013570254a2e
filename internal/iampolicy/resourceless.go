package iampolicy

import "slices"

// withoutResources are the actions that this program's roles need and that have no resources, so that "*" is all that a policy
// can say (docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html, list_amazoncloudwatchlogs.html,
// list_amazoncognitoidentity.html, list_amazonec2.html, list_awsglue.html), with the condition key that narrows them; empty where there is none. PutMetricData has one, for metrics by
// OpenTelemetry, and none for those of a namespace.
var withoutResources = map[string]string{
	"cloudwatch:PutMetricData":              "cloudwatch:namespace",
	"cognito-identity:SetIdentityPoolRoles": "",
	"ec2:DescribeNetworkInterfaces":         "",
	"ec2:DescribeSecurityGroups":            "",
	"ec2:DescribeSubnets":                   "",
	"ec2:DescribeVpcs":                      "",
	"glue:GetSecurityConfiguration":         "",
	"logs:DescribeLogGroups":                "",
}

// resourceless says whether every action has no resources, and is narrowed by its condition where it can be.
func (s Statement) resourceless() bool {
	return !slices.ContainsFunc(s.Actions, func(action string) bool {
		key, known := withoutResources[action]
		return !known || key != "" && !s.compares(key)
	})
}

func (s Statement) compares(key string) bool {
	return slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.Operator == "StringEquals" && c.Key == key })
}
