package metricviews

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"text/template"
)

//go:embed sql
var files embed.FS

// templates are by the names of the files. They are laid out as sqlglot does, but for what a name makes too long for a line.
var templates = template.Must(parse(files))

// parse leaves out the end of the last line, since files stand in one another.
func parse(files fs.FS) (*template.Template, error) {
	all := template.New("").Funcs(functions(""))
	return all, fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, file)
		if err != nil {
			return err
		}
		_, err = all.New(path.Base(file)).Parse(strings.TrimSpace(string(content)))
		return err
	})
}

// statement is a query: a template and what it is made of.
type statement struct {
	file string
	data any
}

// render writes the query, for the tables and views of a database.
func (s statement) render(database string) (string, error) {
	own, err := templates.Clone() // whose functions are those of this database
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = own.Funcs(functions(database)).ExecuteTemplate(&out, s.file, s.data)
	return out.String(), err
}

// functions are those of the templates.
func functions(database string) template.FuncMap {
	return template.FuncMap{
		"table": func(table string) string { return name(database) + "." + name(table) },
		"name":  name,
		"text":  text,
		"upper": strings.ToUpper,
	}
}

// name is an identifier in SQL, which may be a word of SQL.
func name(of string) string { return `"` + strings.ReplaceAll(of, `"`, `""`) + `"` }

// text is a text in SQL.
func text(of string) string { return "'" + strings.ReplaceAll(of, "'", "''") + "'" }
