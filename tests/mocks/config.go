package mocks

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Config is the configuration of a stack as Pulumi hands it over, of settings by their paths, as stream.retentionHours. A
// path with a namespace, as aws:region, is a key of its own. A value in a section is text, or JSON where it is a list or an object.
func Config(settings map[string]string) map[string]string {
	values := map[string]string{}
	sections := map[string]map[string]any{}
	for _, path := range slices.Sorted(maps.Keys(settings)) {
		key, rest, nested := strings.Cut(path, ".")
		switch {
		case strings.Contains(path, ":"):
			values[path] = settings[path]
		case !nested:
			values[Project+":"+key] = settings[path]
		default:
			if sections[key] == nil {
				sections[key] = map[string]any{}
			}
			set(sections[key], rest, settings[path])
		}
	}
	for key, section := range sections {
		if values[Project+":"+key] == "" {
			values[Project+":"+key] = asJSON(section)
		}
	}
	return values
}

func set(section map[string]any, path, value string) {
	key, rest, nested := strings.Cut(path, ".")
	if !nested {
		section[key] = value
		if strings.HasPrefix(value, "[") || strings.HasPrefix(value, "{") {
			section[key] = json.RawMessage(value)
			if !json.Valid([]byte(value)) {
				section[key] = value
			}
		}
		return
	}
	inner, ok := section[key].(map[string]any)
	if !ok {
		inner = map[string]any{}
		section[key] = inner
	}
	set(inner, rest, value)
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts and JSON that is valid
	}
	return string(text)
}
