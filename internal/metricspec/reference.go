package metricspec

import (
	"bytes"
	"fmt"
	"strings"
)

// begin is the line of docs/metrics.md after which the tables follow, to its end.
const begin = "<!-- Generated from the declarations in internal/metricspec by make generate, from here to the end. -->\n"

// Reference puts tables of all keys into docs/metrics.md, in place of those that are there.
func Reference(file []byte) ([]byte, error) {
	head, _, found := bytes.Cut(file, []byte(begin))
	if !found {
		return nil, fmt.Errorf("docs/metrics.md has no line %q", strings.TrimSpace(begin))
	}
	return append(append(bytes.Clone(head), begin...), tables()...), nil
}

// tables are one for the file, and one for each kind of object in it.
func tables() string {
	var page strings.Builder
	page.WriteString("\n")
	root := declared(&Spec{}, (*Spec).declare)
	page.WriteString("## Keys of the file\n\n")
	table(&page, root)
	for _, k := range root.keys {
		if k.in != nil {
			fmt.Fprintf(&page, "\n## Keys of %s\n\n", k.name+k.suffix)
			table(&page, k.in)
		}
	}
	page.WriteString("\n## Keys of a filter\n\nExactly one of these, or a field and one operator.\n\n")
	table(&page, &object{keys: []*key{
		{name: allKey, description: allWords, shape: shape{allowed: filterCount.words("filters")}},
		{name: anyKey, description: anyWords, shape: shape{allowed: filterCount.words("filters")}},
		{name: notKey, description: notWords, shape: shape{allowed: "a filter"}},
		{name: fieldKey, description: fieldWords, shape: shape{allowed: anyName.Allowed}},
	}})
	page.WriteString("\n## Operators\n\n| operator | fields of type | meaning |\n|---|---|---|\n")
	for _, o := range operators {
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", o.name, either(o.types), cell(o.description))
	}
	return page.String()
}

func table(page *strings.Builder, o *object) {
	page.WriteString("| key | default | allowed | meaning |\n|---|---|---|---|\n")
	for _, k := range o.keys {
		byDefault := ""
		if k.required {
			byDefault = "required"
		} else if k.byDefault != nil {
			byDefault = fmt.Sprintf("`%v`", k.byDefault)
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s |\n", k.name, byDefault, cell(k.allowed), cell(k.description))
	}
}

// cell keeps text within a cell of a table, as it is.
func cell(text string) string {
	return strings.NewReplacer(`\`, `\\`, "<", `\<`, "*", `\*`, "_", `\_`, "|", `\|`).Replace(text)
}
