package stacks_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

const (
	clusterProviderType = "pulumi:providers:kubernetes"
	systemType          = "kubernetes:logging.banzaicloud.io/v1beta1:Logging"
	clusterOutputType   = "kubernetes:logging.banzaicloud.io/v1beta1:ClusterOutput"
)

// deployClusters runs the program with two clusters in an account of their own.
func deployClusters(t *testing.T, changes map[string]string) *mocks.Recording {
	t.Helper()
	config := map[string]string{
		"accounts.service.id":      "222222222222",
		"accounts.service.roleArn": "arn:aws:iam::222222222222:role/deploy",
		"access.writerExternalId":  "between-us",
		"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/A","nodes":3},` +
			`{"name":"bank","context":"bank-eu","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/B","nodes":3}]`,
	}
	maps.Copy(config, changes)
	recording, err := deploy(t, config)
	require.NoError(t, err)
	return recording
}

func TestEveryClusterHasAProvider(t *testing.T) {
	recording := deployClusters(t, map[string]string{"kubeconfig": "/etc/kubeconfig"})
	require.Len(t, recording.OfType(clusterProviderType), 2)
	bank := recording.Named(t, "cluster-bank")
	assert.Equal(t, "bank-eu", bank.Get("context"))
	assert.Equal(t, "/etc/kubeconfig", bank.Get("kubeconfig"))
	assert.Equal(t, "https://oidc.eks.eu-central-1.amazonaws.com/id/B", bank.Get("clusterIdentifier"))

	for _, r := range recording.All() {
		if strings.HasPrefix(r.Type, "kubernetes:") {
			name, _, _ := strings.Cut(r.Name, "-")
			assert.Contains(t, r.Provider, recording.Named(t, "cluster-"+name).URN, r.URN)
		}
	}
}

func TestPodsAreOfTheServiceAccountAndTheWriterOfTheDataAccount(t *testing.T) {
	recording := deployClusters(t, nil)
	data, service := recording.Named(t, "data").URN, recording.Named(t, "service").URN
	for name, provider := range map[string]string{
		"shop-role": service, "shop-oidc": service, "bank-role": service, "writer-role": data, "raw-role": data,
	} {
		assert.Contains(t, recording.Named(t, name).Provider, provider, name)
	}
	trusted := recording.Named(t, "writer-role").Policy(t, "assumeRolePolicy").Named(t, "Producers")
	assert.Equal(t, []string{
		"arn:aws:iam::222222222222:role/log-pipeline-test-bank-fluentd", "arn:aws:iam::222222222222:role/log-pipeline-test-shop-fluentd",
	}, slices.Sorted(slices.Values(trusted.Condition["StringEquals"]["aws:PrincipalArn"])))
}

// Firehose reads a stream from the moment of its own creation: what comes before is in no object.
func TestNoLogLeavesBeforeItIsRead(t *testing.T) {
	recording := deployClusters(t, nil)
	delivery := recording.OfType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")[0]
	writer := recording.Named(t, "writer-role-policy")
	assert.True(t, recording.Named(t, "writer-role").DependsOn(delivery), "whoever waits for the role writes at once")
	systems := recording.OfType(systemType)
	require.Len(t, systems, 2)
	for _, system := range systems {
		assert.True(t, system.DependsOn(delivery), system.URN)
		assert.True(t, system.DependsOn(writer), system.URN)
	}
}

func TestTheWayOfFluentdIsThatOfTheRoles(t *testing.T) {
	recording := deployClusters(t, map[string]string{"logging.outputs": `["stream","s3"]`})
	var names []string
	for _, output := range recording.OfType(clusterOutputType) {
		if !strings.HasPrefix(output.Name, "shop-") {
			continue
		}
		name := output.Get("metadata", "name").(string)
		names = append(names, name)
		switch spec := output.Get("spec").(map[string]any); name {
		case "stream":
			stream := spec["kinesisStream"].(map[string]any)
			assert.Equal(t, "log-pipeline-test-logs", stream["stream_name"])
			assert.Equal(t, map[string]any{
				"role_arn": "arn:aws:iam::111111111111:role/log-pipeline-test-writer", "external_id": "between-us",
				"role_session_name": "log-pipeline-shop", "duration_seconds": "3600",
			}, stream["assume_role_credentials"])
		case "s3":
			assert.Contains(t, spec["s3"].(map[string]any)["s3_bucket"], "lake-raw")
			assert.Contains(t, spec["s3"].(map[string]any)["path"], "direct/")
		case "failed":
			assert.Contains(t, spec["s3"].(map[string]any)["s3_bucket"], "lake-failed")
			assert.Contains(t, spec["s3"].(map[string]any)["path"], "fluentd/")
		}
	}
	assert.Subset(t, names, []string{"stream", "s3", "failed"})
	statements := recording.Named(t, "writer-role-policy").Policy(t, "policy")
	assert.Contains(t, statements.Named(t, "WriteObjects1").Resource[0], "/fluentd/*")
	assert.Contains(t, statements.Named(t, "WriteObjects2").Resource[0], "/direct/*")
	rules := recording.Named(t, "lake-raw-lifecycle").Get("rules").([]any)
	assert.True(t, slices.ContainsFunc(rules, func(rule any) bool { return rule.(map[string]any)["id"] == "direct-objects" }))
}

func TestOneHalfAlone(t *testing.T) {
	t.Run("the data account's", func(t *testing.T) {
		recording := deployClusters(t, map[string]string{"accounts.side": "data", "accounts.service.roleArn": ""})
		for _, r := range recording.All() {
			assert.NotContains(t, r.Type, "kubernetes", r.URN)
			assert.NotEqual(t, "service", r.Name)
		}
		recording.Named(t, "writer-role")
	})
	t.Run("the service account's", func(t *testing.T) {
		recording := deployClusters(t, map[string]string{"accounts.side": "service", "access.failedBucketName": "failed-0a1b2c3"})
		for _, r := range recording.All() {
			if strings.HasPrefix(r.Type, "aws:") {
				assert.Contains(t, r.Type, "aws:iam/", r.URN)
				assert.Contains(t, r.Provider, recording.Named(t, "service").URN, r.URN)
			}
		}
		require.Len(t, recording.OfType(systemType), 2)
		failed := recording.Named(t, "shop-output/failed")
		assert.Equal(t, "failed-0a1b2c3", failed.Get("spec", "s3", "s3_bucket"))
	})
}

func TestReaders(t *testing.T) {
	recording := deployClusters(t, map[string]string{
		"access.readerRoleArns": `["arn:aws:iam::333333333333:role/analyst"]`, "access.readerExternalId": "for-reading",
	})
	trust := recording.Named(t, "reader-role").Policy(t, "assumeRolePolicy").Named(t, "Readers")
	assert.Equal(t, []string{"for-reading"}, trust.Condition["StringEquals"]["sts:ExternalId"])
	objects := recording.Named(t, "reader-role-policy").Policy(t, "policy").Named(t, "ReadObjects")
	assert.Contains(t, objects.Resource[0], "/logs/*")
}

func TestThePlanReachesTheClusters(t *testing.T) {
	recording := deployClusters(t, map[string]string{
		"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/A","nodes":3,"storageClass":"gp3",` +
			`"agentDiskMiB":9000,"fluentd":{"replicas":3,"workers":2,"flushThreads":5,"flushSeconds":7,"diskGiB":40,` +
			`"retriesOnBatchRequest":800},"prometheus":true}]`,
	})
	agent := recording.Named(t, "shop-agent")
	assert.Equal(t, "9437184000", agent.Get("spec", "forwardOptions", "storage.total_limit_size"))
	fluentd := recording.Named(t, "shop-system").Get("spec", "fluentd").(map[string]any)
	assert.EqualValues(t, 2, fluentd["workers"])
	assert.EqualValues(t, 3, fluentd["scaling"].(map[string]any)["replicas"])
	assert.Contains(t, fluentd, "metrics")
	claim := fluentd["bufferStorageVolume"].(map[string]any)["pvc"].(map[string]any)["spec"].(map[string]any)
	assert.Equal(t, "gp3", claim["storageClassName"])
	stream := recording.Named(t, "shop-output/stream").Get("spec", "kinesisStream").(map[string]any)
	assert.EqualValues(t, 800, stream["retries_on_batch_request"])
	buffer := stream["buffer"].(map[string]any)
	assert.EqualValues(t, 5, buffer["flush_thread_count"])
	assert.Equal(t, "7s", buffer["flush_interval"])
}

// The names are of what an engine would refuse to have twice.
func TestNamesOfClustersAndFlowsNeverMeet(t *testing.T) {
	deployClusters(t, map[string]string{
		"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/A","nodes":3},` +
			`{"name":"shop-flow","issuer":"https://oidc.eks.eu-central-1.amazonaws.com/id/B","nodes":3}]`,
		"flows": `[{"name":"flow-x","clusters":["shop"]},{"name":"x","clusters":["shop-flow"]}]`,
	})
}
