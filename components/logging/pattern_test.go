package logging_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/ruby"
)

func TestPatternsThatRubyReadsOtherwiseAreRefused(t *testing.T) {
	for _, pattern := range []string{
		`\Qa.b\E`, `\pN{16}`, `\PN`, `(?s)x.y`, `(?s:x.y)`, `(?U)x+`, `(?im)x`, `\x{41}`, `(?P<n>x)`, `\Cx`,
		`(`, `x*`, `a|`, ``,
	} {
		_, refused := logging.RedactPattern.Refuse(pattern)
		assert.True(t, refused, pattern)
	}
}

// What is taken matches in Ruby what it matches in Go.
func TestPatternsThatAreTakenMeanTheSameToRuby(t *testing.T) {
	const text = "card 4111-1111-1111-1111, Bearer abc.DEF_9-x; mail Ann@example.com\nkey=s3cr3t\\Q É 日本 \t\\x{41} ip 10.0.0.7"
	patterns := []string{
		`\d{4}(-\d{4}){3}`, `(?i)bearer [\w.-]+`, `(?i:BEARER) \S+`, `[A-Za-z]+@[a-z.]+`, `(?<key>key)=\S+`, `\bip\b`,
		`\p{Lu}`, `\p{Han}+`, `\P{L}{3}`, `[[:digit:]]+`, `\x41`, `\\Q`, `[^\s;,]+\.7`, `s3.r3t|abc`, `\t`, `a{1,2}`, `(?:10|0)\.`, `\.\w{3}\b`,
	}
	type probe struct {
		Pattern string `json:"pattern"`
		Text    string `json:"text"`
	}
	var probes []probe
	var want [][]string
	for _, pattern := range patterns {
		_, refused := logging.RedactPattern.Refuse(pattern)
		require.False(t, refused, pattern)
		probes = append(probes, probe{pattern, text})
		matches := regexp.MustCompile(pattern).FindAllString(text, -1)
		require.NotEmpty(t, matches, "%s is to match something", pattern)
		want = append(want, matches)
	}
	input, err := json.Marshal(probes)
	require.NoError(t, err)
	output, err := ruby.Run(t.Context(), "../..", "testdata/patterns.rb", input)
	require.NoError(t, err)
	var got [][]string
	require.NoError(t, json.Unmarshal(output, &got))
	for i, pattern := range patterns {
		assert.Equal(t, want[i], got[i], pattern)
	}
}
