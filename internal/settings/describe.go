package settings

import "example.com/log-pipeline/internal/fault"

// Setting is a declared setting, for those who document it.
type Setting struct {
	// Path is where it is, with [] for the index of an object in a list.
	Path fault.Path
	// Name is the last part of Path, and Description its sentence.
	Name, Description string
	// Kind says what its value is.
	Kind Kind
	// Default is the default as in the configuration; empty where there is none or where it is computed.
	Default string
	// Allowed says in words what it takes.
	Allowed string
	// Required says that there is no default.
	Required bool
	// MaxItems is the largest number of elements of a list; 0 for no limit.
	MaxItems int
	// Schema are keywords of JSON Schema about the value, or about each element of a list.
	Schema map[string]any
	// Settings are those of an object, or of each object in a list.
	Settings []Setting
}

// Describe is what is declared, in the order of the declarations.
func (s *Section) Describe() []Setting { return s.describe("") }

func (s *Section) describe(path fault.Path) []Setting {
	settings := make([]Setting, len(s.fields))
	for i, f := range s.fields {
		at := path.Field(f.name)
		settings[i] = Setting{
			Path: at, Name: f.name, Description: f.description, Kind: f.kind, Default: f.defaultValue, Allowed: f.allowedText(), Required: f.required,
			MaxItems: f.maxItems, Schema: f.schema,
		}
		if f.kind == ObjectsKind {
			at += "[]"
		}
		if f.section != nil {
			settings[i].Settings = f.section.describe(at)
		}
	}
	return settings
}
