package settings

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// step is a part of a path: the name of a field, or the index of an element where the name is empty.
type step struct {
	name  string
	index int
}

func steps(path fault.Path) []step {
	var steps []step
	for _, segment := range strings.Split(string(path), ".") {
		if strings.HasPrefix(segment, "[") { // a name that is not shown
			steps = append(steps, step{name: segment})
			continue
		}
		name, rest, indexed := strings.Cut(segment, "[")
		index, err := strconv.ParseUint(strings.TrimSuffix(rest, "]"), 10, 31)
		if indexed && rest != "]" && err != nil { // a name that looks like an element
			name = segment
		}
		steps = append(steps, step{name: name})
		if err == nil {
			steps = append(steps, step{index: int(index)})
		}
	}
	return steps
}

// at is the field that is declared at a path; nil where none is.
func (s *Section) at(path fault.Path) *Field {
	var found *Field
	for _, step := range steps(path) {
		if step.name == "" {
			continue
		}
		if s == nil {
			return nil
		}
		if found = s.field(step.name); found == nil {
			return nil
		}
		s = found.section
	}
	return found
}

// allowedText says what a setting takes.
func (f *Field) allowedText() string {
	switch {
	case f.kind == ObjectsKind:
		return fmt.Sprintf("a list of at most %d objects with %s", f.maxItems, f.section.names())
	case f.kind.isObject():
		return "an object with " + f.section.names()
	case f.kind == ListKind && f.maxItems > 0:
		return fmt.Sprintf("a list of at most %d distinct values, each %s", f.maxItems, f.allowed)
	case f.kind == ListKind:
		return "a list of distinct values, each " + f.allowed
	}
	return f.allowed
}

// allowedElement says what an element of a list takes.
func (f *Field) allowedElement() string {
	if f.section != nil {
		return "an object with " + f.section.names()
	}
	return f.allowed
}

func (s *Section) names() string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
		if f.required {
			names[i] += " (required)"
		}
	}
	return strings.Join(names, ", ")
}

// walk visits every setting, those of a list's objects once, with [] for the index.
func (s *Section) walk(path fault.Path, visit func(fault.Path, *Field)) {
	for _, f := range s.fields {
		at := path.Field(f.name)
		visit(at, f)
		if f.kind == ObjectsKind {
			at += "[]"
		}
		if f.section != nil {
			f.section.walk(at, visit)
		}
	}
}
