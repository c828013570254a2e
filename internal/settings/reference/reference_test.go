package reference_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
	"example.com/log-pipeline/internal/settings/reference"
)

// shop is a setting of every kind.
func shop() []settings.Setting {
	var (
		root               settings.Section
		name, label, clerk string
		width              int
		rate               float64
		open               bool
		hours, wares       []string
		tags               map[string]string
		guard              *string
		rooms              []struct{}
		word               = fault.OneOf("a_b", "c")
		labels             = fault.Rule[map[string]string]{Allowed: "labels", Schema: map[string]any{"maxProperties": 2, "additionalProperties": map[string]any{"maxLength": 5}}}
	)
	settings.Text(&root, &name, "name", "c", word, "Its <name> | *sign*.")
	settings.Map(&root, &tags, "tags", labels, "Its tags.")
	settings.Object(&root, "till", "The till.", func(s *settings.Section) {
		settings.Integer(s, &width, "width", 5, fault.AnyOf(5, 7), "Its width.")
		settings.Number(s, &rate, "rate", 1.5, fault.Numbers(0, 10), "Its rate.")
		settings.Boolean(s, &open, "open", true, "Whether it is open.")
		settings.List(s, &hours, "hours", word, "Its hours.").MaxItems(3)
		settings.Optional(s, &guard, "guard", "Its guard.", func(_ *string, s *settings.Section) {
			settings.Text(s, &clerk, "name", "", word, "The guard's name.").Required()
		})
		settings.Text(s, &label, "label", "", word, "Its label.").Required()
	})
	settings.Objects(&root, &rooms, "rooms", "The rooms.", func(_ *struct{}, s *settings.Section) {
		settings.List(s, &wares, "wares", word, "What is in it.")
	}).MaxItems(4)
	return root.Describe()
}

const head = "name: shop\n# by hand\nconfig:\n  shop:own:\n    value: 1\n\n"

func TestProject(t *testing.T) {
	const begin = "  # Generated from the declarations in stacks/ by make generate, from here to the end.\n"
	file, err := reference.Project([]byte(head+begin+"  gone:\n    default: 1\n"), shop())
	require.NoError(t, err)
	rest, kept := strings.CutPrefix(string(file), head+begin)
	require.True(t, kept, "what stands before is kept: %s", file)
	assert.NotContains(t, rest, "gone")

	type key struct{ Default, Description, Type *string }
	var read struct{ Config map[string]key }
	require.NoError(t, yaml.Unmarshal(file, &read))
	require.Len(t, read.Config, 5)
	for name, want := range map[string]key{
		"name": {Default: new("c"), Description: new("Its <name> | *sign*. Allowed: a_b or c. Default: c.")},
		"tags": {Default: new(""), Description: new("Its tags. Allowed: labels.")},
		"till": {Default: new(""), Description: new("The till.\n" +
			"width: Its width. Allowed: one of 5, 7. Default: 5.\n" +
			"rate: Its rate. Allowed: a number from 0 to 10. Default: 1.5.\n" +
			"open: Whether it is open. Allowed: true or false. Default: true.\n" +
			"hours: Its hours. Allowed: a list of at most 3 distinct values, each a_b or c.\n" +
			"guard: Its guard.\n" +
			"guard.name: The guard's name. Allowed: a_b or c. Required in guard.\n" +
			"label: Its label. Allowed: a_b or c. Required.")},
		"rooms": {Default: new(""), Description: new("The rooms. A list of at most 4.\nwares: What is in it. Allowed: a list of distinct values, each a_b or c.")},
	} {
		assert.Equal(t, want, read.Config[name], name)
	}

	again, err := reference.Project(file, shop())
	require.NoError(t, err)
	assert.Equal(t, string(file), string(again))
	_, err = reference.Project([]byte(head), shop())
	assert.ErrorContains(t, err, "Generated from the declarations")
}

