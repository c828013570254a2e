package permissions

import (
	"fmt"
	"strings"

	"example.com/log-pipeline/tests/mocks"
)

const (
	dataAccount    = mocks.AccountID
	serviceAccount = "222222222222"
	readerAccount  = "333333333333"
	// producerAccount writes without a cluster of the program, and keyAccount with identities of its own.
	producerAccount = "444444444444"
	keyAccount      = "555555555555"
	// strange is an account that has nothing to do with the pipeline.
	strange = "999999999999"

	// everything is the policy of those who may do whatever their own account can give.
	everything = "AdministratorAccess"
	// delegates is the default policy of a key.
	delegates = "delegates to its account's IAM"
)

func root(account string) map[string][]string {
	return map[string][]string{"AWS": {"arn:aws:iam::" + account + ":root"}}
}

// trusts is a trust policy that is as careless as can be with an account, so that what the account's roles may assume is
// for their own policies to say.
func trusts(account string) string { return "trusts " + account }

// surroundings are policies of what is not the program's.
func surroundings() map[string]Document {
	document := func(s Statement) Document {
		s.Sid, s.Effect = "Surroundings", "Allow"
		return Document{Version: "2012-10-17", Statement: []Statement{s}}
	}
	return map[string]Document{
		everything: document(Statement{Action: []string{"*"}, Resource: []string{"*"}}),
		delegates:  document(Statement{Action: []string{"kms:*"}, Resource: []string{"*"}, Principal: root(dataAccount)}),

		trusts(serviceAccount): document(Statement{Action: []string{"sts:*"}, Principal: root(serviceAccount)}),
		trusts(dataAccount):    document(Statement{Action: []string{"sts:*"}, Principal: root(dataAccount)}),
	}
}

// session is a session of a role of the program.
func session(r *role) caller {
	c := sessionOf(r.account, r.name)
	c.role, c.policies = r, r.permissions
	return c
}

// admin is a session of a role that is not the program's and may do everything: what it is denied, nobody of that account
// but the roles that are named can do.
func admin(account, name string) caller {
	c := sessionOf(account, name)
	c.policies = []string{everything}
	return c
}

// sessionOf has in aws:PrincipalArn the role and not the session
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn).
func sessionOf(account, name string) caller {
	return caller{
		principal: fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/session", account, name),
		with: conditions{
			"aws:PrincipalArn":     roleARN(account, name),
			"aws:PrincipalAccount": account,
		},
	}
}

// as is the role that is called on, with every permission in its own account: what it is denied, the other side denies.
func as(r *role) caller { return admin(r.account, r.name) }

// service is an AWS service that calls for itself.
func service(host string) caller {
	return caller{principal: host, with: conditions{"aws:PrincipalIsAWSService": "true"}}
}

// pod is a pod of a cluster with the token of a ServiceAccount. IAM puts the token's claims into keys that begin with its
// issuer (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
func pod(account, issuer, namespace, name string) caller {
	issuer = strings.TrimPrefix(issuer, "https://")
	return caller{
		principal: fmt.Sprintf("arn:aws:iam::%s:oidc-provider/%s", account, issuer),
		with: conditions{
			issuer + ":sub": "system:serviceaccount:" + namespace + ":" + name,
			issuer + ":aud": "sts.amazonaws.com",
		},
	}
}

// itself is a role of the program as what is called on.
func (r *role) itself() target { return target{arn: r.arn, account: r.account, attached: r.trust} }

// other is a role of somebody's as what is called on.
func other(account, name, trust string) target {
	return target{arn: roleARN(account, name), account: account, attached: trust}
}

func roleARN(account, name string) string {
	return fmt.Sprintf("arn:aws:iam::%s:role/%s", account, name)
}

// key is the program's only one, with its policy.
func (w *world) key() target {
	arn := w.only(keyType).text("arn")
	return target{arn: arn, account: w.accounts[arn], attached: w.attached[arn]}
}

func (w *world) bucket(name string) target {
	arn := w.the(bucketType, name).text("arn")
	return target{arn: arn, account: w.accounts[arn], attached: w.attached[arn]}
}

func (w *world) object(bucket, key string) target {
	in := w.bucket(bucket)
	in.arn += "/" + key
	return in
}

// domain is the program's only one, or a path of it, with its policy.
func (w *world) domain(path string) target {
	arn := w.only(domainType).text("arn")
	on := target{arn: arn, account: dataAccount, attached: w.attached[arn]}
	on.arn += path
	return on
}

// logStream is one of a log group of the program, by the group's logical name, with the policy of the group.
func (w *world) logStream(group, name string) target {
	arn := w.the(logGroupType, group).text("arn")
	return target{arn: arn + ":log-stream:" + name, account: dataAccount, attached: w.attached[arn]}
}

// stream is the program's only one.
func (w *world) stream() target {
	stream := w.only(streamType)
	return target{arn: stream.text("arn"), account: stream.account}
}

// of is anything of the data account that has no policy of its own.
func of(service, resource string) target {
	return target{arn: fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, mocks.Region, dataAccount, resource), account: dataAccount}
}

// via is the service through which somebody uses a key.
func via(service string) string { return service + "." + mocks.Region + ".amazonaws.com" }

// otherKey is another key of the data account, with the policy that keys have by default.
func otherKey() target {
	key := of("kms", "key/other")
	key.attached = delegates
	return key
}

// anonymous is who signs no request.
func anonymous() caller {
	return caller{principal: "anonymous"}
}
