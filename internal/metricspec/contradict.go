package metricspec

import (
	"maps"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// contradictions are what is wrong between values that are right alone. A check that reads a value at fault is left out.
func (r *reader) contradictions(s *Spec) {
	root := &location{}
	c := checker{reader: r, spec: s, fields: root.key("fields"), metrics: root.key("metrics"), ratios: root.key("ratios")}
	c.names()
	c.paths()
	for i, e := range s.EventTime {
		c.eventTime(root.key("eventTime").index(i), i, e)
	}
	for i, m := range s.Metrics {
		c.metric(c.metrics.index(i), m)
	}
	c.ratioNames()
	for i, ratio := range s.Ratios {
		c.ratio(c.ratios.index(i), ratio)
	}
}

// checker looks at a spec whose values have been read.
type checker struct {
	*reader
	spec                    *Spec
	fields, metrics, ratios *location
}

// contradict notes what is wrong between settings, at the one to blame.
func (c checker) contradict(at *location, f fault.Fault) { c.refuse(at, c.line(at), f) }

// names refuses two fields whose names differ in case alone: columns of views have no case.
func (c checker) names() {
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.spec.Fields)) {
		if !c.isSoundKey(name) {
			continue
		}
		if other, twice := first[strings.ToLower(name)]; twice {
			c.contradict(c.fields.key(name), fault.Fault{
				Problem: fault.Problemf("the same as %s but for the case, which names of columns do not have", string(c.fields.key(other).path)),
				Allowed: "another name, with path to say where in the record it is",
			})
			continue
		}
		first[strings.ToLower(name)] = name
	}
}

// isSoundKey says that the name of a field is not at fault, whatever it holds.
func (c checker) isSoundKey(name string) bool {
	return !c.at[c.fields.key(name).path] && !c.at[c.fields.path]
}

// paths refuses a path that leads to the object that another goes through: a value cannot be read both as one and as an object.
// Two fields may have one path, but not with one type too.
func (c checker) paths() {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(c.spec.Fields)), func(name string) bool {
		return !c.isSound(c.fields.key(name).key("path"))
	})
	for i, name := range names {
		at, field := c.fields.key(name).key("path"), c.spec.Fields[name]
		leadsTo := func(other string) bool {
			keys := c.spec.Fields[other].Path
			return len(keys) > len(field.Path) && slices.Equal(keys[:len(field.Path)], field.Path)
		}
		isSame := func(other string) bool {
			f := c.spec.Fields[other]
			return slices.Equal(f.Path, field.Path) && f.Type == field.Type && c.soundType(name) && c.soundType(other)
		}
		if j := slices.IndexFunc(names, leadsTo); j >= 0 {
			c.contradict(at, fault.Fault{
				Problem: fault.Problemf("it leads to the object in which %s lies", string(c.fields.key(names[j]).path)), Given: field.Path,
				Allowed: "the path of a single value",
			})
		} else if j := slices.IndexFunc(names[:i], isSame); j >= 0 {
			c.contradict(at, fault.Fault{
				Problem: fault.Problemf("the same path and type as %s", string(c.fields.key(names[j]).path)), Given: field.Path,
			})
		}
	}
}

func (c checker) soundType(field string) bool { return c.isSound(c.fields.key(field).key("type")) }

// field is the field that a setting names; false where there is none, which is noted, or nothing can be said about it.
func (c checker) field(at *location, name string) (Field, bool) {
	if !c.isSound(at) || c.at[c.fields.path] {
		return Field{}, false
	}
	field, there := c.spec.Fields[name]
	if !there {
		names := slices.Sorted(maps.Keys(c.spec.Fields))
		c.contradict(at, fault.Fault{
			Problem: fault.Problemf("there is no such field in fields"), Given: name, Nearest: fault.NearestOf(name, names), Allowed: listed("a name in fields", names),
		})
	}
	return field, there && c.soundType(name)
}

// listed are names to choose from, where they are few enough to read.
func listed(what string, names []string) string {
	const readable = 30
	if len(names) == 0 || len(names) > readable {
		return what
	}
	return what + ": " + strings.Join(names, ", ")
}

// fieldOf is [checker.field] for a setting that takes fields of some types. who is what takes them.
func (c checker) fieldOf(at *location, name, who string, types []Type) {
	field, ok := c.field(at, name)
	if !ok || slices.Contains(types, field.Type) {
		return
	}
	var fit []string
	for _, other := range slices.Sorted(maps.Keys(c.spec.Fields)) {
		if slices.Contains(types, c.spec.Fields[other].Type) {
			fit = append(fit, other)
		}
	}
	c.contradict(at, fault.Fault{
		Problem: fault.Problemf("%s takes no field of type %s", who, string(field.Type)), Given: name, Allowed: listed("a field of type "+either(types), fit),
	})
}

// either is "integer or number".
func either(types []Type) string {
	return fault.OneOf(types...).Allowed
}

func (c checker) eventTime(at *location, i int, e EventTime) {
	format := at.key("format")
	if c.isSound(format) {
		types := numericTypes
		if e.Format == ISO8601 {
			types = []Type{String}
		}
		c.fieldOf(at.key("field"), e.Field, string(e.Format), types)
		if zone := at.key("timeZone"); e.Format != ISO8601 && e.TimeZone != "" && c.isSound(zone) {
			c.contradict(zone, fault.Fault{Problem: fault.Problemf("%s has no zone", string(e.Format)), Given: e.TimeZone, Allowed: "none but with " + string(ISO8601)})
		}
	} else {
		c.field(at.key("field"), e.Field)
	}
	first := slices.IndexFunc(c.spec.EventTime, func(other EventTime) bool { return other.Field == e.Field })
	if first < i && c.isSound(at.key("field")) && c.isSound(at.in.index(first).key("field")) {
		c.contradict(at.key("field"), fault.Fault{
			Problem: fault.Problemf("the same as %s, which decides", string(at.in.index(first).key("field").path)), Given: e.Field,
		})
	}
}
