package fault

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Source is where a component's Args have a setting from.
type Source struct {
	// Path is the setting to change.
	Path Path
	// Reads are others that the value is made of too.
	Reads []Path
}

// From is a setting, and others that a value is made of too.
func From(path Path, reads ...Path) Source { return Source{Path: path, Reads: reads} }

// Wired is the source of what other resources put out, which is not known before the run: its faults are not shown.
var Wired = Source{}

// Sources say where the settings of a component's Args come from. The longest entry that a path lies in counts. What lies in an
// entry has the same names there, in a configuration's spelling: {"Raw": From("lake.raw")} makes lake.raw.archiveDays of
// Raw.ArchiveDays. The entry "" is for all the rest.
type Sources map[Path]Source

// Of is where a setting comes from; false where it is wired. One without an entry is where it says.
func (s Sources) Of(path Path) (Source, bool) {
	var at Path
	var source Source
	known := false
	for entry, from := range s {
		if path.Within(entry) && (!known || len(entry) > len(at)) {
			at, source, known = entry, from, true
		}
	}
	switch {
	case !known:
		return From(path), true
	case source.Path == "":
		return Source{}, false
	}
	rest := spelling(strings.TrimPrefix(string(path)[len(at):], "."))
	if strings.HasPrefix(rest, "[") {
		source.Path += Path(rest)
	} else if rest != "" {
		source.Path = source.Path.Field(rest)
	}
	return source, true
}

// Name is what a setting is called there: what is wired keeps its name.
func (s Sources) Name(path Path) Path {
	if source, ok := s.Of(path); ok {
		return source.Path
	}
	return path
}

// From is the list about the settings that the Args are made of, without what is wired.
func (l List) From(sources Sources) List {
	var found List
	for _, f := range l {
		source, ok := sources.Of(f.Path)
		if !ok {
			continue
		}
		reads := slices.Clone(source.Reads)
		for _, read := range f.Reads {
			if s, ok := sources.Of(read); ok {
				reads = append(append(reads, s.Path), s.Reads...)
			}
		}
		f.Path, f.Reads, f.Problem = source.Path, reads, f.Problem.renamed(sources.Name)
		found = append(found, f)
	}
	return found
}

// spelling is a path of Go fields as keys: RoleARN is roleArn, and AccountIDs accountIds.
func spelling(path string) string {
	segments := strings.Split(path, ".")
	for i, segment := range segments {
		for _, initialism := range []string{"ARN", "ID"} {
			segment = strings.ReplaceAll(segment, initialism, initialism[:1]+strings.ToLower(initialism[1:]))
		}
		first, size := utf8.DecodeRuneInString(segment)
		if size > 0 {
			segment = string(unicode.ToLower(first)) + segment[size:]
		}
		segments[i] = segment
	}
	return strings.Join(segments, ".")
}
