package metricspec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"example.com/log-pipeline/internal/fault"
)

// MaxFilterDepth is how many filters may lie in each other, the condition included.
const MaxFilterDepth = 8

var filterCount = bounds{1, 50}

// Filter is what an event must be like: exactly one of All, Any, Not, or a condition on a field.
type Filter struct {
	// All holds where each of these does.
	All []Filter
	// Any holds where one of these does.
	Any []Filter
	// Not holds where this does not.
	Not *Filter

	// Field is the name of the field of a condition. One that is absent makes every condition false, but {exists: false}.
	Field string
	// Operator compares the field's value with Value.
	Operator Operator
	// Value is a string, bool, int64 or float64, and for In a []any of those.
	Value any
}

const (
	allKey   = "all"
	anyKey   = "any"
	notKey   = "not"
	fieldKey = "field"
)

// What the keys mean.
const (
	allWords   = "Holds where each of these filters does."
	anyWords   = "Holds where one of these filters does."
	notWords   = "Holds where this filter does not: also for a condition on a field that is absent, which is false."
	fieldWords = "Name of the field that a condition is on."
)

func filterKeys() (names, operatorNames []string) {
	for _, o := range operators {
		operatorNames = append(operatorNames, string(o.name))
	}
	return append([]string{allKey, anyKey, notKey, fieldKey}, operatorNames...), operatorNames
}

const filterWords = "an object with exactly one of all, any, not, or a field and an operator"

// filters declares a filter that may be left out.
func filters(o *object, into **Filter, name, description string) *key {
	return o.add(&key{name: name, description: description, shape: shape{
		allowed: filterWords,
		schema:  map[string]any{"allOf": []map[string]any{{"$ref": "#/definitions/filter"}}},
		read: func(r *reader, at *location, node *yaml.Node) {
			filter := r.filter(at, node, 1)
			*into = &filter
		},
	}})
}

func (r *reader) filter(at *location, node *yaml.Node, depth int) Filter {
	if depth > MaxFilterDepth {
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("filters lie too deep in each other"), Allowed: fmt.Sprintf("a depth of at most %d", MaxFilterDepth)})
		return Filter{}
	}
	found, ok := r.entries(at, node, filterWords)
	if !ok {
		return Filter{}
	}
	names, operatorNames := filterKeys()
	given := map[string]entry{}
	forms, condition := 0, 0
	for _, e := range r.known(found, names, strings.Join(names, ", ")) {
		given[e.name] = e
		if slices.Contains([]string{allKey, anyKey, notKey}, e.name) {
			forms++
		} else {
			condition = 1
		}
	}
	if forms+condition != 1 {
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("not exactly one filter"), Allowed: filterWords})
		return Filter{}
	}
	if condition == 1 {
		return r.condition(at, node, given, operatorNames)
	}
	return r.compound(given, depth)
}

// compound is a filter of filters.
func (r *reader) compound(given map[string]entry, depth int) Filter {
	inAll := func(e entry) []Filter {
		var all []Filter
		for i, element := range r.elements(e.at, e.value, filterCount, filterCount.words("filters")) {
			all = append(all, r.filter(e.at.index(i), element, depth+1))
		}
		return all
	}
	var f Filter
	if e, ok := given[allKey]; ok {
		f.All = inAll(e)
	}
	if e, ok := given[anyKey]; ok {
		f.Any = inAll(e)
	}
	if e, ok := given[notKey]; ok {
		in := r.filter(e.at, e.value, depth+1)
		f.Not = &in
	}
	return f
}

func (r *reader) condition(at *location, node *yaml.Node, given map[string]entry, operatorNames []string) Filter {
	names := slices.DeleteFunc(operatorNames, func(name string) bool { _, ok := given[name]; return !ok })
	if len(names) != 1 {
		_, all := filterKeys()
		problem := fault.Problemf("a condition without operator")
		if len(names) > 1 {
			problem = fault.Problemf("a condition with more than one operator: %s", strings.Join(names, ", "))
		}
		r.refuse(at, node.Line, fault.Fault{Problem: problem, Allowed: "a field and one of " + strings.Join(all, ", ")})
		return Filter{}
	}
	f := Filter{Operator: Operator(names[0])}
	if e, ok := given[fieldKey]; ok {
		f.Field = r.text(e.at, e.value, anyName)
	} else {
		r.refuse(at.key(fieldKey), node.Line, fault.Fault{Problem: fault.Problemf("not set, but required"), Allowed: "the name of a field"})
	}
	e := given[names[0]]
	f.Value = operatorNamed(f.Operator).read(r, e.at, e.value)
	return f
}

// MarshalJSON writes the filter as the spec has it.
func (f Filter) MarshalJSON() ([]byte, error) {
	switch {
	case f.All != nil:
		return json.Marshal(map[string]any{allKey: f.All})
	case f.Any != nil:
		return json.Marshal(map[string]any{anyKey: f.Any})
	case f.Not != nil:
		return json.Marshal(map[string]any{notKey: f.Not})
	}
	return json.Marshal(map[string]any{fieldKey: f.Field, string(f.Operator): f.Value})
}
