package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"example.com/log-pipeline/internal/settings"
)

// Schema is a JSON Schema for a Pulumi.<stack>.yaml, by which editors complete, explain and check the keys.
func Schema(project string, declared []settings.Setting) ([]byte, error) {
	keys, known := object{}, []string{}
	for _, s := range declared {
		keys[project+":"+s.Name] = schemaOf(s)
		known = append(known, project+":"+s.Name)
	}
	text, err := json.MarshalIndent(object{
		"$schema": "http://json-schema.org/draft-07/schema#",
		"title":   "Settings of a stack of " + project,
		"type":    "object",
		"properties": object{"config": object{
			"type": "object", "properties": keys,
			// Keys of other namespaces are Pulumi's and the providers'.
			"propertyNames": object{"anyOf": []object{{"enum": known}, {"not": object{"pattern": "^" + project + ":"}}}},
		}},
		"definitions": object{"secure": object{
			"description": "A value that pulumi config set --secret has encrypted.",
			"type":        "object", "properties": object{"secure": object{"type": "string"}}, "required": []string{"secure"}, "additionalProperties": false,
		}},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

type object map[string]any

// schemaOf is what a setting takes. Every value may be encrypted.
func schemaOf(s settings.Setting) object {
	schema := object{"description": sentence(s), "anyOf": []object{valueOf(s), {"$ref": "#/definitions/secure"}}}
	if s.Default != "" {
		schema["default"] = defaultOf(s)
	}
	return schema
}

// valueOf is the value itself. `pulumi config set` writes numbers and booleans as text, and with --path text that looks like one of them
// as such, so that both are taken.
func valueOf(s settings.Setting) object {
	switch s.Kind {
	case settings.IntegerKind:
		return with(s.Schema, object{"type": []string{"integer", "string"}, "pattern": "^-?[0-9]+$"})
	case settings.NumberKind:
		return with(s.Schema, object{"type": []string{"number", "string"}, "pattern": "^-?[0-9.]+$"})
	case settings.BooleanKind:
		return object{"enum": []any{true, false, "true", "false"}}
	case settings.ListKind:
		list := object{"type": "array", "uniqueItems": true, "items": with(s.Schema, text())}
		if s.MaxItems > 0 {
			list["maxItems"] = s.MaxItems
		}
		return list
	case settings.MapKind:
		return with(s.Schema, object{"type": "object", "additionalProperties": text()})
	case settings.ObjectKind, settings.OptionalKind:
		return objectOf(s)
	case settings.ObjectsKind:
		return object{"type": "array", "maxItems": s.MaxItems, "items": objectOf(s)}
	default:
		return with(s.Schema, text())
	}
}

func text() object { return object{"type": []string{"string", "number", "boolean"}} }

func with(schema map[string]any, more object) object {
	all := object{}
	maps.Copy(all, schema)
	maps.Copy(all, more)
	return all
}

func objectOf(s settings.Setting) object {
	properties, required := object{}, []string{}
	for _, in := range s.Settings {
		properties[in.Name] = schemaOf(in)
		if in.Required {
			required = append(required, in.Name)
		}
	}
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func defaultOf(s settings.Setting) any {
	switch s.Kind {
	case settings.IntegerKind, settings.NumberKind:
		if x, err := strconv.ParseFloat(s.Default, 64); err == nil {
			return x
		}
	case settings.BooleanKind:
		return s.Default == "true"
	}
	return s.Default
}
