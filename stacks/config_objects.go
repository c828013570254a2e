package stacks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// readObjects takes over a list of objects. Each field has the rules of a key, and is reported by its own path, such as
// log-pipeline:clusters[0].issuer.
func (p *parser) readObjects(key configKey, text string) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var given []map[string]any
	if err := decoder.Decode(&given); err != nil || slices.ContainsFunc(given, func(o map[string]any) bool { return o == nil }) {
		p.fault(key.name, "not a list of objects")
		return
	}
	if key.most > 0 && len(given) > key.most {
		p.fault(key.name, "%d elements are too many", len(given))
		return
	}
	objects := make([]settings, len(given))
	for i, fields := range given {
		objects[i] = p.readObject(key, i, fields)
	}
	p.values[key.name] = objects
	p.sameTwice(key, objects)
}

func (p *parser) readObject(key configKey, index int, given map[string]any) settings {
	object := newSettings()
	for _, field := range key.fields {
		if field.fallback != "" {
			object.values[field.name], _ = field.parse(field.fallback)
		}
		text := plainText(given[field.name])
		problem := ""
		var value any
		switch {
		case text != "":
			value, problem = field.parse(text)
		case field.required:
			problem = "not set, but required"
		default:
			continue
		}
		if problem == "" {
			object.values[field.name] = value
			continue
		}
		object.faulty[field.name] = true
		p.faultAt(key, index, field, text, problem)
	}
	for _, name := range sortedKeys(given) {
		if !slices.ContainsFunc(key.fields, func(field configKey) bool { return field.name == name }) {
			p.faulty[key.name], object.faulty[name] = true, true
			path := p.at(key, index, name)
			if p.raw.Secret[p.full(key.name)] {
				path = p.at(key, index, hidden)
			}
			p.add(fault{key: path, problem: "unknown field; the nearest is " + nearestKey(key.fields, name)})
		}
	}
	return object
}

// sameTwice refuses two objects with one name or another identity.
func (p *parser) sameTwice(key configKey, objects []settings) {
	for _, field := range key.fields {
		if !field.unique {
			continue
		}
		seen := map[string]int{}
		for i, object := range objects {
			text := object.text(field.name)
			first, twice := seen[text]
			if twice && text != "" {
				object.faulty[field.name] = true
				p.faultAt(key, i, field, text, fmt.Sprintf("the same as that of element %d", first+1))
			}
			if !twice {
				seen[text] = i
			}
		}
	}
}

// unread says whether a value is given and cannot be read: what it says is not known. One that is at fault for what else is
// configured has been read.
func (s settings) unread(name string) bool { return s.faulty[name] && s.values[name] == nil }

// unreadBut says whether any value cannot be read, but for those named.
func (s settings) unreadBut(names ...string) bool {
	return slices.ContainsFunc(sortedKeys(s.faulty), func(name string) bool { return !slices.Contains(names, name) && s.unread(name) })
}

func isObjects(name string) bool {
	key, _ := keyNamed(name)
	return key.kind == objectsKind
}

// faultIn reports a field of an object that the rules of the field alone accept.
func (p *parser) faultIn(name string, index int, fieldName, format string, args ...any) {
	p.faultOfField(name, index, fieldName, fmt.Sprintf(format, args...), "")
}

// faultOfField does so with the value nearest to the given one that works, where one is known.
func (p *parser) faultOfField(name string, index int, fieldName, problem, nearest string) {
	key, _ := keyNamed(name)
	object := p.objects(name)[index]
	object.faulty[fieldName] = true
	p.faultAt(key, index, fieldNamed(name, fieldName), plainText(object.values[fieldName]), problem)
	p.faults[len(p.faults)-1].nearest = p.openText(p.full(name), nearest)
}

func fieldNamed(name, fieldName string) configKey {
	key, _ := keyNamed(name)
	return key.fields[slices.IndexFunc(key.fields, func(field configKey) bool { return field.name == fieldName })]
}

// faultOfObject reports an object as a whole.
func (p *parser) faultOfObject(name string, index int, problem string) {
	p.faulty[name] = true
	p.add(fault{key: fmt.Sprintf("%s[%d]", p.full(name), index), problem: problem})
}

func (p *parser) faultAt(key configKey, index int, field configKey, text, problem string) {
	p.faulty[key.name] = true
	p.add(fault{
		key:     p.at(key, index, field.name),
		given:   p.shownAs(key, text),
		problem: problem,
		allowed: field.allowedText(),
	})
}

func (p *parser) at(key configKey, index int, field string) string {
	return fmt.Sprintf("%s[%d].%s", p.full(key.name), index, field)
}

// plainText is a value as it would be written for a key of its own.
func plainText(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	case []any, []string, map[string]any, map[string]string:
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Sprint(value)
		}
		return string(text)
	default:
		return fmt.Sprint(value)
	}
}

// parseLabels reads the labels that a selector asks for, by the rules of
// kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set.
func parseLabels(text string) (value any, problem string) {
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil || object == nil {
		return nil, "not an object"
	}
	labels := make(map[string]string, len(object))
	for _, key := range sortedKeys(object) {
		value, ok := object[key].(string)
		switch {
		case !ok:
			return nil, fmt.Sprintf("the value of %q is not a string: quote it", key)
		case len(validation.IsQualifiedName(key)) > 0:
			return nil, fmt.Sprintf("the key %q is not allowed", key)
		case len(validation.IsValidLabelValue(value)) > 0:
			return nil, fmt.Sprintf("the value of %q is not allowed", key)
		}
		labels[key] = value
	}
	return labels, ""
}
