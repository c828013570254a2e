package iampolicy

// TrustGlue is the trust policy of a role that Glue takes on. It has no condition: Glue's documentation names no key that it
// sends (docs.aws.amazon.com/glue/latest/dg/optimization-prerequisites.html). There is no deputy to confuse either: Glue takes on a
// role only for those who may pass it, and no role can be passed across accounts
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
func TrustGlue() Document {
	return Document{Kind: Trust, Statements: []Statement{{
		Sid:        "Glue",
		Effect:     Allow,
		Principals: []Principal{Services("glue.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
	}}}
}
