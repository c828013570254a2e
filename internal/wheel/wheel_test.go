package wheel_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/wheel"
)

func project(sources fs.FS) wheel.Project {
	return wheel.Project{Name: "two-words", Version: "1.2.0", Summary: "For a test", RequiresPython: ">=3.11", Sources: sources}
}

func build(t *testing.T, sources fs.FS) []byte {
	t.Helper()
	content, err := project(sources).Build()
	require.NoError(t, err)
	return content
}

// pip checks the metadata, the tag and every hash in RECORD.
func TestPipInstallsItAndPythonImportsIt(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, project(nil).FileName())
	require.NoError(t, os.WriteFile(file, build(t, os.DirFS("testdata/src")), 0o600))
	run := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		require.NoError(t, err, string(out))
		return strings.TrimSpace(string(out))
	}
	python := filepath.Join(dir, "venv", "bin", "python")
	run("python3", "-m", "venv", filepath.Join(dir, "venv"))
	run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", file)
	assert.Equal(t, "42 1.2.0", run(python, "-c",
		"import importlib.metadata, two_words; print(two_words.ANSWER, importlib.metadata.version('two-words'))"))
	run(python, "-m", "pip", "check")
}

func TestItIsLaidOutAsTheFormatAsks(t *testing.T) {
	content := build(t, os.DirFS("testdata/src"))
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	files := map[string][]byte{}
	var names []string
	for _, f := range archive.File {
		assert.Equal(t, 1980, f.Modified.Year(), "the time of a build is no content")
		r, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
		names = append(names, f.Name)
	}
	assert.Equal(t, []string{
		"two_words/__init__.py", "two_words/inner/__init__.py", "two_words/inner/numbers.py",
		"two_words-1.2.0.dist-info/METADATA", "two_words-1.2.0.dist-info/WHEEL", "two_words-1.2.0.dist-info/RECORD",
	}, names, "metadata lies at the end")
	assert.Contains(t, string(files["two_words-1.2.0.dist-info/METADATA"]), "Name: two-words\nVersion: 1.2.0\n")
	assert.Contains(t, string(files["two_words-1.2.0.dist-info/WHEEL"]), "Wheel-Version: 1.0\n")
	assert.Contains(t, string(files["two_words-1.2.0.dist-info/WHEEL"]), "Tag: py3-none-any\n")
	assert.Equal(t, "two_words-1.2.0-py3-none-any.whl", project(nil).FileName())

	const record = "two_words-1.2.0.dist-info/RECORD"
	rows, err := csv.NewReader(bytes.NewReader(files[record])).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, len(names), "RECORD has every file")
	for _, row := range rows {
		if row[0] == record {
			assert.Equal(t, []string{record, "", ""}, row)
			continue
		}
		sum := sha256.Sum256(files[row[0]])
		assert.Equal(t, []string{
			row[0], "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]), strconv.Itoa(len(files[row[0]])),
		}, row)
	}
}

// What stands beside the sources would make another wheel of every run, and another wheel restarts the job that it is for.
func TestTheSameSourcesMakeTheSameBytes(t *testing.T) {
	sources := fstest.MapFS{"a/__init__.py": {Data: []byte("A = 1\n")}, "a/b.py": {Data: []byte("B = 2\n")}}
	littered := maps.Clone(sources)
	littered["a/__pycache__/b.cpython-311.pyc"] = &fstest.MapFile{Data: []byte{0}}
	littered["a/.ruff_cache/x"] = &fstest.MapFile{Data: []byte("x")}
	littered["a/notes.txt"] = &fstest.MapFile{Data: []byte("x")}
	assert.Equal(t, build(t, sources), build(t, littered))
	changed := maps.Clone(sources)
	changed["a/b.py"] = &fstest.MapFile{Data: []byte("B = 3\n")}
	assert.NotEqual(t, build(t, sources), build(t, changed))
}

func TestWhatIsRefused(t *testing.T) {
	good := fstest.MapFS{"a/__init__.py": {}}
	for name, test := range map[string]struct {
		project wheel.Project
		want    string
	}{
		"no sources":         {wheel.Project{Name: "a", Version: "1", Sources: fstest.MapFS{"a/a.txt": {}}}, "no sources"},
		"name":               {wheel.Project{Name: "A_b", Version: "1", Sources: good}, `name "A_b"`},
		"version":            {wheel.Project{Name: "a", Version: "1-2", Sources: good}, `version "1-2"`},
		"no package":         {wheel.Project{Name: "a", Version: "1", Sources: fstest.MapFS{"a.py": {}}}, `source "a.py"`},
		"a comma in a path":  {wheel.Project{Name: "a", Version: "1", Sources: fstest.MapFS{"a/b,c.py": {}}}, `source "a/b,c.py"`},
		"all faults at once": {wheel.Project{Name: "", Version: "", Sources: good}, "name \"\": want lower-case letters, digits and single hyphens\nversion"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.project.Build()
			require.ErrorContains(t, err, test.want)
		})
	}
}
