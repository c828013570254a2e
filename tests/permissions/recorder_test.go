package permissions

import (
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/tests/mocks"
)

const providerType = "pulumi:providers:aws"

// registered is a resource of the program with the account that it is in.
type registered struct {
	typ, name, account string
	// parent is the URN of the component that it is of.
	parent resource.URN
	// state is the inputs, and what the provider computes.
	state resource.PropertyMap
}

func (r registered) text(key string) string {
	value := r.state[resource.PropertyKey(key)]
	for value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return ""
	}
	return value.StringValue()
}

// recorder answers for the providers as the recording mock does, but with ARNs of each provider's own account and region:
// between two accounts a permission is another than within one.
type recorder struct {
	mocks.Recording
	mu        sync.Mutex
	places    map[string]place // of providers, by URN
	resources []registered
}

type place struct{ account, region string }

// record runs a program and returns all that it registers.
func record(program pulumi.RunFunc) ([]registered, error) {
	r := &recorder{places: map[string]place{}}
	err := pulumi.RunErr(program, pulumi.WithMocks(mocks.Project, mocks.Stack, r))
	return r.resources, err
}

func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	id, state, err := r.Recording.NewResource(args)
	if err != nil {
		return id, state, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.placeOf(args)
	if arn := (registered{state: state}).text("arn"); strings.HasPrefix(arn, "arn:") {
		if args.TypeToken == consumerType {
			arn += ":1700000000" // when it was made
		}
		state["arn"] = resource.NewProperty(at.own(arn))
	}
	r.resources = append(r.resources, registered{
		typ: args.TypeToken, name: args.Name, account: at.account, state: state, parent: resource.URN(args.RegisterRPC.GetParent()),
	})
	return id, state, nil
}

func (r *recorder) placeOf(args pulumi.MockResourceArgs) place {
	if args.TypeToken == providerType {
		provider := registered{state: args.Inputs}
		at := place{account: mocks.AccountID, region: provider.text("region")}
		if allowed := args.Inputs["allowedAccountIds"]; allowed.IsArray() && len(allowed.ArrayValue()) == 1 {
			at.account = allowed.ArrayValue()[0].StringValue()
		}
		urn := string(resource.NewURN(mocks.Stack, mocks.Project, "", providerType, args.Name))
		r.places[urn] = at
		return at
	}
	provider := args.RegisterRPC.GetProvider() // URN::ID
	if i := strings.LastIndex(provider, "::"); i > 0 {
		if at, known := r.places[provider[:i]]; known {
			return at
		}
	}
	return place{account: mocks.AccountID, region: mocks.Region}
}

// own puts the place into an ARN, but for IAM, which has no regions, and buckets, whose ARNs have no account.
func (p place) own(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if parts[2] == "s3" {
		return arn
	}
	parts[4] = p.account
	if parts[2] != "iam" {
		parts[3] = p.region
	}
	return strings.Join(parts, ":")
}
