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

const (
	maxFilters = 50
	maxValues  = 100
)

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

// Operator compares a field's value.
type Operator string

// The operators of conditions.
const (
	Equals     Operator = "equals"
	In         Operator = "in"
	AtLeast    Operator = "atLeast"
	AtMost     Operator = "atMost"
	Above      Operator = "above"
	Below      Operator = "below"
	StartsWith Operator = "startsWith"
	Exists     Operator = "exists"
)

// operator is how an operator is declared.
type operator struct {
	name        Operator
	description string
	// types are those of the fields that it goes with, and likeField says that its value is of the field's own type.
	types     []Type
	likeField bool
	schema    map[string]any
	read      func(r *reader, at *location, node *yaml.Node) any
}

var (
	allTypes     = []Type{String, Integer, Number, Boolean}
	numericTypes = []Type{Integer, Number}

	scalarText   = plain(0, 1_024)
	scalarSchema = map[string]any{"type": []string{"string", "number", "boolean"}, "maxLength": 1_024, "pattern": scalarText.Schema["pattern"]}
	valueCount   = bounds{1, maxValues}
	filterCount  = bounds{1, maxFilters}
)

// operators are all there are.
func operators() []operator {
	comparison := func(name Operator, description string) operator {
		return operator{name: name, description: description, types: numericTypes, schema: map[string]any{"type": "number"}, read: readNumber}
	}
	values := valueCount.schema(scalarSchema)
	values["uniqueItems"] = true
	return []operator{
		{name: Equals, description: "The value that the field has, of the field's type.", types: allTypes, likeField: true, schema: scalarSchema, read: readScalar},
		{name: In, description: "The values of which the field has one, all of the field's type.", types: allTypes, likeField: true, schema: values, read: readScalars},
		comparison(AtLeast, "The smallest number that the field may have."),
		comparison(AtMost, "The largest number that the field may have."),
		comparison(Above, "A number below what the field may have."),
		comparison(Below, "A number above what the field may have."),
		{name: StartsWith, description: "What the field's text begins with.", types: []Type{String}, schema: with(prefix.Schema, "type", "string"), read: readPrefix},
		{name: Exists, description: "Whether the field is there, with a value of its type.", types: allTypes, schema: map[string]any{"type": "boolean"}, read: readBoolean},
	}
}

func operatorNamed(name Operator) operator {
	all := operators()
	return all[slices.IndexFunc(all, func(o operator) bool { return o.name == name })]
}

var prefix = plain(1, 1_024)

func readPrefix(r *reader, at *location, node *yaml.Node) any {
	text, _ := r.text(at, node, prefix)
	return text
}

func readNumber(r *reader, at *location, node *yaml.Node) any {
	n, _ := r.number(at, node)
	return n
}

func readBoolean(r *reader, at *location, node *yaml.Node) any {
	yes, _ := r.boolean(at, node)
	return yes
}

func readScalar(r *reader, at *location, node *yaml.Node) any {
	const problem, allowed = "not a single value", "a text, a number in decimal digits, true or false"
	if !r.is(at, node, yaml.ScalarNode, problem, allowed) {
		return nil
	}
	switch node.ShortTag() {
	case textTag:
		text, _ := r.text(at, node, scalarText)
		return text
	case booleanTag:
		return readBoolean(r, at, node)
	case integerTag, numberTag:
		return readNumber(r, at, node)
	}
	r.mistyped(at, node, problem, allowed)
	return nil
}

func readScalars(r *reader, at *location, node *yaml.Node) any {
	first := map[any]int{}
	var values []any
	for i, element := range r.elements(at, node, valueCount, valueCount.words("values of the field's type")) {
		value := readScalar(r, at.index(i), element)
		values = append(values, value)
		if !r.isSound(at.index(i)) {
			continue
		}
		if other, twice := first[identity(value)]; twice {
			r.refuse(at.index(i), element.Line, fault.Fault{Problem: fault.Problemf("the same as %s", string(at.index(other).path)), Given: element.Value})
			continue
		}
		first[identity(value)] = i
	}
	return values
}

// identity is one value for numbers that are equal. An integer that no double holds stays itself.
func identity(value any) any {
	if n, ok := value.(int64); ok && int64(float64(n)) == n {
		return float64(n)
	}
	return value
}

const (
	allKey   = "all"
	anyKey   = "any"
	notKey   = "not"
	fieldKey = "field"
)

func filterKeys() (names, operatorNames []string) {
	for _, o := range operators() {
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
		f.Field, _ = r.text(e.at, e.value, anyName)
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
