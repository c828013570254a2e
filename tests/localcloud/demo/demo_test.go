package demo

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/metricspec"
)

func TestSparkGetsTheSettingsOfTheJobsOwnArgument(t *testing.T) {
	j := &job{arguments: map[string]string{"--conf": "spark.a=b --conf spark.c=d=e"}}
	assert.Equal(t, []string{"spark.a b", "spark.c d=e"}, j.settings())
}

func TestTheScriptGetsAllOfTheJobsArguments(t *testing.T) {
	j := &job{arguments: map[string]string{"--spec": "s3://b/spec.json", "--conf": "spark.a=b --conf spark.c=d"}}
	assert.Equal(t, []string{"--conf", "spark.a=b --conf spark.c=d", "--spec", "s3://b/spec.json"}, j.words())
}

func TestAMinuteNeedsAllThatWasSentInIt(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 0, 30, 0, time.UTC)
	s := &sending{options: Options{For: 60 * time.Second, PerSecond: 10}}
	for second := range 60 {
		s.until = append(s.until, moment{began.Add(time.Duration(second) * time.Second), (second + 1) * 10})
	}
	for name, test := range map[string]struct {
		end  time.Time
		want int
	}{
		"over before the first": {began.Add(-30 * time.Second), 600},
		"over meanwhile":        {began.Add(30 * time.Second), 310},
		"over after the last":   {began.Add(90 * time.Second), 600},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, s.neededFor(test.end)) })
	}
}

func TestAMinuteIsShownOnceItIsWhole(t *testing.T) {
	first := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	rows := []Row{
		{acceptedMetric, first, "{}", 7},
		{"events", first, `{"event_type":"view"}`, 1},
		{"events", first, `{"event_type":"search"}`, 2},
		{"events", first, `{"event_type":"share"}`, 0.5},
		{"events", first, `{"event_type":null}`, 0.25},
		{"events", first.Add(time.Minute), `{"event_type":"view"}`, 9},
	}
	var out bytes.Buffer
	m := newMinutes(metricspec.Default(), &out)
	whole := func(window time.Time) bool { return window.Equal(first) }
	m.show(rows, whole)
	m.show(rows, whole)
	assert.Equal(t, strings.TrimPrefix(`
03:04 UTC
  events                          2 events       event_type=search
  events                          1 events       event_type=view
  events                      0.500 events       event_type=share
  events               and 1 more
  records_accepted                7 records
`, "\n"), out.String())
}

func TestRecordsAreCountedFromTheMinuteOn(t *testing.T) {
	minute := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	assert.Equal(t, 5, counted([]Row{
		{acceptedMetric, minute.Add(-time.Minute), "{}", 100},
		{acceptedMetric, minute, "{}", 3},
		{rejectedMetric, minute.Add(time.Minute), `{"reason":"too_old"}`, 2},
		{"events", minute, "{}", 50},
	}, minute))
}
