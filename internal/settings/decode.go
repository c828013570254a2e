package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// Kind is the type of a setting.
type Kind int

const (
	TextKind Kind = iota
	IntegerKind
	NumberKind
	BooleanKind
	ListKind // of strings
	MapKind  // string to string
	ObjectKind
	OptionalKind // an object that may be absent
	ObjectsKind  // a list of objects
)

func (k Kind) isObject() bool { return k == ObjectKind || k == OptionalKind }

// parse is a key's value as Pulumi hands it over: JSON where it is a list or an object, and otherwise text.
func (k Kind) parse(text string) any {
	if k < ListKind {
		return text
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return text
	}
	return value
}

// scalar is a value as text: `pulumi config set --path` writes what looks like a number or a boolean as one.
func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	case bool:
		return strconv.FormatBool(value), true
	}
	return "", false
}

// isSet says whether a value is more than nothing: Pulumi.yaml gives keys that are not set the empty text.
func isSet(value any) bool {
	switch value := value.(type) {
	case nil:
		return false
	case string:
		return value != ""
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	}
	return true
}

// plain is a value as it would be written for a key.
func plain(value any) string {
	if text, ok := scalar(value); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// take stores a value that the rule does not refuse.
func take[T, V any](into *T, value T, judged V, rule fault.Rule[V]) (fault.Problem, bool) {
	if rule.Refuse != nil {
		if problem, refused := rule.Refuse(judged); refused {
			return problem, true
		}
	}
	*into = value
	return fault.Problem{}, false
}

func finite(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// distinct are the elements of a list, each of which the rule takes. Messages count from 1.
func distinct(value any, maxItems int, rule fault.Rule[string]) ([]string, fault.Problem, bool) {
	elements, ok := value.([]any)
	if !ok {
		return nil, fault.Problemf("not a list"), true
	}
	if maxItems > 0 && len(elements) > maxItems {
		return nil, fault.Problemf("%d elements are too many", len(elements)), true
	}
	var texts []string
	for i, element := range elements {
		text, ok := scalar(element)
		if !ok {
			return nil, fault.Problemf("element %d is not a text", i+1), true
		}
		var taken string
		if problem, refused := take(&taken, text, text, rule); refused {
			return nil, problem.Of("element %d is ", i+1), true
		}
		if slices.Contains(texts, text) {
			return nil, fault.Problemf("element %d is there twice", i+1), true
		}
		texts = append(texts, text)
	}
	return texts, fault.Problem{}, false
}

func pairs(value any) (map[string]string, fault.Problem, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, fault.Problemf("not an object"), true
	}
	texts := make(map[string]string, len(object))
	for _, key := range sortedKeys(object) {
		text, ok := scalar(object[key])
		if !ok {
			return nil, fault.Problemf("the value of %q is not a text", key), true
		}
		texts[key] = text
	}
	return texts, fault.Problem{}, false
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
