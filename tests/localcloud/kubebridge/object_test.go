package kubebridge

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

func encode(t *testing.T, of map[string]any) *structpb.Struct {
	t.Helper()
	made, err := structpb.NewStruct(of)
	require.NoError(t, err)
	return made
}

// flow is a Flow's inputs, changed by edit.
func flow(edit func(of, metadata map[string]any)) map[string]any {
	metadata := map[string]any{"name": "app", "namespace": "shop"}
	of := map[string]any{
		"apiVersion": "logging.banzaicloud.io/v1beta1", "kind": "Flow", "metadata": metadata,
		"spec": map[string]any{"localOutputRefs": []any{"stream"}},
	}
	if edit != nil {
		edit(of, metadata)
	}
	return of
}

const flowType = "kubernetes:logging.banzaicloud.io/v1beta1:Flow"

func TestKindsOfTypes(t *testing.T) {
	for token, wanted := range map[string][2]string{
		flowType:                       {"logging.banzaicloud.io/v1beta1", "Flow"},
		"kubernetes:core/v1:Namespace": {"v1", "Namespace"},
		"kubernetes:policy/v1:PodDisruptionBudget": {"policy/v1", "PodDisruptionBudget"},
	} {
		apiVersion, name, err := kindOf(token)
		require.NoError(t, err, token)
		assert.Equal(t, wanted[0], apiVersion, token)
		assert.Equal(t, wanted[1], name, token)
	}
}

func TestTypesThatAreNoObjectAreRefusedInASentence(t *testing.T) {
	for token, sentence := range map[string]string{
		"kubernetes:helm.sh/v3:Release":       "charts and files are off in the local cloud",
		"kubernetes:yaml/v2:ConfigFile":       "charts and files are off in the local cloud",
		"kubernetes:index:Thing":              "allowed is kubernetes:GROUP/VERSION:KIND",
		"kubernetes:core/v1:NamespacePatch":   `"Namespace" does not fit the type kubernetes:core/v1:NamespacePatch`,
		"kubernetes:core/v1:ConfigMap":        `"Namespace" does not fit the type`,
		"kubernetes:example.com/v1:Namespace": `"v1" does not fit the type`,
	} {
		_, failures := newObject(token, encode(t, map[string]any{
			"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "logging"},
		}))
		require.Len(t, failures, 1, token)
		assert.Contains(t, failures[0].GetReason(), sentence, token)
	}
}

func TestAnObjectNeedsAName(t *testing.T) {
	answer, err := (&server{}).Check(t.Context(), &pulumirpc.CheckRequest{Type: flowType, News: encode(t, flow(
		func(_, metadata map[string]any) { delete(metadata, "name") }))})
	require.NoError(t, err)
	require.Len(t, answer.GetFailures(), 1)
	assert.Equal(t, "metadata.name", answer.GetFailures()[0].GetProperty())
}

func TestDifferencesOfInputs(t *testing.T) {
	for name, c := range map[string]struct {
		edit     func(of, metadata map[string]any)
		changed  []string
		replaces []string
		first    bool
	}{
		"none":          {edit: nil},
		"null is none":  {edit: func(of, _ map[string]any) { of["status"] = nil }},
		"a field":       {edit: func(of, _ map[string]any) { of["spec"] = map[string]any{} }, changed: []string{"spec.localOutputRefs"}},
		"a new label":   {edit: func(_, m map[string]any) { m["labels"] = map[string]any{"a": "b"} }, changed: []string{"metadata.labels"}},
		"the name":      {edit: func(_, m map[string]any) { m["name"] = "other" }, replaces: []string{"metadata.name"}},
		"the namespace": {edit: func(_, m map[string]any) { m["namespace"] = "other" }, replaces: []string{"metadata.namespace"}},
		"the version": {
			edit:     func(of, _ map[string]any) { of["apiVersion"] = "logging.banzaicloud.io/v1alpha1" },
			replaces: []string{"apiVersion"}, first: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := (&server{}).Diff(t.Context(), &pulumirpc.DiffRequest{
				OldInputs: encode(t, flow(nil)), News: encode(t, flow(c.edit)),
				// What the server added is no difference.
				Olds: encode(t, flow(func(_, m map[string]any) { m["uid"] = "1" })),
			})
			require.NoError(t, err)
			all := append(c.changed, c.replaces...)
			assert.Equal(t, len(all) > 0, answer.GetChanges() == pulumirpc.DiffResponse_DIFF_SOME)
			assert.ElementsMatch(t, all, slices.Collect(maps.Keys(answer.GetDetailedDiff())))
			assert.ElementsMatch(t, c.replaces, answer.GetReplaces())
			assert.Equal(t, c.first, answer.GetDeleteBeforeReplace())
		})
	}
}

