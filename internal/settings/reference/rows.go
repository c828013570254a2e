package reference

import (
	"fmt"
	"strings"

	"example.com/log-pipeline/internal/settings"
)

// row is a setting as its section lists it.
type row struct {
	settings.Setting
	// name is its path in the section.
	name string
	// within is the object that it is required in, where that may be absent.
	within string
}

// rows are the settings of a section, however deep they lie. An object comes before what is in it.
func rows(section settings.Setting) []row { return rowsOf(section, "", "") }

func rowsOf(object settings.Setting, prefix, within string) []row {
	var found []row
	for _, s := range object.Settings {
		r := row{Setting: s, name: prefix + s.Name, within: within}
		found = append(found, r)
		if s.Kind == settings.OptionalKind {
			within = r.name
		}
		found = append(found, rowsOf(s, r.name+".", within)...)
		within = r.within
	}
	return found
}

// sentence says what a setting is for, what it takes and what it is by default.
func (r row) sentence() string {
	text := r.Description
	switch {
	case len(r.Settings) == 0:
		text += " Allowed: " + r.Allowed + "."
	case r.MaxItems > 0:
		text += fmt.Sprintf(" A list of at most %d.", r.MaxItems)
	}
	if need := r.need(); need != "" {
		text += " " + strings.ToUpper(need[:1]) + need[1:] + "."
	} else if r.Default != "" {
		text += " Default: " + r.Default + "."
	}
	return text
}

// need says where a setting is required; empty where it is not.
func (r row) need() string {
	switch {
	case !r.Required:
		return ""
	case r.within != "":
		return "required in " + r.within
	}
	return "required"
}
