package awsbridge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

// rename is one property that pulumi-aws and the bridge call differently.
type rename struct {
	// in is where the objects are that hold the property: lists of objects in
	// each other, by the bridge's names, with dots between; empty at the top.
	// What it names is renamed before.
	in string
	// from is pulumi-aws's name, to the bridge's.
	from, to string
	// as is what the bridge makes of the value.
	as form
}

// form is how the bridge has a value that pulumi-aws has. The first is that of an object of which upstream may have a list of one.
type form int

const (
	_ form = iota
	// sameValue is the form of what only has another name.
	sameValue
	// archivePath is the form of a function's code: upstream wants the path of
	// the archive, and beside it a hash, by which it sees that the file changed.
	archivePath
)

// codeHash is the property beside an archive's path.
const codeHash = "sourceCodeHash"

// toBridge returns the properties as the bridge wants them. Where an earlier
// output of its own is still there, that one is kept: see outputsFromBridge.
func toBridge(renames []rename, props *structpb.Struct) *structpb.Struct {
	return apply(renames, props, func(fields map[string]*structpb.Value, r rename) {
		value, ok := fields[r.from]
		if !ok {
			return
		}
		delete(fields, r.from)
		if _, kept := fields[r.to]; !kept || r.from == r.to {
			r.wrap(fields, value)
		}
	})
}

// inputsFromBridge returns checked inputs as pulumi-aws has them.
func inputsFromBridge(renames []rename, props *structpb.Struct) *structpb.Struct {
	return apply(inwardsFirst(renames), props, func(fields map[string]*structpb.Value, r rename) {
		if value, ok := fields[r.to]; ok {
			delete(fields, r.to)
			if inner := r.unwrap(fields, value); inner != nil {
				fields[r.from] = inner
			}
		}
	})
}

// outputsFromBridge returns outputs as pulumi-aws has them, and the bridge's
// own beside them: with its outputs the bridge keeps a map of how they differ
// from the upstream provider's state, and refuses outputs that lack what is in
// the map, an empty list for instance.
func outputsFromBridge(renames []rename, props *structpb.Struct) *structpb.Struct {
	return apply(inwardsFirst(renames), props, func(fields map[string]*structpb.Value, r rename) {
		if value, ok := fields[r.to]; ok {
			if inner := r.unwrap(fields, value); inner != nil {
				fields[r.from] = inner
			}
		}
	})
}

// wrap sets the bridge's property among the fields.
func (r rename) wrap(fields map[string]*structpb.Value, value *structpb.Value) {
	switch r.as {
	case sameValue:
		fields[r.to] = value
	case archivePath:
		archive := value.GetStructValue().GetFields()
		if path, ok := archive["path"]; ok {
			fields[r.to] = path
		}
		if hash, ok := archive["hash"]; ok && fields[codeHash] == nil {
			fields[codeHash] = hash
		}
	default:
		fields[r.to] = wrap(value)
	}
}

// unwrap returns the value as pulumi-aws has it, nil for none.
func (r rename) unwrap(fields map[string]*structpb.Value, value *structpb.Value) *structpb.Value {
	switch r.as {
	case sameValue:
		return value
	case archivePath:
		archive := map[string]*structpb.Value{sig.Key: structpb.NewStringValue(sig.ArchiveSig), "path": value}
		if hash, ok := fields[codeHash]; ok {
			archive["hash"] = hash
		}
		return structpb.NewStructValue(&structpb.Struct{Fields: archive})
	default:
		return unwrap(value)
	}
}

// apply visits every object that a rename speaks of. The properties are the
// request's own copy, so they are changed in place.
func apply(renames []rename, props *structpb.Struct, visit func(map[string]*structpb.Value, rename)) *structpb.Struct {
	if props == nil {
		return nil
	}
	for _, r := range renames {
		for _, object := range objectsIn(props, r.in) {
			visit(object.Fields, r)
		}
	}
	return props
}

// inwardsFirst are the renames in the other order: by the bridge's names a list
// is found only until it is renamed itself.
func inwardsFirst(renames []rename) []rename {
	reversed := slices.Clone(renames)
	slices.Reverse(reversed)
	return reversed
}

// objectsIn are the objects in lists in each other.
func objectsIn(props *structpb.Struct, path string) []*structpb.Struct {
	objects := []*structpb.Struct{props}
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			break
		}
		var inner []*structpb.Struct
		for _, object := range objects {
			for _, item := range reveal(object.GetFields()[step]).GetListValue().GetValues() {
				if object := reveal(item).GetStructValue(); object != nil {
					inner = append(inner, object)
				}
			}
		}
		objects = inner
	}
	return objects
}

// reveal looks through the envelope that marks a value as secret.
func reveal(value *structpb.Value) *structpb.Value {
	fields := value.GetStructValue().GetFields()
	if fields[sig.Key].GetStringValue() == sig.Secret {
		return fields["value"]
	}
	return value
}

// wrap makes the list of one. Provider settings travel as JSON in a string.
func wrap(value *structpb.Value) *structpb.Value {
	if inner := reveal(value); inner != value {
		value.GetStructValue().Fields["value"] = wrap(inner)
		return value
	}
	if text, ok := value.GetKind().(*structpb.Value_StringValue); ok {
		if json.Valid([]byte(text.StringValue)) {
			return structpb.NewStringValue("[" + text.StringValue + "]")
		}
		return value
	}
	return structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{value}})
}

// unwrap returns the list's one item, nil for the empty list.
func unwrap(value *structpb.Value) *structpb.Value {
	if inner := reveal(value); inner != value {
		value.GetStructValue().Fields["value"] = unwrap(inner)
		return value
	}
	if text, ok := value.GetKind().(*structpb.Value_StringValue); ok {
		return unwrapJSON(text.StringValue)
	}
	list := value.GetListValue().GetValues()
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func unwrapJSON(text string) *structpb.Value {
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(text), &items); err != nil {
		return structpb.NewStringValue(text)
	}
	if len(items) == 0 {
		return nil
	}
	return structpb.NewStringValue(string(items[0]))
}

// pathFromBridge turns "rules[0].filters[0].prefix" into
// "rules[0].filter.prefix", as pulumi-aws writes it.
func pathFromBridge(renames []rename, path string) string {
	segments := strings.Split(path, ".")
	in := ""
	for i, segment := range segments {
		name, _, _ := strings.Cut(segment, "[")
		for _, r := range renames {
			if r.in == in && r.to == name {
				segments[i] = r.from
			}
		}
		in = strings.TrimPrefix(in+"."+name, ".")
	}
	return strings.Join(segments, ".")
}
