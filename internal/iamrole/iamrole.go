// Package iamrole makes an IAM role with its one inline policy, from documents that were checked before anything is
// registered.
//
// Default settings: a generated name, IAM's own session limit of an hour, no path, no permissions boundary, no managed
// policies: what the role may do stands in one place.
//
// What it does not do: it makes no component of its own. The role and the policy are children of whatever component the
// options name.
package iamrole

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// MinMaxSessionSeconds is the least that IAM takes as the longest session of a role: an hour, which is also what a role has
// that says nothing. It is all that a role can use which is assumed by the session of another role: role chaining caps
// sessions at an hour (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining).
const MinMaxSessionSeconds = 3600

// maxSessionSeconds: docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html. 0 leaves it to IAM.
var maxSessionSeconds = fault.Between(MinMaxSessionSeconds, 43_200).OrZero(func(seconds int) bool { return seconds == 0 })

// Args are the settings of a role. Description, Trust and Permissions are required.
type Args struct {
	// Name is the role's name, for roles that another account must know; empty for a generated one.
	Name string
	// Description says in the console what the role is for.
	Description string
	// Trust says who may assume the role: a document of kind [iampolicy.Trust].
	Trust iampolicy.Document
	// Permissions are what it may do then: a document of kind [iampolicy.Identity].
	Permissions iampolicy.Document
	// MaxSessionSeconds is the longest session that can be asked for: 3,600 to 43,200. 0, the default, leaves it to IAM,
	// which takes an hour.
	MaxSessionSeconds int
}

// New makes name-role and name-role-policy. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*iam.Role, *iam.RolePolicy, error) {
	if err := args.Check().Err(); err != nil {
		return nil, nil, within("role", err)
	}
	if err := errors.Join(within("trust policy", args.Trust.Validate()), within("role policy", args.Permissions.Validate())); err != nil {
		return nil, nil, err
	}
	role, err := NewAlone(ctx, name, args, opts...)
	if err != nil {
		return nil, nil, err
	}
	policy, err := Permit(ctx, name, role.Name, args.Permissions, opts...)
	return role, policy, err
}

// NewAlone makes name-role without its policy, for a role that others have to name before it may do anything. [Permit] makes
// the policy. The permissions of args do not count.
func NewAlone(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*iam.Role, error) {
	if err := args.checkRole().Err(); err != nil {
		return nil, within("role", err)
	}
	trust, err := args.Trust.JSON()
	if err != nil {
		return nil, within("trust policy", err)
	}
	roleArgs := &iam.RoleArgs{Description: pulumi.String(args.Description), AssumeRolePolicy: trust}
	if args.Name != "" {
		roleArgs.Name = pulumi.String(args.Name)
	}
	if args.MaxSessionSeconds != 0 {
		roleArgs.MaxSessionDuration = pulumi.Int(args.MaxSessionSeconds)
	}
	role, err := iam.NewRole(ctx, name+"-role", roleArgs, opts...)
	return role, within("create role", err)
}

// Permit makes name-role-policy, the one policy of a role that [NewAlone] made.
func Permit(
	ctx *pulumi.Context, name string, role pulumi.StringInput, permissions iampolicy.Document, opts ...pulumi.ResourceOption,
) (*iam.RolePolicy, error) {
	if err := checkKind("Permissions.Kind", permissions.Kind, iampolicy.Identity).Err(); err != nil {
		return nil, within("role", err)
	}
	document, err := permissions.JSON()
	if err != nil {
		return nil, within("role policy", err)
	}
	policy, err := iam.NewRolePolicy(ctx, name+"-role-policy", &iam.RolePolicyArgs{Role: role.ToStringOutput(), Policy: document}, opts...)
	return policy, within("create role policy", err)
}

// Check is what is wrong with the settings. What the documents say is checked when they are rendered.
func (a Args) Check() fault.List {
	return fault.Join(a.checkRole(), checkKind("Permissions.Kind", a.Permissions.Kind, iampolicy.Identity))
}

// checkRole is what is wrong with the role, its policy apart.
func (a Args) checkRole() fault.List {
	name := naming.IAMRole.OrZero(func(name string) bool { return name == "" })
	return fault.Join(
		name.Check("Name", a.Name),
		fault.NotSet("Description", a.Description != "", "what the role is for"),
		checkKind("Trust.Kind", a.Trust.Kind, iampolicy.Trust),
		maxSessionSeconds.Check("MaxSessionSeconds", a.MaxSessionSeconds),
	)
}

func checkKind(path fault.Path, got, want iampolicy.Kind) fault.List {
	return fault.When(got != want, fault.Fault{
		Path: path, Given: string(got), Problem: fault.Problemf("the document is of another kind"), Allowed: string(want),
	})
}

func within(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
