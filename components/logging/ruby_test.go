package logging_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/ruby"
)

type fieldsOf = map[string]any

// scriptCase is one run of a script. Its key is the field that metadata.rb reads.
type scriptCase struct {
	Script string   `json:"script"`
	Values fieldsOf `json:"values,omitempty"`
	Tag    string   `json:"tag,omitempty"`
	Key    string   `json:"key,omitempty"`
	Record fieldsOf `json:"record"`

	name string
	want fieldsOf
}

var (
	containerTag = "kubernetes.var.log.containers.web-0_shop_app-b-" + strings.Repeat("0a", 32) + ".log"
	ownAndParsed = fieldsOf{"own": []string{"pod", "a_b"}, "parsed": "found", "deepest": 3}
	hiding       = fieldsOf{"own": []string{"pod"}, "fields": []string{"Pass", "card.no"}, "patterns": []string{`\d{4}`}, "redacted": "***"}
	small        = fieldsOf{"own": []string{"pod"}, "max": 60}
)

// scriptCases are what each script is to do, by its file.
var scriptCases = map[string][]scriptCase{
	"container.rb": {
		{name: "no metadata", Tag: containerTag, Record: fieldsOf{}, want: fieldsOf{"record": fieldsOf{
			"kubernetes": fieldsOf{"pod_name": "web-0", "namespace_name": "shop", "container_name": "app-b"},
		}}},
		{
			name: "some metadata", Tag: containerTag,
			Record: fieldsOf{"kubernetes": fieldsOf{"pod_name": "known", "namespace_name": ""}},
			want: fieldsOf{"record": fieldsOf{
				"kubernetes": fieldsOf{"pod_name": "known", "namespace_name": "shop", "container_name": "app-b"},
			}},
		},
		{name: "another tag", Tag: "fluent.info", Record: fieldsOf{"a": 1.0}, want: fieldsOf{"record": fieldsOf{"a": 1.0}}},
	},
	"merge.rb": {
		{
			name: "fields", Values: ownAndParsed, Record: fieldsOf{"message": "line", "found": fieldsOf{"x.y": 1.0, "a.b": 2.0, "pod": 3.0}},
			want: fieldsOf{"record": fieldsOf{"x.y": 1.0, "app_a_b": 2.0, "app_pod": 3.0}},
		},
		{
			name: "as deep as allowed", Values: ownAndParsed, Record: fieldsOf{"message": "line", "found": fieldsOf{"a": fieldsOf{"b": []any{1.0}}}},
			want: fieldsOf{"record": fieldsOf{"a": fieldsOf{"b": []any{1.0}}}},
		},
		{
			name: "too deep", Values: ownAndParsed, Record: fieldsOf{"message": "line", "found": fieldsOf{"a": fieldsOf{"b": []any{[]any{}}}}},
			want: fieldsOf{"record": fieldsOf{"message": "line"}},
		},
		{name: "nothing found", Values: ownAndParsed, Record: fieldsOf{"a": 1.0}, want: fieldsOf{"record": fieldsOf{"a": 1.0}}},
	},
	"redact.rb": {
		{
			name: "fields", Values: hiding, Record: fieldsOf{"PASS": fieldsOf{"a": 1}, "x": []any{fieldsOf{"card.no": 1}}, "http.pass": 1, "passage": 1.0},
			want: fieldsOf{"record": fieldsOf{"PASS": "***", "x": []any{fieldsOf{"card.no": "***"}}, "http.pass": "***", "passage": 1.0}},
		},
		{
			name: "patterns", Values: hiding, Record: fieldsOf{"message": "a 1234 b 123", "x": []any{"12345"}, "n": 1234.0, "pod": "1234"},
			want: fieldsOf{"record": fieldsOf{"message": "a *** b 123", "x": []any{"***5"}, "n": 1234.0, "pod": "1234"}},
		},
	},
	"metadata.rb": {
		{name: "known", Key: "pod_name", Record: fieldsOf{"kubernetes": fieldsOf{"pod_name": "web"}}, want: fieldsOf{"field": "web"}},
		{name: "no text", Key: "pod_name", Record: fieldsOf{"kubernetes": fieldsOf{"pod_name": 5}}, want: fieldsOf{"field": "5"}},
		{name: "unknown", Key: "pod_name", Record: fieldsOf{}, want: fieldsOf{"field": "unknown"}},
		{
			name: "long", Key: "pod_name", Record: fieldsOf{"kubernetes": fieldsOf{"pod_name": strings.Repeat("é", 300)}},
			want: fieldsOf{"field": strings.Repeat("é", 256)},
		},
	},
	"truncate.rb": {
		{name: "small", Values: small, Record: fieldsOf{"message": "hello"}, want: fieldsOf{"record": fieldsOf{"message": "hello"}}},
		{
			name: "at the limit", Values: small, Record: fieldsOf{"message": strings.Repeat("x", 46)},
			want: fieldsOf{"record": fieldsOf{"message": strings.Repeat("x", 46)}},
		},
		{
			name: "text", Values: fieldsOf{"own": []string{"pod"}, "max": 100}, Record: fieldsOf{"message": strings.Repeat("x", 200), "pod": "p"},
			want: fieldsOf{"record": fieldsOf{"pod": "p", "message": strings.Repeat("x", 33), "truncated": true, "original_bytes": 224.0}},
		},
		{
			name: "fields", Values: fieldsOf{"own": []string{"pod"}, "max": 100}, Record: fieldsOf{"a": strings.Repeat("x", 200), "pod": "p"},
			want: fieldsOf{"record": fieldsOf{"pod": "p", "message": `{"a":"` + strings.Repeat("x", 24), "truncated": true, "original_bytes": 218.0}},
		},
	},
	"divert.rb": {
		{name: "small", Values: small, Record: fieldsOf{"message": "hello"}, want: fieldsOf{"record": fieldsOf{"message": "hello"}}},
		{
			name: "large", Values: small, Record: fieldsOf{"message": strings.Repeat("x", 47)},
			want: fieldsOf{
				"record": fieldsOf{"message": strings.Repeat("x", 47), "oversized": true, "original_bytes": 61.0},
				"raised": "event of 61 bytes is over 60",
			},
		},
	},
}

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("ruby/*.rb")
	require.NoError(t, err)
	require.Len(t, scriptCases, len(files))
	var all []scriptCase
	for _, file := range files {
		name := filepath.Base(file)
		script, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotEmpty(t, scriptCases[name], name)
		for _, c := range scriptCases[name] {
			c.Script, c.name = string(script), strings.TrimSuffix(name, ".rb")+"/"+c.name
			all = append(all, c)
		}
	}
	input, err := json.Marshal(all)
	require.NoError(t, err)
	output, err := ruby.Run(t.Context(), "../..", "testdata/scripts.rb", input)
	require.NoError(t, err)
	var results []fieldsOf
	require.NoError(t, json.Unmarshal(output, &results))
	require.Len(t, results, len(all))
	for i, c := range all {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, results[i]) })
	}
}
