// Package objectkey says how the keys of objects in the raw bucket begin: who writes there and who expires what is there
// must agree.
package objectkey

import (
	"fmt"
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

const (
	// DefaultPrefix begins the keys of records.
	DefaultPrefix = "logs/"
	// DefaultErrorPrefix begins the keys of records that could not be processed.
	DefaultErrorPrefix = "errors/"
)

// maxPrefix leaves room for Firehose's expressions within the 512 characters that its prefix may become.
const maxPrefix = 400

// prefixPattern takes path segments that start with a letter or digit: Athena skips what starts with "_" or ".". It has
// no wildcard and no expression, since prefixes become part of policies and of a table's location.
var prefixPattern = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_.=-]*/)+$`)

// Prefix is how keys may begin.
var Prefix = fault.Rule[string]{
	Allowed: fmt.Sprintf("path segments such as logs/istio/, of letters, digits and _.=-, at most %d characters", maxPrefix),
	Refuse: func(prefix string) (fault.Problem, bool) {
		return fault.Problemf("not allowed"), len(prefix) > maxPrefix || !prefixPattern.MatchString(prefix)
	},
	Schema: map[string]any{"pattern": prefixPattern.String(), "maxLength": maxPrefix},
}

// Field is a prefix and the setting that it is given in.
type Field struct {
	Path   fault.Path
	Prefix string
}

// Check is what is wrong with prefixes of one bucket: with each, and with one that lies in another.
func Check(fields ...Field) fault.List {
	var faults fault.List
	for i, f := range fields {
		faults = append(faults, Prefix.Check(f.Path, f.Prefix)...)
		for _, other := range fields[:i] {
			faults = append(faults, fault.When(overlap(f.Prefix, other.Prefix), fault.Fault{
				Path: f.Path, Given: f.Prefix, Problem: fault.Problemf("overlaps %s %q", other.Path, other.Prefix),
				Allowed: "a prefix of which none lies in another", Reads: []fault.Path{other.Path},
			})...)
		}
	}
	return faults
}

func overlap(a, b string) bool {
	return a != "" && b != "" && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}
