package stacks

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

// FuzzParseConfig sets two keys to anything: the program never panics, and deploys the configuration or refuses it whole.
func FuzzParseConfig(f *testing.F) {
	for key, values := range faulty {
		for value := range values {
			f.Add(namespace+key, value, "aws:region", "")
			f.Add(namespace+key, value, "", "") // alone, so that nothing else refuses it
		}
	}
	for key, value := range everything() {
		f.Add(namespace+key, value, namespace+"protect", "false")
	}
	f.Add("log-pipeline:strange\nkey", "x", "", "")
	f.Add(namespace+"rawInfrequentAccessDays", "36500", namespace+"rawArchiveDays", "36500")
	f.Add(namespace+"streamMode", "PROVISIONED", namespace+"shardCount", "2")
	f.Add(namespace+"streamName", "_logs", namespace+"fanOutConsumers", `["metrics-","."]`)
	f.Add(namespace+"region", "cn-north-1", namespace+"dataRoleArn", "arn:aws-cn:iam::111111111111:role/x")

	f.Fuzz(func(t *testing.T, key1, value1, key2, value2 string) {
		config := minimal(nil)
		config.Values[key1], config.Values[key2] = value1, value2
		assertWholeOrNothing(t, config.Values)
	})
}

// assertWholeOrNothing runs the program as the engine would: what it refuses, it refuses as faults of the configuration and
// before it registers anything, so that no component finds one of its own; all else it deploys.
func assertWholeOrNothing(t *testing.T, values map[string]string) (deployed bool) {
	t.Helper()
	content, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(content))
	recording, err := mocks.Up(Deploy)
	if err == nil {
		assert.Len(t, recording.OfType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"), 1)
		return true
	}
	assert.Empty(t, recording.All())
	var typed *configError
	require.ErrorAs(t, err, &typed)
	require.NotEmpty(t, typed.faults)
	assert.Equal(t, len(typed.faults), strings.Count(typed.Error(), "\n"), "a line for each fault")
	return false
}
