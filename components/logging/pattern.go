package logging

import (
	"fmt"
	"regexp"
	"strings"
)

var groupFlags = regexp.MustCompile(`^\(\?([A-Za-z-]*)[:)]`)

// checkPattern returns an error unless a regular expression means the same to Go, which checks it here, and to Ruby, which
// runs it. What Go knows and Ruby reads otherwise or not at all is refused, since what is to be redacted would not be:
// \Q, \E and \C; classes such as \pN, without braces; \x{10FFFF}; flags other than i; and (?P<name>...).
func checkPattern(pattern string) error {
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	if strange := goOnly(pattern); strange != "" {
		return fmt.Errorf("%q; Ruby, which runs it, does not know %s: want what both know", pattern, strange)
	}
	if expression.MatchString("") {
		return fmt.Errorf("%q matches nothing at all, everywhere; want a pattern that needs a character", pattern)
	}
	return nil
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
