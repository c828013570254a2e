package metricspec

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"example.com/log-pipeline/internal/fault"
)

// MaxBytes is the size of the largest file: many times what a hundred metrics take, and still read in a moment.
const MaxBytes = 1 << 20

// Read reads a spec from a file; without one it is [Default]. Its faults are as [Parse] has them. They have no Path: give
// them that of the setting that names the file with [fault.List.From] and the entry "" in its sources.
func Read(file string) (*Spec, fault.List) {
	if file == "" {
		return Default(), nil
	}
	text, err := contents(file)
	if err != nil {
		var inPath *fs.PathError
		if errors.As(err, &inPath) {
			err = inPath.Err
		}
		return nil, fault.List{{Place: fault.Place{File: file}, Problem: fault.Problemf("it cannot be read: %v", err), Allowed: "a file with a metric spec"}}
	}
	return Parse(file, text)
}

// contents is a file's text, or a little more of it than a spec may have.
func contents(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would never end
		return nil, errors.New("not a file")
	}
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(opened, MaxBytes+1))
	return text, errors.Join(err, opened.Close())
}

// Parse reads a spec from YAML, or JSON, which is YAML too. file is what it is called in faults. There is a spec where there
// are no faults. Each fault has its place in the file, and none follows from another.
func Parse(file string, text []byte) (*Spec, fault.List) {
	r := newReader(file)
	node := r.document(text)
	if node == nil {
		return nil, r.faults
	}
	spec := &Spec{file: file, lines: r.lines}
	r.object(&location{}, node, declared(spec, (*Spec).declare))
	spec.complete()
	r.contradictions(spec)
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b fault.Fault) int { return cmp.Compare(a.Place.Line, b.Place.Line) })
		return nil, r.faults
	}
	for i := range spec.Metrics {
		slices.Sort(spec.Metrics[i].Dimensions)
	}
	return spec, nil
}

// document is the one value in a text; nil where there is none.
func (r *reader) document(text []byte) *yaml.Node {
	root := &location{}
	const allowed = "one YAML document in UTF-8, of at most 1 MiB"
	refuse := func(line int, problem fault.Problem) *yaml.Node {
		r.refuse(root, line, fault.Fault{Problem: problem, Allowed: allowed})
		return nil
	}
	if len(text) > MaxBytes {
		return refuse(0, fault.Problemf("more than 1 MiB"))
	}
	if line, found := foreignBytes(text); found {
		return refuse(line, fault.Problemf("bytes that are not UTF-8"))
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		return refuse(0, fault.Problemf("empty"))
	} else if err != nil {
		return refuse(noYAML(text, err))
	}
	if err := decoder.Decode(&second); err == nil {
		return refuse(second.Line, fault.Problemf("a second document"))
	} else if !errors.Is(err, io.EOF) {
		return refuse(noYAML(text, err))
	}
	if len(first.Content) == 0 {
		return refuse(0, fault.Problemf("empty"))
	}
	return first.Content[0]
}

func foreignBytes(text []byte) (line int, found bool) {
	line = 1
	for len(text) > 0 {
		char, size := utf8.DecodeRune(text)
		if char == utf8.RuneError && size == 1 {
			return line, true
		}
		if char == '\n' {
			line++
		}
		text = text[size:]
	}
	return 0, false
}

var (
	// The library has no type for an error in the text: the line is in its words alone.
	syntaxError = regexp.MustCompile(`(?s)^yaml: (?:line ([0-9]+): )?(.*)$`)
	// A tab begins no token, and the library says no more than that.
	indentingTab = regexp.MustCompile(`(?m)^ *\t+[ \t]*[^ \t\r\n#]`)
)

// noYAML says what is wrong with a text that cannot be read, and on which line.
func noYAML(text []byte, err error) (line int, problem fault.Problem) {
	if tab := indentingTab.FindIndex(text); tab != nil {
		return 1 + bytes.Count(text[:tab[0]], []byte("\n")), fault.Problemf("not YAML: a tab indents the line, where only spaces may")
	}
	words := err.Error()
	if parts := syntaxError.FindStringSubmatch(words); parts != nil {
		line, _ = strconv.Atoi(parts[1])
		words = parts[2]
	}
	return line, fault.Problemf("not YAML: %s", words)
}

// complete fills in the defaults that follow from other settings.
func (s *Spec) complete() {
	for name, field := range s.Fields {
		if len(field.Path) == 0 {
			field.Path = []string{name}
			s.Fields[name] = field
		}
	}
	for i, e := range s.EventTime {
		if e.Format == ISO8601 && e.TimeZone == "" {
			s.EventTime[i].TimeZone = "UTC"
		}
	}
	if s.Fields == nil {
		s.Fields = map[string]Field{}
	}
	if s.Ratios == nil {
		s.Ratios = []Ratio{}
	}
	for i := range s.Metrics {
		if s.Metrics[i].Dimensions == nil {
			s.Metrics[i].Dimensions = []string{}
		}
	}
}
