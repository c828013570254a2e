package reference

import (
	"fmt"
	"strings"

	"example.com/log-pipeline/internal/settings"
)

// Markdown is a page with an example, which is a stack file, and a table for each section.
func Markdown(project string, example []byte, declared []settings.Setting) []byte {
	var page strings.Builder
	page.WriteString("# Configuration\n\n<!-- Generated from the declarations in stacks/ by make generate. -->\n\n")
	page.WriteString("A stack's settings are in its `Pulumi.<stack>.yaml`. This is `Pulumi.dev.yaml`:\n\n")
	fmt.Fprintf(&page, "```yaml\n%s\n```\n\n", strings.TrimSpace(string(example)))
	fmt.Fprintf(&page, "Each key begins with the project's name, `%s:`, which `pulumi config set` adds itself. Most keys are sections: objects, or\n"+
		"lists of objects. The command line sets what is in them with `--path`, and encrypts with `--secret`:\n\n", project)
	page.WriteString("    pulumi config set --path stream.retentionHours 72\n" +
		"    pulumi config set --path 'clusters[0].nodes' 4\n" +
		"    pulumi config set --path 'logging.outputs[0]' stream\n" +
		"    pulumi config set --secret dataExternalId\n\n")
	page.WriteString("A setting that is left out, or empty, has its default. Where the table has none, the meaning says what an empty one stands for.\n")
	var single []row
	for _, s := range declared {
		if len(s.Settings) == 0 {
			single = append(single, row{Setting: s, name: s.Name})
			continue
		}
		fmt.Fprintf(&page, "\n## %s\n\n%s\n\n", s.Name, prose(row{Setting: s}.sentence()))
		table(&page, rows(s))
	}
	page.WriteString("\n## Keys that are no sections\n\n")
	table(&page, single)
	return []byte(page.String())
}

func table(page *strings.Builder, rows []row) {
	page.WriteString("| setting | default | allowed | meaning |\n|---|---|---|---|\n")
	for _, r := range rows {
		defaultValue := r.need()
		if defaultValue == "" && r.Default != "" {
			defaultValue = "`" + r.Default + "`"
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s |\n", r.name, defaultValue, cell(r.Allowed), cell(r.Description))
	}
}

// prose is text that Markdown shows as it is.
func prose(text string) string {
	return strings.NewReplacer(`\`, `\\`, "<", `\<`, "*", `\*`, "_", `\_`).Replace(text)
}

// cell keeps text within a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(prose(text))
}
