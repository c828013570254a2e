package operator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"example.com/log-pipeline/stacks"
	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/operator"
	"example.com/log-pipeline/tests/operator/rendering"
)

func TestWhatEveryStackFileRegistersIsValid(t *testing.T) {
	paths, err := filepath.Glob("../../Pulumi.*.yaml")
	require.NoError(t, err)
	all := 0
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			recording, configured := deployStack(t, path)
			all += configured
			clusters := rendering.Clusters(recording)
			assert.Len(t, clusters, configured)
			for _, objects := range clusters {
				kinds := make(map[string]int)
				for _, object := range objects {
					if isOperators(object) {
						kinds[object.GetKind()]++
						require.NoError(t, operator.Validate(definitions(t), object))
						requireStrict(t, object)
					}
				}
				assert.Equal(t, 1, kinds["Logging"])
				assert.Equal(t, 1, kinds["FluentbitAgent"])
				assert.GreaterOrEqual(t, kinds["ClusterOutput"], 2, "one for logs, and one for those that fail")
				assert.Positive(t, kinds["ClusterFlow"])
				requireAccepted(t, objects)
			}
		})
	}
	assert.Positive(t, all, "no stack file configures clusters")
}

// requireStrict shows that the check of this very object finds a misspelt field.
func requireStrict(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	changed := object.DeepCopy()
	changed.Object["spec"].(map[string]any)["wrokers"] = true
	require.ErrorContains(t, operator.Validate(definitions(t), changed), "spec.wrokers: unknown field")
}

// requireAccepted shows that the operator has no fault to find with a cluster's objects, and makes configurations of them.
func requireAccepted(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	rendered, err := rendering.Render(t.Context(), objects)
	require.NoError(t, err)
	assert.Empty(t, rendered.Problems)
	_, err = rendering.ParseFluentd(rendered.Fluentd)
	require.NoError(t, err)
	_, err = rendering.ParseFluentBit(rendered.FluentBit)
	require.NoError(t, err)
}

func isOperators(object *unstructured.Unstructured) bool {
	return object.GroupVersionKind().Group == "logging.banzaicloud.io"
}

// deployStack runs the program with a stack file and the project's defaults, and counts the clusters in the file.
func deployStack(t *testing.T, path string) (recording *mocks.Recording, clusters int) {
	t.Helper()
	var project struct {
		Config map[string]struct {
			Default any `json:"default"`
		} `json:"config"`
	}
	readYAML(t, "../../Pulumi.yaml", &project)
	var stack struct {
		Config map[string]any `json:"config"`
	}
	readYAML(t, path, &stack)

	values := make(map[string]string)
	for name, key := range project.Config {
		if key.Default != nil {
			values["log-pipeline:"+name] = asConfig(t, key.Default)
		}
	}
	for name, value := range stack.Config {
		values[name] = asConfig(t, value)
	}
	config, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(config))
	recording, err = mocks.Up(stacks.Deploy)
	require.NoError(t, err)
	configured, _ := stack.Config["log-pipeline:clusters"].([]any)
	return recording, len(configured)
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, into))
}

// asConfig writes a value as the engine hands it to a program.
func asConfig(t *testing.T, value any) string {
	t.Helper()
	if text, isText := value.(string); isText {
		return text
	}
	return asJSON(t, value)
}
