package settings

import (
	"fmt"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// elsewhere is what a key of another section must be more alike to be the nearest.
const elsewhere = 0.1

// unknownKey is a key that nothing reads.
type unknownKey struct {
	// object is the object that has the key; empty for the configuration itself.
	object fault.Path
	name   string
	// nearest is the setting whose name is the most like it.
	nearest fault.Path
	// meant says that the setting was probably meant, and wholePath that the key is its whole path.
	meant, wholePath bool
}

// unknown finds the setting that is nearest to a key that nothing reads.
func (d *decoder) unknown(s *Section, path fault.Path, name string) {
	if path == "" && strings.ContainsAny(name, ".[") && d.root.at(fault.Path(name)) != nil {
		d.unknowns = append(d.unknowns, unknownKey{name: name, nearest: fault.Path(name), meant: true, wholePath: true})
		return
	}
	nearest, most := fault.Path(""), -1.0
	for _, f := range s.fields {
		if alike := fault.Likeness(name, f.name); alike > most {
			nearest, most = path.Field(f.name), alike
		}
	}
	d.root.walk("", func(at fault.Path, f *Field) {
		at = in(path, at)
		// Somebody may have written the whole path as one word.
		joined := strings.ReplaceAll(string(at), ".", "")
		if alike := max(fault.Likeness(name, f.name)-elsewhere, fault.Likeness(name, joined)); alike > most {
			nearest, most = at, alike
		}
	})
	d.unknowns = append(d.unknowns, unknownKey{object: path, name: name, nearest: nearest, meant: most >= fault.Meant})
}

// fault is the fault of the key. The value is not shown: it may be a secret. So may the name in an object that is encrypted.
func (u unknownKey) fault(encrypted bool) fault.Fault {
	f := fault.Fault{Path: u.object.Field(u.name), Problem: fault.Problemf("unknown key; the nearest is %s", u.nearest)}
	switch {
	case u.wholePath:
		f.Problem = fault.Problemf("unknown key: without --path, pulumi config set takes %s for one word", u.nearest)
	case u.object != "" && encrypted:
		f.Path = u.object.Field("[secret]")
	case u.object != "" && (u.name == "" || strings.ContainsAny(u.name, ".[]")):
		f.Path = u.object + fault.Path(fmt.Sprintf("[%q]", u.name)) // as Pulumi writes such a path
	}
	return f
}

// in is a declared setting in the same element of a list as a path, where it lies in that list.
func in(path, declared fault.Path) fault.Path {
	list, rest, inList := strings.Cut(string(path), "[")
	index, _, _ := strings.Cut(rest, "]")
	if inner, same := strings.CutPrefix(string(declared), list+"[]"); inList && same {
		return fault.Path(list + "[" + index + "]" + inner)
	}
	return declared
}
