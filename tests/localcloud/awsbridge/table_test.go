package awsbridge_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/stacks"
	"example.com/log-pipeline/tests/localcloud/awsbridge"
	"example.com/log-pipeline/tests/mocks"
)

func TestTableHasEveryTypeTheProgramRegisters(t *testing.T) {
	content, err := os.ReadFile("../../../Pulumi.local.yaml")
	require.NoError(t, err)
	var stack struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal(content, &stack))
	values := make(map[string]string)
	for key, value := range stack.Config {
		text, isText := value.(string)
		if !isText {
			encoded, err := json.Marshal(value)
			require.NoError(t, err)
			text = string(encoded)
		}
		values[key] = text
	}
	config, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(config))
	recording, err := mocks.Up(stacks.Deploy)
	require.NoError(t, err)

	registered := make(map[string]bool)
	for _, r := range recording.All() {
		if strings.HasPrefix(r.Type, "aws:") {
			registered[r.Type] = true
		}
	}
	assert.Equal(t, awsbridge.Types(), slices.Sorted(maps.Keys(registered)), "what the program registers, and no more")
}
