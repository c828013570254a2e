package settings

import (
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// Reading is a configuration that has been read, and what was found to be wrong with it.
type Reading struct {
	source Source
	root   *Section
	// values are those given, as they were decoded, by key.
	values map[string]any
	faults fault.List
	// said are the lines of the faults.
	said     map[string]bool
	warnings fault.List
	// at are the settings at fault.
	at []fault.Path
}

// Read takes the values of a configuration over into what the root's settings are bound to. A value at fault leaves its
// setting at the default.
func Read(root *Section, source Source) *Reading {
	r := &Reading{source: source, root: root, values: make(map[string]any), said: make(map[string]bool)}
	for full, text := range source.Values {
		if name, ours := strings.CutPrefix(full, source.Project+":"); ours {
			r.values[name] = text
			if f := root.field(name); f != nil && text != "" {
				r.values[name] = f.kind.parse(text)
			}
		}
	}
	d := decoder{root: root}
	d.object(root, "", r.values)
	r.add(d.faults)
	for _, key := range d.unknowns {
		r.show(key.fault(r.isSecret(key.object)))
		if key.meant {
			r.mark(key.nearest)
		}
	}
	return r
}

// Report adds what a check has found, but for what follows from a setting that was at fault before: whatever reads it, or
// is about it. All that one check finds is reported, each once.
func (r *Reading) Report(found ...fault.Fault) { r.add(r.trusted(found)) }

// ReportTrusted is Report without what follows from another fault of the same step.
func (r *Reading) ReportTrusted(found ...fault.Fault) { r.add(r.trusted(found).Trusted()) }

func (r *Reading) trusted(found fault.List) fault.List {
	return slices.DeleteFunc(slices.Clone(found), r.follows)
}

func (r *Reading) add(found fault.List) {
	for _, f := range found {
		r.show(r.shown(f))
		r.mark(f.Path)
	}
}

// show adds a fault as it is printed, once.
func (r *Reading) show(f fault.Fault) {
	line := f.String()
	if !r.said[line] {
		r.said[line] = true
		r.faults = append(r.faults, f)
	}
}

func (r *Reading) mark(paths ...fault.Path) { r.at = append(r.at, paths...) }

// Warn adds what works at a price.
func (r *Reading) Warn(found ...fault.Fault) {
	for _, f := range found {
		if !r.follows(f) {
			f.Given, f.Nearest, f.Allowed = nil, "", ""
			r.warnings = append(r.warnings, r.hidden(f))
		}
	}
}

// follows says whether a fault is about a setting at fault, or its check read one. One about an object is not hidden by what
// is wrong in it, unless its check read that.
func (r *Reading) follows(f fault.Fault) bool {
	return r.atFault(f.Reads) || slices.ContainsFunc(r.at, f.Path.Within)
}

// atFault says whether one of the settings, or one in them, is at fault.
func (r *Reading) atFault(paths []fault.Path) bool {
	return slices.ContainsFunc(paths, func(path fault.Path) bool {
		return slices.ContainsFunc(r.at, path.Touches)
	})
}

// IsSet says whether somebody has set a setting, or one in it, to something else than its default: the engine fills in those of
// Pulumi.yaml.
func (r *Reading) IsSet(path fault.Path) bool {
	value := r.given(path)
	f := r.root.at(path)
	if f != nil && f.kind.isObject() {
		return slices.ContainsFunc(f.section.fields, func(in *Field) bool { return r.IsSet(path.Field(in.name)) })
	}
	return isSet(value) && (f == nil || plain(value) != f.defaultValue)
}

// given is the value that is given for a setting; nil where none is.
func (r *Reading) given(path fault.Path) any {
	var at any = r.values
	for _, step := range steps(path) {
		switch holder := at.(type) {
		case map[string]any:
			at = holder[step.name]
		case []any:
			if step.name != "" || step.index >= len(holder) {
				return nil
			}
			at = holder[step.index]
		default:
			return nil
		}
	}
	return at
}

// isSecret says whether the value of a setting is encrypted or declared secret.
func (r *Reading) isSecret(path fault.Path) bool {
	key, _, _ := strings.Cut(string(path), ".")
	key, _, _ = strings.Cut(key, "[")
	f := r.root.at(path)
	return r.source.Secret[r.source.Project+":"+key] || f != nil && f.secret
}

// shown is a fault as it may be printed: with what is given in the configuration, what the setting takes, and no secret.
func (r *Reading) shown(f fault.Fault) fault.Fault {
	f = r.hidden(f)
	if !f.Place.IsZero() { // in the file that the setting names
		return f
	}
	field := r.root.at(f.Path)
	if field == nil { // a key of others
		f.Given = nil
		return f
	}
	if f.Allowed == "" || slices.ContainsFunc(f.About(), r.isSecret) {
		f.Allowed = field.allowedText()
		if strings.HasSuffix(string(f.Path), "]") { // an element
			f.Allowed = field.allowedElement()
		}
	}
	value := r.given(f.Path)
	given := value != nil && value != ""
	switch {
	case given && r.isSecret(f.Path):
		f.Given = fault.Hidden
	case given:
		f.Given = plain(value)
	case field.defaultValue != "":
		f.Given = fault.Default(field.defaultValue)
	default:
		f.Given = nil
	}
	return f
}

func (r *Reading) hidden(f fault.Fault) fault.Fault {
	if slices.ContainsFunc(f.About(), r.isSecret) {
		return f.Hide()
	}
	return f
}

// Line is what is to be known of a setting, in a line that shows no secret.
func (r *Reading) Line(f fault.Fault) string { return r.lines(fault.List{r.hidden(f)})[0] }

// Warnings has a line for each warning.
func (r *Reading) Warnings() []string { return r.lines(r.warnings) }

// Err is all faults in one error, and nil where there are none.
func (r *Reading) Err() error {
	if len(r.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(r.faults, func(a, b fault.Fault) int { return slices.Compare(r.rank(a.Path), r.rank(b.Path)) })
	return &Error{stack: r.source.Stack, faults: r.lines(r.faults)}
}

// rank is the place of a setting among those that are declared; what is not declared comes last where it stands.
func (r *Reading) rank(path fault.Path) []int {
	var rank []int
	section := r.root
	for _, step := range steps(path) {
		if step.name == "" {
			rank = append(rank, step.index)
			continue
		}
		if section == nil {
			return rank
		}
		i := slices.IndexFunc(section.fields, func(f *Field) bool { return f.name == step.name })
		if i < 0 {
			return append(rank, len(section.fields))
		}
		rank, section = append(rank, i), section.fields[i].section
	}
	return rank
}

// lines prints faults with the settings' full keys. In the object of the setting that a fault is about, others are called by
// their names alone.
func (r *Reading) lines(faults fault.List) []string {
	var lines []string
	for _, f := range faults {
		object := f.Path.Parent()
		shown := f.Renamed(func(path fault.Path) fault.Path {
			if object != "" && path != f.Path && path.Parent() == object {
				return path[len(object)+1:]
			}
			return r.full(path)
		})
		lines = append(lines, shown.String())
	}
	return lines
}

// full is a path with the project's name. Keys of others have a namespace already.
func (r *Reading) full(path fault.Path) fault.Path {
	if key, _, ok := strings.Cut(string(path), ":"); ok && !strings.ContainsAny(key, ".[") {
		return path
	}
	return fault.Path(r.source.Project+":") + path
}
