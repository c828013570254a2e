//go:build localcloud

package kubebridge_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"example.com/log-pipeline/tests/localcloud/apiserver"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

const (
	outputType    = "kubernetes:logging.banzaicloud.io/v1beta1:Output"
	namespaceType = "kubernetes:core/v1:Namespace"
)

// startServer starts the API server that `make e2e` has built, with the
// operator's kinds.
func startServer(t *testing.T) *apiserver.Server {
	t.Helper()
	tools, err := filepath.Abs("../../../.tools")
	require.NoError(t, err)
	definitions, err := os.ReadFile(filepath.Join(tools, "operator-crds.json"))
	require.NoError(t, err)
	server, err := apiserver.Start(t.Context(), apiserver.Programs{
		APIServer: filepath.Join(tools, "bin", "kube-apiserver"), Etcd: filepath.Join(tools, "bin", "etcd"),
	}, filepath.Join(t.TempDir(), "server"), os.Environ(), "test", definitions)
	require.NoError(t, err)
	t.Cleanup(server.Kill)
	return server
}

// provider is one that was configured as the engine does it.
type provider struct {
	pulumirpc.ResourceProviderServer
}

func newProvider(t *testing.T, kubeconfig string) provider {
	t.Helper()
	p := provider{kubebridge.New()}
	_, err := p.Configure(t.Context(), &pulumirpc.ConfigureRequest{Args: properties(t, map[string]any{"kubeconfig": kubeconfig})})
	require.NoError(t, err)
	return p
}

func properties(t *testing.T, of map[string]any) *structpb.Struct {
	t.Helper()
	made, err := structpb.NewStruct(of)
	require.NoError(t, err)
	return made
}

// output is an Output's inputs, with these settings of its stream.
func output(namespace string, stream map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "logging.banzaicloud.io/v1beta1", "kind": "Output",
		"metadata": map[string]any{"name": "stream", "namespace": namespace},
		"spec":     map[string]any{"kinesisStream": stream},
	}
}

func namespace(name string) map[string]any {
	return map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}
}

func (p provider) create(t *testing.T, token string, inputs map[string]any, preview bool) (*pulumirpc.CreateResponse, error) {
	t.Helper()
	return p.Create(t.Context(), &pulumirpc.CreateRequest{Type: token, Properties: properties(t, inputs), Preview: preview})
}

func (p provider) update(t *testing.T, old *pulumirpc.CreateResponse, inputs map[string]any, preview bool) (*pulumirpc.UpdateResponse, error) {
	t.Helper()
	return p.Update(t.Context(), &pulumirpc.UpdateRequest{
		Type: outputType, Id: old.GetId(), Olds: old.GetProperties(), News: properties(t, inputs), Preview: preview,
	})
}

