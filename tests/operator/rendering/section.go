package rendering

import (
	"iter"
	"slices"
)

// Section is a part of a configuration: of Fluentd, <Name Argument> with its settings and sections; of Fluent Bit, [Name].
type Section struct {
	// Name is "match" of <match **> or "OUTPUT" of [OUTPUT]; "" of a whole file.
	Name string
	// Argument is "**" of <match **>.
	Argument string
	// Settings are without quotes; "" for a setting without a value.
	Settings map[string]string
	Sections []*Section
}

// All are the sections below this one, at any depth, that have one of the names, in their order; without names all of them.
func (s *Section) All(names ...string) iter.Seq[*Section] {
	return func(yield func(*Section) bool) { s.visit(names, yield) }
}

func (s *Section) visit(names []string, yield func(*Section) bool) bool {
	for _, section := range s.Sections {
		if (len(names) == 0 || slices.Contains(names, section.Name)) && !yield(section) {
			return false
		}
		if !section.visit(names, yield) {
			return false
		}
	}
	return true
}

// Child is the first section directly below this one that has the name and the argument; nil if there is none.
func (s *Section) Child(name, argument string) *Section {
	at := slices.IndexFunc(s.Sections, func(c *Section) bool { return c.Name == name && c.Argument == argument })
	if at < 0 {
		return nil
	}
	return s.Sections[at]
}
