package ruby_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/ruby"
)

const root = "../.."

func TestAScriptHasTheStandardLibraryAndWhatItIsGiven(t *testing.T) {
	input := []byte(strings.Repeat("é", 1<<20))
	output, err := ruby.Run(t.Context(), root, "testdata/about.rb", input)
	require.NoError(t, err)
	about, rest, _ := bytes.Cut(output, []byte("\n"))
	assert.True(t, bytes.Equal(input, rest), "what was read is written, however much")
	var got map[string]any
	require.NoError(t, json.Unmarshal(about, &got))
	assert.Regexp(t, `^3\.4\.`, got["version"], "as in the operator's Fluentd image")
	delete(got, "version")
	digest := sha256.Sum256(input)
	assert.Equal(t, map[string]any{
		"encoding": "UTF-8", "characters": 1048576.0, "digest": hex.EncodeToString(digest[:]), "base64": "w6nDqcOp",
		"random": 16.0, "environment": []any{"SCRIPT"}, "files": []any{"/script/about.rb"},
	}, got)
}

func TestWhatAScriptRaisesIsTheError(t *testing.T) {
	_, err := ruby.Run(t.Context(), root, "testdata/raises.rb", nil)
	require.ErrorContains(t, err, "/script/raises.rb:2:in 'Object#broken': why (ArgumentError)")
	require.ErrorContains(t, err, "/script/raises.rb:4")
}

func TestAScriptThatIsMissingIsAnError(t *testing.T) {
	_, err := ruby.Run(t.Context(), root, "testdata/missing.rb", nil)
	require.ErrorContains(t, err, "find the Ruby script")
}
