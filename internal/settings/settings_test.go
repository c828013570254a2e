package settings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

const drawers = `{"drawers":2}`

func TestDefaults(t *testing.T) {
	got, reading := read(map[string]string{"till": drawers, "name": "", "tags": "", "guard": "", "shelves": ""})
	require.NoError(t, reading.Err())
	assert.Equal(t, &shop{name: "corner", till: till{drawers: 2, float: 1.5, locked: true, timeout: time.Minute}}, got)
}

func TestEveryValueIsTakenOver(t *testing.T) {
	limit := 0
	for name, section := range map[string]string{
		"as YAML has them":      `{"drawers":3,"limit":0,"float":2,"locked":false,"timeoutSeconds":30,"coins":["euro","7"]}`,
		"as text":               `{"drawers":"3","limit":"0","float":"2","locked":"false","timeoutSeconds":"30","coins":["euro","7"]}`,
		"as --path writes them": `{"drawers":3,"limit":0,"float":"2","locked":false,"timeoutSeconds":30,"coins":["euro",7]}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, reading := read(map[string]string{
				"name": "big", "token": "abc", "tags": `{"a":"b","n":1}`, "till": section, "guard": `{"name":"ann"}`,
				"shelves": `[{"name":"top"},{"name":"low","size":{"width":120}}]`,
			})
			require.NoError(t, reading.Err())
			want := &shop{
				name: "big", token: "abc", tags: map[string]string{"a": "b", "n": "1"},
				till:  till{drawers: 3, limit: &limit, float: 2, timeout: 30 * time.Second, coins: []string{"euro", "7"}},
				guard: &guard{name: "ann"}, shelves: []shelf{{name: "top"}, {name: "low"}},
			}
			want.shelves[0].size.width, want.shelves[0].size.depth = 80, 40
			want.shelves[1].size.width, want.shelves[1].size.depth = 120, 40
			assert.Equal(t, want, got)
		})
	}
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		values map[string]string
		want   []string
	}{
		"nothing that is required": {nil, []string{"shop:till.drawers: not set, but required; allowed: an integer from 1 to 9"}},
		"a section that is not an object": {map[string]string{"till": "two"}, []string{
			`shop:till: not an object (given: "two"); allowed: an object with drawers (required), limit, float, locked, timeoutSeconds, coins`,
		}},
		"a list of objects that is none": {map[string]string{"till": drawers, "shelves": "top"}, []string{
			`shop:shelves: not a list of objects (given: "top"); allowed: a list of at most 3 objects with name (required), size`,
		}},
		"values that a rule refuses": {
			map[string]string{"name": "Corner", "till": `{"drawers":10,"float":"x","locked":"yes","timeoutSeconds":1.5,"coins":["a","a"]}`}, []string{
				`shop:name: not allowed (given: "Corner"); allowed: lower-case letters`,
				`shop:till.drawers: out of range (given: "10"); allowed: an integer from 1 to 9`,
				`shop:till.float: not a number (given: "x"); allowed: a number from 0 to 10`,
				`shop:till.locked: not a boolean (given: "yes"); allowed: true or false`,
				`shop:till.timeoutSeconds: not an integer (given: "1.5"); allowed: an integer from 0 to 600`,
				`shop:till.coins[1]: the same as coins[0] (given: "a"); allowed: lower-case letters`,
			},
		},
		"other shapes": {
			map[string]string{"tags": "a", "till": `{"drawers":{"a":1},"limit":[1],"coins":"euro"}`, "guard": `["ann"]`, "shelves": `[{"name":["a"]}]`}, []string{
				`shop:tags: not an object (given: "a"); allowed: an object of strings`,
				`shop:till.drawers: not an integer (given: "{\"a\":1}"); allowed: an integer from 1 to 9`,
				`shop:till.limit: not an integer (given: "[1]"); allowed: an integer from 0 to 100`,
				`shop:till.coins: not a list (given: "euro"); allowed: a list of at most 3 distinct values, each lower-case letters`,
				`shop:guard: not an object (given: "[\"ann\"]"); allowed: an object with name (required)`,
				`shop:shelves[0].name: not a text (given: "[\"a\"]"); allowed: lower-case letters`,
			},
		},
		"JSON in quotes, as --path writes it": {map[string]string{"till": `{"drawers":1,"coins":"[\"a\"]"}`, "shelves": `[{"name":"a","size":"{}"}]`}, []string{
			`shop:till.coins: not a list, but text in quotes (given: "[\"a\"]"); allowed: a list of at most 3 distinct values, each lower-case letters`,
			`shop:shelves[0].size: not an object, but text in quotes (given: "{}"); allowed: an object with width, depth`,
		}},
		"a list that is too long": {map[string]string{"till": `{"drawers":1,"coins":["a","b","c","d"]}`}, []string{
			`shop:till.coins: 4 elements are too many (given: "[\"a\",\"b\",\"c\",\"d\"]"); allowed: a list of at most 3 distinct values, each lower-case letters`,
		}},
		"an element": {map[string]string{"till": `{"drawers":1,"coins":["A","b",["c"]]}`}, []string{
			`shop:till.coins[0]: not allowed (given: "A"); allowed: lower-case letters`,
			`shop:till.coins[2]: not a text (given: "[\"c\"]"); allowed: lower-case letters`,
		}},
		"two of one name, and one of none": {map[string]string{"till": drawers, "shelves": `[{"name":"a"},{"name":"a"},{}]`}, []string{
			`shop:shelves[1].name: the same as shop:shelves[0].name (given: "a"); allowed: lower-case letters`,
			`shop:shelves[2].name: not set, but required; allowed: lower-case letters`,
		}},
		"an optional section without what it requires": {map[string]string{"till": drawers, "guard": `{"nam":"ann"}`}, []string{
			"shop:guard.name: not set, but required; allowed: lower-case letters",
			"shop:guard.nam: unknown key; the nearest is name",
		}},
		"unknown keys": {map[string]string{"till": `{"drawers":1,"drawer":2}`, "nme": "x", "shelves": `[{"name":"a","size":{"wdth":1}}]`}, []string{
			"shop:till.drawer: unknown key; the nearest is drawers",
			"shop:shelves[0].size.wdth: unknown key; the nearest is width",
			"shop:nme: unknown key; the nearest is shop:name",
		}},
		"a key of another section": {map[string]string{"till": drawers, "guard": `{"name":"a","timeoutSeconds":3}`, "drawers": "2"}, []string{
			"shop:guard.timeoutSeconds: unknown key; the nearest is shop:till.timeoutSeconds",
			"shop:drawers: unknown key; the nearest is shop:till.drawers",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, reading := read(test.values)
			assert.Equal(t, test.want, lines(t, reading))
		})
	}
}

func TestNumbersInText(t *testing.T) {
	for text, want := range map[string]bool{
		"2": true, "+2": true, "02": true, "2.": true, ".2": true, "2.5": true, "25e-1": true, "0.2E+1": true,
		"": true, "-1": false, "0x1p1": false, "1_0": false, "Inf": false, "NaN": false, "1e999": false, ".": false, "e1": false, " 2": false, "2 ": false,
	} {
		_, reading := read(map[string]string{"till": fmt.Sprintf(`{"drawers":1,"float":%q}`, text)})
		assert.Equal(t, want, reading.Err() == nil, text)
	}
}

// What a step finds hides what a later one would find about the same settings, and nothing else.
func TestWhatFollowsIsLeftOut(t *testing.T) {
	about := func(path fault.Path, reads ...fault.Path) fault.Fault {
		return fault.Fault{Path: path, Problem: fault.Problemf("too much"), Reads: reads}
	}
	for name, test := range map[string]struct {
		found fault.Fault
		shown bool
	}{
		"the setting itself":             {about("till.float"), false},
		"a setting that reads it":        {about("till.drawers", "till.float"), false},
		"a section that holds it":        {about("till"), true},
		"a section that it reads":        {about("name", "till"), false},
		"what was probably meant":        {about("shelves[0].size.width"), false},
		"another":                        {about("till.drawers"), true},
		"one that begins alike":          {about("till.floats"), true},
		"the same of another element":    {about("shelves[1].size.width"), true},
		"one that reads another":         {about("till.drawers", "till.limit", "name"), true},
		"the list of what is at fault":   {about("name", "shelves"), false},
		"a part of what is not at fault": {about("shelves[1].size"), true},
	} {
		t.Run(name, func(t *testing.T) {
			_, reading := read(map[string]string{
				"till": `{"drawers":1,"float":"x"}`, "shelves": `[{"name":"a","size":{"widht":1}},{"name":"b"}]`,
			})
			before := len(lines(t, reading))
			reading.Warn(test.found)
			reading.Report(test.found)
			assert.Equal(t, test.shown, len(lines(t, reading)) > before)
			assert.Equal(t, test.shown, len(reading.Warnings()) > 0)
		})
	}
	t.Run("all that one step finds is shown, each once", func(t *testing.T) {
		_, reading := read(map[string]string{"till": drawers})
		reading.Report(about("name"), about("till.drawers", "name"), about("name"))
		assert.Len(t, lines(t, reading), 2)
	})
	t.Run("or all but what follows from another", func(t *testing.T) {
		_, reading := read(map[string]string{"till": `{"drawers":1,"float":"x"}`})
		// The second follows from what was at fault before, and so hides nothing.
		reading.ReportTrusted(about("name"), about("till.limit", "till.float"), about("tags", "name"), about("guard", "till.limit"))
		assert.Equal(t, []string{"shop:name: too much", "shop:till.float: not a number", "shop:guard: too much"}, beginnings(lines(t, reading)))
	})
}

// beginnings are the settings and the problems.
func beginnings(lines []string) []string {
	for i, line := range lines {
		line, _, _ = strings.Cut(line, "; allowed")
		lines[i], _, _ = strings.Cut(line, " (")
	}
	return lines
}

func TestFaultsAreShownAsConfigured(t *testing.T) {
	_, reading := read(map[string]string{"till": `{"drawers":2,"limit":7}`})
	reading.Report(
		fault.Fault{Path: "till.limit", Given: 9, Problem: fault.Problemf("over %d of %s and %s", 5, fault.Path("till.drawers"), fault.Path("name")), Nearest: "5"},
		fault.Fault{Path: "till.float", Problem: fault.Problemf("too little"), Allowed: "more"},
		fault.Fault{Path: "shelves[0]", Problem: fault.Problemf("too deep")},
		fault.Fault{Path: "aws:region", Problem: fault.Problemf("use %s", fault.Path("name"))},
	)
	assert.Equal(t, []string{
		`shop:till.limit: over 5 of drawers and shop:name (given: "7"); nearest: 5; allowed: an integer from 0 to 100`,
		`shop:till.float: too little (default: "1.5"); allowed: more`,
		`shop:shelves[0]: too deep; allowed: an object with name (required), size`,
		`aws:region: use shop:name`,
	}, lines(t, reading))
	assert.True(t, strings.HasPrefix(reading.Err().Error(), "the configuration of stack \"dev\" has 4 faults, and nothing is changed:\n  shop:till.limit: over"))
}

// No secret is shown: not by its own key, not by another that quotes it, and not in part.
func TestSecretsAreNotShown(t *testing.T) {
	values := map[string]string{
		"name": "Hush", "token": "hush", "till": `{"drawers":"hush","coins":["Hush"]}`, "shelves": `[{"name":"Hush","hush":1}]`, "tags": `{"a":["hush"]}`,
	}
	_, reading := read(values, "name", "till", "shelves", "tags")
	reading.Report(
		fault.Fault{Path: "token", Problem: fault.Problemf("%q is no token", "hush"), Nearest: "hush", Allowed: "anything but hush"},
		fault.Fault{Path: "guard.name", Given: "hush", Problem: fault.Problemf("not %q, which %s is", "hush", fault.Path("token")), Reads: []fault.Path{"token"}},
	)
	reading.Warn(fault.Fault{Path: "token", Problem: fault.Problemf("%q is short", "hush")})
	got := lines(t, reading)
	assert.Len(t, got, 8, "%q", got)
	assert.NotContains(t, strings.ToLower(strings.Join(append(got, reading.Warnings()...), "\n")), "hush")
	assert.Contains(t, got, "shop:guard.name: not [secret], which shop:token is; allowed: lower-case letters")
}

func TestIsSet(t *testing.T) {
	_, reading := read(map[string]string{
		"name": "corner", "till": `{"drawers":2,"float":2,"locked":true,"coins":[]}`, "guard": "", "tags": "{}", "shelves": `[{"name":"a","size":{"width":1}}]`,
	})
	for path, want := range map[fault.Path]bool{
		"name": false, "till.drawers": true, "till.float": true, "till.locked": false, "till.coins": false, "guard": false, "guard.name": false,
		"tags": false, "shelves[0].size.width": true, "shelves[0].size.depth": false, "shelves[1].name": false,
	} {
		assert.Equal(t, want, reading.IsSet(path), path)
	}
}

func TestErrorIsAList(t *testing.T) {
	_, reading := read(nil)
	var typed *settings.Error
	require.ErrorAs(t, reading.Err(), &typed)
	assert.Equal(t, `the configuration of stack "dev" has 1 fault, and nothing is changed`, typed.Heading())
}
