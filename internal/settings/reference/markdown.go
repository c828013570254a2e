package reference

import (
	"fmt"
	"strings"

	"example.com/log-pipeline/internal/settings"
)

// Markdown is a page with a table for each section.
func Markdown(project string, declared []settings.Setting) []byte {
	var page strings.Builder
	page.WriteString("# Configuration\n\n<!-- Generated from the declarations in stacks/ by make generate. -->\n\n")
	fmt.Fprintf(&page, "Each key begins with the project's name: `%s:stream`, in `Pulumi.<stack>.yaml` or by\n"+
		"`pulumi config set --path %s:stream.retentionHours 72`. A section is an object; a setting that is not given has its default.\n", project, project)
	var alone []settings.Setting
	for _, s := range declared {
		if len(s.Settings) == 0 {
			alone = append(alone, s)
		}
	}
	page.WriteString("\n## Keys of their own\n\n")
	table(&page, settings.Setting{}, alone)
	for _, s := range declared {
		if len(s.Settings) > 0 {
			fmt.Fprintf(&page, "\n## %s\n\n%s\n\n", s.Name, sentence(s))
			table(&page, s, leaves(s.Settings))
		}
	}
	return []byte(page.String())
}

func table(page *strings.Builder, section settings.Setting, declared []settings.Setting) {
	page.WriteString("| setting | default | allowed | meaning |\n|---|---|---|---|\n")
	for _, s := range declared {
		fallback := ""
		switch {
		case s.Required:
			fallback = "required"
		case s.Default != "":
			fallback = "`" + s.Default + "`"
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s |\n", within(section, s), fallback, cell(s.Allowed), cell(s.Doc))
	}
}

// cell keeps text within a cell.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`, "_", `\_`).Replace(text)
}
