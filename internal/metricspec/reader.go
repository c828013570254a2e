package metricspec

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"example.com/log-pipeline/internal/fault"
)

// reader takes a file's values over and gathers what is wrong with them.
type reader struct {
	file   string
	faults fault.List
	// at are the paths at fault, and above those of what they lie in.
	at, above map[fault.Path]bool
	// lines are where values stand, by their paths.
	lines map[fault.Path]int
}

func newReader(file string) *reader {
	return &reader{file: file, at: map[fault.Path]bool{}, above: map[fault.Path]bool{}, lines: map[fault.Path]int{}}
}

// refuse notes a fault on a line.
func (r *reader) refuse(at *location, line int, f fault.Fault) {
	f.Path, f.Place = "", fault.Place{File: r.file, Line: line, Path: at.path}
	r.faults = append(r.faults, f)
	r.at[at.path] = true
	for holder := at.in; holder != nil; holder = holder.in {
		r.above[holder.path] = true
	}
}

// isSound says that nothing about a setting is at fault: neither it, nor what it lies in, nor what lies in it.
func (r *reader) isSound(at *location) bool {
	sound := !r.above[at.path]
	for ; at != nil; at = at.in {
		sound = sound && !r.at[at.path]
	}
	return sound
}

// line is where a setting stands, or what it lies in where it is not given.
func (r *reader) line(at *location) int {
	for ; at != nil; at = at.in {
		if line, ok := r.lines[at.path]; ok {
			return line
		}
	}
	return 0
}

// check notes what a rule has found, and says whether that was nothing.
func (r *reader) check(at *location, node *yaml.Node, found fault.List) bool {
	for _, f := range found {
		r.refuse(at, node.Line, f)
	}
	return len(found) == 0
}

// mistyped notes a value of another type.
func (r *reader) mistyped(at *location, node *yaml.Node, problem, allowed string) {
	f := fault.Fault{Problem: fault.Problemf("%s", problem), Allowed: allowed}
	switch {
	case node.Kind == yaml.SequenceNode:
		f.Problem = f.Problem.And(", but a list")
	case node.Kind == yaml.MappingNode:
		f.Problem = f.Problem.And(", but an object")
	case node.ShortTag() == nullTag:
		f.Problem = f.Problem.And(", but null: leave it out where nothing is meant")
	default:
		f.Given = node.Value
	}
	r.refuse(at, node.Line, f)
}

// is says whether a node is of a kind, written out and without a tag of its own.
func (r *reader) is(at *location, node *yaml.Node, kind yaml.Kind, problem, allowed string) bool {
	r.lines[at.path] = node.Line
	switch {
	case node.Kind == yaml.AliasNode:
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("an alias"), Given: "*" + node.Value, Allowed: "the value written out"})
	case node.Anchor != "":
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("an anchor"), Given: "&" + node.Anchor, Allowed: "the value alone"})
	case node.Style&yaml.TaggedStyle != 0:
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("a tag"), Given: node.Tag, Allowed: "the value alone"})
	case node.Kind != kind:
		r.mistyped(at, node, problem, allowed)
	default:
		return true
	}
	return false
}

// The tags of scalars (yaml.org/spec/1.2.2/#103-core-schema).
const (
	textTag    = "!!str"
	integerTag = "!!int"
	numberTag  = "!!float"
	booleanTag = "!!bool"
	nullTag    = "!!null"
)

