package settings

import (
	"slices"

	"example.com/log-pipeline/internal/fault"
)

// decoder takes values over into what settings are bound to.
type decoder struct {
	root   *Section
	faults fault.List
	// unknowns are the keys that nothing reads.
	unknowns []unknownKey
}

func (d *decoder) fault(path fault.Path, problem string, args ...any) {
	d.faults = append(d.faults, wrong(path, problem, args...)...)
}

// object reads the settings of a section, and reports what nothing reads.
func (d *decoder) object(s *Section, path fault.Path, values map[string]any) {
	for _, f := range s.fields {
		d.field(f, path.Field(f.name), values[f.name])
	}
	for _, name := range sortedKeys(values) {
		if s.field(name) == nil {
			d.unknown(s, path, name)
		}
	}
}

func (d *decoder) field(f *Field, path fault.Path, value any) {
	if value == "" { // the default in Pulumi.yaml of a key that has none
		value = nil
	}
	switch {
	case f.required && !isSet(value):
		d.fault(path, "not set, but required")
	case f.kind.isObject():
		d.section(f, path, value)
	case value == nil:
	case f.kind == ObjectsKind:
		d.objects(f, path, value)
	default:
		d.faults = append(d.faults, f.set(path, value)...)
	}
}

// section reads an object. Where it is absent, what is required in it is missing, unless it may be absent.
func (d *decoder) section(f *Field, path fault.Path, value any) {
	values, ok := value.(map[string]any)
	switch {
	case value != nil && !ok:
		d.faults = append(d.faults, mistyped(path, value, fault.Problemf("not an object"))...)
		return
	case f.kind == OptionalKind && len(values) == 0:
		return
	case f.kind == OptionalKind:
		d.faults = append(d.faults, f.set(path, value)...)
	}
	d.object(f.section, path, values)
}

func (d *decoder) objects(f *Field, path fault.Path, value any) {
	list, ok := value.([]any)
	isObject := func(element any) bool { fields, ok := element.(map[string]any); return ok && fields != nil }
	switch {
	case !ok || slices.ContainsFunc(list, func(element any) bool { return !isObject(element) }):
		d.faults = append(d.faults, mistyped(path, value, fault.Problemf("not a list of objects"))...)
		return
	case f.maxItems > 0 && len(list) > f.maxItems:
		d.fault(path, "%d elements are too many", len(list))
		return
	}
	for i, section := range f.elements(len(list)) {
		d.object(section, path.Index(i), list[i].(map[string]any))
	}
	for _, field := range f.section.fields {
		if field.unique {
			d.twice(path, field.name, list)
		}
	}
}

// twice refuses two objects with one name or another identity.
func (d *decoder) twice(path fault.Path, name string, list []any) {
	first := map[string]int{}
	for i, element := range list {
		value := element.(map[string]any)[name]
		if !isSet(value) {
			continue
		}
		if other, there := first[plain(value)]; there {
			d.fault(path.Index(i).Field(name), "the same as %s", path.Index(other).Field(name))
			continue
		}
		first[plain(value)] = i
	}
}
