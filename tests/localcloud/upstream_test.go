package localcloud

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/dirhash"
)

const binaryName = "terraform-provider-aws_v" + upstreamVersion + "_x5"

// mirror makes a folder in Terraform's layout and returns it with its hash.
func mirror(t *testing.T) (folder, hash string) {
	t.Helper()
	folder = t.TempDir()
	inside := filepath.Join(folder, "registry.terraform.io", "hashicorp", "aws", upstreamVersion, runtime.GOOS+"_"+runtime.GOARCH)
	require.NoError(t, os.MkdirAll(inside, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(inside, binaryName), []byte("the provider"), 0o755))
	hash, err := dirhash.HashDir(inside, "", dirhash.Hash1)
	require.NoError(t, err)
	return folder, hash
}

// releases serves a release archive and returns the URL with the archive's hash.
func releases(t *testing.T) (url, hash string) {
	t.Helper()
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	file, err := writer.Create(binaryName)
	require.NoError(t, err)
	_, err = file.Write([]byte("the provider"))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	local := filepath.Join(t.TempDir(), "archive.zip")
	require.NoError(t, os.WriteFile(local, archive.Bytes(), 0o600))
	hash, err = dirhash.HashZip(local, dirhash.Hash1)
	require.NoError(t, err)

	path := "/" + upstreamVersion + "/terraform-provider-aws_" + upstreamVersion + "_" + runtime.GOOS + "_" + runtime.GOARCH + ".zip"
	mux := http.NewServeMux()
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive.Bytes()) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, hash
}

func TestUpstreamProviderFromAMirror(t *testing.T) {
	folder, hash := mirror(t)
	target := filepath.Join(t.TempDir(), "provider")
	result, err := upstreamProvider{mirrors: []string{t.TempDir(), folder}, hashes: []string{hash}}.obtain(t.Context(), target)
	require.NoError(t, err)
	assert.Contains(t, result, folder)
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "the provider", string(content))
}

func TestUpstreamProviderFromARelease(t *testing.T) {
	url, hash := releases(t)
	target := filepath.Join(t.TempDir(), "provider")
	result, err := upstreamProvider{releases: url, hashes: []string{hash}}.obtain(t.Context(), target)
	require.NoError(t, err)
	assert.Equal(t, "downloaded", result)
	info, err := os.Stat(target)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&0o100, "it should be executable")
}

func TestUpstreamProviderWithAnotherHashIsRefused(t *testing.T) {
	folder, _ := mirror(t)
	url, _ := releases(t)
	for name, provider := range map[string]upstreamProvider{
		"mirror":  {mirrors: []string{folder}, hashes: upstreamHashes, releases: "http://127.0.0.1:1"},
		"release": {releases: url, hashes: upstreamHashes},
	} {
		t.Run(name, func(t *testing.T) {
			target := filepath.Join(t.TempDir(), "provider")
			_, err := provider.obtain(t.Context(), target)
			require.ErrorContains(t, err, "is not one of version "+upstreamVersion)
			assert.NoFileExists(t, target)
		})
	}
}

func TestUpstreamProviderFromTheNextMirror(t *testing.T) {
	folder, hash := mirror(t)
	spoilt, _ := mirror(t)
	files, err := filepath.Glob(filepath.Join(spoilt, "*", "*", "*", "*", "*", binaryName))
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.NoError(t, os.WriteFile(files[0], []byte("something else"), 0o755))
	result, err := upstreamProvider{mirrors: []string{spoilt, folder}, hashes: []string{hash}}.
		obtain(t.Context(), filepath.Join(t.TempDir(), "provider"))
	require.NoError(t, err)
	assert.Contains(t, result, folder)
}

func TestUpstreamProviderThatIsNowhere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := upstreamProvider{releases: server.URL}.obtain(t.Context(), filepath.Join(t.TempDir(), "provider"))
	require.ErrorContains(t, err, "no Terraform mirror on this machine has hashicorp/aws "+upstreamVersion)
	assert.ErrorContains(t, err, "404")
}

func TestMirrorFoldersNeedNoSettings(t *testing.T) {
	folders := mirrorFolders(func(name string) string { return map[string]string{"HOME": "/home/u"}[name] })
	assert.Contains(t, folders, "/home/u/.terraform.d/plugins")
	assert.NotContains(t, folders, "")
}
