package metricspec_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
)

// files are texts by the names of their files, without folder and extension.
func files(t testing.TB, pattern string, least int) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", pattern))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(paths), least)
	texts := map[string][]byte{}
	for _, path := range paths {
		texts[strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))], err = os.ReadFile(path)
		require.NoError(t, err)
	}
	return texts
}

func TestGoodFiles(t *testing.T) {
	resolved := files(t, "good/*.json", 12)
	for name, text := range files(t, "good/*.yaml", 12) {
		t.Run(name, func(t *testing.T) {
			spec, faults := metricspec.Parse(name, text)
			require.NoError(t, faults.Err())
			if os.Getenv("UPDATE_GOLDEN") != "" {
				assert.JSONEq(t, string(resolved[name]), string(spec.Resolved()))
				require.NoError(t, os.WriteFile("testdata/good/"+name+".json", spec.Resolved(), 0o644))
				return
			}
			assert.Equal(t, string(resolved[name]), string(spec.Resolved()), "run with UPDATE_GOLDEN=1 if that is meant")
		})
	}
}

func TestBadFiles(t *testing.T) {
	for name, text := range files(t, "bad/*.yaml", 45) {
		t.Run(name, func(t *testing.T) {
			var want []string
			for line := range strings.Lines(string(text)) {
				if path, found := strings.CutPrefix(line, "# fault: "); found {
					want = append(want, strings.TrimSpace(path))
				}
			}
			spec, faults := metricspec.Parse(name+".yaml", text)
			assert.Nil(t, spec)
			got := paths(faults)
			slices.Sort(want)
			slices.Sort(got)
			assert.Equal(t, want, got)
			t.Log("\n" + faults.Error())
			lines := bytes.Count(text, []byte("\n"))
			for _, f := range faults {
				assert.Equal(t, name+".yaml", f.Place.File)
				assert.Empty(t, f.Path, "whoever reads the file knows which setting names it")
				assert.Greater(t, f.Place.Line, len(want), "after the comments")
				assert.LessOrEqual(t, f.Place.Line, lines)
			}
		})
	}
}

func paths(faults fault.List) []string {
	var paths []string
	for _, f := range faults {
		paths = append(paths, string(f.Place.Path))
	}
	return paths
}
