package searchinside

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/cenkalti/backoff/v5"

	"example.com/log-pipeline/internal/searchindex"
)

// domain is what is made an inside of.
type domain struct {
	client   Client
	settings searchindex.Settings
}

// put makes a document as it should be, and says whether it was not.
func (d domain) put(ctx context.Context, document searchindex.Document) (bool, error) {
	switch document.Kind {
	case searchindex.IndexSettings:
		return d.putIndexSettings(ctx, document)
	case searchindex.Policy:
		return d.putPolicy(ctx, document)
	case searchindex.Enrolment:
		return d.enrol(ctx, document)
	case searchindex.Audit:
		return d.putAudit(ctx, document)
	case searchindex.Members:
		return d.putMembers(ctx, document)
	case searchindex.DefaultIndex:
		return d.putDefaultIndex(ctx, document)
	default:
		return d.putWhole(ctx, document)
	}
}

// putWhole replaces what is read at the path that it is put to.
func (d domain) putWhole(ctx context.Context, document searchindex.Document) (bool, error) {
	stored, err := d.get(ctx, document.Path)
	if err != nil || has(unwrapped(document, stored), document.Body) {
		return false, err
	}
	path := document.Path
	if document.Kind == searchindex.SavedObject {
		path += "?overwrite=true"
	}
	_, err = d.send(ctx, document.Method, path, document.Body)
	return err == nil, err
}

// unwrapped is what was put, in the answer that shows it.
func unwrapped(document searchindex.Document, answer map[string]any) any {
	switch document.Kind {
	case searchindex.Template:
		templates, _ := answer["index_templates"].([]any)
		for _, template := range templates {
			if template, ok := template.(map[string]any); ok && template["name"] == document.Name {
				return template["index_template"]
			}
		}
		return nil
	case searchindex.SavedObject:
		return answer
	default:
		return answer[document.Name]
	}
}

// putPolicy replaces the very policy that was read: OpenSearch answers 409 to any other.
func (d domain) putPolicy(ctx context.Context, document searchindex.Document) (bool, error) {
	stored, err := d.get(ctx, document.Path)
	if err != nil || has(stored, document.Body) {
		return false, err
	}
	path := document.Path
	if stored != nil {
		path += "?" + url.Values{
			"if_seq_no":       {fmt.Sprint(stored["_seq_no"])},
			"if_primary_term": {fmt.Sprint(stored["_primary_term"])},
		}.Encode()
	}
	_, err = d.send(ctx, document.Method, path, document.Body)
	return err == nil, err
}

// putIndexSettings changes indices that exist. Without any there is nothing to change, and a pattern that matches none would be refused.
func (d domain) putIndexSettings(ctx context.Context, document searchindex.Document) (bool, error) {
	indices, err := d.get(ctx, document.Path)
	if err != nil {
		return false, err
	}
	different := false
	for _, index := range indices {
		index, _ := index.(map[string]any)
		different = different || !has(index["settings"], document.Body)
	}
	if !different {
		return false, nil
	}
	_, err = d.send(ctx, document.Method, document.Path, document.Body)
	return err == nil, err
}

// putDefaultIndex chooses where nobody has.
func (d domain) putDefaultIndex(ctx context.Context, document searchindex.Document) (bool, error) {
	answer, err := d.get(ctx, document.Path)
	if err != nil {
		return false, err
	}
	settings, _ := answer["settings"].(map[string]any)
	chosen, _ := settings["defaultIndex"].(map[string]any)
	if chosen["userValue"] != nil {
		return false, nil
	}
	_, err = d.send(ctx, document.Method, document.Path, document.Body)
	return err == nil, err
}

// has says whether something stored has all that a body says. A list has to be the same; an object may have more, since OpenSearch
// adds what it keeps itself.
func has(stored any, body json.RawMessage) bool {
	var wanted any
	return decode(body, &wanted) == nil && covers(stored, wanted)
}

func covers(stored, wanted any) bool {
	switch wanted := wanted.(type) {
	case map[string]any:
		object, ok := stored.(map[string]any)
		if !ok {
			return false
		}
		for key, value := range wanted {
			if !covers(object[key], value) {
				return false
			}
		}
		return true
	case []any:
		list, ok := stored.([]any)
		if !ok || len(list) != len(wanted) {
			return false
		}
		for i, value := range wanted {
			if !covers(list[i], value) {
				return false
			}
		}
		return true
	default:
		return stored == wanted
	}
}

// unmarshal reads an answer that has to have a form.
func unmarshal(answer []byte, into any) error {
	if err := json.Unmarshal(answer, into); err != nil {
		return backoff.Permanent(err)
	}
	return nil
}
