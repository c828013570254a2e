package stacks

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type noResources struct{}

func (noResources) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

func (noResources) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

// load runs loadConfig in a program. handed is what the language host gives to the SDK, and environment what it leaves in
// the environment: nothing, for a program that runs in the engine's own process.
func load(t *testing.T, handed map[string]string, environment string, secret ...string) (*Config, error) {
	t.Helper()
	t.Setenv(pulumi.EnvConfig, environment)
	var config *Config
	err := pulumi.RunErr(func(ctx *pulumi.Context) (err error) {
		config, err = loadConfig(ctx)
		return err
	}, pulumi.WithMocks("log-pipeline", "dev", noResources{}), func(info *pulumi.RunInfo) {
		info.Config, info.ConfigSecretKeys = handed, secret
	})
	return config, err
}

func TestLoadConfig(t *testing.T) {
	misspelt := minimal(map[string]string{"retentionHour": "48", "aws:region": "eu-west-1"}).Values
	environment, err := json.Marshal(misspelt)
	require.NoError(t, err)

	t.Run("accepted", func(t *testing.T) {
		config, err := load(t, minimal(nil).Values, "")
		require.NoError(t, err)
		assert.Equal(t, "log-pipeline-dev-logs", config.Stream.Name)
	})
	t.Run("misspelt keys are seen in the environment", func(t *testing.T) {
		_, err := load(t, misspelt, string(environment))
		require.ErrorContains(t, err, "has 2 faults")
		assert.ErrorContains(t, err, "log-pipeline:retentionHour: unknown key")
	})
	t.Run("keys of the AWS provider are seen without it", func(t *testing.T) {
		_, err := load(t, misspelt, "")
		require.ErrorContains(t, err, "has 1 fault")
		assert.ErrorContains(t, err, "aws:region: has no effect")
	})
	t.Run("the context goes before the environment", func(t *testing.T) {
		_, err := load(t, minimal(map[string]string{"accounts.data.region": "nowhere"}).Values, `{"log-pipeline:accounts":"{\"data\":{\"region\":\"eu-west-1\"}}"}`)
		assert.ErrorContains(t, err, `given: "nowhere"`)
	})
	t.Run("an environment that is no configuration", func(t *testing.T) {
		_, err := load(t, minimal(nil).Values, `["top secret"]`)
		require.ErrorContains(t, err, "PULUMI_CONFIG is not a JSON object")
		assert.NotContains(t, err.Error(), "top secret")
	})
	t.Run("encrypted values are not shown", func(t *testing.T) {
		_, err := load(t, minimal(map[string]string{"accounts.data.region": "nowhere"}).Values, "", namespace+"accounts")
		require.ErrorContains(t, err, "given: [secret]")
		assert.NotContains(t, err.Error(), "nowhere")
	})
}
