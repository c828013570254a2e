package rendering

import (
	"fmt"
	"strings"
)

// ParseFluentBit reads a configuration of Fluent Bit in its classic format. Names of settings are in lower case, since
// Fluent Bit does not tell cases apart; the values of one that is given several times stand on a line each.
func ParseFluentBit(text string) (*Section, error) {
	root := &Section{}
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			root.Sections = append(root.Sections, &Section{Name: line[1 : len(line)-1], Settings: map[string]string{}})
		case len(root.Sections) == 0:
			return nil, fmt.Errorf("line %d of Fluent Bit's configuration: %q stands in no section", number+1, line)
		default:
			name, value, _ := strings.Cut(line, " ")
			settings := root.Sections[len(root.Sections)-1].Settings
			name, value = strings.ToLower(name), strings.TrimSpace(value)
			if before, again := settings[name]; again {
				value = before + "\n" + value
			}
			settings[name] = value
		}
	}
	return root, nil
}
