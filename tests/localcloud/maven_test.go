package localcloud

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// published serves the content as an artifact of a Maven mirror.
func published(t *testing.T, content []byte) artifact {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/org/example/thing/1.0/thing-1.0.tar.gz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Setenv(mavenMirror, server.URL+"/")
	sum := sha256.Sum256(content)
	return artifact{group: "org.example", name: "thing", version: "1.0", extension: "tar.gz", sha256: hex.EncodeToString(sum[:])}
}

func TestArtifactFromAMirror(t *testing.T) {
	target := filepath.Join(t.TempDir(), "thing")
	require.NoError(t, published(t, []byte("the thing")).download(t.Context(), target))
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "the thing", string(content))
}

func TestArtifactThatIsNotThePinnedOneIsNotKept(t *testing.T) {
	dir := t.TempDir()
	another := published(t, []byte("another thing"))
	another.sha256 = hex.EncodeToString(make([]byte, sha256.Size))
	require.ErrorContains(t, another.download(t.Context(), filepath.Join(dir, "thing")), "that of version 1.0 is 0000")
	assert.Empty(t, entries(t, dir))
}

func TestArtifactThatTheMirrorLacks(t *testing.T) {
	missing := published(t, nil)
	missing.version = "1.1"
	require.ErrorContains(t, missing.download(t.Context(), filepath.Join(t.TempDir(), "thing")), "thing-1.1.tar.gz: 404")
}

// release is a compressed tar file of these entries.
func release(t *testing.T, headers ...tar.Header) []byte {
	t.Helper()
	var content bytes.Buffer
	plain := gzip.NewWriter(&content)
	archive := tar.NewWriter(plain)
	for _, header := range headers {
		if header.Typeflag == tar.TypeReg {
			header.Size = int64(len(header.Name))
		}
		require.NoError(t, archive.WriteHeader(&header))
		if header.Typeflag == tar.TypeReg {
			_, err := archive.Write([]byte(header.Name))
			require.NoError(t, err)
		}
	}
	require.NoError(t, archive.Close())
	require.NoError(t, plain.Close())
	return content.Bytes()
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range found {
		names = append(names, entry.Name())
	}
	return names
}

func TestTrinoKeepsItsPluginsWithWhatTheyShareWithOthers(t *testing.T) {
	content := release(t,
		tar.Header{Typeflag: tar.TypeDir, Name: "trino/"},
		tar.Header{Typeflag: tar.TypeDir, Name: "trino/plugin/hive/", Mode: 0o755},
		tar.Header{Typeflag: tar.TypeReg, Name: "trino/plugin/hive/shared.jar", Mode: 0o644},
		tar.Header{Typeflag: tar.TypeDir, Name: "trino/plugin/iceberg/", Mode: 0o755},
		tar.Header{Typeflag: tar.TypeLink, Name: "trino/plugin/iceberg/shared.jar", Linkname: "trino/plugin/hive/shared.jar"},
	)
	trino := &Trino{dir: t.TempDir()}
	require.NoError(t, trino.install(t.Context(), published(t, content)))
	assert.Equal(t, []string{"server"}, entries(t, trino.dir))
	assert.Equal(t, []string{"iceberg"}, entries(t, trino.Plugins()))
	shared, err := os.ReadFile(filepath.Join(trino.Plugins(), "iceberg", "shared.jar"))
	require.NoError(t, err)
	assert.Equal(t, "trino/plugin/hive/shared.jar", string(shared))
}

func TestReleaseThatReachesOutsideItsFolderIsRefused(t *testing.T) {
	for name, header := range map[string]tar.Header{
		"file":          {Typeflag: tar.TypeReg, Name: "trino/../../outside", Mode: 0o644},
		"hard link":     {Typeflag: tar.TypeLink, Name: "trino/link", Linkname: "trino/../../secret"},
		"symbolic link": {Typeflag: tar.TypeSymlink, Name: "trino/link", Linkname: "/etc"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), nil, 0o600))
			trino := &Trino{dir: filepath.Join(dir, "trino")}
			require.ErrorContains(t, trino.install(t.Context(), published(t, release(t, header))), "unpack "+header.Name)
			assert.Equal(t, []string{"secret", "trino"}, entries(t, dir))
			assert.Empty(t, entries(t, trino.dir))
		})
	}
}
