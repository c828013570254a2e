package dashboard_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

// account answers for QuickSight: it has these groups, or fails.
type account struct {
	*mocks.Recording

	groups map[string]bool
	fails  error
	asked  []resource.PropertyMap
}

func (a *account) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	a.asked = append(a.asked, args.Args)
	if a.fails != nil {
		return nil, a.fails
	}
	if name := args.Args["groupName"].StringValue(); !a.groups[name] {
		return nil, errors.New("reading QuickSight Group (111111111111/default/" + name + "): couldn't find resource")
	}
	return resource.PropertyMap{}, nil
}

func lookup(a *account, args *dashboard.Args) (missing fault.List, err error) {
	failed := pulumi.RunErr(func(ctx *pulumi.Context) error {
		missing, err = dashboard.LookupGroups(ctx, args)
		return nil
	}, pulumi.WithMocks(mocks.Project, mocks.Stack, a))
	return missing, errors.Join(err, failed)
}

func TestGroupsThatQuickSightLacksAreAFaultEach(t *testing.T) {
	args := minimal()
	args.Access = dashboard.Access{Owners: []string{"analysts", "gone"}, Readers: []string{"lost"}, IdentityRegion: "us-east-1"}
	a := &account{Recording: &mocks.Recording{}, groups: map[string]bool{"analysts": true}}
	missing, err := lookup(a, args)
	require.NoError(t, err)
	require.Len(t, missing, 2)
	assert.Contains(t, missing[0].String(), `Access.Owners: QuickSight has no group "gone" in the namespace "default" of account 111111111111, region us-east-1`)
	assert.Contains(t, missing[1].String(), `Access.Readers: QuickSight has no group "lost"`)
	require.Len(t, a.asked, 3)
	assert.Equal(t, "111111111111", a.asked[0]["awsAccountId"].StringValue())
	assert.Equal(t, "default", a.asked[0]["namespace"].StringValue())
}

func TestAnAccountThatCannotBeAskedIsNoMissingGroup(t *testing.T) {
	missing, err := lookup(&account{Recording: &mocks.Recording{}, fails: errors.New("AccessDeniedException")}, minimal())
	require.ErrorContains(t, err, `look up QuickSight's group "analysts"`)
	require.ErrorContains(t, err, "AccessDeniedException")
	assert.Empty(t, missing)
}
