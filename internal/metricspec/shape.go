package metricspec

import (
	"fmt"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"

	"example.com/log-pipeline/internal/fault"
)

// object is the keys of an object, each bound to where its value goes.
type object struct{ keys []*key }

// key is one key as it is declared.
type key struct {
	name, description string
	required          bool
	// byDefault is the value where the key is left out; nil where there is none.
	byDefault any
	shape
}

// shape is what a value may be.
type shape struct {
	// allowed says it in words, and schema in JSON Schema, as far as that can.
	allowed string
	schema  map[string]any
	// in are the keys of the object, or of each one in the list or the map; nil where there are none.
	in *object
	// suffix follows the key in the path of in's keys: nothing for an object, [] for a list, .NAME for a map.
	suffix string
	read   func(r *reader, at *location, node *yaml.Node)
}

func (k *key) isRequired() { k.required, k.byDefault = true, nil }

func (o *object) add(k *key) *key {
	o.keys = append(o.keys, k)
	return k
}

func (o *object) names() []string {
	names := make([]string, len(o.keys))
	for i, k := range o.keys {
		names[i] = k.name
	}
	return names
}

// words name the keys, for messages.
func (o *object) words() string {
	words := o.names()
	for i, k := range o.keys {
		if k.required {
			words[i] += " (required)"
		}
	}
	return strings.Join(words, ", ")
}

// jsonSchema is what JSON Schema says of the object.
func (o *object) jsonSchema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range o.keys {
		schema := with(k.schema, "description", k.description)
		if k.byDefault != nil {
			schema["default"] = k.byDefault
		}
		properties[k.name] = schema
		if k.required {
			required = append(required, k.name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func with(schema map[string]any, keyword string, value any) map[string]any {
	more := maps.Clone(schema)
	if more == nil {
		more = map[string]any{}
	}
	more[keyword] = value
	return more
}

// integer declares an integer.
func integer(o *object, into *int, name string, byDefault int, rule fault.Rule[int], description string) *key {
	*into = byDefault
	return o.add(&key{name: name, description: description, byDefault: byDefault, shape: shape{
		allowed: rule.Allowed, schema: with(rule.Schema, "type", "integer"),
		read: func(r *reader, at *location, node *yaml.Node) {
			if n, ok := r.integer(at, node, rule.Allowed); ok && r.check(at, node, rule.Check("", n)) {
				*into = n
			}
		},
	}})
}

// text declares a string.
func text[T ~string](o *object, into *T, name string, byDefault T, rule fault.Rule[string], description string) *key {
	*into = byDefault
	k := &key{name: name, description: description, shape: shape{
		allowed: rule.Allowed, schema: with(rule.Schema, "type", "string"),
		read: func(r *reader, at *location, node *yaml.Node) {
			*into = T(r.text(at, node, rule))
		},
	}}
	if byDefault != "" {
		k.byDefault = string(byDefault)
	}
	return o.add(k)
}

// bounds are how many elements a list may have.
type bounds struct{ least, most int }

func (b bounds) schema(items any) map[string]any {
	return map[string]any{"type": "array", "minItems": b.least, "maxItems": b.most, "items": items}
}

func (b bounds) words(elements string) string {
	return fmt.Sprintf("a list of %d to %d %s", b.least, b.most, elements)
}

// texts declares a list of strings.
func texts(o *object, into *[]string, name string, count bounds, rule fault.Rule[string], description string) *key {
	allowed := count.words("texts, each " + rule.Allowed)
	return o.add(&key{name: name, description: description, shape: shape{
		allowed: allowed, schema: count.schema(with(rule.Schema, "type", "string")),
		read: func(r *reader, at *location, node *yaml.Node) {
			elements := r.elements(at, node, count, allowed)
			*into = make([]string, len(elements))
			for i, element := range elements {
				(*into)[i] = r.text(at.index(i), element, rule)
			}
		},
	}})
}

// objects declares a list of objects.
func objects[T any](o *object, into *[]T, name string, count bounds, declare func(*T, *object), description string) *key {
	in := declared(new(T), declare)
	allowed := count.words("objects with " + in.words())
	return o.add(&key{name: name, description: description, shape: shape{
		allowed: allowed, schema: count.schema(in.jsonSchema()), in: in, suffix: "[]",
		read: func(r *reader, at *location, node *yaml.Node) {
			elements := r.elements(at, node, count, allowed)
			*into = make([]T, len(elements))
			for i, element := range elements {
				r.object(at.index(i), element, declared(&(*into)[i], declare))
			}
		},
	}})
}

// byName declares a map of objects by names of the user's own.
func byName[T any](o *object, into *map[string]T, name string, most int, names fault.Rule[string], declare func(*T, *object), description string) *key {
	in := declared(new(T), declare)
	allowed := fmt.Sprintf("an object of at most %d names, each with an object with %s", most, in.words())
	return o.add(&key{name: name, description: description, shape: shape{
		allowed: allowed, in: in, suffix: ".NAME",
		schema: map[string]any{"type": "object", "maxProperties": most, "propertyNames": names.Schema, "additionalProperties": in.jsonSchema()},
		read: func(r *reader, at *location, node *yaml.Node) {
			*into = map[string]T{}
			for _, entry := range r.names(at, node, most, names, allowed) {
				var value T
				r.object(entry.at, entry.value, declared(&value, declare))
				(*into)[entry.name] = value
			}
		},
	}})
}

func declared[T any](into *T, declare func(*T, *object)) *object {
	o := &object{}
	declare(into, o)
	return o
}
