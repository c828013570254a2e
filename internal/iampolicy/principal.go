package iampolicy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const federated = "Federated"

// Principal is one kind of principal with its values.
type Principal struct {
	kind   string
	values []pulumi.StringInput
}

// Services are AWS services by their principal, such as "firehose.amazonaws.com".
func Services(names ...string) Principal {
	return Principal{kind: "Service", values: Strings(names...)}
}

// Accounts are accounts or roles by ARN; see [Place.AccountRoot].
func Accounts(arns ...pulumi.StringInput) Principal { return Principal{kind: "AWS", values: arns} }

// Federated are identity providers of the account's IAM by ARN, whose tokens may assume a role: for trust policies only.
// A statement that allows it has to say whose tokens, by a StringEquals condition on their subject: without one it is
// everybody to whom the provider gives a token.
func Federated(arns ...pulumi.StringInput) Principal {
	return Principal{kind: federated, values: arns}
}

// Everyone is any caller at all; only a Deny may name it.
func Everyone() Principal { return Principal{kind: "AWS", values: Strings("*")} }

func (s Statement) principalFaults(kind Kind) []error {
	var faults []error
	for _, p := range s.Principals {
		what := "principal " + p.kind
		if len(p.values) == 0 {
			faults = append(faults, fmt.Errorf("%s: no value", what))
		}
		faults = append(faults, valueFaults(what, p.values, s.Effect == Allow)...)
		for _, value := range p.values {
			if plain, ok := value.(pulumi.String); ok && partlyWild(string(plain)) {
				faults = append(faults, partlyWildError(what, string(plain)))
			}
		}
		if p.kind != federated {
			continue
		}
		if kind != Trust {
			faults = append(faults, fmt.Errorf("%s: only a %s policy has one", what, Trust))
		}
		if s.Effect == Allow && !s.namesSubject() {
			faults = append(faults, fmt.Errorf("%s: no StringEquals condition on the subject, a key that ends in :sub", what))
		}
	}
	return faults
}

// namesSubject says whether the statement is about certain tokens of an identity provider, and not about all.
func (s Statement) namesSubject() bool {
	return slices.ContainsFunc(s.Conditions, func(c Condition) bool {
		return c.Operator == "StringEquals" && strings.HasSuffix(c.Key, ":sub")
	})
}

// partlyWild is what IAM refuses in a principal, where only "*" alone is a wildcard
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
func partlyWild(value string) bool { return value != "*" && strings.ContainsAny(value, "*?") }

func partlyWildError(what, value string) error {
	return fmt.Errorf("%s %q: a part of a principal may not be a wildcard", what, value)
}
