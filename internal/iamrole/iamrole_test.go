package iamrole_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
	"example.com/log-pipeline/tests/mocks"
)

func minimal() iamrole.Args {
	return iamrole.Args{
		Description: "Tries the builder",
		Trust: iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
			Sid: "Assume", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRole"},
			Principals: []iampolicy.Principal{iampolicy.Services("firehose.amazonaws.com")},
		}}},
		Permissions: iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{
			Sid: "Read", Effect: iampolicy.Allow, Actions: []string{"s3:GetObject"}, Resources: iampolicy.Strings("arn:aws:s3:::b/a"),
		}}},
	}
}

func create(args iamrole.Args, opts ...pulumi.ResourceOption) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, _, err := iamrole.New(ctx, "it", args, opts...)
		return err
	})
}

// What is not set is IAM's and Pulumi's own: a role that is there already does not change when the builder learns more.
func TestRoleHasNothingThatIsNotSet(t *testing.T) {
	recording, err := create(minimal())
	require.NoError(t, err)
	role, policy := recording.Named(t, "it-role"), recording.Named(t, "it-role-policy")
	assert.Len(t, recording.All(), 2)
	assert.ElementsMatch(t, []string{"assumeRolePolicy", "description"}, keys(role.Inputs))
	assert.ElementsMatch(t, []string{"policy", "role"}, keys(policy.Inputs))
	assert.Equal(t, "it-role-0a1b2c3", policy.Get("role"))
}

func keys(inputs map[string]any) []string {
	var keys []string
	for key := range inputs {
		keys = append(keys, key)
	}
	return keys
}

func TestNameAndSessionAreThoseGiven(t *testing.T) {
	for _, seconds := range []int{iamrole.MinMaxSessionSeconds, 43_200} {
		args := minimal()
		args.Name, args.MaxSessionSeconds = "writer", seconds
		recording, err := create(args)
		require.NoError(t, err)
		assert.Equal(t, "writer", recording.Named(t, "it-role").Get("name"))
		assert.EqualValues(t, seconds, recording.Named(t, "it-role").Get("maxSessionDuration"))
	}
}

func TestOptionsAreOfBoth(t *testing.T) {
	recording, err := create(minimal(), pulumi.RetainOnDelete(true))
	require.NoError(t, err)
	assert.True(t, recording.Named(t, "it-role").RetainOnDelete)
	assert.True(t, recording.Named(t, "it-role-policy").RetainOnDelete)
}

// Others can name the role before what it may do is known.
func TestARoleAloneGetsItsPolicyLater(t *testing.T) {
	args := minimal()
	permissions := args.Permissions
	args.Permissions = iampolicy.Document{}
	permit := func(permissions iampolicy.Document) (*mocks.Recording, error) {
		return mocks.Up(func(ctx *pulumi.Context) error {
			role, err := iamrole.NewAlone(ctx, "it", args)
			if err != nil {
				return err
			}
			_, err = iamrole.Permit(ctx, "it", role.Name, permissions)
			return err
		})
	}
	recording, err := permit(permissions)
	require.NoError(t, err)
	atOnce, err := create(minimal())
	require.NoError(t, err)
	assert.ElementsMatch(t, atOnce.All(), recording.All(), "as if both had been made at once")

	_, err = permit(args.Trust)
	require.ErrorContains(t, err, `Permissions.Kind: the document is of another kind (given: "trust"); allowed: identity`)
	args.Description = ""
	_, err = permit(permissions)
	require.ErrorContains(t, err, "role: Description: not set")
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*iamrole.Args)
		want   string
	}{
		"name":           {func(a *iamrole.Args) { a.Name = strings.Repeat("a", 65) }, "Name: not allowed (given: "},
		"no description": {func(a *iamrole.Args) { a.Description = "" }, "Description: not set"},
		"no trust":       {func(a *iamrole.Args) { a.Trust = iampolicy.Document{} }, `Trust.Kind: the document is of another kind (given: ""); allowed: trust`},
		"no permissions": {func(a *iamrole.Args) { a.Permissions = iampolicy.Document{} }, `Permissions.Kind: the document is of another kind (given: ""); allowed: identity`},
		"wrong way round": {
			func(a *iamrole.Args) { a.Trust, a.Permissions = a.Permissions, a.Trust }, `Trust.Kind: the document is of another kind (given: "identity"); allowed: trust`,
		},
		"trusts nobody":     {func(a *iamrole.Args) { a.Trust.Statements = nil }, "trust policy: policy has no statement"},
		"allows everything": {func(a *iamrole.Args) { a.Permissions.Statements[0].Actions = []string{"*"} }, `role policy: statement 0 (Read): action "*"`},
		"session too short": {func(a *iamrole.Args) { a.MaxSessionSeconds = 3599 }, `MaxSessionSeconds: out of range (given: "3599"); allowed: an integer from 3600 to 43200`},
		"session too long":  {func(a *iamrole.Args) { a.MaxSessionSeconds = 43201 }, `MaxSessionSeconds: out of range (given: "43201"); allowed: an integer from 3600 to 43200`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(&args)
			recording, err := create(args)
			require.ErrorContains(t, err, test.want)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}
