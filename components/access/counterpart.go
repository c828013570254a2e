package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// The Sids of the statements that the two sides have.
const (
	producers    = "Producers"
	readers      = "Readers"
	assumeWriter = "AssumeWriter"
	assumeReader = "AssumeReader"
)

// assumedBy is the trust policy of a role that others assume. Its principals are the accounts of those roles, and not the roles.
// IAM refuses a policy with a role that does not exist. Of a role that exists it keeps the unique id, so that the role would
// lose its access when it is deleted and made again
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles). A condition narrows
// each account to its own roles. In a session of a role, aws:PrincipalArn is the role's ARN with its path
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn). Unlike
// ArnEquals, StringEquals takes no wildcard.
func assumedBy(place iampolicy.Place, sid string, roleARNs []string, externalID string) iampolicy.Document {
	// Sorted, so that another order makes no difference to the policy.
	roleARNs = slices.Compact(slices.Sorted(slices.Values(roleARNs)))
	var roots []string
	for _, arn := range roleARNs {
		roots = append(roots, place.AccountRoot(accountOf(arn)))
	}
	roots = slices.Compact(slices.Sorted(slices.Values(roots)))
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        sid,
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Accounts(iampolicy.Strings(roots...)...)},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: append([]iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:PrincipalArn", Values: iampolicy.Strings(roleARNs...)},
		}, withExternalID(externalID)...),
	}}}
}

// mayAssume is the identity policy of a role that assumes another role with its external id.
func mayAssume(sid, roleARN, externalID string) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{
		Sid:        sid,
		Effect:     iampolicy.Allow,
		Actions:    []string{"sts:AssumeRole"},
		Resources:  []pulumi.StringInput{pulumi.String(roleARN)},
		Conditions: withExternalID(externalID),
	}}}
}

// accountOf is the account of a role whose ARN has been checked.
func accountOf(roleARN string) string {
	arn, _ := iampolicy.ParseRoleARN(roleARN)
	return arn.AccountID
}

func withExternalID(id string) []iampolicy.Condition {
	if id == "" {
		return nil
	}
	return []iampolicy.Condition{{Operator: "StringEquals", Key: "sts:ExternalId", Values: iampolicy.Strings(id)}}
}
