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

// Faults are what is wrong with a prefix and an error prefix: each begins with its field's name, after the given path of
// the struct that both are fields of.
func Faults(path, prefix, errorPrefix string) []error {
	var faults []error
	for _, p := range []struct{ field, value string }{{"Prefix", prefix}, {"ErrorPrefix", errorPrefix}} {
		if len(p.value) > maxPrefix || !prefixPattern.MatchString(p.value) {
			faults = append(faults, fmt.Errorf(
				"%s%s: %q; want path segments such as logs/istio/, of letters, digits and [_.=-], at most %d characters",
				path, p.field, p.value, maxPrefix))
		}
	}
	if strings.HasPrefix(prefix, errorPrefix) || strings.HasPrefix(errorPrefix, prefix) {
		faults = append(faults, fmt.Errorf("%sErrorPrefix: %q with %sPrefix %q; want neither within the other",
			path, errorPrefix, path, prefix))
	}
	return faults
}
