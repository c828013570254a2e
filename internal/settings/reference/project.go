// Package reference documents declared settings: for the Pulumi command line, for editors, and for readers.
package reference

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/settings"
)

// begin is the line of Pulumi.yaml after which the declarations of the settings follow, to its end.
const begin = "  # Generated from the declarations in stacks/ by make generate, from here to the end.\n"

// Project puts the declarations of the settings into a Pulumi.yaml, in place of those that are there.
//
// They have no type on purpose. The command line would refuse the first value of another type, alone and without showing it, before the
// program can name all faults at once; and where there is no default, it would demand a value. The empty default is for not set.
func Project(file []byte, declared []settings.Setting) ([]byte, error) {
	head, _, found := bytes.Cut(file, []byte(begin))
	if !found {
		return nil, fmt.Errorf("the project file has no line %q", strings.TrimSpace(begin))
	}
	var keys yaml.Node
	keys.Kind = yaml.MappingNode
	for _, s := range declared {
		keys.Content = append(keys.Content, scalar(s.Name), declaration(s))
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(&keys); err != nil {
		return nil, fmt.Errorf("write the declarations: %w", err)
	}
	out := bytes.NewBuffer(head)
	out.WriteString(begin)
	for _, line := range strings.SplitAfter(text.String(), "\n") {
		if strings.TrimSpace(line) != "" {
			line = "  " + line
		}
		out.WriteString(line)
	}
	return out.Bytes(), nil
}

func declaration(s settings.Setting) *yaml.Node {
	description := scalar(describe(s))
	if strings.Contains(description.Value, "\n") {
		description.Style = yaml.LiteralStyle
	}
	defaultValue := scalar(s.Default)
	defaultValue.Style = yaml.DoubleQuotedStyle
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar("default"), defaultValue, scalar("description"), description}}
}

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// describe is a setting's description, with a line for each setting in it.
func describe(s settings.Setting) string {
	lines := []string{row{Setting: s}.sentence()}
	for _, r := range rows(s) {
		lines = append(lines, r.name+": "+r.sentence())
	}
	return strings.Join(lines, "\n")
}
