package mocks

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// aliases are the URNs under which the engine looks for a resource's state beside its own: what the options say, and what
// follows from its parent's aliases. Of a parent's aliases the engine takes the one that has state. There is no state here,
// so all of them count. It follows generateAliases of github.com/pulumi/pulumi/pkg/v3/resource/deploy/step_generator.go.
func (r *Recording) aliases(rpc *pulumirpc.RegisterResourceRequest) []string {
	own := make([]resource.URN, 0, len(rpc.GetAliases()))
	for _, urn := range rpc.GetAliasURNs() {
		own = append(own, resource.URN(urn))
	}
	for _, alias := range rpc.GetAliases() {
		own = append(own, r.resolve(rpc, alias)...)
	}
	all := slices.Clone(own)
	parent := resource.URN(rpc.GetParent())
	for _, parentAlias := range r.aliasesOf(parent) {
		all = append(all, r.inherited(tokens.Type(rpc.GetType()), rpc.GetName(), parent, parentAlias))
		for _, urn := range own {
			all = append(all, r.inherited(urn.Type(), urn.Name(), parent, parentAlias))
		}
	}
	texts := make([]string, len(all))
	for i, urn := range all {
		texts[i] = string(urn)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// aliasesOf are the aliases of a resource that is registered already.
func (r *Recording) aliasesOf(urn resource.URN) []resource.URN {
	r.mu.Lock()
	defer r.mu.Unlock()
	var aliases []resource.URN
	for _, other := range r.resources {
		if other.URN == string(urn) {
			for _, alias := range other.Aliases {
				aliases = append(aliases, resource.URN(alias))
			}
		}
	}
	return aliases
}

// resolve is an alias option as URNs: what it leaves out is as it is now.
func (r *Recording) resolve(rpc *pulumirpc.RegisterResourceRequest, alias *pulumirpc.Alias) []resource.URN {
	if urn := alias.GetUrn(); urn != "" {
		return []resource.URN{resource.URN(urn)}
	}
	spec := alias.GetSpec()
	or := func(given, now string) string {
		if given != "" {
			return given
		}
		return now
	}
	parents := []resource.URN{resource.URN(rpc.GetParent())}
	if given := resource.URN(spec.GetParentUrn()); given != "" {
		parents = append([]resource.URN{given}, r.aliasesOf(given)...)
	}
	urns := make([]resource.URN, len(parents))
	for i, parent := range parents {
		if spec.GetNoParent() || parent != "" && parent.QualifiedType() == resource.RootStackType {
			parent = ""
		}
		urns[i] = resource.CreateURN(or(spec.GetName(), rpc.GetName()), or(spec.GetType(), rpc.GetType()), parent,
			or(spec.GetProject(), Project), or(spec.GetStack(), r.stack))
	}
	return urns
}

// inherited is the URN that a resource has if its parent has an alias. A name that begins with the parent's changes with it.
func (r *Recording) inherited(typ tokens.Type, name string, parent, parentAlias resource.URN) resource.URN {
	if rest, ok := strings.CutPrefix(name, parent.Name()); ok {
		name = parentAlias.Name() + rest
	}
	return resource.NewURN(tokens.QName(r.stack), Project, parentAlias.QualifiedType(), typ, name)
}
