package permissions

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

const (
	roleType         = "aws:iam/role:Role"
	rolePolicyType   = "aws:iam/rolePolicy:RolePolicy"
	oidcType         = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	keyType          = "aws:kms/key:Key"
	bucketPolicyType = "aws:s3/bucketPolicy:BucketPolicy"
	bucketType       = "aws:s3/bucketV2:BucketV2"
	streamType       = "aws:kinesis/stream:Stream"
	consumerType     = "aws:kinesis/streamConsumer:StreamConsumer"
	domainType       = "aws:opensearch/domain:Domain"
	domainPolicyType = "aws:opensearch/domainPolicy:DomainPolicy"
	logPolicyType    = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
	logGroupType     = "aws:cloudwatch/logGroup:LogGroup"
)

// policyInputs are the inputs that are read as policies. A policy anywhere else is a fault: it would not count here.
var policyInputs = map[string]string{
	roleType: "assumeRolePolicy", rolePolicyType: "policy", keyType: "policy", bucketPolicyType: "policy",
	domainPolicyType: "accessPolicies", logPolicyType: "policyDocument",
}

// role is a role of the program. Policies go by the logical names of the resources that they are inputs of.
type role struct {
	// name is the physical one.
	name, arn, account string
	// kind is the component's type, and what the role is to it.
	kind string
	// trust is empty of a role that is not the program's.
	trust       string
	permissions []string
}

// quickSightRole is the role that QuickSight has made itself, and which the program gives a policy.
const quickSightRole = "aws-quicksight-service-role-v0"

func quickSights(account string) *role {
	arn := other(account, "service-role/"+quickSightRole, "").arn
	return &role{name: quickSightRole, arn: arn, account: account, kind: "QuickSight's own"}
}

// world is all that a program registers that has a say in permissions.
type world struct {
	t         testing.TB
	resources []registered
	policies  map[string]Document
	roles     []*role
	// attached are policies of keys, buckets, domains and log groups, and accounts the accounts of these, by ARN.
	attached, accounts map[string]string
}

func newWorld(t testing.TB, program pulumi.RunFunc) *world {
	t.Helper()
	resources, err := record(program)
	require.NoError(t, err)
	w := &world{
		t: t, resources: resources,
		policies: map[string]Document{}, attached: map[string]string{}, accounts: map[string]string{},
	}
	require.NoError(t, w.read())
	return w
}

func (w *world) read() error {
	var faults []error
	for _, r := range w.resources {
		faults = append(faults, unread(r)...)
		input, ok := policyInputs[r.typ]
		if !ok {
			continue
		}
		document, err := parse(r.text(input))
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s: %w", r.name, input, err))
		}
		if _, twice := w.policies[r.name]; twice {
			faults = append(faults, fmt.Errorf("%s: two policies have this name", r.name))
		}
		w.policies[r.name] = document
		if r.typ == roleType {
			w.roles = append(w.roles, &role{
				name: r.text("name"), arn: r.text("arn"), account: r.account, kind: kindOf(r), trust: r.name,
			})
		}
		for _, arn := range w.under(r, document) {
			w.attached[arn], w.accounts[arn] = r.name, r.account
		}
	}
	return errors.Join(append(faults, w.readRolePolicies()...)...)
}

// under are the ARNs of what the policy of a resource is attached to. One for logs is attached to every log group, named or not.
func (w *world) under(r registered, document Document) []string {
	switch r.typ {
	case keyType:
		return []string{r.text("arn")}
	case bucketPolicyType:
		return []string{"arn:aws:s3:::" + r.text("bucket")}
	case domainPolicyType:
		return []string{of("es", "domain/"+r.text("domainName")).arn}
	case logPolicyType:
		var groups []string
		for _, s := range document.Statement {
			for _, streams := range s.Resource {
				groups = append(groups, strings.TrimSuffix(streams, ":*"))
			}
		}
		return groups
	}
	return nil
}

func kindOf(r registered) string {
	if r.parent == "" {
		return r.name
	}
	return string(r.parent.Type()) + strings.TrimPrefix(r.name, r.parent.Name())
}

func (w *world) readRolePolicies() []error {
	var faults []error
	for _, r := range w.resources {
		if r.typ != rolePolicyType {
			continue
		}
		i := slices.IndexFunc(w.roles, func(of *role) bool { return of.name == r.text("role") && of.account == r.account })
		if i < 0 && r.text("role") == quickSightRole {
			i, w.roles = len(w.roles), append(w.roles, quickSights(r.account))
		}
		if i < 0 {
			faults = append(faults, fmt.Errorf("%s: no role %q in account %s", r.name, r.text("role"), r.account))
			continue
		}
		w.roles[i].permissions = append(w.roles[i].permissions, r.name)
	}
	return faults
}

// unread reports what could grant something and is not read here.
func unread(r registered) []error {
	var faults []error
	if strings.HasPrefix(r.typ, "aws:iam/") && !slices.Contains([]string{roleType, rolePolicyType, oidcType}, r.typ) {
		faults = append(faults, fmt.Errorf("%s: teach this test to read %s", r.name, r.typ))
	}
	for key, value := range r.state {
		name := string(key)
		if strings.Contains(registered{state: r.state}.text(name), `"Statement"`) && policyInputs[r.typ] != name {
			faults = append(faults, fmt.Errorf("%s: teach this test to read the policy in %s of %s", r.name, name, r.typ))
		}
		if r.typ == roleType && slices.Contains([]string{"inlinePolicies", "managedPolicyArns", "permissionsBoundary"}, name) {
			faults = append(faults, fmt.Errorf("%s: teach this test to read %s: %v", r.name, name, value))
		}
	}
	return faults
}

// role is the one with that logical name.
func (w *world) role(name string) *role {
	w.t.Helper()
	i := slices.IndexFunc(w.roles, func(r *role) bool { return r.trust == name })
	require.GreaterOrEqual(w.t, i, 0, "no role %q", name)
	return w.roles[i]
}

// quickSight is QuickSight's own role.
func (w *world) quickSight() *role {
	w.t.Helper()
	i := slices.IndexFunc(w.roles, func(r *role) bool { return r.name == quickSightRole })
	require.GreaterOrEqual(w.t, i, 0, "nothing gives QuickSight's role a policy")
	return w.roles[i]
}

// the is the one resource with that type and logical name.
func (w *world) the(typ, name string) registered {
	w.t.Helper()
	i := slices.IndexFunc(w.resources, func(r registered) bool { return r.typ == typ && r.name == name })
	require.GreaterOrEqual(w.t, i, 0, "no %s %q", typ, name)
	return w.resources[i]
}

// only is the one resource of that type.
func (w *world) only(typ string) registered {
	w.t.Helper()
	var found []registered
	for _, r := range w.resources {
		if r.typ == typ {
			found = append(found, r)
		}
	}
	require.Len(w.t, found, 1, typ)
	return found[0]
}
