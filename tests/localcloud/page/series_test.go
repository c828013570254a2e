package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/nodetools"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// spec has a metric of each kind, by two dimensions.
func spec(t *testing.T) *metricspec.Spec {
	t.Helper()
	spec, faults := metricspec.Parse("test.yaml", []byte(`
version: 1
eventTime: [{field: at, format: epoch_seconds}]
fields: {at: {type: integer}, size: {type: number}, user: {type: string}, cluster: {type: string}, route: {type: string}}
metrics:
  - {name: requests, unit: requests, aggregate: count, dimensions: [cluster, route]}
  - {name: bytes, unit: bytes, aggregate: sum, field: size, dimensions: [cluster, route]}
  - {name: smallest, unit: bytes, aggregate: min, field: size, dimensions: [cluster, route]}
  - {name: largest, unit: bytes, aggregate: max, field: size, dimensions: [cluster, route]}
  - {name: users, unit: users, aggregate: distinct, field: user, dimensions: [cluster, route]}
  - {name: visitors, unit: users, aggregate: distinct, field: user}
ratios:
  - {name: mean_size, unit: bytes, numerator: bytes, denominator: requests}
`))
	require.Empty(t, faults)
	return spec
}

// at is a row of a minute after noon; the texts are the values of cluster and route, "" for null.
func at(metric string, minute int, value float64, by string, values ...string) Row {
	r := Row{
		Metric: metric, WindowStart: noon.Add(time.Duration(minute) * time.Minute), Value: value, CountedBy: by,
		Dimensions: map[string]string{},
	}
	for i, text := range values {
		if text != "" {
			r.Dimensions[[]string{"cluster", "route"}[i]] = text
		}
	}
	return r
}

func live(metric string, minute int, value float64, values ...string) Row {
	return at(metric, minute, value, CountedByLive, values...)
}

func exact(metric string, minute int, value float64, values ...string) Row {
	return at(metric, minute, value, CountedByBatch, values...)
}

func share(minute int, numerator, denominator float64, values ...string) Row {
	r := live("mean_size", minute, numerator/denominator, values...)
	r.Numerator, r.Denominator = &numerator, &denominator
	return r
}

// question is what the page's scripts are asked, in the place of a reader.
type question struct {
	metric string
	// step is in seconds; 0 is a minute.
	step int
	// from and to are minutes after noon; to 0 is a day.
	from, to int
	// values are those that are chosen; "" is null.
	values map[string]string
}

type line struct {
	Name  string
	Batch []*float64
	Live  []*float64
}

type answer struct {
	// Minutes are those after noon.
	Minutes []int
	Lines   []line
	Latest  *struct {
		Time  int64
		Value float64
		Batch bool
	}
}

// driver has the scripts answer one question.
const driver = `
const { charts, chart, filter, step, at } = JSON.parse(require('fs').readFileSync(0));
const { times, lines } = series(chart, filter, step);
process.stdout.write(JSON.stringify({
  minutes: times.map((time) => (time - at) / 60),
  lines: lines.map(({ place, batch, live }) => ({ name: lineName(chart, charts, place, filter), batch, live })),
  latest: latest(chart, filter, at + 150),
}));
`

// ask has the page's own scripts say what a chart shows of the rows.
func ask(t *testing.T, rows []Row, q question) answer {
	t.Helper()
	all, err := chartsOf(metricCharts(spec(t)), rows)
	require.NoError(t, err)
	places := map[string]int{}
	for name, text := range q.values {
		for place, value := range all.Values[name] {
			if value == nil && text == "" || value != nil && *value == text {
				places[name] = place
			}
		}
		require.Contains(t, places, name)
	}
	if q.to == 0 {
		q.to = 24 * 60
	}
	if q.step == 0 {
		q.step = 60
	}
	for _, chart := range all.Charts {
		if chart.Name != q.metric {
			continue
		}
		stdin, err := json.Marshal(map[string]any{
			"charts": all, "chart": chart, "step": q.step, "at": noon.Unix(),
			"filter": map[string]any{"from": noon.Unix() + int64(q.from)*60, "to": noon.Unix() + int64(q.to)*60, "values": places},
		})
		require.NoError(t, err)
		return run(t, stdin)
	}
	require.Fail(t, "no chart is called "+q.metric)
	return answer{}
}

func run(t *testing.T, stdin []byte) answer {
	t.Helper()
	var script strings.Builder
	for _, name := range []string{"series.js", "text.js", "cards.js"} {
		content, err := os.ReadFile(filepath.Join("assets", name))
		require.NoError(t, err)
		script.Write(content)
	}
	script.WriteString(driver)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ask.js"), []byte(script.String()), 0o600))
	output, err := nodetools.Program{Script: "ask.js", Tests: "the tests of the page's scripts"}.Run(t.Context(), dir, stdin)
	require.NoError(t, err)
	var a answer
	require.NoError(t, json.Unmarshal(output, &a), string(output))
	return a
}

func values(of ...float64) []*float64 {
	all := make([]*float64, len(of))
	for i := range of {
		all[i] = &of[i]
	}
	return all
}

func TestRowsAreCombinedAsTheirMetricAllows(t *testing.T) {
	for metric, want := range map[string]float64{"requests": 10, "bytes": 10, "smallest": 3, "largest": 7, "users": 7} {
		t.Run(metric, func(t *testing.T) {
			a := ask(t, []Row{live(metric, 0, 3, "a", "x"), live(metric, 0, 7, "a", "y")}, question{metric: metric})
			assert.Equal(t, []line{{"a", []*float64{nil}, values(want)}}, a.Lines)
			assert.InDelta(t, want, a.Latest.Value, 0)
		})
	}
	t.Run("a ratio", func(t *testing.T) {
		a := ask(t, []Row{share(0, 1, 2, "a", "x"), share(0, 9, 3, "a", "y")}, question{metric: "mean_size"})
		assert.Equal(t, []line{{"a", []*float64{nil}, values(2)}}, a.Lines, "10 / 5, and neither 0.5 + 3 nor their mean")
		assert.InDelta(t, 2, a.Latest.Value, 0)
	})
}

