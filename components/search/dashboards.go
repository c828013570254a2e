package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// dashboardsRole is what OpenSearch Service takes on to sign people in.
type dashboardsRole struct {
	role   *iam.Role
	policy *iam.RolePolicy
}

func (s *Search) provisionDashboardsRole(ctx *pulumi.Context) error {
	if s.args.Access.Cognito == nil {
		return nil
	}
	role, policy, err := iamrole.New(ctx, s.name+"-dashboards", iamrole.Args{
		Description: fmt.Sprintf("OpenSearch Service of %s: signs people in to Dashboards by Cognito", s.name),
		Trust:       s.trustOpenSearch(),
		Permissions: s.useCognito(),
	}, s.neededByTheDomain()...)
	if err != nil {
		return err
	}
	s.dashboardsRole = &dashboardsRole{role, policy}
	return nil
}

func (r *dashboardsRole) signIn(cognito *Cognito) opensearch.DomainCognitoOptionsArgs {
	return opensearch.DomainCognitoOptionsArgs{
		Enabled:        pulumi.Bool(true),
		UserPoolId:     pulumi.String(cognito.UserPoolID),
		IdentityPoolId: pulumi.String(cognito.IdentityPoolID),
		RoleArn:        r.role.Arn,
	}
}

// trustOpenSearch is for the domain alone (docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html#cognito-auth-role).
func (s *Search) trustOpenSearch() iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "TheDomain",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("opensearchservice.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: fromTheDomain(s.place, s.name),
	}}}
}

// useCognito has the permissions of docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonOpenSearchServiceCognitoAccess.html, for
// the two pools and for the roles that people sign in as. A role of another account cannot be passed
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
func (s *Search) useCognito() iampolicy.Document {
	cognito := s.args.Access.Cognito
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{
		{
			Sid:    "UseUserPool",
			Effect: iampolicy.Allow,
			Actions: []string{
				"cognito-idp:AdminInitiateAuth", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:CreateUserPoolClient",
				"cognito-idp:DeleteUserPoolClient", "cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient",
				"cognito-idp:ListUserPoolClients", "cognito-idp:UpdateUserPoolClient",
			},
			Resources: iampolicy.Strings(s.place.ARN("cognito-idp", "userpool/"+cognito.UserPoolID)),
		},
		{
			Sid:    "UseIdentityPool",
			Effect: iampolicy.Allow,
			Actions: []string{
				"cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles", "cognito-identity:UpdateIdentityPool",
			},
			Resources: iampolicy.Strings(s.place.ARN("cognito-identity", "identitypool/"+cognito.IdentityPoolID)),
		},
		{
			Sid:       "SetRolesOfIdentityPools",
			Effect:    iampolicy.Allow,
			Actions:   []string{"cognito-identity:SetIdentityPoolRoles"},
			Resources: iampolicy.Strings("*"),
		},
		{
			Sid:       "PassTheRolesOfPeople",
			Effect:    iampolicy.Allow,
			Actions:   []string{"iam:PassRole"},
			Resources: iampolicy.Strings(s.args.signedIn()...),
			Conditions: []iampolicy.Condition{
				{Operator: "StringEquals", Key: "iam:PassedToService", Values: iampolicy.Strings(s.identityService())},
			},
		},
	}}
}

// identityService is Cognito's identity pools to IAM, which have a name of their own in GovCloud.
func (s *Search) identityService() string {
	if s.place.Partition().ID == "aws-us-gov" {
		return "cognito-identity-us-gov.amazonaws.com"
	}
	return "cognito-identity.amazonaws.com"
}

// signedIn are the roles that an identity pool can sign people in as: those of people in its account.
func (a Args) signedIn() []string {
	return slices.DeleteFunc(a.Access.people(), func(arn string) bool { return !strings.Contains(arn, ":iam::"+a.AccountID+":") })
}
