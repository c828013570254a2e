package logging

import (
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

var groupFlags = regexp.MustCompile(`^\(\?([A-Za-z-]*)[:)]`)

// refusePattern refuses a regular expression unless it means the same to Go, which checks it here, and to Ruby, which runs it.
// Go knows some parts that Ruby reads otherwise or does not know, and that would leave secrets in: \Q, \E and \C; classes such as
// \pN, without braces; \x{10FFFF}; flags other than i; and (?P<name>...).
func refusePattern(pattern string) (fault.Problem, bool) {
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return fault.Problemf("error parsing regexp: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: ")), true
	}
	if strange := goOnly(pattern); strange != "" {
		return fault.Problemf("Ruby, which runs it, does not know %s", strange), true
	}
	if expression.MatchString("") {
		return fault.Problemf("matches nothing at all, everywhere"), true
	}
	return fault.Problem{}, false
}

// goOnly is the first part of a pattern that Go alone knows.
func goOnly(pattern string) string {
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		if pattern[i] == '\\' {
			if strange := goOnlyEscape(rest); strange != "" {
				return strange
			}
			i++
			continue
		}
		flags := groupFlags.FindStringSubmatch(rest)
		switch {
		case strings.HasPrefix(rest, "(?P<"):
			return "(?P<name>...), but (?<name>...)"
		case flags != nil && strings.Trim(flags[1], "i-") != "":
			return flags[0]
		}
	}
	return ""
}

func goOnlyEscape(rest string) string {
	if len(rest) < 2 {
		return ""
	}
	braces := strings.HasPrefix(rest[2:], "{")
	switch rest[1] {
	case 'Q', 'E', 'C':
		return rest[:2]
	case 'p', 'P':
		if !braces {
			return rest[:2] + " without braces"
		}
	case 'x':
		if braces {
			return `\x{...}`
		}
	}
	return ""
}
