package metricspec

import (
	"encoding/json"
	"strings"
)

// Schema is a JSON Schema of the spec, by which editors complete, explain and check it. It says what a value alone may be;
// what two contradict, [Parse] alone finds.
func Schema() ([]byte, error) {
	schema := declared(&Spec{}, (*Spec).declare).jsonSchema()
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = "Metric spec"
	schema["definitions"] = map[string]any{
		"filter":   filterSchema(),
		"timeZone": map[string]any{"type": "string", "enum": strings.Fields(zoneNames)},
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

// filterSchema is one object with all keys, so that editors offer all of them.
func filterSchema() map[string]any {
	filter := map[string]any{"$ref": "#/definitions/filter"}
	compound := func(description string, schema map[string]any) map[string]any {
		return with(schema, "description", description)
	}
	properties := map[string]any{
		fieldKey: map[string]any{"type": "string", "description": fieldWords},
		allKey:   compound(allWords, filterCount.schema(filter)),
		anyKey:   compound(anyWords, filterCount.schema(filter)),
		notKey:   compound(notWords, map[string]any{"allOf": []any{filter}}),
	}
	for _, o := range operators {
		properties[string(o.name)] = with(o.schema, "description", o.description)
	}
	has := func(key string) map[string]any { return map[string]any{"required": []string{key}} }
	return map[string]any{
		"type": "object", "properties": properties, "additionalProperties": false,
		"oneOf": []any{has(allKey), has(anyKey), has(notKey), has(fieldKey)},
		"if":    has(fieldKey),
		"then":  map[string]any{"minProperties": 2, "maxProperties": 2},
		"else":  map[string]any{"maxProperties": 1},
	}
}
