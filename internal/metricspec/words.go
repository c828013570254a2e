package metricspec

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/log-pipeline/internal/fault"
)

// reserved begins the names of the job's own metrics.
const reserved = "records_"

// zoneNames are the zones of the IANA database 2025c with an area, and UTC, but for America/Coyhaique, which the Java 17.0.9 of
// the local Spark does not know. Names without an area, such as EST, are left out: java.time takes few of them.
//
//go:embed zones.txt
var zoneNames string

var (
	metricName = named(`^[a-z][a-z0-9_]{0,62}$`,
		"1 to 63 lower-case letters, digits and underscores, the first a letter, not beginning with "+reserved)
	fieldName = fault.Matching(regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`),
		"1 to 63 letters, digits and underscores, the first no digit; with path it may lie anywhere in the record")

	timeZone = zones()
	format   = oneOf(ISO8601, EpochSeconds, EpochMilliseconds)
	typeWord = oneOf(String, Integer, Number, Boolean)
	function = oneOf(Count, Sum, Min, Max, Distinct)
)

// named takes names of metrics and ratios.
func named(pattern, allowed string) fault.Rule[string] {
	r := fault.Matching(regexp.MustCompile(pattern), allowed)
	r.Schema["not"] = map[string]any{"pattern": "^" + reserved}
	refuse := r.Refuse
	r.Refuse = func(name string) (fault.Problem, bool) {
		if strings.HasPrefix(name, reserved) {
			return fault.Problemf("the job's own metrics begin with " + reserved), true
		}
		return refuse(name)
	}
	return r
}

// oneOf takes some words alone, and knows the one that was probably meant.
func oneOf[T ~string](words ...T) fault.Rule[string] {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	r := fault.OneOf(words...)
	r.Nearest = func(given string) string { return fault.NearestOf(given, texts) }
	return r
}

func zones() fault.Rule[string] {
	r := oneOf(strings.Fields(zoneNames)...)
	r.Allowed = "UTC, or an IANA time zone such as Europe/Berlin"
	return r
}

// plain takes texts of a line, of least to most characters. What YAML cannot write plainly is refused, so that a resolved
// spec is YAML again (yaml.org/spec/1.2.2/#51-character-set).
func plain(least, most int) fault.Rule[string] {
	return fault.Rule[string]{
		Allowed: fmt.Sprintf("a text of %d to %d characters, none of them a control character", least, most),
		Refuse: func(text string) (fault.Problem, bool) {
			n := utf8.RuneCountInString(text)
			switch {
			case text == "" && least > 0:
				return fault.Problemf("empty"), true
			case n > most:
				return fault.Problemf("%d characters are too many", n), true
			}
			return fault.Problemf("a control character is in it"), strings.ContainsFunc(text, isControl)
		},
		Schema: map[string]any{"minLength": least, "maxLength": most, "pattern": `^[^\x00-\x1f\x7f-\x9f]*$`},
	}
}

func isControl(char rune) bool {
	return unicode.IsControl(char) || slices.Contains([]rune{0xFEFF, 0xFFFE, 0xFFFF}, char)
}
