package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/settings"
	"example.com/log-pipeline/stacks"
)

// full is a stack file in which each setting has a place.
const full = `
config:
  log-pipeline:accounts:
    data: {id: "111111111111", region: eu-west-1}
    service: {id: "222222222222"}
  log-pipeline:load: {peakRecordsPerSecond: 200, meanRecordsPerSecond: 50}
  log-pipeline:clusters:
    - {name: shop, issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/1", nodes: 3, fluentd: {workers: 2}}
  log-pipeline:flows: [{name: all}]
  log-pipeline:batch: {enabled: false}
  log-pipeline:delivery: {partitioning: {name: tenant, query: '.tenant // "a"'}}
  log-pipeline:search: {enabled: true, readerRoleArns: ["arn:aws:iam::111111111111:role/a"],
    cognito: {userPoolId: eu-west-1_A, identityPoolId: "eu-west-1:0b9e"}, network: {
    subnets: [{id: subnet-0a1b2c3d, zone: eu-west-1a}], domainSecurityGroupIds: [sg-0a1b2c3d], clientSecurityGroupIds: [sg-0a1b2c3d]}}
`

// texts are values of all kinds of settings, written in many ways.
var texts = []string{
	"", " ", "a", "A", "a b", "a\n", "\ta", "a\v", "\u00a0", "\ufeff", "é", "日本", "😀", "a_b", "a-b", "-a", "a-", "a.b", "a..b", "a/b", "a:b", "a*", "$a",
	"0", "1", "01", "+1", "-1", "1.0", "1.", ".5", "2.5", "1e2", "1E+2", "1e400", "0x10", "0x1p4", "1_000", " 1", "24", "30", "365", "1000", "Infinity", "NaN", "inf",
	"true", "false", "True", "yes", "null", "{}", "[]", `{"a":"b"}`, `["a"]`, ` {"name":"a"}`, ` [{"name":"a"}]`,
	"both", "data", "service", "ON_DEMAND", "PROVISIONED", "json", "none", "stream", "s3", "pod", "event_id", "truncate", "divert", "warn", "refuse",
	"default", "kube-system", "kubernetes", "deliver", "deliver-a", "delivery", "aws:a", "AWS:a", "ManagedBy", "app.kubernetes.io/name",
	"111111111111", "11111111111", "012345678901", "eu-west-1", "eu-west-9", "https://a.b/c", "https://a.b:443", "https://a.b/", "http://a", "ftp://a",
	"arn:aws:iam::111111111111:role/a", "arn:aws-cn:iam::111111111111:role/a/b", "arn:aws:iam::111111111111:user/a", "arn:aws:sts::111111111111:assumed-role/a/b",
	"arn:aws:iam::111111111111:oidc-provider/a.b/c", "arn:aws:iam::111111111111:oidc-provider/a\u00a0", "arn:aws:iam::111111111111:oidc-provider/a\v",
	"arn:aws:iam::111111111111:oidc-provider/é", "arn:aws:iam::111111111111:oidc-provider/*",
	"OpenSearch_2.19", "m7g.large.search", "OneDay", "subnet-0a1b2c3d", "sg-0a1b2c3d", "eu-west-1a", "eu-west-1_A", "eu-west-1:0b9e", "arm64", "x86_64",
	"failed", "all", "parquet", `.a // "b"`,
	strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 128), strings.Repeat("a", 129), strings.Repeat("é", 128), strings.Repeat("a", 257),
	strings.Repeat("a", 1225), "https://a.b/" + strings.Repeat("a", 243), "https://a.b/" + strings.Repeat("a", 244),
}

// values are the texts and others.
func values() []any {
	all := []any{
		nil, true, false, 0, 1, -1, 30, 72, 365, 1000, 100_000_001, 111111111111, 1.0, 0.5, 2.5, 1e21, []any{}, map[string]any{}, map[string]any{"secure": "a"},
	}
	for _, text := range texts {
		all = append(all, text)
	}
	return all
}

