package dashboard

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/quicksight"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
)

// LookupGroups are the faults of groups that QuickSight does not have. It asks QuickSight, which Check does not, and needs the
// provider of Access.IdentityRegion in opts. The error is what kept it from asking.
func LookupGroups(ctx *pulumi.Context, args *Args, opts ...pulumi.InvokeOption) (fault.List, error) {
	r := args.resolve()
	var missing fault.List
	for _, list := range []struct {
		path   fault.Path
		groups []string
	}{{"Access.Owners", r.Access.Owners}, {"Access.Readers", r.Access.Readers}} {
		for _, group := range list.groups {
			there, err := r.Access.has(ctx, r.AccountID, group, opts...)
			if err != nil {
				return nil, err
			}
			missing = append(missing, fault.When(!there, fault.Fault{
				Path:    list.path,
				Problem: fault.Problemf("QuickSight has no group %q in the namespace %q of account %s, region %s", group, r.Access.Namespace, r.AccountID, r.Access.IdentityRegion),
				Allowed: "groups that are there: aws quicksight list-groups shows them, create-group makes one",
			})...)
		}
	}
	return missing, nil
}

// has says whether there is a group of that name.
func (a Access) has(ctx *pulumi.Context, accountID, name string, opts ...pulumi.InvokeOption) (bool, error) {
	_, err := quicksight.GetQuicksightGroup(ctx, &quicksight.GetQuicksightGroupArgs{
		AwsAccountId: &accountID, GroupName: name, Namespace: &a.Namespace,
	}, opts...)
	switch {
	case err == nil:
		return true, nil
	case isNotFound(err):
		return false, nil
	}
	return false, fmt.Errorf("look up QuickSight's group %q: %w", name, err)
}

// isNotFound says whether the provider has asked, and there is none.
func isNotFound(err error) bool {
	return strings.Contains(err.Error(), "ResourceNotFoundException") || strings.Contains(err.Error(), "couldn't find resource")
}
