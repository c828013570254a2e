// Package mocks runs a Pulumi program without an engine and records what it registers: types, inputs, parents,
// providers, dependencies and options. Assertions are made on the recording, after the run has returned.
//
// Up resolves what a provider computes (ARNs, generated names) to plausible values; Preview leaves it unknown, as a real
// preview does before the first update. An invoke is an error, as components look nothing up, but for QuickSight's groups: there is
// each that somebody asks for.
package mocks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// Project is the project that programs run as.
	Project = "log-pipeline"
	// Stack is the stack that programs run as.
	Stack = "test"

	// AccountID is the account in the computed ARNs.
	AccountID = "111111111111"
	// Region is the region in the computed ARNs.
	Region = "eu-central-1"
)

// Resource is one registration.
type Resource struct {
	Type, Name, URN, Parent, Provider string
	Custom, Protect, RetainOnDelete   bool
	Dependencies, IgnoreChanges       []string
	// CreateTimeout is how long its creation may take; empty for the provider's own.
	CreateTimeout string
	// Aliases are other URNs under which the engine looks for its state.
	Aliases []string
	Inputs  map[string]any
	// Unknown are the top-level inputs that are, or hold, values that are not known yet.
	Unknown []string
}

// Recording is everything that a program registered, in no particular order.
type Recording struct {
	mu        sync.Mutex
	preview   bool
	stack     string
	deployed  map[string]any
	resources []Resource
}

// Up runs the program with computed outputs known.
func Up(program pulumi.RunFunc) (*Recording, error) { return run(program, Stack, false) }

// UpAs runs the program as Up does, as another stack.
func UpAs(stack string, program pulumi.RunFunc) (*Recording, error) {
	return run(program, stack, false)
}

// UpAfter runs the program as Up does, after a deployment with outputs of the stack.
func UpAfter(outputs map[string]any, program pulumi.RunFunc) (*Recording, error) {
	r := &Recording{stack: Stack, deployed: outputs}
	return r, pulumi.RunErr(program, pulumi.WithMocks(Project, Stack, r))
}

// Preview runs the program with computed outputs unknown.
func Preview(program pulumi.RunFunc) (*Recording, error) { return run(program, Stack, true) }

func run(program pulumi.RunFunc, stack string, preview bool) (*Recording, error) {
	r := &Recording{preview: preview, stack: stack}
	err := pulumi.RunErr(program, pulumi.WithMocks(Project, stack, r), func(info *pulumi.RunInfo) { info.DryRun = preview })
	return r, err
}

// MissingGroup is the one group that QuickSight does not have.
const MissingGroup = "nobody"

// Call refuses invokes, but for that of the stack's own outputs, which are none before the first deployment, and for
// QuickSight's groups.
func (r *Recording) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if args.Token == "aws:quicksight/getQuicksightGroup:getQuicksightGroup" {
		if name := args.Args["groupName"].StringValue(); name == MissingGroup {
			return nil, fmt.Errorf("ResourceNotFoundException: Group %s is not found", name)
		}
		return args.Args, nil
	}
	if args.Token == "pulumi:pulumi:readStackOutputs" {
		return resource.NewPropertyMapFromMap(map[string]any{"name": args.Args["name"].StringValue(), "outputs": r.deployed}), nil
	}
	return nil, fmt.Errorf("unexpected invoke of %s: components look nothing up", args.Token)
}

