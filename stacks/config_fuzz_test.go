package stacks

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/settings"
	"example.com/log-pipeline/tests/mocks"
)

// FuzzReadConfig sets two keys to anything: the program never panics, and deploys the configuration or refuses it whole.
func FuzzReadConfig(f *testing.F) {
	for path, values := range faulty {
		for value := range values {
			f.Add(path, value, "aws:region", "", "")
			f.Add(path, value, "", "", "") // alone, so that nothing else refuses it
		}
	}
	for path, value := range everything() {
		f.Add(path, value, "protect", "false", "")
	}
	f.Add("log-pipeline:strange\nkey", "x", "", "", "")
	f.Add("log-pipeline:clusters[-1]", "x", "clusters", everyClusterField, "")
	f.Add("log-pipeline:accounts.data.id", "x", "log-pipeline:flows[0].name", "x", "flows")
	f.Add("stream.name", "a.b[c]", "stream.a[1].b", "x", "stream")
	f.Add("lake.infrequentAccessDays", "36500", "lake.archiveDays", "36500", "lake")
	f.Add("stream.mode", "PROVISIONED", "stream.shardCount", "2", "load")
	f.Add("stream.name", "_logs", "stream.fanOutConsumers", `["metrics-","."]`, "stream")
	f.Add("accounts.data.region", "cn-north-1", "accounts.data.roleArn", "arn:aws-cn:iam::111111111111:role/x", "accounts")

	f.Fuzz(func(t *testing.T, path1, value1, path2, value2, secret string) {
		config := minimal(map[string]string{path1: value1, path2: value2})
		config.Secret[namespace+secret] = true
		assertWholeOrNothing(t, config.Values)
		assertSecret(t, config, secret, map[string]string{path1: value1, path2: value2})
	})
}

// assertSecret reads a configuration in which a key is encrypted: nothing that is given there is shown.
func assertSecret(t *testing.T, config settings.Source, key string, given map[string]string) {
	t.Helper()
	_, err := readConfig(config)
	if err == nil {
		return
	}
	for path, value := range given {
		// Shorter values are words and numbers of any message.
		if strings.HasPrefix(path, key+".") && len(value) > longWord {
			quoted := strconv.Quote(value)
			assert.NotContains(t, err.Error(), quoted[1:len(quoted)-1], path)
		}
	}
}

// longWord is as long as any word in a message of the program's own.
const longWord = 40

// assertWholeOrNothing runs the program as the engine would: what it refuses, it refuses as faults of the configuration and
// before it registers anything, so that no component finds one of its own; all else it deploys.
func assertWholeOrNothing(t *testing.T, values map[string]string) (deployed bool) {
	t.Helper()
	content, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(content))
	recording, err := mocks.Up(Deploy)
	if err == nil {
		recording.Named(t, "raw-to-s3")
		return true
	}
	assert.Empty(t, recording.All())
	var typed *settings.Error
	require.ErrorAs(t, err, &typed)
	require.NotEmpty(t, typed.Diagnostics())
	assert.Equal(t, len(typed.Diagnostics()), strings.Count(typed.Error(), "\n"), "a line for each fault")
	return false
}