var (
	decimalInteger = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)
	decimalNumber  = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?$`)
)

// integer reads an integer. YAML has other ways to write one, which its versions read in different ways.
func (r *reader) integer(at *location, node *yaml.Node, allowed string) (int, bool) {
	const problem = "not an integer in decimal digits"
	if !r.is(at, node, yaml.ScalarNode, problem, allowed) {
		return 0, false
	}
	n, err := strconv.Atoi(node.Value)
	if node.ShortTag() != integerTag || !decimalInteger.MatchString(node.Value) || err != nil {
		r.mistyped(at, node, problem, allowed)
		return 0, false
	}
	return n, true
}

// text reads a text. One that the rule refuses is returned too: others may name it.
func (r *reader) text(at *location, node *yaml.Node, rule fault.Rule[string]) string {
	problem := "not a text"
	if !r.is(at, node, yaml.ScalarNode, problem, rule.Allowed) {
		return ""
	}
	if tag := node.ShortTag(); tag != textTag {
		if tag != nullTag {
			problem += ": put it in quotes if it is meant as one"
		}
		r.mistyped(at, node, problem, rule.Allowed)
		return ""
	}
	r.check(at, node, rule.Check("", node.Value))
	return node.Value
}

// boolean reads true or false.
func (r *reader) boolean(at *location, node *yaml.Node) (bool, bool) {
	const problem, allowed = "not a boolean", "true or false"
	if !r.is(at, node, yaml.ScalarNode, problem, allowed) {
		return false, false
	}
	if node.ShortTag() != booleanTag {
		r.mistyped(at, node, problem, allowed)
		return false, false
	}
	return strings.EqualFold(node.Value, "true"), true
}

// number reads a number: an int64 where it is an integer that fits, else a float64.
func (r *reader) number(at *location, node *yaml.Node) (any, bool) {
	const problem, allowed = "not a number in decimal digits", "a finite number"
	if !r.is(at, node, yaml.ScalarNode, problem, allowed) {
		return nil, false
	}
	if n, ok := decimal(node); ok {
		return n, true
	}
	r.mistyped(at, node, problem, allowed)
	return nil, false
}

func decimal(node *yaml.Node) (any, bool) {
	tag := node.ShortTag()
	if n, err := strconv.ParseInt(node.Value, 10, 64); err == nil && tag == integerTag && decimalInteger.MatchString(node.Value) {
		return n, true
	}
	x, err := strconv.ParseFloat(node.Value, 64)
	if x == 0 {
		x = 0 // no minus
	}
	return x, err == nil && (tag == integerTag || tag == numberTag) && decimalNumber.MatchString(node.Value) && !math.IsInf(x, 0)
}

// elements are those of a list; none where there are too few or too many.
func (r *reader) elements(at *location, node *yaml.Node, count bounds, allowed string) []*yaml.Node {
	if !r.is(at, node, yaml.SequenceNode, "not a list", allowed) {
		return nil
	}
	switch n := len(node.Content); {
	case n < count.least:
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("an empty list"), Allowed: allowed})
	case n > count.most:
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("%d elements are too many", n), Allowed: allowed})
	default:
		return node.Content
	}
	return nil
}

// entry is a key of an object with its value.
type entry struct {
	name  string
	at    *location
	line  int
	value *yaml.Node
}

// entries are the keys of an object, each once.
func (r *reader) entries(at *location, node *yaml.Node, allowed string) ([]entry, bool) {
	if !r.is(at, node, yaml.MappingNode, "not an object", allowed) {
		return nil, false
	}
	var found []entry
	given := map[string]bool{}
	for pair := range slices.Chunk(node.Content, 2) {
		key, value := pair[0], pair[1]
		if key.Kind != yaml.ScalarNode || key.ShortTag() != textTag || key.Style&yaml.TaggedStyle != 0 || key.Anchor != "" {
			r.refuse(at, key.Line, fault.Fault{Problem: fault.Problemf("a key that is not a text"), Given: key.Value, Allowed: allowed})
			continue
		}
		e := entry{key.Value, at.key(key.Value), key.Line, value}
		if given[e.name] {
			r.refuse(e.at, e.line, fault.Fault{Problem: fault.Problemf("a key that is given twice")})
			continue
		}
		given[e.name] = true
		found = append(found, e)
	}
	return found, true
}

// known leaves out the keys that nothing reads, and notes them.
func (r *reader) known(found []entry, names []string, words string) []entry {
	return slices.DeleteFunc(found, func(e entry) bool {
		unknown := !slices.Contains(names, e.name)
		if unknown {
			r.refuse(e.at, e.line, fault.Fault{Problem: fault.Problemf("unknown key"), Nearest: fault.NearestOf(e.name, names), Allowed: words})
		}
		return unknown
	})
}

// object reads what is declared.
func (r *reader) object(at *location, node *yaml.Node, o *object) {
	allowed := "an object with " + o.words()
	found, ok := r.entries(at, node, allowed)
	if !ok {
		return
	}
	found = r.known(found, o.names(), o.words())
	for _, k := range o.keys {
		i := slices.IndexFunc(found, func(e entry) bool { return e.name == k.name })
		if i >= 0 {
			k.read(r, found[i].at, found[i].value)
		} else if k.required {
			r.refuse(at.key(k.name), node.Line, fault.Fault{Problem: fault.Problemf("not set, but required"), Allowed: k.allowed})
		}
	}
}

// names are the keys of an object that the user names.
func (r *reader) names(at *location, node *yaml.Node, most int, names fault.Rule[string], allowed string) []entry {
	found, _ := r.entries(at, node, allowed)
	if len(found) > most {
		r.refuse(at, node.Line, fault.Fault{Problem: fault.Problemf("%d names are too many", len(found)), Allowed: allowed})
		return nil
	}
	for _, e := range found {
		for _, f := range names.Check("", e.name) {
			f.Given = nil
			r.refuse(e.at, e.line, f)
		}
	}
	return found
}
