// Package upgrades compares what a program registers with a list of what it registered before, so that an upgrade replaces
// nothing unseen. Pulumi knows a resource by its URN: its type with those of its parents, and its logical name. One that is
// not registered any more is deleted, even if another takes its place, unless that one has an alias. One whose set name
// changes is replaced, which no alias prevents.
package upgrades

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"example.com/log-pipeline/tests/mocks"
)

const (
	header = `# type | logical name | parent | name that is set
# Everything that was ever registered. UPDATE_GOLDEN=1 adds lines. Remove a line by hand, and only if what it names may go in
# every environment.
`
	separator = " | "
	none      = "-"
)

// line is one resource.
type line struct {
	// typ is the type with those of the parents, as in the URN.
	typ, name, parent string
	// physical is the name in AWS or Kubernetes, where the program sets one.
	physical string
}

func (l line) String() string {
	return strings.Join([]string{l.typ, l.name, cmp.Or(l.parent, none), cmp.Or(l.physical, none)}, separator)
}

// identity is the URN without stack and project.
func (l line) identity() string { return l.typ + resource.URNNameDelimiter + l.name }

type registered struct {
	line
	// aliases are other identities that it may have had.
	aliases []string
}

// Check compares what a run registered with the list at path. With UPDATE_GOLDEN=1 it adds to the list what is new.
func Check(t testing.TB, path string, recording *mocks.Recording) {
	t.Helper()
	list, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	now := registrations(recording)
	added := additions(list, now)
	if os.Getenv("UPDATE_GOLDEN") != "" && len(added) > 0 {
		if err := write(path, append(list, added...)); err != nil {
			t.Fatal(err)
		}
		added = nil
	}
	for _, l := range added {
		t.Errorf("%s is new: UPDATE_GOLDEN=1 adds it to %s", l.identity(), path)
	}
	for _, problem := range problems(list, now) {
		t.Errorf("%s. If that is meant, change its line in %s by hand", problem, path)
	}
}

func registrations(recording *mocks.Recording) []registered {
	all := recording.All()
	now := make([]registered, len(all))
	for i, r := range all {
		urn := resource.URN(r.URN)
		now[i].line = line{typ: string(urn.QualifiedType()), name: urn.Name(), physical: physical(r)}
		if parent := resource.URN(r.Parent); parent != "" && parent.QualifiedType() != resource.RootStackType {
			now[i].parent = parent.Name()
		}
		for _, text := range r.Aliases {
			if alias := resource.URN(text); alias.Stack() == urn.Stack() && alias.Project() == urn.Project() {
				now[i].aliases = append(now[i].aliases, line{typ: string(alias.QualifiedType()), name: alias.Name()}.identity())
			}
		}
	}
	return now
}

// physical is the name that a resource's inputs set.
func physical(r mocks.Resource) string {
	if !r.Custom {
		return ""
	}
	var parts []string
	add := func(values ...any) {
		for _, value := range values {
			if text, ok := value.(string); ok {
				parts = append(parts, text)
			}
		}
	}
	if r.Type == "aws:s3/bucketV2:BucketV2" { // elsewhere, the bucket that it is about
		add(r.Get("bucket"))
	}
	add(r.Get("namespace"), r.Get("name"), r.Get("metadata", "namespace"), r.Get("metadata", "name"))
	return strings.Join(parts, "/")
}

// additions are what the list has not.
func additions(list []line, now []registered) []line {
	var added []line
	for _, r := range now {
		if !slices.ContainsFunc(list, func(l line) bool { return l.identity() == r.identity() }) {
			added = append(added, r.line)
		}
	}
	return added
}

// problems are what an upgrade would delete, replace or move.
func problems(list []line, now []registered) []string {
	var found []string
	for _, old := range list {
		i := slices.IndexFunc(now, func(r registered) bool { return r.identity() == old.identity() })
		if i < 0 {
			i = slices.IndexFunc(now, func(r registered) bool { return slices.Contains(r.aliases, old.identity()) })
		} else if now[i].parent != old.parent {
			found = append(found, fmt.Sprintf("%s had the parent %q and has %q", old.identity(), old.parent, now[i].parent))
		}
		switch {
		case i < 0:
			found = append(found, old.identity()+" is gone, which deletes it: give what takes its place an alias")
		case now[i].physical != old.physical:
			found = append(found, fmt.Sprintf("%s had the name %q and has %q, which replaces it", old.identity(), old.physical, now[i].physical))
		}
	}
	return found
}

func read(path string) ([]line, error) {
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var list []line
	for text := range strings.Lines(string(content)) {
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		columns := strings.Split(text, separator)
		if len(columns) != 4 {
			return nil, fmt.Errorf("%s: a line has %d columns, not 4: %s", path, len(columns), text)
		}
		for i, column := range columns {
			if column == none {
				columns[i] = ""
			}
		}
		list = append(list, line{typ: columns[0], name: columns[1], parent: columns[2], physical: columns[3]})
	}
	return list, nil
}

func write(path string, list []line) error {
	texts := make([]string, len(list))
	for i, l := range list {
		texts[i] = l.String() + "\n"
	}
	slices.Sort(texts)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(header+strings.Join(texts, "")), 0o644)
}