func TestAnHourHasItsMinutesCombined(t *testing.T) {
	for metric, want := range map[string][]*float64{
		"requests": values(10, 4), "smallest": values(3, 4), "largest": values(7, 4), "users": values(7, 4),
	} {
		t.Run(metric, func(t *testing.T) {
			rows := []Row{live(metric, 0, 3, "a"), live(metric, 59, 7, "a"), live(metric, 60, 4, "a")}
			a := ask(t, rows, question{metric: metric, step: 3600})
			assert.Equal(t, []int{0, 60}, a.Minutes)
			assert.Equal(t, []line{{"a", []*float64{nil, nil}, want}}, a.Lines)
		})
	}
	a := ask(t, []Row{share(0, 1, 2, "a"), share(1, 9, 3, "a")}, question{metric: "mean_size", step: 3600})
	assert.Equal(t, values(2), a.Lines[0].Live)
}

func TestALineIsAValueOfTheFirstDimension(t *testing.T) {
	a := ask(t, []Row{
		live("requests", 0, 1, "few", "x"), live("requests", 0, 9, "many", "x"), live("requests", 0, 2, "", "x"),
		live("requests", 1, 5, "many", "y"),
	}, question{metric: "requests"})
	assert.Equal(t, []int{0, 1}, a.Minutes)
	nothing := []*float64{nil, nil}
	one, nine, two, five := 1.0, 9.0, 2.0, 5.0
	assert.Equal(t, []line{
		{"many", nothing, []*float64{&nine, &five}}, {"(none)", nothing, []*float64{&two, nil}}, {"few", nothing, []*float64{&one, nil}},
	}, a.Lines)
}

func TestTheSmallestValuesShareALine(t *testing.T) {
	var rows []Row
	for i, cluster := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		rows = append(rows, live("requests", 0, float64(100-i), cluster), live("users", 0, float64(100-i), cluster))
	}
	shown := func(metric string, chosen map[string]string) (names []string, last *float64) {
		lines := ask(t, rows, question{metric: metric, values: chosen}).Lines
		for _, l := range lines {
			names, last = append(names, l.Name), l.Live[0]
		}
		return names, last
	}
	names, last := shown("requests", nil)
	assert.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "3 others"}, names)
	assert.InDelta(t, 93+92+91, *last, 0)
	_, last = shown("users", nil)
	assert.InDelta(t, 93, *last, 0, "distinct values are not added up there either")
	names, _ = shown("requests", map[string]string{"cluster": "i"})
	assert.Equal(t, []string{"i"}, names, "one that is chosen is itself")
}

func TestFilters(t *testing.T) {
	rows := []Row{
		live("requests", 0, 1, "a", "x"), live("requests", 1, 2, "a", "y"), live("requests", 2, 4, "b", "x"),
		live("requests", 3, 8, "b", ""), live("visitors", 0, 16),
	}
	for name, test := range map[string]struct {
		question question
		total    float64
	}{
		"none":                        {question{metric: "requests"}, 15},
		"a time without its end":      {question{metric: "requests", from: 1, to: 3}, 6},
		"a value":                     {question{metric: "requests", values: map[string]string{"route": "x"}}, 5},
		"two dimensions":              {question{metric: "requests", values: map[string]string{"route": "x", "cluster": "b"}}, 4},
		"null":                        {question{metric: "requests", values: map[string]string{"route": ""}}, 8},
		"a dimension of other charts": {question{metric: "visitors", values: map[string]string{"route": "x"}}, 16},
		"nothing is left":             {question{metric: "requests", from: 5}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var total float64
			for _, l := range ask(t, rows, test.question).Lines {
				for _, value := range l.Live {
					if value != nil {
						total += *value
					}
				}
			}
			assert.InDelta(t, test.total, total, 0)
		})
	}
}

func TestExactAndLivePointsAreApart(t *testing.T) {
	rows := []Row{exact("visitors", 0, 1), exact("visitors", 1, 2), live("visitors", 3, 4), exact("visitors", -60, 8)}
	one, two, four := 1.0, 2.0, 4.0
	byMinute := ask(t, rows, question{metric: "visitors"})
	assert.Equal(t, []int{0, 1, 2, 3}, byMinute.Minutes)
	assert.Equal(t, []line{{"all", []*float64{&one, &two, nil, nil}, []*float64{nil, nil, nil, &four}}}, byMinute.Lines)

	byHour := ask(t, rows, question{metric: "visitors", step: 3600, from: -60})
	eight := 8.0
	assert.Equal(t, []line{{"all", []*float64{&eight, nil}, []*float64{nil, &four}}}, byHour.Lines, "an hour that is in part live is live")
}

func TestTheLatestMinuteIsOver(t *testing.T) {
	rows := []Row{exact("requests", 0, 1, "a"), live("requests", 1, 3, "a"), live("requests", 1, 4, "b"), live("requests", 2, 9, "a")}
	a := ask(t, rows, question{metric: "requests"})
	assert.Equal(t, noon.Add(time.Minute).Unix(), a.Latest.Time, "it is 12:02:30")
	assert.InDelta(t, 7, a.Latest.Value, 0, "of all values together")
	assert.False(t, a.Latest.Batch)
	assert.Nil(t, ask(t, rows[3:], question{metric: "requests"}).Latest)
}