// TestObjectsInARealAPIServer is one server's life, since it takes seconds to start.
func TestObjectsInARealAPIServer(t *testing.T) {
	t.Setenv(kubebridge.OwnCluster, "true")
	server := startServer(t)
	p := newProvider(t, server.Kubeconfig())
	right := output("shop", map[string]any{"stream_name": "logs", "region": "eu-west-1"})

	t.Run("a preview checks what is in a namespace to come", func(t *testing.T) {
		_, err := p.create(t, outputType, right, true)
		require.NoError(t, err)
		_, err = p.create(t, outputType, output("shop", map[string]any{"stream_name": "logs", "regionn": "eu-west-1"}), true)
		require.ErrorContains(t, err, "spec.kinesisStream.regionn")
		_, err = p.create(t, outputType, output("shop", map[string]any{"region": "eu-west-1"}), true)
		require.ErrorContains(t, err, "spec.kinesisStream.stream_name")
	})
	t.Run("and what is unknown in part", func(t *testing.T) {
		_, err := p.create(t, outputType, output("shop", map[string]any{"stream_name": plugin.UnknownStringValue, "retries_on_batch_request": plugin.UnknownNumberValue}), true)
		require.NoError(t, err)
		_, err = p.create(t, outputType, output("shop", map[string]any{"stream_name": plugin.UnknownStringValue, "regionn": "x"}), true)
		require.ErrorContains(t, err, "spec.kinesisStream.regionn")
	})
	t.Run("a preview passes a kind that is not there yet, and up does not", func(t *testing.T) {
		monitor := map[string]any{
			"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": map[string]any{"name": "a", "namespace": "default"},
		}
		_, err := p.create(t, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor", monitor, true)
		require.NoError(t, err)
		_, err = p.create(t, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor", monitor, false)
		require.ErrorContains(t, err, "ServiceMonitor default/a: the API server does not know this kind in monitoring.coreos.com/v1")
	})

	shop, err := p.create(t, namespaceType, namespace("shop"), false)
	require.NoError(t, err)
	assert.Equal(t, "shop", shop.GetId())

	t.Run("a misspelt field is refused by its path and nothing is made", func(t *testing.T) {
		_, err := p.create(t, outputType, output("shop", map[string]any{
			"stream_name": "logs", "buffer": map[string]any{"flush_intervall": "5s"},
		}), false)
		require.ErrorContains(t, err, "Output shop/stream")
		require.ErrorContains(t, err, "spec.kinesisStream.buffer.flush_intervall")
		read, err := p.Read(t.Context(), &pulumirpc.ReadRequest{Type: outputType, Id: "shop/stream"})
		require.NoError(t, err)
		assert.Empty(t, read.GetId())
	})
	made, err := p.create(t, outputType, right, false)
	require.NoError(t, err)

	t.Run("an object is kept as it was given", func(t *testing.T) {
		assert.Equal(t, "shop/stream", made.GetId())
		read, err := p.Read(t.Context(), &pulumirpc.ReadRequest{Type: outputType, Id: "shop/stream", Inputs: properties(t, right)})
		require.NoError(t, err)
		assert.Equal(t, right, read.GetInputs().AsMap())
		assert.Equal(t, made.GetProperties().AsMap(), read.GetProperties().AsMap())
	})
	t.Run("a second apply changes nothing", func(t *testing.T) {
		again, err := p.update(t, made, right, false)
		require.NoError(t, err)
		assert.Equal(t, made.GetProperties().AsMap(), again.GetProperties().AsMap())
	})
	t.Run("a preview of an update changes nothing either, and checks", func(t *testing.T) {
		_, err := p.update(t, made, output("shop", map[string]any{"stream_name": "other"}), true)
		require.NoError(t, err)
		_, err = p.update(t, made, output("shop", map[string]any{"stream_name": "other", "regionn": "x"}), true)
		require.ErrorContains(t, err, "spec.kinesisStream.regionn")
		read, err := p.Read(t.Context(), &pulumirpc.ReadRequest{Type: outputType, Id: "shop/stream"})
		require.NoError(t, err)
		assert.Equal(t, made.GetProperties().AsMap(), read.GetProperties().AsMap())
	})
	t.Run("a field that is left out goes", func(t *testing.T) {
		changed, err := p.update(t, made, output("shop", map[string]any{"stream_name": "other"}), false)
		require.NoError(t, err)
		assert.Equal(t, map[string]any{"kinesisStream": map[string]any{"stream_name": "other"}}, changed.GetProperties().AsMap()["spec"])
	})
	t.Run("an object that is there already is not taken", func(t *testing.T) {
		_, err := p.create(t, outputType, right, false)
		require.ErrorContains(t, err, "Output shop/stream already exists in the cluster")
	})
	t.Run("but in a user's cluster it is, if a killed run made it", func(t *testing.T) {
		t.Setenv(kubebridge.OwnCluster, "false")
		_, err := p.create(t, outputType, right, false)
		require.NoError(t, err)
		_, err = p.create(t, namespaceType, namespace("kube-system"), false)
		require.ErrorContains(t, err, "Namespace kube-system already exists in the cluster")
	})
	t.Run("an object without a namespace gets the context's", func(t *testing.T) {
		nowhere := output("", map[string]any{"stream_name": "logs"})
		nowhere["metadata"] = map[string]any{"name": "stream"}
		checked, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Type: outputType, News: properties(t, nowhere)})
		require.NoError(t, err)
		assert.Equal(t, map[string]any{"name": "stream", "namespace": "default"}, checked.GetInputs().AsMap()["metadata"])
		checked, err = p.Check(t.Context(), &pulumirpc.CheckRequest{Type: namespaceType, News: properties(t, namespace("logging"))})
		require.NoError(t, err)
		assert.Equal(t, namespace("logging"), checked.GetInputs().AsMap())
	})
	t.Run("a deleted object is gone", func(t *testing.T) {
		for _, gone := range []struct{ token, id string }{{outputType, "shop/stream"}, {namespaceType, "shop"}} {
			start := time.Now()
			for range 2 { // the second finds nothing, which is fine
				_, err := p.Delete(t.Context(), &pulumirpc.DeleteRequest{Type: gone.token, Id: gone.id})
				require.NoError(t, err)
			}
			assert.Less(t, time.Since(start), 10*time.Second)
			read, err := p.Read(t.Context(), &pulumirpc.ReadRequest{Type: gone.token, Id: gone.id})
			require.NoError(t, err)
			assert.Empty(t, read.GetId())
		}
	})
	t.Run("whoever has no certificate of this server gets nothing", func(t *testing.T) {
		config, err := clientcmd.LoadFromFile(server.Kubeconfig())
		require.NoError(t, err)
		config.AuthInfos[apiserver.ContextName] = &clientcmdapi.AuthInfo{}
		stranger := filepath.Join(t.TempDir(), "kubeconfig")
		require.NoError(t, clientcmd.WriteToFile(*config, stranger))
		cluster, err := kubebridge.Connect(stranger, "")
		require.NoError(t, err)
		assert.False(t, cluster.Ready(t.Context()))
	})
	t.Run("a server that ended is not alive", func(t *testing.T) {
		assert.True(t, server.Alive(t.Context()))
		server.Kill()
		assert.Eventually(t, func() bool { return !server.Alive(context.Background()) }, 10*time.Second, 50*time.Millisecond)
	})
}
