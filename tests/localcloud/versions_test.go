package localcloud

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

// required is the version of a module that a go.mod pins.
func required(t *testing.T, file, module string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	parsed, err := modfile.Parse(file, content, nil)
	require.NoError(t, err)
	for _, r := range parsed.Require {
		if r.Mod.Path == module {
			return r.Mod.Version
		}
	}
	require.Failf(t, "not required", "%s in %s", module, file)
	return ""
}

// The engine looks for the plugins of the versions that the program's SDKs name.
func TestVersionsAreThePinnedOnes(t *testing.T) {
	assert.Equal(t, "v"+awsbridge.Version, required(t, "../../go.mod", "github.com/pulumi/pulumi-aws/sdk/v6"))
	assert.Equal(t, "v"+kubebridge.Version, required(t, "../../go.mod", "github.com/pulumi/pulumi-kubernetes/sdk/v4"))
	assert.Equal(t, "v"+kubernetesVersion, required(t, "../../tools/kubernetes/go.mod", "k8s.io/kubernetes"))
	assert.Equal(t, "v"+etcdVersion, required(t, "../../tools/kubernetes/go.mod", "go.etcd.io/etcd/server/v3"))
	assert.Equal(t, "v"+pulumiVersion, required(t, "../../tools/go.mod", "github.com/pulumi/pulumi/pkg/v3"))
	assert.Equal(t, "v"+bridgeVersion, required(t, "../../tools/bridge/go.mod", "github.com/pulumi/pulumi-terraform-bridge/v3"))
}