func TestMarkdown(t *testing.T) {
	page := string(reference.Markdown("shop", []byte("config:\n  shop:name: c\n"), shop()))
	for _, want := range []string{
		"\n```yaml\nconfig:\n  shop:name: c\n```\n",
		"\n## till\n\nThe till.\n\n| setting | default | allowed | meaning |\n|---|---|---|---|\n| `width` | `5` | one of 5, 7 | Its width. |\n",
		"\n| `guard` |  | an object with name (required) | Its guard. |\n| `guard.name` | required in guard | a\\_b or c | The guard's name. |\n",
		"\n| `label` | required | a\\_b or c | Its label. |\n",
		"\n## rooms\n\nThe rooms. A list of at most 4.\n\n",
		"\n| `name` | `c` | a\\_b or c | Its \\<name> \\| \\*sign\\*. |\n",
	} {
		assert.Contains(t, page, want)
	}
	assert.NotContains(t, page, "| `till` |", "a section is no single key")
}

type object = map[string]any

func TestSchema(t *testing.T) {
	text, err := reference.Schema("shop", shop())
	require.NoError(t, err)
	var schema struct {
		Schema      string `json:"$schema"`
		Definitions object
		Properties  struct {
			Config struct {
				Properties    map[string]object
				PropertyNames any
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	assert.Equal(t, "http://json-schema.org/draft-07/schema#", schema.Schema)
	for name, definition := range schema.Definitions {
		assert.NotContains(t, definition, "description", "editors would show that of %s in place of a setting's own", name)
	}
	config := schema.Properties.Config
	assert.Equal(t, object{"anyOf": []any{
		object{"enum": []any{"shop:name", "shop:tags", "shop:till", "shop:rooms"}}, object{"not": object{"pattern": "^shop:[^:]*$"}},
	}}, config.PropertyNames)

	secure, unset := object{"$ref": "#/definitions/secure"}, object{"$ref": "#/definitions/unset"}
	scalar := []any{"string", "number", "boolean"}
	word := object{"type": scalar, "enum": []any{"a_b", "c"}}
	assert.Equal(t, object{
		"description": "Its <name> | *sign*. Allowed: a_b or c. Default: c.", "default": "c", "anyOf": []any{word, secure, unset},
	}, config.Properties["shop:name"])
	assert.Equal(t, []any{
		object{"type": "object", "maxProperties": 2.0, "additionalProperties": object{"anyOf": []any{object{"type": scalar, "maxLength": 5.0}, secure}}},
		object{"type": "string", "pattern": `^[ \t\r\n]*(\{|null)`}, secure, unset,
	}, config.Properties["shop:tags"]["anyOf"])

	till := config.Properties["shop:till"]["anyOf"].([]any)[0].(object)
	assert.Equal(t, false, till["additionalProperties"])
	assert.Equal(t, []any{"label"}, till["required"])
	settings := till["properties"].(object)
	for name, want := range map[string]object{
		"width": {"default": 5.0, "anyOf": []any{object{"type": "integer", "enum": []any{5.0, 7.0}}, object{"type": "string", "pattern": `^[-+]?[0-9]+$`}, secure, unset}},
		"rate": {"default": 1.5, "anyOf": []any{
			object{"type": "number", "minimum": 0.0, "maximum": 10.0}, object{"type": "string", "pattern": `^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`}, secure, unset,
		}},
		"open": {"default": true, "anyOf": []any{object{"type": "boolean"}, object{"type": "string", "pattern": "^(true|false)$"}, secure, unset}},
		"hours": {"anyOf": []any{
			object{"type": "array", "uniqueItems": true, "maxItems": 3.0, "items": object{"anyOf": []any{word, secure}}}, secure, unset,
		}},
		"label": {"anyOf": []any{word, secure}},
	} {
		got := settings[name].(object)
		assert.NotEmpty(t, got["description"], name)
		delete(got, "description")
		assert.Equal(t, want, got, name)
	}
	guard := settings["guard"].(object)["anyOf"].([]any)
	assert.Equal(t, []any{"name"}, guard[0].(object)["required"])
	assert.Equal(t, object{"type": "object", "maxProperties": 0.0}, guard[1])
	rooms := config.Properties["shop:rooms"]["anyOf"].([]any)[0].(object)
	assert.Equal(t, false, rooms["items"].(object)["additionalProperties"])
	delete(rooms, "items")
	assert.Equal(t, object{"type": "array", "maxItems": 4.0}, rooms)
}
