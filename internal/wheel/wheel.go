// Package wheel builds Python wheels of pure Python sources: the same sources make the same bytes, on every machine and with
// every version of Go. It follows packaging.python.org/en/latest/specifications/binary-distribution-format.
//
// What it does not do: no compiled modules, no dependencies (whoever installs one says --no-deps), no scripts.
package wheel

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Project is what a wheel is made of.
type Project struct {
	// Name is the name of the distribution: letters, digits and single hyphens, such as log-pipeline-metrics.
	Name string
	// Version is its version: numbers with periods between them.
	Version string
	// Summary says in a line what it is.
	Summary string
	// RequiresPython is what Python it runs on, such as ">=3.11".
	RequiresPython string
	// Sources has the packages at its root. Of its files only those that end in .py count: what a run of Python or a tool
	// leaves beside them does not change the wheel.
	Sources fs.FS
}

// FileName is what the wheel's file is called, which pip reads: name, version and the tag of pure Python.
func (p Project) FileName() string { return p.stem() + "-" + tag + ".whl" }

const (
	tag        = "py3-none-any"
	sourceFile = ".py"
)

// stem begins the names of the file and of the folder of metadata. Hyphens part the file's name, so that those of the name are
// underscores there.
func (p Project) stem() string { return strings.ReplaceAll(p.Name, "-", "_") + "-" + p.Version }

var (
	namePattern    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	versionPattern = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
	filePattern    = regexp.MustCompile(`^([a-z0-9_]+/)+[a-z0-9_]+\.py$`)
)

// Build is the wheel. It is an error where the name, the version or a source's path is not of the simple kind that is meant
// here, and where there are no sources.
func (p Project) Build() ([]byte, error) {
	files, err := p.sources()
	faults := []error{err}
	if !namePattern.MatchString(p.Name) {
		faults = append(faults, fmt.Errorf("name %q: want lower-case letters, digits and single hyphens", p.Name))
	}
	if !versionPattern.MatchString(p.Version) {
		faults = append(faults, fmt.Errorf("version %q: want numbers with periods between them", p.Version))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("wheel: %w", err)
	}
	return archive(append(files, p.metadata(files)...))
}

type file struct {
	path    string
	content []byte
}

func (p Project) sources() ([]file, error) {
	var files []file
	err := fs.WalkDir(p.Sources, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != sourceFile {
			return err
		}
		if !filePattern.MatchString(name) {
			return fmt.Errorf("source %q: want a module in a package, of lower-case letters, digits and underscores", name)
		}
		content, err := fs.ReadFile(p.Sources, name)
		files = append(files, file{path: name, content: content})
		return err
	})
	if err == nil && len(files) == 0 {
		err = errors.New("no sources")
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.path, b.path) })
	return files, err
}

// metadata are the files of the folder .dist-info, RECORD last.
func (p Project) metadata(sources []file) []file {
	folder := p.stem() + ".dist-info/"
	files := []file{
		{folder + "METADATA", []byte(strings.Join([]string{
			"Metadata-Version: 2.1", "Name: " + p.Name, "Version: " + p.Version, "Summary: " + p.Summary,
			"Requires-Python: " + p.RequiresPython, "",
		}, "\n"))},
		{folder + "WHEEL", []byte(strings.Join([]string{
			"Wheel-Version: 1.0", "Generator: log-pipeline", "Root-Is-Purelib: true", "Tag: " + tag, "",
		}, "\n"))},
	}
	var record strings.Builder
	for _, f := range slices.Concat(sources, files) {
		sum := sha256.Sum256(f.content)
		record.WriteString(f.path + ",sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]) + "," + strconv.Itoa(len(f.content)) + "\n")
	}
	record.WriteString(folder + "RECORD,,\n")
	return append(files, file{folder + "RECORD", []byte(record.String())})
}

// archive stores files uncompressed: what a compressor makes of them may change with its version.
func archive(files []file) ([]byte, error) {
	var content bytes.Buffer
	w := zip.NewWriter(&content)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.path, Method: zip.Store, Modified: earliest}
		header.SetMode(0o644)
		entry, err := w.CreateHeader(header)
		if err == nil {
			_, err = entry.Write(f.content)
		}
		if err != nil {
			return nil, fmt.Errorf("wheel: %s: %w", f.path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("wheel: %w", err)
	}
	return content.Bytes(), nil
}

// earliest is where the calendar of ZIP files begins.
var earliest = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)
