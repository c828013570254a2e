package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// fault is one thing that is wrong with the configuration.
type fault struct {
	key     string // in full
	given   string // as shown; empty where nothing is
	problem string
	nearest string // a value that works; empty where none is known
	allowed string
}

// String is the fault in one line.
func (f fault) String() string {
	line := printable(f.key) + ": " + f.problem
	if f.given != "" {
		line += " (" + f.given + ")"
	}
	if f.nearest != "" {
		line += "; nearest: " + f.nearest
	}
	if f.allowed != "" {
		line += "; allowed: " + f.allowed
	}
	return line
}

// fault reports a key, once or more.
func (p *parser) fault(name, format string, args ...any) {
	p.faultOf(name, fmt.Sprintf(format, args...), "")
}

// faultOf reports a key with the value nearest to the given one that works, where one is known.
func (p *parser) faultOf(name, problem, nearest string) {
	key, _ := keyNamed(name)
	p.faulty[name] = true
	p.add(fault{
		key:     p.full(name),
		given:   p.shown(key),
		problem: problem,
		nearest: nearest,
		allowed: key.allowedText(),
	})
}

// warn notes about a key what works at a price.
func (p *parser) warn(name, format string, args ...any) {
	p.warnings = append(p.warnings, p.full(name)+": "+p.openText(p.full(name), fmt.Sprintf(format, args...)))
}

// anyFaulty says whether one of the keys is at fault, so that what follows from it need not be reported.
func (p *parser) anyFaulty(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return p.faulty[name] })
}

// shown is the value of a key as an error may show it.
func (p *parser) shown(key configKey) string {
	full := p.full(key.name)
	text := p.raw.Values[full]
	switch {
	case text == "" && key.fallback == "":
		return ""
	case text == "":
		return "default: " + strconv.Quote(key.fallback)
	case key.secret:
		return "given: a secret"
	default:
		return p.shownAs(key, text)
	}
}

// shownAs is a value, or a part of it, as an error may show it.
func (p *parser) shownAs(key configKey, text string) string {
	if text == "" {
		return ""
	}
	if p.raw.Secret[p.full(key.name)] {
		return "given: a secret"
	}
	const most = 100
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return "given: " + strconv.Quote(text)
}

func keyNamed(name string) (configKey, bool) {
	i := slices.IndexFunc(configKeys, func(key configKey) bool { return key.name == name })
	if i < 0 {
		return configKey{name: name}, false
	}
	return configKeys[i], true
}

func (k configKey) allowedText() string {
	switch {
	case k.allowed != "":
		return k.allowed
	case k.kind == booleanKind:
		return "true or false"
	case k.kind == objectsKind:
		return fmt.Sprintf("a list of at most %d objects with %s", k.most, fieldNames(k.fields))
	case k.kind == integerKind:
		return fmt.Sprintf("an integer from %.0f to %.0f", k.min, k.max)
	default:
		return fmt.Sprintf("a number from %s to %s", number(k.min), number(k.max))
	}
}

// describe is the key's description in Pulumi.yaml.
func (k configKey) describe() string {
	text := k.purpose + " Allowed: " + k.allowedText() + "."
	if k.required {
		text += " Required."
	}
	for _, field := range k.fields {
		text += "\n" + field.name + ": " + field.describe()
		if field.fallback != "" {
			text += " Default: " + field.fallback + "."
		}
	}
	return text
}

// configError is every fault of a configuration.
type configError struct {
	stack  string
	faults []fault
}

// newConfigError sorts the faults by the order in which keys are declared; unknown keys come last.
func newConfigError(stack string, faults []fault) *configError {
	rank := func(f fault) int {
		_, name, _ := strings.Cut(f.key, ":")
		name, _, _ = strings.Cut(name, "[")
		i := slices.IndexFunc(configKeys, func(key configKey) bool { return key.name == name })
		if i < 0 || strings.HasPrefix(f.key, awsNamespace) || strings.HasPrefix(f.key, kubernetesNamespace) {
			return len(configKeys)
		}
		return i
	}
	slices.SortStableFunc(faults, func(a, b fault) int { return rank(a) - rank(b) })
	return &configError{stack: stack, faults: faults}
}

// Error lists the faults, a line each.
func (e *configError) Error() string {
	noun := "faults"
	if len(e.faults) == 1 {
		noun = "fault"
	}
	lines := []string{fmt.Sprintf("the configuration of stack %q has %d %s, and nothing is changed:", e.stack, len(e.faults), noun)}
	for _, f := range e.faults {
		lines = append(lines, "  "+f.String())
	}
	return strings.Join(lines, "\n")
}

// printable keeps a strange key on its line.
func printable(text string) string {
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` {
		return quoted
	}
	return text
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
