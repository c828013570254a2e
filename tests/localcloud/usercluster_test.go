package localcloud

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// kubeconfig has the contexts kind and production, of which that is current.
func kubeconfig(t *testing.T) string {
	t.Helper()
	config := clientcmdapi.NewConfig()
	for _, name := range []string{"kind", "production"} {
		config.Clusters[name] = &clientcmdapi.Cluster{Server: "https://" + name + ".example.com", CertificateAuthority: "ca.crt"}
		config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: "token-of-" + name}
		config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	}
	config.CurrentContext = "production"
	file := filepath.Join(t.TempDir(), "config")
	require.NoError(t, clientcmd.WriteToFile(*config, file))
	return file
}

func TestTheAmbientClusterIsNotTaken(t *testing.T) {
	t.Setenv("KUBECONFIG", kubeconfig(t))
	named, err := namedCluster()
	require.NoError(t, err)
	assert.Nil(t, named)
	assert.NotContains(t, environment(t.TempDir()), "KUBECONFIG="+os.Getenv("KUBECONFIG"))
}

func TestTheClusterThatIsNamedIsTakenAlone(t *testing.T) {
	file := kubeconfig(t)
	t.Setenv(KubeconfigVariable, file)
	t.Setenv(ContextVariable, "kind")
	named, err := namedCluster()
	require.NoError(t, err)
	e := &engine{dir: t.TempDir()}
	require.NoError(t, named.keep(e.userKubeconfig()))

	kept, err := clientcmd.LoadFromFile(e.userKubeconfig())
	require.NoError(t, err)
	assert.Equal(t, "local", kept.CurrentContext, "the local stack has it under this name")
	assert.Len(t, kept.AuthInfos, 1, "no credentials of another cluster")
	assert.Equal(t, filepath.Join(filepath.Dir(file), "ca.crt"), kept.Clusters["kind"].CertificateAuthority)
	last, err := e.lastCluster()
	require.NoError(t, err)
	assert.Equal(t, "kind", last.context)
	assert.Equal(t, "https://kind.example.com", last.server)
}

func TestAClusterThatIsNotThereIsNoCluster(t *testing.T) {
	t.Setenv(ContextVariable, "staging")
	_, err := namedCluster()
	require.ErrorContains(t, err, KubeconfigVariable+" is not set")
	t.Setenv(KubeconfigVariable, kubeconfig(t))
	_, err = namedCluster()
	require.ErrorContains(t, err, `has no context "staging": allowed are kind, production`)
	t.Setenv(KubeconfigVariable, "/no/such/file")
	_, err = namedCluster()
	require.ErrorContains(t, err, "/no/such/file")
}

// State that is forgotten would leave objects in the user's cluster that no
// destroy finds.
func TestObjectsInAUsersClusterAreNotForgotten(t *testing.T) {
	state := checkpoint{exists: true, resources: []Resource{{Type: "kubernetes:core/v1:Namespace", ID: "logging"}}}
	kind, other := &userCluster{context: "kind", server: "https://kind"}, &userCluster{server: "https://other"}
	for name, c := range map[string]struct {
		now     *userCluster
		found   last
		refused bool
	}{
		"the same":      {now: &userCluster{server: "https://kind"}, found: last{user: kind, state: state}},
		"another":       {now: other, found: last{user: kind, state: state}, refused: true},
		"the cloud's":   {found: last{user: kind, state: state}, refused: true},
		"empty":         {now: other, found: last{user: kind}},
		"was the cloud": {now: other, found: last{state: state}},
	} {
		err := (&Cloud{user: c.now}).requireSameUser(c.found)
		if c.refused {
			require.ErrorContains(t, err, "the last run's objects are still in the cluster https://kind of the context kind", name)
		} else {
			require.NoError(t, err, name)
		}
	}
}

// Nothing knows what there is after a run that was killed.
func TestDownNamesTheObjectsThatItCannotDelete(t *testing.T) {
	t.Setenv(KubeconfigVariable, kubeconfig(t))
	named, err := namedCluster()
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "cloud")
	var printed bytes.Buffer
	cloud, err := Open(t.TempDir(), dir, &printed)
	require.NoError(t, err)
	require.NoError(t, named.keep(cloud.userKubeconfig()))
	stacks := filepath.Join(cloud.stateDir(), ".pulumi", "stacks", "log-pipeline")
	require.NoError(t, os.MkdirAll(stacks, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(stacks, "local.json"), []byte(`{"checkpoint": {"latest": {"resources": [
		{"type": "aws:kms/key:Key", "id": "1"}, {"type": "kubernetes:core/v1:Namespace", "id": "logging"}]}}}`), 0o600))

	require.NoError(t, cloud.Down(t.Context()))
	require.NoError(t, cloud.Close())
	assert.Equal(t, "The last run cannot be gone on with, so these objects may still be in the cluster https://production.example.com:\n"+
		"  kubernetes:core/v1:Namespace logging\n", printed.String())
	assert.NoDirExists(t, dir)
}
