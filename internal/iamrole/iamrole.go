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
		return nil, nil, fmt.Errorf("role: %w", err)
	}
	trust, trustErr := args.Trust.JSON()
	permissions, permissionsErr := args.Permissions.JSON()
	if err := errors.Join(within("trust policy", trustErr), within("role policy", permissionsErr)); err != nil {
		return nil, nil, err
	}
	roleArgs := &iam.RoleArgs{Description: pulumi.String(args.Description), AssumeRolePolicy: trust}
	if args.Name != "" {
		roleArgs.Name = pulumi.String(args.Name)
	}
	if args.MaxSessionSeconds != 0 {
		roleArgs.MaxSessionDuration = pulumi.Int(args.MaxSessionSeconds)
	}
	role, err := iam.NewRole(ctx, name+"-role", roleArgs, opts...)
	if err != nil {
		return nil, nil, fmt.Errorf("create role: %w", err)
	}
	policy, err := iam.NewRolePolicy(ctx, name+"-role-policy", &iam.RolePolicyArgs{Role: role.Name, Policy: permissions}, opts...)
	if err != nil {
		return nil, nil, fmt.Errorf("create role policy: %w", err)
	}
	return role, policy, nil
}

// Check is what is wrong with the settings. What the documents say is checked when they are rendered.
func (a Args) Check() fault.List {
	name := naming.IAMRole.OrZero(func(name string) bool { return name == "" })
	kind := func(path fault.Path, got, want iampolicy.Kind) fault.List {
		return fault.When(got != want, fault.Fault{
			Path: path, Given: string(got), Problem: fault.Problemf("the document is of another kind"), Allowed: string(want),
		})
	}
	return fault.Join(
		name.Check("Name", a.Name),
		fault.NotSet("Description", a.Description != "", "what the role is for"),
		kind("Trust.Kind", a.Trust.Kind, iampolicy.Trust),
		kind("Permissions.Kind", a.Permissions.Kind, iampolicy.Identity),
		maxSessionSeconds.Check("MaxSessionSeconds", a.MaxSessionSeconds),
	)
}

func within(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
