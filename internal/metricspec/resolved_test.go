package metricspec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
)

// two is a spec with two sets of dimensions and all that shapes the state.
const two = `version: 1
lateness: 600
skew: 60
timeZone: UTC
maxRecordBytes: 1000
eventTime:
  - {field: time, format: iso8601}
fields:
  time: {type: string}
  code: {type: integer}
  bytes: {type: integer}
  app: {type: string, path: [labels, app], cardinality: 20}
metrics:
  - {name: events, description: All, unit: events, aggregate: count}
  - {name: errors, unit: events, aggregate: count, filter: {field: code, atLeast: 500}}
  - {name: volume, unit: bytes, aggregate: sum, field: bytes, dimensions: [app, code]}
ratios:
  - {name: error_rate, numerator: errors, denominator: events}
`

const (
	eventsLine = "  - {name: events, description: All, unit: events, aggregate: count}\n"
	errorsLine = "  - {name: errors, unit: events, aggregate: count, filter: {field: code, atLeast: 500}}\n"
)

// edits are changes of it.
type edits map[string][2]string

var shaping = edits{
	"lateness":                 {"lateness: 600", "lateness: 601"},
	"skew":                     {"skew: 60", "skew: 61"},
	"largest record":           {"maxRecordBytes: 1000", "maxRecordBytes: 1001"},
	"zone of times":            {"format: iso8601", "format: iso8601, timeZone: Europe/Berlin"},
	"another time":             {"{field: time, format", "{field: app, format"},
	"path of a dimension":      {"path: [labels, app]", "path: [labels, name]"},
	"type in a filter":         {"code: {type: integer}", "code: {type: integer, path: [c]}"},
	"path of a summed field":   {"bytes: {type: integer}", "bytes: {type: integer, path: [size]}"},
	"type of a summed field":   {"bytes: {type: integer}", "bytes: {type: number}"},
	"path of a time":           {"time: {type: string}", "time: {type: string, path: [at]}"},
	"name":                     {"name: volume", "name: bytes_sent"},
	"aggregate":                {"aggregate: sum", "aggregate: max"},
	"field":                    {"field: bytes", "field: code"},
	"operator":                 {"atLeast: 500", "above: 500"},
	"value in a filter":        {"atLeast: 500", "atLeast: 501"},
	"no filter":                {", filter: {field: code, atLeast: 500}", ""},
	"dimension":                {"dimensions: [app, code]", "dimensions: [app]"},
	"metric more":              {"ratios:", "  - {name: more, unit: events, aggregate: count}\nratios:"},
	"order of columns":         {eventsLine + errorsLine, errorsLine + eventsLine},
	"another set for a metric": {"field: bytes, dimensions: [app, code]", "field: bytes"},
}

var harmless = edits{
	"description":         {"description: All", "description: Every one"},
	"unit":                {"unit: bytes", "unit: octets"},
	"time zone":           {"timeZone: UTC", "timeZone: Asia/Tokyo"},
	"cardinality":         {"cardinality: 20", "cardinality: 30"},
	"ratio":               {"numerator: errors, denominator: events", "numerator: events, denominator: errors"},
	"no ratio":            {"ratios:\n  - {name: error_rate, numerator: errors, denominator: events}\n", ""},
	"unused field":        {"  code: {type: integer}\n", "  code: {type: integer}\n  spare: {type: string}\n"},
	"order of dimensions": {"[app, code]", "[code, app]"},
	"order of keys":       {"lateness: 600\nskew: 60\n", "skew: 60\nlateness: 600\n"},
	"a default written":   {"skew: 60\n", "skew: 60\nwindow: 60\n"},
	"a path written":      {"code: {type: integer}", "code: {type: integer, path: [code]}"},
	"number's form":       {"atLeast: 500", "atLeast: 500.0"},
	"comment":             {"version: 1\n", "# a\nversion: 1\n"},
}

// edited is the spec after an edit.
func edited(t *testing.T, edit [2]string) *metricspec.Spec {
	t.Helper()
	require.Contains(t, two, edit[0])
	return parse(t, strings.Replace(two, edit[0], edit[1], 1))
}

func TestStateHash(t *testing.T) {
	hash := parse(t, two).StateHash()
	assert.Regexp(t, `^[0-9a-f]{12}$`, hash)
	hashes := map[string]string{hash: "before"}
	for name, edit := range shaping {
		t.Run("another with another "+name, func(t *testing.T) {
			other := edited(t, edit).StateHash()
			assert.Empty(t, hashes[other], "the same as of")
			hashes[other] = name
		})
	}
	for name, edit := range harmless {
		t.Run("the same with another "+name, func(t *testing.T) {
			assert.Equal(t, hash, edited(t, edit).StateHash())
		})
	}
}

// A new program must not throw away checkpoints for the same state: whoever changes this number raises stateFormat on purpose.
func TestStateHashIsTheSameInEachVersionOfTheProgram(t *testing.T) {
	assert.Equal(t, "72139e72a176", parse(t, two).StateHash())
}

func TestResolvedIsASpecAgain(t *testing.T) {
	for name, text := range files(t, "good/*.json", 12) {
		t.Run(name, func(t *testing.T) {
			spec := parse(t, string(text))
			assert.Equal(t, string(text), string(spec.Resolved()))
		})
	}
}

func TestSetsHaveTheOrderOfTheSpec(t *testing.T) {
	sets := parse(t, string(files(t, "good/*.yaml", 12)["dimensions"])).Sets()
	var got [][]string
	for _, set := range sets {
		names := set.Dimensions
		for _, m := range set.Metrics {
			names = append(names, m.Name)
		}
		got = append(got, names)
	}
	assert.Equal(t, [][]string{
		{"total", "empty_list"},
		{"cluster", "namespace", "route_name", "by_route", "also_by_route"},
		{"cached", "cluster", "code", "d6", "d7", "d8", "namespace", "route_name", "by_all"},
	}, got)
}
