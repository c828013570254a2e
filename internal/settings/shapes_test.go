package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A key that looks like a path is none of the settings on that path, and shows none of their values.
func TestKeysThatLookLikePaths(t *testing.T) {
	for name, test := range map[string]struct {
		key, value string
		want       []string
	}{
		"a setting":              {"till.drawers", "3", []string{"shop:till.drawers: unknown key: without --path, pulumi config set takes shop:till.drawers for one word"}},
		"a setting of an object": {"shelves[0].name", "x", []string{"shop:shelves[0].name: unknown key: without --path, pulumi config set takes shop:shelves[0].name for one word"}},
		"no index":               {"shelves[-1]", "x", []string{"shop:shelves[-1]: unknown key; the nearest is shop:shelves"}},
		"no index at all":        {"shelves[a]", "x", []string{"shop:shelves[a]: unknown key; the nearest is shop:shelves"}},
		"a huge index":           {"shelves[99999999999999999999]", "x", []string{"shop:shelves[99999999999999999999]: unknown key; the nearest is shop:shelves[].name"}},
		"in an object":           {"till", `{"drawers":2,"size.width":1}`, []string{`shop:till["size.width"]: unknown key; the nearest is shop:shelves[].size`}},
		"brackets in an object":  {"till", `{"drawers":2,"limit[0]":1}`, []string{`shop:till["limit[0]"]: unknown key; the nearest is shop:till.limit`}},
		"no name":                {"till", `{"drawers":2,"":1}`, []string{`shop:till[""]: unknown key; the nearest is shop:till.drawers`}},
	} {
		t.Run(name, func(t *testing.T) {
			values := map[string]string{"till": drawers, "shelves": `[{"name":"hush"}]`}
			values[test.key] = test.value
			_, reading := read(values)
			assert.Equal(t, test.want, lines(t, reading))
		})
	}
	t.Run("in an encrypted object", func(t *testing.T) {
		_, reading := read(map[string]string{"till": `{"drawers":2,"hush.a":1,"hush[0].b":1,"hush:c.d":1}`}, "till")
		assert.NotContains(t, strings.Join(lines(t, reading), "\n"), "hush")
	})
}

func TestTextAfterAValueIsNotDropped(t *testing.T) {
	_, reading := read(map[string]string{"till": drawers + "}", "shelves": `[{"name":"a"}]]`})
	got := lines(t, reading)
	require.Len(t, got, 2)
	assert.True(t, strings.HasPrefix(got[0], "shop:till: not an object"), got[0])
	assert.True(t, strings.HasPrefix(got[1], "shop:shelves: not a list of objects"), got[1])
}
