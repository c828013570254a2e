package metricspec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/metricspec"
)

const newCheckpoint = "A new checkpoint begins"

func TestChanges(t *testing.T) {
	for name, test := range map[string]struct {
		edit       [2]string
		want       []string
		checkpoint bool
	}{
		"a number": {[2]string{"lateness: 600", "lateness: 900"}, []string{"lateness: 900, before: 600."}, true},
		"the time": {[2]string{"format: iso8601", "format: iso8601, timeZone: Asia/Tokyo"}, []string{
			`eventTime: [{"field":"time","format":"iso8601","timeZone":"Asia/Tokyo"}], before: [{"field":"time","format":"iso8601","timeZone":"UTC"}].`,
		}, true},
		"a field": {[2]string{"bytes: {type: integer}", "bytes: {type: number, path: [size]}"}, []string{
			"fields.bytes.type: number, before: integer.", `fields.bytes.path: ["size"], before: ["bytes"].`,
		}, true},
		"a metric added": {[2]string{"ratios:", "  - {name: more, unit: events, aggregate: count, dimensions: [code]}\nratios:"}, []string{
			"metric more is new: its first rows are of the windows from now on.",
		}, true},
		"a metric removed": {[2]string{"  - {name: volume, unit: bytes, aggregate: sum, field: bytes, dimensions: [app, code]}\n", ""}, []string{
			"metric volume is removed: rows that are there stay, and no more come.",
		}, true},
		"a metric renamed": {[2]string{"name: volume", "name: bytes_sent"}, []string{"metric volume is called bytes_sent: rows that are there keep the old name."}, true},
		"a metric replaced": {[2]string{"{name: volume, unit: bytes, aggregate: sum", "{name: largest, unit: bytes, aggregate: max"}, []string{
			"metric volume is removed: rows that are there stay, and no more come.", "metric largest is new: its first rows are of the windows from now on.",
		}, true},
		"all of a metric": {[2]string{"aggregate: sum, field: bytes, dimensions: [app, code]", "aggregate: max, field: code, filter: {field: app, equals: a}, dimensions: []"}, []string{
			"metric volume, aggregate: max, before: sum.", "metric volume, field: code, before: bytes.",
			`metric volume, filter: {"equals":"a","field":"app"}, before: none.`, `metric volume, dimensions: none, before: ["app","code"].`,
			"metric volume: rows that are there stay as they were counted before.",
		}, true},
		"a count of a field's values": {[2]string{"{name: events, description: All, unit: events, aggregate: count}", "{name: events, unit: events, aggregate: distinct, field: code}"}, []string{
			"metric events, aggregate: distinct, before: count.", "metric events, field: code, before: none.", "metric events: rows that are there stay as they were counted before.",
		}, true},
		"the order of metrics": {shaping["order of columns"], []string{"metrics: their order is another."}, true},
		"a ratio":              {harmless["ratio"], []string{"ratio error_rate: events / errors, before: errors / events."}, false},
		"a ratio removed":      {harmless["no ratio"], []string{"ratio error_rate is removed: rows that are there stay, and no more come."}, false},
		"a ratio added": {[2]string{"denominator: events}\n", "denominator: events}\n  - {name: more, numerator: events, denominator: errors}\n"}, []string{
			"ratio more is new.",
		}, false},
		"a ratio's unit":      {[2]string{"error_rate, num", "error_rate, unit: share, num"}, []string{"ratio error_rate, unit: share, before: ratio."}, false},
		"the time zone":       {harmless["time zone"], []string{"timeZone: Asia/Tokyo, before: UTC."}, false},
		"a unit":              {harmless["unit"], []string{"metric volume, unit: octets, before: bytes."}, false},
		"a description":       {harmless["description"], nil, false},
		"a number's form":     {harmless["number's form"], nil, false},
		"an unused field":     {harmless["unused field"], nil, false},
		"order of dimensions": {harmless["order of dimensions"], nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := parse(t, two), edited(t, test.edit)
			got := metricspec.Changes(before, after)
			if test.checkpoint {
				last := len(got) - 1
				assert.Equal(t, newCheckpoint+" ("+after.StateHash()+", before: "+before.StateHash()+"): the job starts far enough back that each window that it "+
					"writes is whole, and writes no other. What is in the tables stays.", got[last])
				got = got[:last]
			}
			assert.ElementsMatch(t, test.want, got)
		})
	}
}

// Each change of the state has its reason said, and nothing else begins a checkpoint.
func TestEachNewCheckpointHasAReason(t *testing.T) {
	before := parse(t, two)
	for name, edit := range shaping {
		got := metricspec.Changes(before, edited(t, edit))
		assert.GreaterOrEqual(t, len(got), 2, name)
		assert.Contains(t, got[len(got)-1], newCheckpoint, name)
	}
	for name, edit := range harmless {
		assert.NotContains(t, strings.Join(metricspec.Changes(before, edited(t, edit)), "\n"), newCheckpoint, name)
	}
	assert.Empty(t, metricspec.Changes(before, parse(t, string(before.Resolved()))))
	assert.Empty(t, metricspec.Changes(nil, before), "the first")
}
