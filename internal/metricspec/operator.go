package metricspec

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"example.com/log-pipeline/internal/fault"
)

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
	valueCount   = bounds{1, 100}
)

// operators are all there are.
var operators = []operator{
	{name: Equals, description: "The value that the field has, of the field's type.", types: allTypes, likeField: true, schema: scalarSchema, read: readScalar},
	{
		name: In, description: "The values of which the field has one, all of the field's type.", types: allTypes, likeField: true,
		schema: with(valueCount.schema(scalarSchema), "uniqueItems", true), read: readScalars,
	},
	comparison(AtLeast, "The smallest number that the field may have."),
	comparison(AtMost, "The largest number that the field may have."),
	comparison(Above, "A number below what the field may have."),
	comparison(Below, "A number above what the field may have."),
	{name: StartsWith, description: "What the field's text begins with.", types: []Type{String}, schema: with(prefix.Schema, "type", "string"), read: readPrefix},
	{name: Exists, description: "Whether the field is there, with a value of its type.", types: allTypes, schema: map[string]any{"type": "boolean"}, read: readBoolean},
}

func comparison(name Operator, description string) operator {
	return operator{name: name, description: description, types: numericTypes, schema: map[string]any{"type": "number"}, read: readNumber}
}

func operatorNamed(name Operator) operator {
	return operators[slices.IndexFunc(operators, func(o operator) bool { return o.name == name })]
}

var prefix = plain(1, 1_024)

func readPrefix(r *reader, at *location, node *yaml.Node) any {
	return r.text(at, node, prefix)
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
		return r.text(at, node, scalarText)
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
