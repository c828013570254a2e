// Package settings reads a stack's configuration into typed values, and documents it, from one declaration a key.
//
// A setting is declared by binding a pointer to it, with its name, its default, the [fault.Rule] for its value and a
// sentence: reading, defaults, ranges, unknown keys, messages, Pulumi.yaml, the JSON Schema and the table in the docs all
// follow from that. A key that is an object is a section, whose settings are declared likewise.
//
// Paths are keys without the project's name, such as clusters[0].fluentd.replicas.
package settings

import (
	"slices"
	"strconv"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// Section is the settings of an object; the root section has the keys of the configuration.
type Section struct{ fields []*Field }

// Field is one setting as it is declared.
type Field struct {
	name, description string
	kind              Kind
	// defaultValue is the default, as in the configuration; empty where there is none or where it is computed.
	defaultValue string
	allowed      string
	schema       map[string]any
	required     bool
	secret       bool
	unique       bool
	// maxItems is the largest number of elements; 0 for no limit.
	maxItems int
	// set takes a value over, or says what is wrong with it at its path.
	set func(path fault.Path, value any) fault.List
	// section has the settings of an object, and of one element of a list of objects.
	section *Section
	// elements makes room for n objects and returns their sections.
	elements func(n int) []*Section
}

// Required says that there is no default.
func (f *Field) Required() *Field {
	f.required = true
	return f
}

// Secret says that the value is never shown.
func (f *Field) Secret() *Field {
	f.secret = true
	return f
}

// Unique says that the value differs from object to object of a list.
func (f *Field) Unique() *Field {
	f.unique = true
	return f
}

// MaxItems is the largest number of elements of a list.
func (f *Field) MaxItems(n int) *Field {
	f.maxItems = n
	return f
}

func (s *Section) add(f *Field) *Field {
	s.fields = append(s.fields, f)
	return f
}

func (s *Section) field(name string) *Field {
	i := slices.IndexFunc(s.fields, func(f *Field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return s.fields[i]
}

// Text declares a string. The empty string is not set.
func Text[T ~string](s *Section, into *T, name string, defaultValue T, rule fault.Rule[string], description string) *Field {
	*into = defaultValue
	return s.add(&Field{
		name: name, description: description, kind: TextKind, defaultValue: string(defaultValue), allowed: rule.Allowed, schema: rule.Schema,
		set: func(path fault.Path, value any) fault.List {
			text, ok := scalar(value)
			if !ok {
				return wrong(path, "not a text")
			}
			return take(path, into, T(text), text, rule)
		},
	})
}

// Integer declares an integer. A default that the rule refuses is none: the setting is then 0 unless it is set.
func Integer(s *Section, into *int, name string, defaultValue int, rule fault.Rule[int], description string) *Field {
	*into = defaultValue
	return s.integer(name, defaultValue, rule, description, func(n int) { *into = n })
}

// OptionalInteger declares an integer that is nil unless it is set.
func OptionalInteger(s *Section, into **int, name string, rule fault.Rule[int], description string) *Field {
	f := s.integer(name, 0, rule, description, func(n int) { *into = &n })
	f.defaultValue = ""
	return f
}

// Seconds declares a time in whole seconds.
func Seconds(s *Section, into *time.Duration, name string, defaultValue time.Duration, rule fault.Rule[int], description string) *Field {
	*into = defaultValue
	return s.integer(name, int(defaultValue/time.Second), rule, description, func(n int) { *into = time.Duration(n) * time.Second })
}

// Rate declares an integer that is counted with as a number.
func Rate(s *Section, into *float64, name string, defaultValue int, rule fault.Rule[int], description string) *Field {
	*into = float64(defaultValue)
	return s.integer(name, defaultValue, rule, description, func(n int) { *into = float64(n) })
}

func (s *Section) integer(name string, defaultValue int, rule fault.Rule[int], description string, store func(int)) *Field {
	f := &Field{name: name, description: description, kind: IntegerKind, allowed: rule.Allowed, schema: rule.Schema}
	if len(rule.Check("", defaultValue)) == 0 {
		f.defaultValue = strconv.Itoa(defaultValue)
	}
	f.set = func(path fault.Path, value any) fault.List {
		text, _ := scalar(value)
		n, err := strconv.Atoi(text)
		if err != nil {
			return wrong(path, "not an integer")
		}
		faults := rule.Check(path, n)
		if len(faults) == 0 {
			store(n)
		}
		return faults
	}
	return s.add(f)
}

// Number declares a number.
func Number(s *Section, into *float64, name string, defaultValue float64, rule fault.Rule[float64], description string) *Field {
	*into = defaultValue
	return s.add(&Field{
		name: name, description: description, kind: NumberKind, defaultValue: number(defaultValue), allowed: rule.Allowed, schema: rule.Schema,
		set: func(path fault.Path, value any) fault.List {
			text, _ := scalar(value)
			x, ok := finite(text)
			if !ok {
				return wrong(path, "not a number")
			}
			return take(path, into, x, x, rule)
		},
	})
}

// Boolean declares true or false.
func Boolean(s *Section, into *bool, name string, defaultValue bool, description string) *Field {
	*into = defaultValue
	return s.add(&Field{
		name: name, description: description, kind: BooleanKind, defaultValue: strconv.FormatBool(defaultValue), allowed: "true or false",
		set: func(path fault.Path, value any) fault.List {
			text, _ := scalar(value)
			if text != "true" && text != "false" {
				return wrong(path, "not a boolean")
			}
			*into = text == "true"
			return nil
		},
	})
}

// List declares a list of distinct strings, each by the rule; empty is not set.
func List[T ~string](s *Section, into *[]T, name string, rule fault.Rule[string], description string) *Field {
	f := &Field{name: name, description: description, kind: ListKind, allowed: rule.Allowed, schema: rule.Schema}
	f.set = func(path fault.Path, value any) fault.List {
		texts, faults := distinct(path, value, f.maxItems, rule)
		if len(faults) > 0 {
			return faults
		}
		*into = nil
		for _, text := range texts {
			*into = append(*into, T(text))
		}
		return nil
	}
	return s.add(f)
}

// Map declares an object of strings by keys.
func Map(s *Section, into *map[string]string, name string, rule fault.Rule[map[string]string], description string) *Field {
	return s.add(&Field{
		name: name, description: description, kind: MapKind, allowed: rule.Allowed, schema: rule.Schema,
		set: func(path fault.Path, value any) fault.List {
			texts, faults := pairs(path, value)
			if len(faults) > 0 {
				return faults
			}
			return take(path, into, texts, texts, rule)
		},
	})
}

// Object declares a section that is always there, with defaults for what is not set in it.
func Object(s *Section, name, description string, declare func(*Section)) *Field {
	f := &Field{name: name, description: description, kind: ObjectKind, allowed: "an object", section: &Section{}}
	declare(f.section)
	return s.add(f)
}

// Optional declares a section that is nil unless something in it is set.
func Optional[T any](s *Section, into **T, name, description string, declare func(*T, *Section)) *Field {
	value := new(T)
	f := Object(s, name, description, func(section *Section) { declare(value, section) })
	f.kind = OptionalKind
	f.set = func(fault.Path, any) fault.List {
		*into = value
		return nil
	}
	return f
}

// Objects declares a list of objects.
func Objects[T any](s *Section, into *[]T, name, description string, declare func(*T, *Section)) *Field {
	f := &Field{name: name, description: description, kind: ObjectsKind, section: &Section{}}
	declare(new(T), f.section)
	f.elements = func(n int) []*Section {
		*into = make([]T, n)
		sections := make([]*Section, n)
		for i := range sections {
			sections[i] = &Section{}
			declare(&(*into)[i], sections[i])
		}
		return sections
	}
	return s.add(f)
}
