package permissions

import (
	"maps"
	"slices"
	"strings"
)

// hop is what somebody must be able to do, and what must be denied that differs from it in one thing.
type hop struct {
	name string
	by   caller
	// does and on are every action on every target.
	does []string
	on   []target
	// with are condition keys of the request, beside the caller's.
	with   conditions
	denied denied
}

// denied are changes to each request of a hop, of which none may go through, by what they are.
type denied map[string]change

// change makes other requests of one.
type change func(call) []call

type conditions map[string]string

// caller is who calls. Its policies go by their keys in the world.
type caller struct {
	principal string
	// role is the program's; nil for anybody else.
	role     *role
	policies []string
	with     conditions
}

// target is what is called on, with the policy that is attached to it.
type target struct{ arn, account, attached string }

// call is one request.
type call struct {
	by     caller
	action string
	on     target
	with   conditions
}

func (h hop) calls() []call {
	var calls []call
	for _, action := range h.does {
		for _, on := range h.on {
			calls = append(calls, call{by: h.by, action: action, on: on, with: h.with})
		}
	}
	return calls
}

// deniedCalls are those of one change, each once.
func (h hop) deniedCalls(what string) []call {
	var calls []call
	for _, c := range h.calls() {
		for _, changed := range h.denied[what](c) {
			if !slices.ContainsFunc(calls, func(other call) bool { return other.String() == changed.String() }) {
				calls = append(calls, changed)
			}
		}
	}
	return calls
}

// conditions is TLS unless it is said otherwise, and what the caller brings.
func (c call) conditions() conditions {
	all := conditions{"aws:SecureTransport": "true"}
	maps.Copy(all, c.by.with)
	maps.Copy(all, c.with)
	maps.DeleteFunc(all, func(_, value string) bool { return value == absent })
	return all
}

func (c call) String() string {
	var with []string
	for _, key := range slices.Sorted(maps.Keys(c.conditions())) {
		with = append(with, key+"="+c.conditions()[key])
	}
	return strings.Join([]string{c.by.principal, c.action, c.on.arn, strings.Join(with, " ")}, " | ")
}

func (c call) request() Request {
	return Request{
		Principal: c.by.principal, Action: c.action, Resource: c.on.arn, Account: c.on.account,
		Context: c.conditions(), Identity: append([]string{}, c.by.policies...), Attached: c.on.attached,
	}
}

// absent takes a condition key away.
const absent = "\x00"

// by has others call.
func by(callers ...caller) change {
	return func(c call) []call {
		calls := make([]call, len(callers))
		for i, other := range callers {
			calls[i] = c
			calls[i].by = other
		}
		return calls
	}
}

// on calls on others.
func on(targets ...target) change {
	return func(c call) []call {
		calls := make([]call, len(targets))
		for i, other := range targets {
			calls[i] = c
			calls[i].on = other
		}
		return calls
	}
}

// doing calls for something else.
func doing(actions ...string) change {
	return func(c call) []call {
		calls := make([]call, len(actions))
		for i, other := range actions {
			calls[i] = c
			calls[i].action = other
		}
		return calls
	}
}

// with gives a condition key other values, in a request each.
func with(key string, values ...string) change {
	return func(c call) []call {
		calls := make([]call, len(values))
		for i, value := range values {
			calls[i] = c
			calls[i].with = maps.Clone(c.with)
			if calls[i].with == nil {
				calls[i].with = conditions{}
			}
			calls[i].with[key] = value
		}
		return calls
	}
}

// without leaves a condition key out.
func without(key string) change { return with(key, absent) }

// all makes several changes at once: another action comes with what it is called on.
func all(changes ...change) change {
	return func(c call) []call {
		calls := []call{c}
		for _, change := range changes {
			var next []call
			for _, c := range calls {
				next = append(next, change(c)...)
			}
			calls = next
		}
		return calls
	}
}
