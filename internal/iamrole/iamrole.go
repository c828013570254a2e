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

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// What IAM takes as the longest session of a role, in seconds
// (docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
const (
	// MinMaxSessionSeconds is an hour, which is also what a role has that says nothing. It is all that a role can use
	// which is assumed by the session of another role: role chaining caps sessions at an hour
	// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining).
	MinMaxSessionSeconds = 3600
	// MaxMaxSessionSeconds is twelve hours.
	MaxMaxSessionSeconds = 43200
)

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
	if err := args.check(); err != nil {
		return nil, nil, err
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

func (a Args) check() error {
	var faults []error
	if a.Name != "" {
		faults = append(faults, within("role name", naming.IAMRole.Check(a.Name)))
	}
	if a.Description == "" {
		faults = append(faults, errors.New("role description: not set; want what the role is for"))
	}
	if a.Trust.Kind != iampolicy.Trust {
		faults = append(faults, fmt.Errorf("trust policy: kind %q; want %s", a.Trust.Kind, iampolicy.Trust))
	}
	if a.Permissions.Kind != iampolicy.Identity {
		faults = append(faults, fmt.Errorf("role policy: kind %q; want %s", a.Permissions.Kind, iampolicy.Identity))
	}
	seconds := a.MaxSessionSeconds
	if seconds != 0 && (seconds < MinMaxSessionSeconds || seconds > MaxMaxSessionSeconds) {
		faults = append(faults, fmt.Errorf("longest session: %d seconds; want %d to %d, or 0 for IAM's default",
			seconds, MinMaxSessionSeconds, MaxMaxSessionSeconds))
	}
	return errors.Join(faults...)
}

func within(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
