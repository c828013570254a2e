package sweeps_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The SDK's types of Kubernetes' own kinds, the operator's types and Kubernetes' clients are minutes of compiling each.
func TestTheProgramCompilesNoTypesOfKubernetesAPIs(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", ".")
	list.Dir = "../.."
	packages, err := list.Output()
	require.NoError(t, err)
	const sdk = "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	cheap := map[string]bool{sdk: true, sdk + "/utilities": true, sdk + "/helm/v4": true}
	dear := []string{"github.com/kube-logging/", "github.com/cisco-open/", "github.com/prometheus-operator/", "k8s.io/api/", "k8s.io/client-go/", "sigs.k8s.io/"}
	for name := range strings.FieldsSeq(string(packages)) {
		assert.False(t, strings.HasPrefix(name, sdk) && !cheap[name], name)
		for _, prefix := range dear {
			assert.False(t, strings.HasPrefix(name, prefix), name)
		}
	}
}