// NewResource records a registration and answers for the provider.
func (r *Recording) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.RegisterRPC == nil {
		return "", nil, fmt.Errorf("unexpected read of %s %q: components look nothing up", args.TypeToken, args.Name)
	}
	rpc := args.RegisterRPC
	recorded := Resource{
		Type: args.TypeToken, Name: args.Name, Parent: rpc.GetParent(), Provider: rpc.GetProvider(),
		URN:     r.urn(rpc.GetParent(), args.TypeToken, args.Name),
		Aliases: r.aliases(rpc),
		Custom:  rpc.GetCustom(), Protect: rpc.GetProtect(), RetainOnDelete: rpc.GetRetainOnDelete(),
		Dependencies: rpc.GetDependencies(), IgnoreChanges: rpc.GetIgnoreChanges(),
		CreateTimeout: rpc.GetCustomTimeouts().GetCreate(),
		Inputs:        args.Inputs.Mappable(),
	}
	for key, value := range rpc.GetObject().GetFields() {
		if strings.Contains(value.String(), unknownValue) {
			recorded.Unknown = append(recorded.Unknown, key)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.resources, func(other Resource) bool { return other.URN == recorded.URN }) {
		return "", nil, fmt.Errorf("%s is registered twice, which the engine refuses", recorded.URN)
	}
	r.resources = append(r.resources, recorded)

	state := args.Inputs.Copy()
	if r.preview {
		return "", state, nil
	}
	for key, value := range computed(args.TypeToken, args.Name, args.Inputs) {
		if _, given := state[resource.PropertyKey(key)]; !given {
			state[resource.PropertyKey(key)] = resource.NewProperty(value)
		}
	}
	return args.Name + "-id", state, nil
}

// unknownValue stands for an unknown string in the engine's protocol (plugin.UnknownStringValue).
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

func (r *Recording) urn(parent, typ, name string) string {
	var parentType tokens.Type
	if p := resource.URN(parent); p != "" && p.QualifiedType() != resource.RootStackType {
		parentType = p.QualifiedType()
	}
	return string(resource.NewURN(tokens.QName(r.stack), Project, parentType, tokens.Type(typ), name))
}

// All is every resource but the stack itself.
func (r *Recording) All() []Resource {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.resources)
}

// OfType is every resource of a type, by name.
func (r *Recording) OfType(typ string) []Resource {
	var found []Resource
	for _, res := range r.All() {
		if res.Type == typ {
			found = append(found, res)
		}
	}
	slices.SortFunc(found, func(a, b Resource) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// Named is the one resource with that logical name.
func (r *Recording) Named(t testing.TB, name string) Resource {
	t.Helper()
	var found []Resource
	for _, res := range r.All() {
		if res.Name == name {
			found = append(found, res)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d resources are named %q, want 1", len(found), name)
	}
	return found[0]
}

// Get follows keys (string) and indices (int) into the inputs; nil if there is nothing.
func (r Resource) Get(path ...any) any {
	var at any = r.Inputs
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := at.(map[string]any)
			at = m[step]
		case int:
			list, _ := at.([]any)
			if step >= len(list) {
				return nil
			}
			at = list[step]
		}
	}
	return at
}

// DependsOn says whether the resource waits for another.
func (r Resource) DependsOn(other Resource) bool { return slices.Contains(r.Dependencies, other.URN) }

// Policy parses an input that is a policy document.
func (r Resource) Policy(t testing.TB, input string) Policy {
	t.Helper()
	text, ok := r.Inputs[input].(string)
	if !ok {
		t.Fatalf("%s %q: input %q is no text: %v", r.Type, r.Name, input, r.Inputs[input])
	}
	var p Policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%s %q: input %q is no policy: %v\n%s", r.Type, r.Name, input, err, text)
	}
	return p
}

// Policy is a policy document as AWS reads it.
type Policy struct {
	Version   string
	Statement []Statement
}

// Statement is a statement of a policy document.
type Statement struct {
	Sid, Effect string
	Principal   map[string][]string
	Action      []string
	Resource    []string
	Condition   map[string]map[string][]string
}

// Named is the statement with that Sid.
func (p Policy) Named(t testing.TB, sid string) Statement {
	t.Helper()
	for _, s := range p.Statement {
		if s.Sid == sid {
			return s
		}
	}
	t.Fatalf("no statement %q", sid)
	return Statement{}
}
