// Package objectkey says how the keys of objects in the raw bucket begin: who writes there and who expires what is there
// must agree.
package objectkey

import (
	"fmt"
	"regexp"
	"strings"
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

// Prefix is a prefix and the field that it is given in.
type Prefix struct{ Field, Value string }

// Faults are what is wrong with prefixes of one bucket: each begins with its field's name, after the given path of the
// struct that all are fields of.
func Faults(path string, prefixes ...Prefix) []error {
	var faults []error
	for i, p := range prefixes {
		if len(p.Value) > maxPrefix || !prefixPattern.MatchString(p.Value) {
			faults = append(faults, fmt.Errorf(
				"%s%s: %q; want path segments such as logs/istio/, of letters, digits and [_.=-], at most %d characters",
				path, p.Field, p.Value, maxPrefix))
		}
		for _, other := range prefixes[:i] {
			if strings.HasPrefix(p.Value, other.Value) || strings.HasPrefix(other.Value, p.Value) {
				faults = append(faults, fmt.Errorf("%s%s: %q with %s%s %q; want neither within the other",
					path, p.Field, p.Value, path, other.Field, other.Value))
			}
		}
	}
	return faults
}
