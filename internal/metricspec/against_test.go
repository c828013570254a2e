package metricspec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
)

func parse(t *testing.T, text string) *metricspec.Spec {
	t.Helper()
	spec, faults := metricspec.Parse("m.yaml", []byte(text))
	require.NoError(t, faults.Err())
	return spec
}

// sources are how a stack would name what a spec is used with.
var sources = fault.Sources{
	"": fault.From("metrics.specFile"), "RetentionHours": fault.From("stream.retentionHours"), "ProducerDelaySeconds": fault.From("delay"),
	"ProducerOutageSeconds": fault.From("streamOutageSeconds"), "LargestRecordBytes": fault.From("load.largestRecordBytes"),
}

func TestAgainst(t *testing.T) {
	day := metricspec.Surroundings{RetentionHours: 24}
	const begins = "metrics.specFile: m.yaml:5: lateness: "
	for name, test := range map[string]struct {
		more             string
		around           metricspec.Surroundings
		faults, warnings []string
	}{
		"all goes together":     {"lateness: 600\n", metricspec.Surroundings{RetentionHours: 24, ProducerDelaySeconds: 600, ProducerOutageSeconds: 600, LargestRecordBytes: 1_048_576}, nil, nil},
		"just within retention": {"lateness: 86280\n", day, nil, nil},
		"longer than retention": {"lateness: 86281\n", day, []string{
			begins + "on a new checkpoint the job starts lateness, window and skew back, which is 86401 s, and the stream keeps a record for 24 h (stream.retentionHours): " +
				`it would be gone while it may still be counted (given: "86281"); nearest: 86280; allowed: at most what the stream keeps, less window and skew`,
		}, nil},
		"shorter than the delay": {"lateness: 20\n", metricspec.Surroundings{RetentionHours: 24, ProducerDelaySeconds: 21}, []string{
			begins + `an event usually takes 21 s to the stream (delay), so that hardly any would be counted live (given: "20"); nearest: 21; allowed: at least what events usually take`,
		}, nil},
		"a delay that no lateness covers": {"lateness: 20\n", metricspec.Surroundings{RetentionHours: 48, ProducerDelaySeconds: 86_401}, []string{
			begins + `an event usually takes 86401 s to the stream (delay), so that hardly any would be counted live (given: "20"); allowed: at least what events usually take`,
		}, nil},
		"shorter than an outage": {"lateness: 600\n", metricspec.Surroundings{RetentionHours: 24, ProducerOutageSeconds: 3_600}, nil, []string{
			begins + "the producers' buffers bridge an outage of 3600 s (streamOutageSeconds): events that come more than 600 s late after one are counted by the batch alone " + `(given: "600")`,
		}},
		"a default": {"", metricspec.Surroundings{RetentionHours: 24, ProducerDelaySeconds: 601}, []string{
			"metrics.specFile: m.yaml:1: lateness: an event usually takes 601 s to the stream (delay), so that hardly any would be counted live " +
				`(given: "600"); nearest: 601; allowed: at least what events usually take`,
		}, nil},
		"smaller than records": {"maxRecordBytes: 1000\n", metricspec.Surroundings{RetentionHours: 24, LargestRecordBytes: 1_001}, nil, []string{
			"metrics.specFile: m.yaml:5: maxRecordBytes: records of up to 1001 bytes are sent (load.largestRecordBytes): those of more than 1000 are rejected as too_large " + `(given: "1000")`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			used := strings.Replace(least, ", code: {type: integer}", "", 1)
			faults, warnings := parse(t, used+oneMetric+test.more).Against(test.around)
			assert.Equal(t, strings.Join(test.faults, "\n"), faults.From(sources).Error())
			assert.Equal(t, strings.Join(test.warnings, "\n"), warnings.From(sources).Error())
		})
	}
}

func TestEachFaultReadsWhatItComparesWith(t *testing.T) {
	faults, warnings := parse(t, least+oneMetric+"lateness: 20\nmaxRecordBytes: 5\n").Against(metricspec.Surroundings{
		ProducerDelaySeconds: 60, ProducerOutageSeconds: 60, LargestRecordBytes: 6,
	})
	var read []fault.Path
	for _, f := range append(faults, warnings...) {
		read = append(read, f.Reads...)
	}
	assert.ElementsMatch(t, []fault.Path{"RetentionHours", "ProducerDelaySeconds", "ProducerOutageSeconds", "LargestRecordBytes"}, read)
}

func TestCardinality(t *testing.T) {
	const fields = `version: 1
eventTime: [{field: time, format: iso8601}]
fields:
  time: {type: string}
  cluster: {type: string, cardinality: 10}
  route: {type: string, cardinality: 7692}
  huge: {type: string, cardinality: 1000000000}
  enormous: {type: string, cardinality: 1000000000}
metrics:
  - {name: total, unit: events, aggregate: count}
`
	const advice = ": have fewer dimensions or less lateness, or say in cardinality how many values the fields really have"
	for name, test := range map[string]struct{ metrics, want string }{
		"as many as may be": {"  - {name: a, unit: events, aggregate: count, dimensions: [cluster, route]}\n", ""},
		"more": {
			"  - {name: a, unit: events, aggregate: count, dimensions: [cluster, route]}\n  - {name: b, unit: events, aggregate: count, dimensions: [route, time]}\n" +
				"  - {name: c, unit: events, aggregate: distinct, field: cluster, dimensions: [route, time]}\n",
			"m.yaml:12: metrics[2].dimensions: 7692 of route times 100 of time are 769,200 values, which in the 13 windows that are open at once are " +
				"9,999,600 rows of state, more than 1,000,000" + advice,
		},
		"more than can be counted": {
			"  - {name: a, unit: events, aggregate: count, dimensions: [huge, enormous]}\n",
			"m.yaml:11: metrics[1].dimensions: 1000000000 of enormous times 1000000000 of huge are 1,000,000,000,000,000,000 values, which in the 13 windows that are open at once are " +
				"1e+19 rows of state, more than 1,000,000" + advice,
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec := parse(t, fields+test.metrics)
			_, warnings := spec.Against(metricspec.Surroundings{RetentionHours: 24})
			var got []string
			for _, w := range warnings {
				if !strings.Contains(w.String(), "nothing uses") {
					got = append(got, w.String())
				}
			}
			assert.Equal(t, test.want, strings.Join(got, "\n"))
		})
	}
}

func TestUnusedFields(t *testing.T) {
	spec := parse(t, `version: 1
eventTime: [{field: time, format: iso8601}]
fields:
  time: {type: string}
  b: {type: integer}
  a: {type: string}
  summed: {type: number}
  dimension: {type: string}
  filtered: {type: string}
  deep: {type: string}
metrics:
  - {name: x, unit: events, aggregate: sum, field: summed, dimensions: [dimension], filter: {any: [{field: filtered, equals: x}, {not: {field: deep, exists: true}}]}}
`)
	_, warnings := spec.Against(metricspec.Surroundings{RetentionHours: 24})
	assert.EqualError(t, warnings, "m.yaml:6: fields.a: nothing uses this field\nm.yaml:5: fields.b: nothing uses this field")
}
