package fault

import (
	"fmt"
	"strings"
)

// Path names a setting: of a component's Args by its Go fields, as in Flows[1].Namespaces, and of a configuration by its
// keys. An element of a list is counted from 0.
type Path string

// Field is the path of a field of an object.
func (p Path) Field(name string) Path {
	if p == "" {
		return Path(name)
	}
	return p + "." + Path(name)
}

// Parent is the path of the object that the field lies in, with its index where it is an element; empty for none.
func (p Path) Parent() Path { return p[:max(0, strings.LastIndex(string(p), "."))] }

// Index is the path of an element of a list.
func (p Path) Index(i int) Path { return p + Path(fmt.Sprintf("[%d]", i)) }

// Within says whether the path is another, or lies in it.
func (p Path) Within(other Path) bool {
	rest, ok := strings.CutPrefix(string(p), string(other))
	return ok && (rest == "" || other == "" || rest[0] == '.' || rest[0] == '[')
}

// Touches says whether one of the paths lies in the other.
func (p Path) Touches(other Path) bool { return p.Within(other) || other.Within(p) }

// Fields are paths of fields of one object.
func (p Path) Fields(names ...string) []Path {
	paths := make([]Path, len(names))
	for i, name := range names {
		paths[i] = p.Field(name)
	}
	return paths
}
