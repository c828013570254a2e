package search

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// What a domain answers; which of it does what is for the domain's own roles to say
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html).
var (
	// puts are all that the function sends.
	puts = []string{"es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"}
	// requests are those of people. Dashboards uses each of them for what is saved there.
	requests = []string{"es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"}
)

// provisionAccessPolicy makes none where nobody is named: the account's own roles may request what their policies say
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html), nobody else anything.
func (s *Search) provisionAccessPolicy(ctx *pulumi.Context) error {
	people := s.args.Access.people()
	if len(people) == 0 {
		return nil
	}
	document, err := s.mayRequest(people).JSON()
	if err != nil {
		return fmt.Errorf("access policy: %w", err)
	}
	policy, err := opensearch.NewDomainPolicy(ctx, s.name+"-access-policy", &opensearch.DomainPolicyArgs{
		DomainName: s.domain.DomainName, AccessPolicies: document,
	}, append(s.neededByTheDomain(), pulumi.DependsOn(s.args.After),
		// It goes with the domain, which spares a destroy the minute that a change of a domain takes.
		pulumi.DeletedWith(s.domain))...)
	if err != nil {
		return fmt.Errorf("create access policy: %w", err)
	}
	s.ready = append(s.ready, policy)
	return nil
}

// mayRequest names every role, and no account or wildcard. Function and writer are not among them: what it gives a role comes
// on top of what the role's own policy says, which for the writer is narrower.
func (s *Search) mayRequest(people []string) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
		Sid:        "SearchAndSee",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Accounts(iampolicy.Strings(people...)...)},
		Actions:    requests,
		Resources:  []pulumi.StringInput{pulumi.Sprintf("%s/*", s.domain.Arn)},
	}}}
}

// people are the roles of readers and admins, in order.
func (a Access) people() []string { return inOrder(slices.Concat(a.ReaderRoleARNs, a.AdminRoleARNs)) }
