package operator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"example.com/log-pipeline/tests/operator"
)

// clusterOutput is a valid custom resource.
func clusterOutput() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "logging.banzaicloud.io/v1beta1",
		"kind":       "ClusterOutput",
		"metadata":   map[string]any{"name": "stream", "namespace": "logging"},
		"spec": map[string]any{
			"kinesisStream": map[string]any{
				"stream_name": "logs",
				// Numbers of a Pulumi program are floating point.
				"retries_on_batch_request": 50.0,
				"assume_role_credentials": map[string]any{
					"role_arn": "arn:aws:iam::111111111111:role/writer", "role_session_name": "fluentd",
				},
				"buffer": map[string]any{"type": "file", "flush_interval": "10s"},
			},
		},
	}}
}

func TestValidCustomResourcePasses(t *testing.T) {
	object := clusterOutput()
	require.NoError(t, operator.Validate(definitions(t), object))
	assert.Equal(t, clusterOutput(), object, "the object stays as it is")
}

func TestInvalidCustomResourceIsRefusedWithItsPaths(t *testing.T) {
	set := func(value any, path ...string) func(*unstructured.Unstructured) {
		return func(o *unstructured.Unstructured) {
			if err := unstructured.SetNestedField(o.Object, value, path...); err != nil {
				panic(err)
			}
		}
	}
	remove := func(path ...string) func(*unstructured.Unstructured) {
		return func(o *unstructured.Unstructured) { unstructured.RemoveNestedField(o.Object, path...) }
	}
	for name, test := range map[string]struct {
		change func(*unstructured.Unstructured)
		want   string
	}{
		"misspelt field":          {set("10s", "spec", "kinesisStream", "buffer", "flush_intervall"), "spec.kinesisStream.buffer.flush_intervall: unknown field"},
		"misspelt metadata":       {set("x", "metadata", "lables"), "metadata.lables: unknown field"},
		"malformed metadata":      {set("x", "metadata", "labels"), "metadata: Invalid value"},
		"missing required field":  {remove("spec", "kinesisStream", "assume_role_credentials", "role_session_name"), "spec.kinesisStream.assume_role_credentials.role_session_name: Required value"},
		"wrong type":              {set("50", "spec", "kinesisStream", "retries_on_batch_request"), "spec.kinesisStream.retries_on_batch_request: Invalid value"},
		"fraction for an integer": {set(0.5, "spec", "kinesisStream", "retries_on_batch_request"), "spec.kinesisStream.retries_on_batch_request: Invalid value"},
		"value not allowed":       {set("jsn", "spec", "kinesisStream", "format", "type"), `spec.kinesisStream.format.type: Unsupported value: "jsn"`},
		"no namespace":            {remove("metadata", "namespace"), "metadata.namespace: Required value"},
		"impossible name":         {set("The Stream", "metadata", "name"), "metadata.name: Invalid value"},
		"unknown kind":            {set("ClusterOutputs", "kind"), `"logging.banzaicloud.io/v1beta1" defines no kind "ClusterOutputs"`},
		"unknown version":         {set("logging.banzaicloud.io/v1", "apiVersion"), `"logging.banzaicloud.io/v1" defines no kind "ClusterOutput"`},
	} {
		t.Run(name, func(t *testing.T) {
			object := clusterOutput()
			test.change(object)
			require.ErrorContains(t, operator.Validate(definitions(t), object), test.want)
		})
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	object := clusterOutput()
	spec := object.Object["spec"].(map[string]any)["kinesisStream"].(map[string]any)
	spec["buffer"] = map[string]any{"flush_intervall": "10s", "timekey_zone": 7}
	delete(spec["assume_role_credentials"].(map[string]any), "role_session_name")
	err := operator.Validate(definitions(t), object)
	for _, want := range []string{
		"ClusterOutput logging/stream: ",
		"spec.kinesisStream.buffer.flush_intervall: unknown field",
		"spec.kinesisStream.buffer.timekey_zone: Invalid value",
		"spec.kinesisStream.assume_role_credentials.role_session_name: Required value",
	} {
		assert.ErrorContains(t, err, want)
	}
}

// The operator's own definitions have no rule that holds for a new object, and few defaults: this one has.
func TestRulesDefaultsAndSetsOfADefinitionHold(t *testing.T) {
	var definition apiextensionsv1.CustomResourceDefinition
	require.NoError(t, yaml.UnmarshalStrict([]byte(`
spec:
  group: example.com
  names: {kind: Pair}
  scope: Cluster
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [least]
            x-kubernetes-validations: [{rule: self.least <= self.most, message: least is more than most}]
            properties:
              least: {type: integer, default: 2}
              most: {type: integer}
              tags: {type: array, items: {type: string}, x-kubernetes-list-type: set}
`), &definition))
	pair := func(spec map[string]any) error {
		return operator.Validate([]*apiextensionsv1.CustomResourceDefinition{&definition}, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "example.com/v1", "kind": "Pair", "metadata": map[string]any{"name": "a"}, "spec": spec,
		}})
	}
	require.NoError(t, pair(map[string]any{"most": 2}))
	require.ErrorContains(t, pair(map[string]any{"most": 1}), "spec: Invalid value: \"object\": least is more than most")
	require.ErrorContains(t, pair(map[string]any{"most": 2, "tags": []any{"a", "a"}}), "spec.tags[1]: Duplicate value")
}
