package rendering

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	opening = regexp.MustCompile(`^<([a-zA-Z0-9_]+)[ \t]*([^>]*?)[ \t]*>$`)
	closing = regexp.MustCompile(`^</([a-zA-Z0-9_]+)>$`)
)

// ParseFluentd reads a configuration of Fluentd as Fluentd does, or more strictly: a setting that is given twice, a value
// that a comment cuts short, and Ruby that would run when Fluentd starts are faults here, since each loses what was meant
// without an error (gh:fluent/fluentd lib/fluent/config: v1_parser.rb, literal_parser.rb).
func ParseFluentd(text string) (*Section, error) {
	parser := &fluentdParser{lines: strings.Split(text, "\n")}
	root := &Section{Settings: map[string]string{}}
	if err := parser.fill(root); err != nil {
		return nil, fmt.Errorf("line %d of Fluentd's configuration: %w", parser.at, err)
	}
	return root, nil
}

type fluentdParser struct {
	lines []string
	at    int
}

func (p *fluentdParser) next() (string, bool) {
	for p.at < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.at])
		p.at++
		if line != "" && !strings.HasPrefix(line, "#") {
			return line, true
		}
	}
	return "", false
}

// fill reads a section up to its end.
func (p *fluentdParser) fill(section *Section) error {
	for {
		line, more := p.next()
		if !more {
			if section.Name != "" {
				return fmt.Errorf("<%s> has no end", section.Name)
			}
			return nil
		}
		if end := closing.FindStringSubmatch(line); end != nil {
			if end[1] != section.Name {
				return fmt.Errorf("%s ends <%s>", line, section.Name)
			}
			return nil
		}
		if start := opening.FindStringSubmatch(line); start != nil {
			child := &Section{Name: start[1], Argument: start[2], Settings: map[string]string{}}
			section.Sections = append(section.Sections, child)
			if err := p.fill(child); err != nil {
				return err
			}
			continue
		}
		if err := p.set(section, line); err != nil {
			return err
		}
	}
}

func (p *fluentdParser) set(section *Section, line string) error {
	name, value := line, ""
	if space := strings.IndexAny(line, " \t"); space > 0 {
		name, value = line[:space], strings.TrimSpace(line[space:])
	}
	if _, twice := section.Settings[name]; twice {
		return fmt.Errorf("%s is set twice", name)
	}
	literal, err := p.literal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	section.Settings[name] = literal
	return nil
}

func (p *fluentdParser) literal(value string) (string, error) {
	switch {
	case strings.HasPrefix(value, "["), strings.HasPrefix(value, "{"):
		return p.json(value)
	case strings.HasPrefix(value, `"`):
		return unquoteDouble(value)
	case strings.HasPrefix(value, "'"):
		return unquoteSingle(value)
	case strings.Contains(value, " #"), strings.Contains(value, "\t#"):
		return "", fmt.Errorf("a comment cuts %s short", value)
	}
	return value, nil
}

// json reads on until the value is whole: whatever begins with a bracket is JSON, also a regular expression.
func (p *fluentdParser) json(value string) (string, error) {
	for begun := value; ; {
		if json.Valid([]byte(value)) {
			var compact bytes.Buffer
			err := json.Compact(&compact, []byte(value))
			return compact.String(), err
		}
		if p.at >= len(p.lines) {
			return "", fmt.Errorf("no JSON begins with %s", begun)
		}
		value += "\n" + p.lines[p.at]
		p.at++
	}
}

func unquoteDouble(value string) (string, error) {
	var text strings.Builder
	for at := 1; at < len(value); at++ {
		switch {
		case value[at] == '"':
			return text.String(), restIsEmpty(value[at+1:])
		case strings.HasPrefix(value[at:], "#{"):
			return "", fmt.Errorf("embedded Ruby runs when Fluentd starts: %s", value)
		case value[at] == '\\' && at+1 < len(value):
			at++
			escaped, err := unescape(value[at])
			if err != nil {
				return "", err
			}
			text.WriteByte(escaped)
		default:
			text.WriteByte(value[at])
		}
	}
	return "", fmt.Errorf("%s has no closing quote", value)
}

func unescape(char byte) (byte, error) {
	if at := strings.IndexByte("rntfb", char); at >= 0 {
		return "\r\n\t\f\b"[at], nil
	}
	if char >= '0' && char <= '9' || char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' {
		return 0, fmt.Errorf(`\%c is no escape`, char)
	}
	return char, nil
}

func unquoteSingle(value string) (string, error) {
	var text strings.Builder
	for at := 1; at < len(value); at++ {
		switch {
		case value[at] == '\'':
			return text.String(), restIsEmpty(value[at+1:])
		case value[at] == '\\' && at+1 < len(value) && (value[at+1] == '\'' || value[at+1] == '\\'):
			at++
		}
		text.WriteByte(value[at])
	}
	return "", fmt.Errorf("%s has no closing quote", value)
}

func restIsEmpty(rest string) error {
	if rest = strings.TrimSpace(rest); rest != "" && !strings.HasPrefix(rest, "#") {
		return errors.New(rest + " follows the closing quote")
	}
	return nil
}
