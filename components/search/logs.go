package search

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// publishedLogs are the kinds of logs that a domain writes (docs.aws.amazon.com/opensearch-service/latest/APIReference/
// API_LogPublishingOption.html), with the endings of their groups' names.
var publishedLogs = []struct{ kind, ending string }{
	{"ES_APPLICATION_LOGS", "-error-log"},
	{"AUDIT_LOGS", "-audit-log"},
	{"SEARCH_SLOW_LOGS", "-slow-search-log"},
	{"INDEX_SLOW_LOGS", "-slow-index-log"},
}

// domainLogs are the groups, in the order of publishedLogs, and what lets the domain write to them.
type domainLogs struct {
	groups []*cloudwatch.LogGroup
	policy *cloudwatch.LogResourcePolicy
}

// provisionLogs makes the groups and one policy for all of them: a region has ten
// (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html).
func (s *Search) provisionLogs(ctx *pulumi.Context) error {
	for _, published := range publishedLogs {
		group, err := s.newLogGroup(ctx, published.ending)
		if err != nil {
			return err
		}
		s.logs.groups = append(s.logs.groups, group)
	}
	document, err := s.logs.writable(s.place, s.name).JSON()
	if err != nil {
		return fmt.Errorf("log policy: %w", err)
	}
	s.logs.policy, err = cloudwatch.NewLogResourcePolicy(ctx, s.name+"-log-policy", &cloudwatch.LogResourcePolicyArgs{
		PolicyName:     pulumi.String(ctx.Project() + "-" + ctx.Stack() + "-" + s.name),
		PolicyDocument: document,
	}, s.neededByTheDomain()...)
	if err != nil {
		return fmt.Errorf("create log policy: %w", err)
	}
	return nil
}

// writable lets the domain write to its groups: docs.aws.amazon.com/opensearch-service/latest/developerguide/
// createdomain-configure-slow-logs.html. The domain is not there yet, so that its name is the pattern of a generated one.
func (l domainLogs) writable(place iampolicy.Place, name string) iampolicy.Document {
	streams := make([]pulumi.StringInput, len(l.groups))
	for i, group := range l.groups {
		streams[i] = pulumi.Sprintf("%s:*", group.Arn)
	}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
		Sid:        "LogsOfTheDomain",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("es.amazonaws.com")},
		Actions:    []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources:  streams,
		Conditions: fromTheDomain(place, name),
	}}}
}

// fromTheDomain are the conditions under which OpenSearch Service acts for the domain and for no other
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-service-confused-deputy-prevention.html).
func fromTheDomain(place iampolicy.Place, name string) []iampolicy.Condition {
	return []iampolicy.Condition{
		{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(place.AccountID())},
		{Operator: "ArnLike", Key: "aws:SourceArn", Values: iampolicy.Strings(domainPattern(place, name))},
	}
}

// domainPattern matches the domain's ARN before there is one.
func domainPattern(place iampolicy.Place, name string) string {
	return place.ARN("es", "domain/"+naming.AutoNamed(name+domainSuffix))
}
