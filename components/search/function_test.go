package search_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/tests/mocks"
)

func TestFunctionDefaults(t *testing.T) {
	recording := up(t, everything)
	function := recording.Named(t, "search-function")
	assert.Equal(t, "provided.al2023", function.Get("runtime"))
	assert.Equal(t, "bootstrap", function.Get("handler"))
	assert.Equal(t, []any{"arm64"}, function.Get("architectures"))
	assert.EqualValues(t, 256, function.Get("memorySize"))
	assert.EqualValues(t, 300, function.Get("timeout"))
	assert.Equal(t, keyARN, function.Get("kmsKeyArn"))
	assert.Equal(t, map[string]any{"OPENSEARCH_ENDPOINT": "https://search-domain-0a1b2c3.eu-central-1.es.amazonaws.com"},
		function.Get("environment", "variables"))
	assert.Equal(t, map[string]any{"logFormat": "JSON", "logGroup": "search-function-log-0a1b2c3"}, function.Get("loggingConfig"))
	assert.Equal(t, map[string]any{
		"subnetIds": []any{"subnet-0a1b2c3d", "subnet-1a1b2c3d", "subnet-2a1b2c3d"}, "securityGroupIds": []any{"sg-1a1b2c3d"},
	}, function.Get("vpcConfig"))
	assert.NotContains(t, function.Inputs, "reservedConcurrentExecutions", "a new account has none to reserve")
	assert.True(t, function.DependsOn(recording.Named(t, "search-function-role-policy")), "Lambda tries out whether it may use the network")
	assert.Equal(t, []any{"x86_64"}, up(t, func(a *search.Args) { a.Architecture = "x86_64" }).Named(t, "search-function").Get("architectures"))
}

func inputOf(t *testing.T, recording *mocks.Recording) searchindex.Settings {
	t.Helper()
	var settings searchindex.Settings
	require.NoError(t, json.Unmarshal([]byte(recording.Named(t, "search-inside").Get("input").(string)), &settings))
	return settings
}

func TestTheInsideIsMadeOfTheSettings(t *testing.T) {
	assert.Equal(t, searchindex.Settings{
		IndexName: "logs", Rotation: "OneDay", DaysKept: 30, Shards: 1, RefreshSeconds: 10, WriterRoleARN: writerARN,
	}, inputOf(t, up(t)))
	settings := inputOf(t, up(t, everything, func(a *search.Args) {
		a.Index = search.Index{Name: "shop", Rotation: "OneHour", DaysKept: 7, Shards: 3, Replicas: 2, RefreshSeconds: 5}
	}))
	assert.Equal(t, searchindex.Settings{
		IndexName: "shop", Rotation: "OneHour", DaysKept: 7, Shards: 3, Replicas: 2, RefreshSeconds: 5,
		WriterRoleARN: writerARN, ReaderRoleARNs: []string{developers, support}, AdminRoleARNs: []string{operators},
	}, settings, "with the roles in order, each once")
}

// All inputs of the invocation replace it, which runs the function again.
func TestTheFunctionRunsWhenItIsNewAndAgainOnEachChange(t *testing.T) {
	recording := up(t)
	inside := recording.Named(t, "search-inside")
	assert.Equal(t, "search-function-0a1b2c3", inside.Get("functionName"))
	assert.Equal(t, "CREATE_ONLY", inside.Get("lifecycleScope"))
	assert.Equal(t, map[string]any{
		"code": codeSHA256, "endpoint": "https://search-domain-0a1b2c3.eu-central-1.es.amazonaws.com",
	}, inside.Get("triggers"))
	assert.True(t, inside.DependsOn(recording.Named(t, "search-function-role-policy")), "its requests would be refused")
	assert.Equal(t, inside.Inputs, up(t, func(a *search.Args) { a.Domain.VolumeGiB = 200 }).Named(t, "search-inside").Inputs, "a larger volume is none")
}
