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
		keys[project+":"+s.Name] = keyOf(s)
		known = append(known, project+":"+s.Name)
	}
	text, err := json.MarshalIndent(object{
		"$schema": "http://json-schema.org/draft-07/schema#",
		"title":   "Settings of a stack of " + project,
		"type":    "object",
		"properties": object{"config": object{
			"type": "object", "properties": keys,
			// Keys of other namespaces are Pulumi's and the providers'; <project>:config:<key> is its old way to write one.
			"propertyNames": object{"anyOf": []object{{"enum": known}, {"not": object{"pattern": "^" + project + ":[^:]*$"}}}},
		}},
		// They have no description: editors would show it in place of the setting's own.
		"definitions": object{
			"secure": object{
				"$comment": "A value that pulumi config set --secret has encrypted.",
				"type":     "object", "properties": object{"secure": object{"type": "string"}}, "required": []string{"secure"}, "additionalProperties": false,
			},
			// Editors would offer null if it were named.
			"unset": object{"$comment": "Not set: null, or the empty text.", "not": object{"type": []string{"boolean", "number", "array", "object"}}, "maxLength": 0},
		},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

type object map[string]any

// blank begins JSON.
const blank = `^[ \t\r\n]*`

// keyOf is what a key takes: pulumi config set without --path writes a list or an object as text.
func keyOf(s settings.Setting) object {
	switch s.Kind {
	case settings.ListKind, settings.ObjectsKind:
		return schemaOf(s, object{"type": "string", "pattern": blank + `(\[|null)`})
	case settings.MapKind, settings.ObjectKind, settings.OptionalKind:
		return schemaOf(s, object{"type": "string", "pattern": blank + `(\{|null)`})
	}
	return schemaOf(s)
}

// schemaOf is what a setting takes: its values, or one that is encrypted, or, where there is a default, none.
func schemaOf(s settings.Setting, more ...object) object {
	forms := append(valuesOf(s), more...)
	forms = append(forms, secure())
	if !s.Required {
		forms = append(forms, object{"$ref": "#/definitions/unset"})
	}
	schema := object{"description": row{Setting: s}.sentence(), "anyOf": forms}
	if s.Default != "" {
		schema["default"] = defaultOf(s)
	}
	return schema
}

// valuesOf are the forms of a value. pulumi config set writes numbers and booleans as text, and with --path text that looks like one of
// them as such, so that both are taken.
func valuesOf(s settings.Setting) []object {
	switch s.Kind {
	case settings.IntegerKind:
		return []object{with(s.Schema, object{"type": "integer"}), {"type": "string", "pattern": settings.IntegerText}}
	case settings.NumberKind:
		return []object{with(s.Schema, object{"type": "number"}), {"type": "string", "pattern": settings.NumberText}}
	case settings.BooleanKind:
		return []object{{"type": "boolean"}, {"type": "string", "pattern": "^(true|false)$"}}
	case settings.ListKind:
		list := object{"type": "array", "uniqueItems": true, "items": object{"anyOf": []object{text(s.Schema), secure()}}}
		if s.MaxItems > 0 {
			list["maxItems"] = s.MaxItems
		}
		return []object{list}
	case settings.MapKind:
		values, _ := s.Schema["additionalProperties"].(map[string]any)
		return []object{with(s.Schema, object{"type": "object", "additionalProperties": object{"anyOf": []object{text(values), secure()}}})}
	case settings.ObjectKind:
		return []object{objectOf(s)}
	case settings.OptionalKind:
		return []object{objectOf(s), {"type": "object", "maxProperties": 0}}
	case settings.ObjectsKind:
		return []object{{"type": "array", "maxItems": s.MaxItems, "items": objectOf(s)}}
	default:
		return []object{text(s.Schema)}
	}
}

func text(schema map[string]any) object {
	return with(schema, object{"type": []string{"string", "number", "boolean"}})
}

func secure() object { return object{"$ref": "#/definitions/secure"} }

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
