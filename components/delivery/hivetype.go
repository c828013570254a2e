package delivery

import (
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// convertible is what a column can be that Parquet is made for. Left out are binary, which OpenX's reader refuses with the whole
// schema (DataFormatConversion.InvalidSchema), and Hive's uniontype and intervals, which Athena does not have
// (docs.aws.amazon.com/athena/latest/ug/data-types.html).
var convertible = fault.Passing("a Hive type of "+strings.Join(scalars, ", ")+", char(n), varchar(n), decimal(p,s), array<...>, map<scalar,...> and struct<name:...>",
	func(text string) bool {
		rest, ok := cutType(strings.ToLower(text))
		return ok && rest == ""
	})

var (
	scalars       = []string{"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "date", "timestamp"}
	scalarPattern = regexp.MustCompile(`^(` + strings.Join(scalars, "|") + `|(var)?char\([0-9]+\)|decimal\([0-9]+,[0-9]+\))([,>]|$)`)
	fieldPattern  = regexp.MustCompile(`^[a-z0-9_]+:`)
)

// cutType is what follows the type at the beginning of a text; false where there is none.
func cutType(text string) (rest string, ok bool) {
	if inner, is := strings.CutPrefix(text, "array<"); is {
		return closed(cutType(inner))
	}
	if inner, is := strings.CutPrefix(text, "struct<"); is {
		return closed(cutFields(inner))
	}
	inner, is := strings.CutPrefix(text, "map<")
	if !is {
		return cutScalar(text)
	}
	rest, ok = cutScalar(inner)
	if value, comma := strings.CutPrefix(rest, ","); ok && comma {
		return closed(cutType(value))
	}
	return "", false
}

func cutScalar(text string) (rest string, ok bool) {
	scalar := scalarPattern.FindStringSubmatch(text)
	if scalar == nil {
		return "", false
	}
	return text[len(scalar[1]):], true
}

// cutFields is what follows the fields at the beginning of a text.
func cutFields(text string) (rest string, ok bool) {
	for {
		name := fieldPattern.FindString(text)
		if name == "" {
			return "", false
		}
		if text, ok = cutType(text[len(name):]); !ok {
			return "", false
		}
		if text, ok = strings.CutPrefix(text, ","); !ok {
			return text, true
		}
	}
}

// closed is what follows the bracket that ends a type's parts.
func closed(rest string, ok bool) (string, bool) {
	after, closed := strings.CutPrefix(rest, ">")
	return after, ok && closed
}
