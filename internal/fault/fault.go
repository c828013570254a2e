// Package fault says what is wrong with settings, as values: which setting, what was given, the problem, and what would do.
// A fault goes unchanged from the check that finds it to whoever prints it, who may call the settings by other names and
// leave values out. Nobody takes a message apart.
//
// k8s.io/apimachinery/pkg/util/validation/field has the like, but no nearest value, and a detail that is a finished text:
// the names of other settings and quoted values could not be told apart in it.
package fault

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing that is wrong with a setting.
type Fault struct {
	// Path is the setting to change.
	Path Path
	// Given is its value; nil where none is given or none is to be shown.
	Given any
	// Problem says what is wrong, in words without a full stop.
	Problem Problem
	// Nearest is the value of the setting closest to the given one that works; empty where no single value does.
	Nearest string
	// Allowed says in words what the setting takes; empty where Problem says it.
	Allowed string
	// Place is where in a file the fault is, where Path names a file that is read; Given, Nearest and Allowed are then of what
	// stands there.
	Place Place
	// Reads are the other settings that the check looked at. While one of them is at fault itself, this fault is not to be trusted.
	Reads []Path
}

// Default is a value that nobody has given.
type Default string

// String is the fault in one line.
func (f Fault) String() string {
	line := f.where() + f.Problem.String()
	switch given := f.Given.(type) {
	case nil:
	case Default:
		line += " (default: " + shown(string(given)) + ")"
	default:
		line += " (given: " + shown(given) + ")"
	}
	if f.Nearest != "" {
		line += "; nearest: " + f.Nearest
	}
	if f.Allowed != "" {
		line += "; allowed: " + f.Allowed
	}
	return line
}

// where begins the line: the setting, and the place in the file that it names.
func (f Fault) where() string {
	var where strings.Builder
	for _, part := range []string{string(f.Path), f.Place.String(), string(f.Place.Path)} {
		if part != "" {
			where.WriteString(printable(part) + ": ")
		}
	}
	return where.String()
}

// About are all settings that the fault follows from: the one at fault, and those that its check read.
func (f Fault) About() []Path { return append([]Path{f.Path}, f.Reads...) }

// Renamed is the fault with other names for the settings that it shows.
func (f Fault) Renamed(name func(Path) Path) Fault {
	f.Problem, f.Path = f.Problem.renamed(name), name(f.Path)
	return f
}

// shown is a value as a message shows it, a list or an object as JSON, cut where it is long.
func shown(value any) string {
	text := fmt.Sprint(value)
	switch value.(type) {
	case []string, map[string]string:
		if encoded, err := json.Marshal(value); err == nil {
			text = string(encoded)
		}
	}
	const most = 100
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	if _, hidden := value.(hiddenValue); hidden {
		return text
	}
	return strconv.Quote(text)
}

// printable keeps a path on its line, whatever is in it. Quotes are part of a path, as in fields["a.b"].
func printable(text string) string {
	plain := strings.NewReplacer(`"`, "", `\`, "").Replace(text)
	if strconv.Quote(plain) != `"`+plain+`"` {
		return strconv.Quote(text)
	}
	return text
}

// List is faults in the order in which they were found. As an error it has a line for each.
type List []Fault

// Error has a line for each fault.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, f := range l {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Err is the list as an error, and nil where it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Join puts lists after each other.
func Join(lists ...List) List { return slices.Concat(lists...) }

// Trusted is the list without the faults whose checks read a setting that is at fault itself. A list that has faults keeps
// one at least: of checks that read each other's settings, the first counts.
func (l List) Trusted() List {
	trusted := make([]bool, len(l))
	follows := func(f Fault) bool {
		for i, other := range l {
			if trusted[i] && slices.ContainsFunc(f.Reads, other.Path.Touches) {
				return true
			}
		}
		return false
	}
	for i, f := range l {
		trusted[i] = len(f.Reads) == 0
	}
	for i, f := range l {
		trusted[i] = trusted[i] || !follows(f)
	}
	var kept List
	for i, f := range l {
		if trusted[i] {
			kept = append(kept, f)
		}
	}
	return kept
}

// When is the list where a condition holds, and empty otherwise.
func When(condition bool, faults ...Fault) List {
	if !condition {
		return nil
	}
	return faults
}

// NotSet is the fault of a setting that is required, unless it is set.
func NotSet(path Path, set bool, allowed string) List {
	return When(!set, Fault{Path: path, Problem: Problemf("not set, but required"), Allowed: allowed})
}
