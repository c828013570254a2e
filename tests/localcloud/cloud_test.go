package localcloud

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFolderOfSomethingElseIsNotTaken(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "precious")
	require.NoError(t, os.WriteFile(precious, nil, 0o600))
	_, err := Open(t.TempDir(), dir, io.Discard)
	require.ErrorContains(t, err, dir+" is not empty and no local cloud's folder")
	assert.FileExists(t, precious)
}

func TestACloudIsTakenByOneRunAtATimeAndLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cloud")
	cloud, err := Open(t.TempDir(), dir, io.Discard)
	require.NoError(t, err)
	_, err = Open(t.TempDir(), dir, io.Discard)
	require.ErrorContains(t, err, "is in use by another run")
	require.NoError(t, cloud.Close())

	again, err := Open(t.TempDir(), dir, io.Discard)
	require.NoError(t, err)
	require.NoError(t, again.Down(t.Context()))
	require.NoError(t, again.Close())
	assert.NoDirExists(t, dir)
}
