package permissions

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mutation is a policy of the program changed in one place.
type mutation struct {
	policy, sid, what string
	changed           Document
	// grants says which way: more than the policy does, or less.
	grants bool
}

func (m mutation) String() string { return fmt.Sprintf("%s, %s, %s", m.policy, m.sid, m.what) }

// mutations are all of a policy.
func mutations(policy string, d Document) []mutation {
	var all []mutation
	for i, s := range d.Statement {
		add := func(grants bool, changed Document, what string, args ...any) {
			all = append(all, mutation{policy, s.Sid, fmt.Sprintf(what, args...), changed, grants})
		}
		replace := func(grants bool, changed Statement, what string, args ...any) {
			add(grants, d.with(i, changed), what, args...)
		}
		allows := s.Effect == "Allow"
		for operator, keys := range s.Condition {
			for key := range keys {
				replace(allows, s.on(operator, key), "without the condition %s %s", operator, key)
			}
		}
		if !allows {
			add(true, d.without(i), "left out")
		} else {
			for what, changed := range widened(s) {
				replace(true, changed, "%s", what)
			}
			if len(s.Action) == 1 {
				add(false, d.without(i), "left out")
			}
		}
		for what, changed := range shortened(s) {
			replace(!allows, changed, "%s", what)
		}
	}
	slices.SortFunc(all, func(a, b mutation) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// widened puts a wildcard in each place that takes one. The resource of an attached policy is what it is attached to,
// whatever it says.
func widened(s Statement) map[string]Statement {
	changed := map[string]Statement{}
	service, _, _ := strings.Cut(s.Action[0], ":")
	if any := service + ":*"; !slices.Contains(s.Action, any) {
		c := s
		c.Action = []string{any}
		changed["with "+any] = c
	}
	if len(s.Principal) > 0 {
		c := s
		c.Principal = map[string][]string{"AWS": {"*"}}
		changed["for anybody"] = c
	} else {
		c := s
		c.Resource = []string{"*"}
		changed["on anything"] = c
	}
	return changed
}

// shortened leaves out each value of each list that has several.
func shortened(s Statement) map[string]Statement {
	changed := map[string]Statement{}
	each := func(values []string, change func(value string, rest []string)) {
		for i, value := range values {
			if len(values) > 1 {
				change(value, slices.Delete(slices.Clone(values), i, i+1))
			}
		}
	}
	each(s.Action, func(value string, rest []string) {
		c := s
		c.Action = rest
		changed["without "+value] = c
	})
	each(s.Resource, func(value string, rest []string) {
		c := s
		c.Resource = rest
		changed["without the resource "+value] = c
	})
	for kind, values := range s.Principal {
		each(values, func(value string, rest []string) {
			c := s
			c.Principal = maps.Clone(s.Principal)
			c.Principal[kind] = rest
			changed["without the principal "+value] = c
		})
	}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			each(values, func(value string, rest []string) {
				changed[fmt.Sprintf("without %s for %s", value, key)] = s.on(operator, key, rest...)
			})
		}
	}
	return changed
}
