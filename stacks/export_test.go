package stacks

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

// half is one half of a pipeline over two accounts, made alone.
func half(t *testing.T, change map[string]string) (*Config, *dataSide, *mocks.Recording) {
	t.Helper()
	change = twoAccounts(change)
	change["accounts.service.roleArn"] = "arn:aws:iam::222222222222:role/deploy"
	if change["accounts.side"] == string(sideData) {
		delete(change, "accounts.service.roleArn")
	}
	source := minimal(change)
	source.Project, source.Stack = mocks.Project, mocks.Stack
	config, err := readConfig(source)
	require.NoError(t, err)
	var data *dataSide
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		providers, err := newProviders(ctx, config)
		if err != nil {
			return err
		}
		if data, err = deployData(ctx, config, providers); err != nil {
			return err
		}
		service, err := deployClusters(ctx, config, providers, data)
		if err != nil {
			return err
		}
		return export(ctx, config, data, service)
	})
	require.NoError(t, err)
	return config, data, recording
}

// What one half says that the other needs is what the other half makes.
func TestTheHalvesFitTogether(t *testing.T) {
	clusters := map[string]string{"clusters": list(shop(), `{"name":"bank","issuer":"`+issuer+`B","nodes":10}`)}
	of := func(change map[string]string) map[string]string {
		all := maps.Clone(clusters)
		maps.Copy(all, change)
		return all
	}
	_, data, dataHalf := half(t, of(map[string]string{"accounts.side": "data"}))
	serviceConfig, _, serviceHalf := half(t, of(map[string]string{"accounts.side": "service", "access.failedBucketName": "failed"}))

	trust, err := serviceConfig.writerTrust()
	require.NoError(t, err)
	assert.JSONEq(t, dataHalf.Named(t, "writer-role").Get("assumeRolePolicy").(string), trust)

	needed := make(chan string, 1)
	data.writer.Counterpart.ApplyT(func(policy string) string { needed <- policy; return policy })
	assert.JSONEq(t, serviceHalf.Named(t, "shop-role-policy").Get("policy").(string), <-needed)

	stream := serviceHalf.Named(t, "shop-output/stream").Get("spec", "kinesisStream").(map[string]any)
	assert.Equal(t, dataHalf.OfType("aws:kinesis/stream:Stream")[0].Get("name"), stream["stream_name"])
	assert.Contains(t, stream["assume_role_credentials"].(map[string]any)["role_arn"], ":role/"+dataHalf.Named(t, "writer-role").Get("name").(string))
}

func TestThePlanThatIsExportedIsDeployed(t *testing.T) {
	config, _, recording := half(t, map[string]string{"accounts.side": "service", "access.failedBucketName": "failed", "load.peakRecordsPerSecond": "10", "load.meanRecordsPerSecond": "1"})
	exported := config.exportedPlan()["clusters"].(pulumi.Map)["shop"].(pulumi.Map)
	assert.Equal(t, pulumi.Int(config.Clusters[0].Plan.AgentDiskMiB), exported["agentDiskMiB"])
	assert.Contains(t, exported["alarms"], "fluentbit_output_dropped_records_total")
	fluentd := recording.Named(t, "shop-system").Get("spec", "fluentd", "scaling", "replicas")
	assert.EqualValues(t, exported["fluentd"].(pulumi.Map)["replicas"], pulumi.Int(int(fluentd.(float64))))
}
