package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// Kind is what the value of a setting is.
type Kind int

// The kinds of settings. What follows BooleanKind is JSON where it is a key of its own.
const (
	// TextKind, IntegerKind, NumberKind and BooleanKind are scalars.
	TextKind Kind = iota
	IntegerKind
	NumberKind
	BooleanKind
	// ListKind is a list of texts.
	ListKind
	// MapKind is an object of texts by keys of the user's own.
	MapKind
	// ObjectKind is an object of settings that is always there, and OptionalKind one that may be absent.
	ObjectKind
	OptionalKind
	// ObjectsKind is a list of objects of settings.
	ObjectsKind
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
	if err := decoder.Decode(&value); err != nil {
		return text
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) { // more than a value
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

// wrong is the fault of a value that is no such thing.
func wrong(path fault.Path, problem string, args ...any) fault.List {
	return fault.List{{Path: path, Problem: fault.Problemf(problem, args...)}}
}

// mistyped is the fault of a value of another kind. Text that is JSON is told apart: it is shown as a list or an object would be.
func mistyped(path fault.Path, value any, problem fault.Problem) fault.List {
	if text, ok := value.(string); ok && json.Valid([]byte(text)) && strings.ContainsAny(text[:1], "[{") {
		problem = problem.And(", but text in quotes")
	}
	return fault.List{{Path: path, Problem: problem}}
}

// take stores a value unless the rule refuses what is judged of it.
func take[T, V any](path fault.Path, into *T, value T, judged V, rule fault.Rule[V]) fault.List {
	faults := rule.Check(path, judged)
	if len(faults) == 0 {
		*into = value
	}
	return faults
}

// What integers and numbers are as text, as regular expressions that mean the same in JavaScript.
const (
	IntegerText = `^[-+]?[0-9]+$`
	NumberText  = `^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`
)

var numberText = regexp.MustCompile(NumberText)

// finite is a number in decimal digits: strconv takes hexadecimal ones, infinity and not-a-number too.
func finite(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && numberText.MatchString(text)
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// distinct are the elements of a list, each of which the rule takes.
func distinct(path fault.Path, value any, maxItems int, rule fault.Rule[string]) ([]string, fault.List) {
	elements, ok := value.([]any)
	if !ok {
		return nil, mistyped(path, value, fault.Problemf("not a list"))
	}
	if maxItems > 0 && len(elements) > maxItems {
		return nil, wrong(path, "%d elements are too many", len(elements))
	}
	var texts []string
	var faults fault.List
	first := map[string]int{}
	for i, element := range elements {
		text, ok := scalar(element)
		other, twice := first[text]
		switch {
		case !ok:
			faults = append(faults, wrong(path.Index(i), "not a text")...)
		case twice:
			faults = append(faults, wrong(path.Index(i), "the same as %s", path.Index(other))...)
		default:
			faults = append(faults, rule.Check(path.Index(i), text)...)
			first[text] = i
		}
		texts = append(texts, text)
	}
	return texts, faults
}

func pairs(path fault.Path, value any) (map[string]string, fault.List) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, mistyped(path, value, fault.Problemf("not an object"))
	}
	texts := make(map[string]string, len(object))
	for _, key := range sortedKeys(object) {
		text, ok := scalar(object[key])
		if !ok {
			return nil, wrong(path, "the value of %q is not a text", key)
		}
		texts[key] = text
	}
	return texts, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
