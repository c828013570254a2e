package localcloud

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zipped is a ZIP file of files that each have their name in them.
func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	for _, name := range names {
		entry, err := archive.Create(name)
		require.NoError(t, err)
		_, err = entry.Write([]byte(name))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return content.Bytes()
}

func TestZIPFileIsUnpackedAndGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "thing")
	require.NoError(t, published(t, zipped(t, "thing-1.0/lib/a.jar", "thing-1.0/b")).unzip(t.Context(), dir, withoutFirst))
	assert.Equal(t, []string{"b", "lib"}, entries(t, dir))
	content, err := os.ReadFile(filepath.Join(dir, "lib", "a.jar"))
	require.NoError(t, err)
	assert.Equal(t, "thing-1.0/lib/a.jar", string(content))
}

func TestZIPFileThatReachesOutsideItsFolderIsRefused(t *testing.T) {
	parent := t.TempDir()
	err := published(t, zipped(t, "../outside")).unzip(t.Context(), filepath.Join(parent, "thing"), filepath.Clean)
	require.ErrorContains(t, err, "unpack ../outside")
	assert.Equal(t, []string{"thing"}, entries(t, parent))
	assert.Empty(t, entries(t, filepath.Join(parent, "thing")))
}

// OpenSearch finds a module by its descriptor, and refuses one of another version.
func TestModuleIsPutTogether(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lang")
	module := openSearchModule{name: "lang", class: "org.example.Lang", extends: "other", jars: []artifact{published(t, []byte("a jar"))}}
	require.NoError(t, module.install(t.Context(), dir))
	assert.Equal(t, []string{"plugin-descriptor.properties", "plugin-security.policy", "thing-1.0.tar.gz"}, entries(t, dir))
	descriptor, err := os.ReadFile(filepath.Join(dir, "plugin-descriptor.properties"))
	require.NoError(t, err)
	for _, line := range []string{"name=lang\n", "classname=org.example.Lang\n", "extended.plugins=other\n", "opensearch.version=" + openSearchVersion + "\n"} {
		assert.Contains(t, string(descriptor), line)
	}
}