// candidates are values for a setting: all as what it takes, a list's elements or an object's values, and some in another form.
func candidates(kind settings.Kind) []any {
	var all []any
	for i, value := range values() {
		list, object := []any{value}, map[string]any{"a": value}
		switch kind {
		case settings.ListKind:
			all = append(all, list)
		case settings.MapKind:
			all = append(all, object)
			if text, ok := value.(string); ok {
				all = append(all, map[string]any{text: "a"})
			}
		default:
			all = append(all, value)
		}
		if i%10 == 0 {
			all = append(all, value, list, []any{"a", value}, object, []any{map[string]any{"name": value}})
		}
	}
	for _, text := range []string{"null", "{}", "[]", `{"a":"b"}`, `["a"]`} { // a key's value may be JSON
		all = append(all, text)
	}
	return all
}

// place returns a stack file, and a function that puts a value in the place of a setting there.
func place(t *testing.T, path string) (file map[string]any, put func(value any)) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(full), &file))
	at := file["config"].(map[string]any)
	names := strings.Split(project+":"+path, ".")
	last := len(names) - 1
	for _, name := range names[:last] {
		name, list := strings.CutSuffix(name, "[]")
		if at[name] == nil {
			at[name] = map[string]any{}
		}
		if list {
			at = at[name].([]any)[0].(map[string]any)
		} else {
			at = at[name].(map[string]any)
		}
	}
	return file, func(value any) { at[names[last]] = value }
}

// What the schema refuses, the program refuses too, or an editor would mark what works. Each setting's schema takes
// some values and refuses others.
func TestTheSchemaRefusesNothingThatTheProgramTakes(t *testing.T) {
	judges := newJudges(t)
	var walk func([]settings.Setting)
	walk = func(declared []settings.Setting) {
		for _, s := range declared {
			walk(s.Settings)
			t.Run(string(s.Path), func(t *testing.T) {
				t.Parallel()
				file, put := place(t, string(s.Path))
				taken, refused := 0, 0
				for _, value := range candidates(s.Kind) {
					put(value)
					if judges.schema.Validate(file) == nil {
						taken++
						continue
					}
					refused++
					text, err := yaml.Marshal(file)
					require.NoError(t, err)
					require.Error(t, judges.program(t, text), "the schema refuses %#v", value)
				}
				assert.Positive(t, taken)
				assert.Positive(t, refused)
			})
		}
	}
	walk(stacks.Settings().Describe())
}

// Editors run the patterns as JavaScript, some in its Unicode mode.
func TestThePatternsMeanTheSameInJavaScript(t *testing.T) {
	patterns := map[string][]bool{}
	for _, name := range []string{"docs/stack.schema.json", "docs/metrics.schema.json"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		var schema any
		require.NoError(t, json.Unmarshal(text, &schema))
		collect(schema, patterns)
	}
	require.Greater(t, len(patterns), 10)
	for pattern := range patterns {
		compiled := regexp.MustCompile(pattern)
		for _, text := range texts {
			patterns[pattern] = append(patterns[pattern], compiled.MatchString(text))
		}
	}

	const script = `
		const {patterns, texts} = JSON.parse(require("fs").readFileSync(0, "utf8"));
		const matches = flags => Object.fromEntries(patterns.map(p => [p, texts.map(text => new RegExp(p, flags).test(text))]));
		console.log(JSON.stringify({plain: matches(""), unicode: matches("u")}));`
	var all []string
	for pattern := range patterns {
		all = append(all, pattern)
	}
	input, err := json.Marshal(map[string]any{"patterns": all, "texts": texts})
	require.NoError(t, err)
	cmd := exec.Command("node", "-e", script)
	cmd.Stdin = bytes.NewReader(input)
	output, err := cmd.Output()
	require.NoError(t, err, "Node.js is needed")
	var got struct{ Plain, Unicode map[string][]bool }
	require.NoError(t, json.Unmarshal(output, &got))
	assert.Equal(t, patterns, got.Plain)
	assert.Equal(t, patterns, got.Unicode)
}

// collect finds the patterns of a schema.
func collect(schema any, patterns map[string][]bool) {
	switch schema := schema.(type) {
	case map[string]any:
		if pattern, ok := schema["pattern"].(string); ok {
			patterns[pattern] = nil
		}
		for _, value := range schema {
			collect(value, patterns)
		}
	case []any:
		for _, value := range schema {
			collect(value, patterns)
		}
	}
}
