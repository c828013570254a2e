//go:build localcloud

package localcloud_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

const outputType = "kubernetes:logging.banzaicloud.io/v1beta1:Output"

// newCloudDir is a folder whose cloud is ended with the test.
func newCloudDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cloud")
	t.Cleanup(func() {
		cloud, err := localcloud.Open(".", dir, io.Discard)
		require.NoError(t, err)
		assert.NoError(t, cloud.Down(context.Background())) // the test's own context has ended by now
	})
	return dir
}

// openCloud is a cloud whose program has one Output with this setting.
func openCloud(t *testing.T, dir, setting, value string) (*localcloud.Cloud, *bytes.Buffer) {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	printed := &bytes.Buffer{}
	cloud, err := localcloud.Open(root, dir, printed)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(printed.String())
		}
		assert.NoError(t, cloud.Close())
	})
	cloud.Program = filepath.Join(root, "tests", "localcloud", "testdata", "object")
	set(cloud, setting, value)
	return cloud, printed
}

func set(cloud *localcloud.Cloud, setting, value string) {
	cloud.Settings = map[string]any{
		"log-pipeline:setting": setting, "log-pipeline:value": value,
		"log-pipeline:search": map[string]any{"enabled": false},
	}
}

func TestObjectsOfTheOwnCluster(t *testing.T) {
	dir := newCloudDir(t)
	cloud, printed := openCloud(t, dir, "regionn", "eu-west-1")

	for name, do := range map[string]func() error{
		"preview": func() error { return cloud.Preview(t.Context(), false) },
		"up":      func() error { return cloud.Up(t.Context()) },
	} {
		printed.Reset()
		require.Error(t, do(), name)
		assert.True(t, strings.Contains(printed.String(), "Output default/stream: ") &&
			strings.Contains(printed.String(), ".spec.kinesisStream.regionn: field not declared in schema"), name)
		assert.False(t, strings.Contains(printed.String(), "rpc error"), name)
	}
	set(cloud, "region", "eu-west-1")
	require.NoError(t, cloud.Up(t.Context()))
	require.NoError(t, cloud.Preview(t.Context(), true))
	objects, err := cloud.Objects()
	require.NoError(t, err)
	require.Len(t, objects, 1)
	assert.Equal(t, "default/stream", objects[0].ID)

	set(cloud, "region", "eu-west-2")
	changes, err := cloud.Changes(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]string{objects[0].URN: "update"}, changes)
	require.NoError(t, cloud.Up(t.Context()))
	var shown bytes.Buffer
	require.NoError(t, cloud.ShowObjects(t.Context(), &shown))
	assert.Contains(t, shown.String(), "region: eu-west-2")

	require.NoError(t, cloud.Destroy(t.Context()))
	requireAbsent(t, cloud.Kubeconfig())

	killServer(t, dir)
	require.ErrorContains(t, cloud.Up(t.Context()), "the API server ended while the engine worked")
	require.NoError(t, cloud.Close())
	cloud, printed = openCloud(t, dir, "region", "eu-west-1")
	require.NoError(t, cloud.Preview(t.Context(), false))
	assert.Contains(t, printed.String(), "The API server that held the objects is gone, so the state describes nothing: starting all afresh.")
	require.NoError(t, cloud.Down(t.Context()))
	running, err := localcloud.Processes(dir)
	require.NoError(t, err)
	assert.Empty(t, running)
}

func killServer(t *testing.T, dir string) {
	t.Helper()
	running, err := localcloud.Processes(dir)
	require.NoError(t, err)
	for _, p := range running {
		if name, _ := p.Name(); name == "kube-apiserver" {
			require.NoError(t, p.Kill())
			return
		}
	}
	require.Fail(t, "no API server runs")
}

// TestObjectsOfAUsersCluster has an API server of its own for the user's cluster.
func TestObjectsOfAUsersCluster(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	tools, err := localcloud.EnsureTools(t.Context(), root, os.Stderr)
	require.NoError(t, err)
	server, err := tools.StartServer(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(server.Kill)
	t.Setenv(localcloud.KubeconfigVariable, server.Kubeconfig())

	cloud, printed := openCloud(t, newCloudDir(t), "region", "eu-west-1")
	require.NoError(t, cloud.Up(t.Context()))
	assert.True(t, strings.Contains(printed.String(), server.URL()+", with 0 of the operator's kinds added"))
	var shown bytes.Buffer
	require.NoError(t, cloud.ShowObjects(t.Context(), &shown))
	assert.Contains(t, shown.String(), "region: eu-west-1")
	running, err := localcloud.Processes(filepath.Dir(cloud.Kubeconfig()))
	require.NoError(t, err)
	assert.Len(t, running, 1, "the emulator, and no API server")

	t.Setenv(localcloud.KubeconfigVariable, "") // down needs no more than what the last run kept
	require.NoError(t, cloud.Down(t.Context()))
	requireAbsent(t, server.Kubeconfig())
	assert.True(t, server.Alive(t.Context()))
}

// requireAbsent has the cluster know the kind, and no object of it.
func requireAbsent(t *testing.T, kubeconfig string) {
	t.Helper()
	cluster, err := kubebridge.Connect(kubeconfig, "")
	require.NoError(t, err)
	_, err = cluster.Show(t.Context(), outputType, "default/stream")
	require.ErrorContains(t, err, "Output default/stream is not in the cluster")
}
