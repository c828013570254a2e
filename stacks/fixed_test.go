package stacks

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

// inVPC has a domain in a VPC, with changes.
func inVPC(changes map[string]string) map[string]string {
	values := map[string]string{
		"search.enabled":                        "true",
		"search.network.subnets":                `[{"id":"subnet-0a1b2c3d","zone":"eu-west-1a"}]`,
		"search.network.domainSecurityGroupIds": `["sg-0a1b2c3d"]`,
		"search.network.clientSecurityGroupIds": `["sg-1a1b2c3d"]`,
	}
	maps.Copy(values, changes)
	return values
}

// after runs the program with values where others are deployed.
func after(t *testing.T, before, now map[string]string) (*mocks.Recording, error) {
	t.Helper()
	deployed, err := readConfig(minimal(before))
	require.NoError(t, err)
	content, err := json.Marshal(minimal(now).Values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(content))
	return mocks.UpAfter(deployed.kept(), Deploy)
}

func TestWhatDeliveryStreamsKeepForLifeIsNotChanged(t *testing.T) {
	vpc, live := inVPC(nil), map[string]string{"batch.enabled": "false"}
	for name, test := range map[string]struct {
		before, now map[string]string
		refused     string
	}{
		"nothing changes":             {before: vpc, now: vpc},
		"the first search":            {before: nil, now: vpc},
		"no search any more":          {before: vpc, now: nil},
		"a buffer, in place":          {before: vpc, now: inVPC(map[string]string{"search.delivery.bufferSeconds": "30"})},
		"the backup":                  {vpc, inVPC(map[string]string{"search.delivery.backup": "all"}), "log-pipeline:search.delivery.backup: "},
		"a security group":            {vpc, inVPC(map[string]string{"search.network.clientSecurityGroupIds": `["sg-2a1b2c3d"]`}), "log-pipeline:search.network: "},
		"into a VPC":                  {map[string]string{"search.enabled": "true"}, vpc, "log-pipeline:search.network: "},
		"Parquet where there is JSON": {live, map[string]string{"batch.enabled": "false", "delivery.format": "parquet"}, "log-pipeline:delivery.format: "},
		"a key where there was none": {
			live, map[string]string{"batch.enabled": "false", "delivery.partitioning.name": "tenant", "delivery.partitioning.query": `.tenant // "none"`},
			"log-pipeline:delivery.partitioning: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			recording, err := after(t, test.before, test.now)
			if test.refused == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.refused)
			require.ErrorContains(t, err, "; to accept that, first run an update with log-pipeline:protect false")
			assert.Empty(t, recording.All())
			now := maps.Clone(test.now)
			now["protect"] = "false"
			_, err = after(t, test.before, now)
			assert.NoError(t, err, "it is done")
		})
	}
}
