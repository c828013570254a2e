package searchinside

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"example.com/log-pipeline/internal/searchindex"
)

// putAudit changes what the document speaks of and keeps the rest. It leaves alone what the domain has declared to be read-only:
// OpenSearch answers 409 to a change of that.
func (d domain) putAudit(ctx context.Context, document searchindex.Document) (bool, error) {
	answer, err := d.get(ctx, searchindex.AuditPath)
	if err != nil {
		return false, err
	}
	var wanted map[string]any
	if err := unmarshal(document.Body, &wanted); err != nil {
		return false, err
	}
	readOnly, _ := answer["_readonly"].([]any)
	for _, pointer := range readOnly {
		if pointer, ok := pointer.(string); ok {
			remove(wanted, strings.Split(strings.TrimPrefix(pointer, "/"), "/"))
		}
	}
	stored, _ := answer["config"].(map[string]any)
	if covers(stored, wanted) {
		return false, nil
	}
	body, err := json.Marshal(merged(stored, wanted))
	if err != nil {
		return false, err
	}
	_, err = d.send(ctx, document.Method, document.Path, body)
	return err == nil, err
}

// remove takes what is at a path out of an object.
func remove(object map[string]any, path []string) {
	if len(path) == 1 {
		delete(object, path[0])
	} else if inner, ok := object[path[0]].(map[string]any); ok {
		remove(inner, path[1:])
	}
}

// merged is an object with the values of another in it.
func merged(object, values map[string]any) map[string]any {
	all := maps.Clone(object)
	if all == nil {
		all = map[string]any{}
	}
	for key, value := range values {
		if inner, ok := value.(map[string]any); ok {
			within, _ := all[key].(map[string]any)
			value = merged(within, inner)
		}
		all[key] = value
	}
	return all
}
