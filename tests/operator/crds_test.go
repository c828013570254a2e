package operator_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
	"sigs.k8s.io/yaml"

	"example.com/log-pipeline/tests/operator"
)

// crdsOnce makes the definitions once for all tests: it takes seconds.
var crdsOnce = sync.OnceValues(func() ([]*apiextensionsv1.CustomResourceDefinition, error) {
	return operator.CRDs(context.Background())
})

func definitions(t *testing.T) []*apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	crds, err := crdsOnce()
	require.NoError(t, err)
	return crds
}

// The release's own definitions stand in its module, with descriptions.
func TestCRDsAreThoseOfTheOperatorsRelease(t *testing.T) {
	folder, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/kube-logging/logging-operator").Output()
	require.NoError(t, err)
	released, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(folder)), "charts/logging-operator/crds/logging.banzaicloud.io_*.yaml"))
	require.NoError(t, err)
	crds := definitions(t)
	require.Len(t, crds, len(released))

	want := make(map[string]string)
	for _, path := range released {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var definition apiextensionsv1.CustomResourceDefinition
		require.NoError(t, yaml.UnmarshalStrict(text, &definition), path)
		for _, version := range definition.Spec.Versions {
			crd.TruncateDescription(version.Schema.OpenAPIV3Schema, 0)
		}
		want[definition.Name] = asJSON(t, definition.Spec)
	}
	for _, definition := range crds {
		assert.Equal(t, "apiextensions.k8s.io/v1 CustomResourceDefinition", definition.APIVersion+" "+definition.Kind)
		assert.JSONEq(t, want[definition.Name], asJSON(t, definition.Spec), definition.Name)
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}
