package rendering_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/operator/rendering"
)

func TestParseFluentd(t *testing.T) {
	root, err := rendering.ParseFluentd(`
# comment
<match a.** b>
  @type copy
  empty
  plain /a#b/
  double "a \"b\"\n #c"
  single 'it''
  array [
    "a", "b"
  ]
  <store>
    <buffer tag,time>
      path /buffers
    </buffer>
  </store>
</match>
<label @ERROR>
</label>
`)
	require.ErrorContains(t, err, "single: ' follows the closing quote")
	assert.Nil(t, root)

	root, err = rendering.ParseFluentd(`
# comment
<match a.** b>
  @type copy
  empty
  plain /a#b/
  double "a \"b\"\n #c" # comment
  single 'it\'s #{1}'
  array [
    "a", "b"
  ]
  <store>
    <buffer tag,time>
      path /buffers
    </buffer>
  </store>
</match>
<label @ERROR>
</label>
`)
	require.NoError(t, err)
	match := root.Child("match", "a.** b")
	require.NotNil(t, match)
	assert.Equal(t, map[string]string{
		"@type": "copy", "empty": "", "plain": "/a#b/", "double": "a \"b\"\n #c", "single": "it's #{1}", "array": `["a","b"]`,
	}, match.Settings)
	buffers := slices.Collect(root.All("buffer"))
	require.Len(t, buffers, 1)
	assert.Equal(t, "tag,time", buffers[0].Argument)
	assert.Equal(t, map[string]string{"path": "/buffers"}, buffers[0].Settings)
	assert.NotNil(t, root.Child("label", "@ERROR"))
	assert.Nil(t, root.Child("buffer", "tag,time"), "only direct children")
}

func TestParseFluentdRefusesWhatLosesMeaning(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"cut by a comment":  {"pattern a #b", "line 1 of Fluentd's configuration: pattern: a comment cuts a #b short"},
		"Ruby at the start": {`value "#{ENV['HOME']}"`, "embedded Ruby runs when Fluentd starts"},
		"set twice":         {"a 1\na 2", "a is set twice"},
		"no JSON":           {"pattern [a-z]+", "no JSON begins with [a-z]+"},
		"unknown escape":    {`pattern "\d+"`, `\d is no escape`},
		"no closing quote":  {`value "a`, "no closing quote"},
		"wrong end":         {"<a>\n</b>", "</b> ends <a>"},
		"no end":            {"<a>", "<a> has no end"},
		"end of nothing":    {"</a>", "</a> ends <>"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rendering.ParseFluentd(test.text)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestParseFluentBit(t *testing.T) {
	root, err := rendering.ParseFluentBit(`
[SERVICE]
    Parsers_File  a
    Parsers_File b
# Tenant: x
[INPUT]
    storage.type filesystem
`)
	require.NoError(t, err)
	require.Len(t, root.Sections, 2)
	assert.Equal(t, map[string]string{"parsers_file": "a\nb"}, root.Sections[0].Settings)
	assert.Equal(t, &rendering.Section{Name: "INPUT", Settings: map[string]string{"storage.type": "filesystem"}}, root.Sections[1])

	_, err = rendering.ParseFluentBit("a b")
	require.ErrorContains(t, err, `line 1 of Fluent Bit's configuration: "a b" stands in no section`)
}
