package iampolicy

import (
	"regexp"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// AccountID is the id of an AWS account.
var AccountID = fault.Rule[string]{
	Allowed: "12 digits, quoted",
	Refuse: func(id string) (fault.Problem, bool) {
		if lostDigits(id) {
			return fault.Problemf("not allowed: an unquoted id that starts with 0 loses digits in YAML, so quote it"), true
		}
		return fault.Problemf("not allowed"), !accountIDPattern.MatchString(id)
	},
	Schema: map[string]any{"pattern": accountIDPattern.String()},
}

var accountIDPattern = regexp.MustCompile(`^[0-9]{12}$`)

// lostDigits says whether a text is what is left of an id that YAML has taken for a number: it drops leading zeros, reads
// some as octal, and writes others as floats.
func lostDigits(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	digits := strings.Trim(text, "0123456789") == ""
	return err == nil && (len(text) < 12 || !digits)
}

// ExternalID is what STS takes as an external id (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). There is
// no wildcard in it, and no "$", which would begin a variable in a condition.
var ExternalID = fault.Rule[string]{
	Allowed: "2 to 1224 letters, digits and _+=,.@:/-",
	Refuse: func(id string) (fault.Problem, bool) {
		return fault.Problemf("not allowed"), len(id) < minExternalID || len(id) > maxExternalID || !externalIDPattern.MatchString(id)
	},
	Schema: map[string]any{"pattern": externalIDPattern.String(), "minLength": minExternalID, "maxLength": maxExternalID},
}

const (
	minExternalID = 2
	maxExternalID = 1224
)

var externalIDPattern = regexp.MustCompile(`^[\w+=,.@:/-]+$`)

// RoleARN is the ARN of an IAM role, which [ParseRoleARN] takes apart. That of a role's session
// (arn:aws:sts::...:assumed-role/...) is none, since no condition that is to hold for the role compares with it.
var RoleARN = fault.Matching(rolePattern, "the ARN of an IAM role, such as arn:aws:iam::111111111111:role/deploy")

// rolePattern's parts are the partition, the account and the resource.
var rolePattern = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):(role/([\w+=,.@-]+/)*[\w+=,.@-]{1,64})$`)

// OIDCProviderARN is the ARN of an OIDC provider in IAM, which ends with its issuer, without https://: visible ASCII but "*" and "?".
var OIDCProviderARN = fault.Matching(regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[!-)+->@-~]+$`), "the ARN of an IAM OIDC provider")
