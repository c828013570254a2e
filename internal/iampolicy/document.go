package iampolicy

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Kind says where a document is used, and so what its statements must and must not have.
type Kind string

const (
	// Identity is a role's permissions: resources, no principals.
	Identity Kind = "identity"
	// Trust says who may assume a role: principals, no resources.
	Trust Kind = "trust"
	// Resource is attached to a bucket, a stream or a topic: both.
	Resource Kind = "resource"
	// Key is attached to a KMS key: principals; the resource is always "*", which there means this very key
	// (docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html).
	Key Kind = "key"
)

// Effect is what a statement does.
type Effect string

const (
	// Allow permits what the statement names.
	Allow Effect = "Allow"
	// Deny forbids it, whatever else permits it.
	Deny Effect = "Deny"
)

// Document is a policy. Its version is always 2012-10-17, the only current one. It is not to be changed once JSON has
// been called.
type Document struct {
	Kind       Kind
	Statements []Statement
}

// Statement permits or forbids actions. Sid and Effect must be set; Actions must not be empty.
type Statement struct {
	// Sid names the statement within its document: letters and digits.
	Sid string
	// Effect is Allow or Deny.
	Effect Effect
	// Principals are those it speaks about; see [Services], [Accounts], [Federated] and [Everyone]. Identity documents have none.
	Principals []Principal
	// Actions are single actions ("kinesis:GetRecords"); wildcards only where Effect is Deny.
	Actions []string
	// Resources are ARNs, which may end in a wildcard, but never "*" alone where Effect is Allow, unless the actions have
	// no resources (PutMetricData, which then needs a condition on its namespace, and some that only describe).
	Resources []pulumi.StringInput
	// Conditions must all hold.
	Conditions []Condition

	accountAdministration bool
}

// Condition compares a key of the request's context with values, of which one must match.
type Condition struct {
	// Operator is how to compare: StringEquals, ArnLike, Bool, ...
	Operator string
	// Key is what to compare: aws:SourceAccount, kms:ViaService, ...
	Key string
	// Values are what to compare with.
	Values []pulumi.StringInput
}

// Strings turns plain strings into inputs.
func Strings(values ...string) []pulumi.StringInput {
	inputs := make([]pulumi.StringInput, len(values))
	for i, v := range values {
		inputs[i] = pulumi.String(v)
	}
	return inputs
}

// AccountAdministration is the statement of a key policy that hands the key to its account's IAM. A key without it can
// become unmanageable, and it is what makes identity policies count for the key at all
// (docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam).
// It is the only statement that may allow a wildcard action.
func AccountAdministration(place Place) Statement {
	return Statement{
		Sid:                   "AccountAdministration",
		Effect:                Allow,
		Principals:            []Principal{Accounts(pulumi.String(place.AccountRoot(place.AccountID())))},
		Actions:               []string{"kms:*"},
		accountAdministration: true,
	}
}

var (
	sidPattern    = regexp.MustCompile(`^[A-Za-z0-9]+$`)
	actionPattern = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9]+$`)
	denyPattern   = regexp.MustCompile(`^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$`)
)

// Validate reports every fault that shows without knowing any output.
func (d Document) Validate() error {
	var faults []error
	switch d.Kind {
	case Identity, Trust, Resource, Key:
	default:
		faults = append(faults, fmt.Errorf("policy kind %q: want identity, trust, resource or key", d.Kind))
	}
	if len(d.Statements) == 0 {
		faults = append(faults, errors.New("policy has no statement"))
	}
	seen := map[string]bool{}
	for i, s := range d.Statements {
		for _, fault := range s.faults(d.Kind) {
			faults = append(faults, fmt.Errorf("statement %d (%s): %w", i, s.Sid, fault))
		}
		if seen[s.Sid] {
			faults = append(faults, fmt.Errorf("statement %d (%s): the Sid is used twice", i, s.Sid))
		}
		seen[s.Sid] = true
	}
	return errors.Join(faults...)
}

func (s Statement) faults(kind Kind) []error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(!sidPattern.MatchString(s.Sid), "sid %q: want letters and digits", s.Sid)
	fault(s.Effect != Allow && s.Effect != Deny, "effect %q: want Allow or Deny", s.Effect)
	fault(len(s.Actions) == 0, "no action")
	for _, action := range s.Actions {
		fault(!s.allowsAction(kind, action), "action %q: want service:Action without a wildcard", action)
	}
	fault(kind == Identity && len(s.Principals) > 0, "an identity policy has no principals")
	fault(kind != Identity && len(s.Principals) == 0, "no principal")
	fault((kind == Identity || kind == Resource) && len(s.Resources) == 0, "no resource")
	fault((kind == Trust || kind == Key) && len(s.Resources) > 0, "a %s policy has no resources", kind)
	faults = append(faults, s.principalFaults(kind)...)
	faults = append(faults, valueFaults("resource", s.Resources, s.Effect == Allow && !s.resourceless())...)
	return append(faults, conditionFaults(s.Conditions)...)
}

func (s Statement) allowsAction(kind Kind, action string) bool {
	if s.Effect == Deny {
		return denyPattern.MatchString(action)
	}
	if s.accountAdministration && kind == Key {
		return action == "kms:*"
	}
	return actionPattern.MatchString(action)
}

// conditionFaults refuses two conditions on one operator and key: in JSON one would silently overwrite the other, and
// merged they would mean "or" where a list of conditions means "and".
func conditionFaults(conditions []Condition) []error {
	var faults []error
	seen := map[string]bool{}
	for _, c := range conditions {
		id := c.Operator + " " + c.Key
		if c.Operator == "" || c.Key == "" {
			faults = append(faults, fmt.Errorf("condition %q: want an operator and a key", id))
		}
		if seen[id] {
			faults = append(faults, fmt.Errorf("condition %q is given twice", id))
		}
		seen[id] = true
		if len(c.Values) == 0 {
			faults = append(faults, fmt.Errorf("condition %q: no value", id))
		}
		faults = append(faults, valueFaults("condition "+id, c.Values, false)...)
	}
	return faults
}

func valueFaults(what string, values []pulumi.StringInput, refuseStar bool) []error {
	var faults []error
	for _, value := range values {
		switch v, plain := value.(pulumi.String); {
		case isNil(value):
			faults = append(faults, fmt.Errorf("%s: a value is nil", what))
		case plain && v == "":
			faults = append(faults, fmt.Errorf("%s: a value is empty", what))
		case plain && v == "*" && refuseStar:
			faults = append(faults, fmt.Errorf("%s %q may not be allowed", what, "*"))
		}
	}
	return faults
}

func isNil(value pulumi.StringInput) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || (v.Kind() == reflect.Pointer && v.IsNil())
}