func TestOnlyTheClusterThatIsToldIsReached(t *testing.T) {
	given := map[string]any{"kubeconfig": "/k", "enableServerSideApply": "true", "clusterIdentifier": "a"}
	_, failures := parseSettings(encode(t, given))
	assert.Empty(t, failures)
	for property, value := range map[string]any{
		"kubeconfig": " ", "enableServerSideApply": "false", "renderYamlToDirectory": "/out", "cluster": "x",
	} {
		wrong := map[string]any{"kubeconfig": "/k"}
		wrong[property] = value
		_, failures := parseSettings(encode(t, wrong))
		require.Len(t, failures, 1, property)
		assert.Equal(t, property, failures[0].GetProperty())
	}
	_, err := Connect("/no/such/file", "")
	require.ErrorContains(t, err, "neither the path of a file")
}

func TestAProviderIsReplacedWithItsClusterOnly(t *testing.T) {
	old := encode(t, map[string]any{"kubeconfig": "/k", "clusterIdentifier": "a"})
	for identifier, replaces := range map[string][]string{"a": nil, "b": {"clusterIdentifier"}} {
		answer, err := (&server{}).DiffConfig(t.Context(), &pulumirpc.DiffRequest{
			OldInputs: old, News: encode(t, map[string]any{"kubeconfig": "/elsewhere", "clusterIdentifier": identifier}),
		})
		require.NoError(t, err)
		assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, answer.GetChanges())
		assert.Equal(t, replaces, answer.GetReplaces())
	}
}

// A preview may come before the cluster that it is for.
func TestAPreviewPassesWhileTheKubeconfigIsUnknown(t *testing.T) {
	s := &server{}
	_, err := s.Configure(t.Context(), &pulumirpc.ConfigureRequest{Args: encode(t, map[string]any{"kubeconfig": plugin.UnknownStringValue})})
	require.NoError(t, err)
	answer, err := s.Create(t.Context(), &pulumirpc.CreateRequest{Preview: true, Type: flowType, Properties: encode(t, flow(nil))})
	require.NoError(t, err)
	assert.Equal(t, "Flow", answer.GetProperties().AsMap()["kind"])
}

func TestInputsOfARefreshAreTheFieldsThatWereGiven(t *testing.T) {
	found := fromStruct(encode(t, flow(func(of, metadata map[string]any) {
		metadata["uid"] = "1"
		of["spec"] = map[string]any{"localOutputRefs": []any{"other"}, "defaulted": true}
	})))
	assert.Equal(t, map[string]any{"localOutputRefs": []any{"other"}}, inputsOf(found, encode(t, flow(nil)))["spec"])
	imported := inputsOf(found, nil)
	assert.Equal(t, map[string]any{"name": "app", "namespace": "shop"}, imported["metadata"])
}

func TestChartsAreOff(t *testing.T) {
	_, err := (&server{}).Construct(t.Context(), &pulumirpc.ConstructRequest{Type: "kubernetes:helm.sh/v4:Chart"})
	require.ErrorContains(t, err, "kubernetes:helm.sh/v4:Chart: charts and files are off in the local cloud")
}
