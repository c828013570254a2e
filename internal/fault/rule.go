package fault

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Rule is what a setting takes, whatever the other settings are. It is the one home of a limit: the component checks by it,
// and the configuration reads, describes and documents by it.
type Rule[T any] struct {
	// Allowed says in words what is taken.
	Allowed string
	// Refuse says what is wrong with a value; false where nothing is.
	Refuse func(T) (Problem, bool)
	// Nearest is the value closest to a refused one that is taken, as a text; empty where no single one is. It may be nil.
	Nearest func(T) string
	// Schema are keywords of JSON Schema that say the same, as far as it can (json-schema.org/draft-07).
	Schema map[string]any
}

// Check is the fault of a value that the rule refuses.
func (r Rule[T]) Check(path Path, value T) List {
	if r.Refuse == nil {
		return nil
	}
	problem, refused := r.Refuse(value)
	if !refused {
		return nil
	}
	f := Fault{Path: path, Given: value, Problem: problem, Allowed: r.Allowed}
	if r.Nearest != nil {
		f.Nearest = r.Nearest(value)
	}
	return List{f}
}

// Takes says whether the rule takes a value.
func (r Rule[T]) Takes(value T) bool { return len(r.Check("", value)) == 0 }

// Required is the fault of a value that is not set, or that the rule refuses.
func Required[T comparable](path Path, value T, rule Rule[T]) List {
	var none T
	if value == none {
		return NotSet(path, false, rule.Allowed)
	}
	return rule.Check(path, value)
}

// InList are the faults of the elements of a list, each by the path of the list, with the element in its words.
func (r Rule[T]) InList(path Path, values []T) List {
	var faults List
	for _, value := range values {
		for _, f := range r.Check(path, value) {
			f.Given, f.Problem = nil, f.Problem.Of("%s: ", shown(value))
			faults = append(faults, f)
		}
	}
	return faults
}

// Distinct are the faults of a list as a whole: more elements than most, and one that is given twice.
func Distinct(path Path, values []string, most int) List {
	allowed := fmt.Sprintf("at most %d different values", most)
	different := slices.Compact(slices.Sorted(slices.Values(values)))
	return Join(
		When(len(values) > most, Fault{Path: path, Given: values, Problem: Problemf("%d elements are too many", len(values)), Allowed: allowed}),
		When(len(different) < len(values), Fault{Path: path, Given: values, Problem: Problemf("one is given twice"), Allowed: allowed}),
	)
}

// OrZero is the rule for a value that the rule takes, or that is not set, as isZero says.
func (r Rule[T]) OrZero(isZero func(T) bool) Rule[T] {
	refuse := r.Refuse
	r.Refuse = func(value T) (Problem, bool) {
		if isZero(value) {
			return Problem{}, false
		}
		return refuse(value)
	}
	return r
}

// Passing takes what a test accepts, and says no more about the rest than what is allowed.
func Passing[T any](allowed string, accepts func(T) bool) Rule[T] {
	return Rule[T]{Allowed: allowed, Refuse: func(value T) (Problem, bool) { return Problemf("not allowed"), !accepts(value) }}
}

// Matching takes what a regular expression matches, which is anchored and means the same in JavaScript.
func Matching(pattern *regexp.Regexp, allowed string) Rule[string] {
	r := Passing(allowed, pattern.MatchString)
	r.Schema = map[string]any{"pattern": pattern.String()}
	return r
}

// OneOf takes some texts alone.
func OneOf[T ~string](values ...T) Rule[string] {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	r := Passing(enumerated(texts), func(text string) bool { return slices.Contains(texts, text) })
	r.Schema = map[string]any{"enum": texts}
	return r
}

// AnyOf takes some integers alone.
func AnyOf(values ...int) Rule[int] {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = strconv.Itoa(value)
	}
	allowed := strings.Join(texts, ", ")
	if len(texts) > 1 {
		allowed = "one of " + allowed
	}
	r := Passing(allowed, func(n int) bool { return slices.Contains(values, n) })
	r.Schema = map[string]any{"enum": values}
	return r
}

// Between takes integers from low to high.
func Between(low, high int) Rule[int] {
	return Rule[int]{
		Allowed: fmt.Sprintf("an integer from %d to %d", low, high),
		Refuse:  func(n int) (Problem, bool) { return Problemf("out of range"), n < low || n > high },
		Schema:  map[string]any{"minimum": low, "maximum": high},
	}
}

// Numbers takes numbers from low to high.
func Numbers(low, high float64) Rule[float64] {
	return Rule[float64]{
		Allowed: fmt.Sprintf("a number from %s to %s", number(low), number(high)),
		// Not a number is not in the range either.
		Refuse: func(x float64) (Problem, bool) { return Problemf("out of range"), !(x >= low && x <= high) },
		Schema: map[string]any{"minimum": low, "maximum": high},
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// enumerated is "a", "a or b", "a, b or c".
func enumerated(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " or " + texts[last]
}
