package awsbridge

import (
	"encoding/json"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

// rename is one object property in pulumi-aws that is a list of one under
// another name in the bridge.
type rename struct {
	// in is the list of objects that hold the property; empty at the top.
	in string
	// from is pulumi-aws's name, to the bridge's.
	from, to string
}

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
			fields[r.to] = wrap(value)
		}
	})
}

// inputsFromBridge returns checked inputs as pulumi-aws has them.
func inputsFromBridge(renames []rename, props *structpb.Struct) *structpb.Struct {
	return apply(renames, props, func(fields map[string]*structpb.Value, r rename) {
		if value, ok := fields[r.to]; ok {
			delete(fields, r.to)
			if inner := unwrap(value); inner != nil {
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
	return apply(renames, props, func(fields map[string]*structpb.Value, r rename) {
		if value, ok := fields[r.to]; ok {
			if inner := unwrap(value); inner != nil {
				fields[r.from] = inner
			}
		}
	})
}

// apply visits every object that a rename speaks of. The properties are the
// request's own copy, so they are changed in place.
func apply(renames []rename, props *structpb.Struct, visit func(map[string]*structpb.Value, rename)) *structpb.Struct {
	if props == nil {
		return nil
	}
	for _, r := range renames {
		if r.in == "" {
			visit(props.Fields, r)
			continue
		}
		for _, item := range reveal(props.Fields[r.in]).GetListValue().GetValues() {
			if object := reveal(item).GetStructValue(); object != nil {
				visit(object.Fields, r)
			}
		}
	}
	return props
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
	for _, r := range renames {
		segments := strings.Split(path, ".")
		depth := 0
		if r.in != "" {
			if !strings.HasPrefix(segments[0], r.in+"[") {
				continue
			}
			depth = 1
		}
		if len(segments) <= depth {
			continue
		}
		name, _, _ := strings.Cut(segments[depth], "[")
		if name == r.to {
			segments[depth] = r.from
			path = strings.Join(segments, ".")
		}
	}
	return path
}
