package rendering_test

import (
	"testing"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/operator/rendering"
)

// twoClusters registers an object in each of two clusters, and one with a secret.
func twoClusters(ctx *pulumi.Context) error {
	for _, cluster := range []string{"eu", "us"} {
		provider, err := kubernetes.NewProvider(ctx, cluster, &kubernetes.ProviderArgs{Context: pulumi.String(cluster)})
		if err != nil {
			return err
		}
		_, err = corev1.NewNamespace(ctx, cluster+"-namespace", &corev1.NamespaceArgs{
			Metadata: metav1.ObjectMetaArgs{Name: pulumi.String("logging-" + cluster)},
		}, pulumi.Provider(provider))
		if err != nil {
			return err
		}
		_, err = apiextensions.NewCustomResource(ctx, cluster+"-output", &apiextensions.CustomResourceArgs{
			ApiVersion: pulumi.String("logging.banzaicloud.io/v1beta1"),
			Kind:       pulumi.String("ClusterOutput"),
			Metadata:   metav1.ObjectMetaArgs{Name: pulumi.String("stream"), Namespace: pulumi.String("logging-" + cluster)},
			OtherFields: kubernetes.UntypedArgs{"spec": map[string]any{
				"kinesisStream": map[string]any{"stream_name": pulumi.ToSecret(pulumi.String("logs"))},
			}},
		}, pulumi.Provider(provider))
		if err != nil {
			return err
		}
	}
	return nil
}

func TestObjectsAreWhatTheAPIServerGets(t *testing.T) {
	recording, err := mocks.Up(twoClusters)
	require.NoError(t, err)
	objects := rendering.Objects(recording)
	require.Len(t, objects, 4, "no providers")
	assert.Equal(t, map[string]any{
		"apiVersion": "logging.banzaicloud.io/v1beta1", "kind": "ClusterOutput",
		"metadata": map[string]any{"name": "stream", "namespace": "logging-eu"},
		"spec":     map[string]any{"kinesisStream": map[string]any{"stream_name": "logs"}},
	}, objects[0].Object)
	assert.Equal(t, "Namespace", objects[3].GetKind())
	assert.Equal(t, "logging-us", objects[3].GetName())
}

func TestClustersAreToldApartByTheirProviders(t *testing.T) {
	recording, err := mocks.Up(twoClusters)
	require.NoError(t, err)
	clusters := rendering.Clusters(recording)
	require.Len(t, clusters, 2)
	for _, cluster := range []string{"eu", "us"} {
		require.Len(t, clusters[cluster], 2)
		assert.Equal(t, "logging-"+cluster, clusters[cluster][0].GetNamespace())
		assert.Equal(t, "logging-"+cluster, clusters[cluster][1].GetName())
	}
}
