package metricspec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
)

// least is a spec without its metrics.
const least = `version: 1
eventTime: [{field: time, format: iso8601}]
fields: {time: {type: string}, code: {type: integer}}
`

const oneMetric = "metrics: [{name: events, unit: events, aggregate: count}]\n"

func TestWhatOnlyAParserOfYAMLSees(t *testing.T) {
	const document = "; allowed: one YAML document in UTF-8, of at most 1 MiB"
	const root = "; allowed: an object with version (required), window, lateness, skew, timeZone, maxRecordBytes, eventTime (required), fields, " +
		"metrics (required), ratios"
	const seconds = "; allowed: an integer from 0 to 86400"
	const metricName = "; allowed: 1 to 63 lower-case letters, digits and underscores, the first a letter, not beginning with records_"
	const metric = "; allowed: an object with name (required), description, unit (required), aggregate (required), field, filter, dimensions"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"nothing":             {"", []string{"m.yaml: empty" + document}},
		"comments alone":      {"# nothing\n\n", []string{"m.yaml: empty" + document}},
		"null":                {"---\n", []string{"m.yaml:2: not an object, but null: leave it out where nothing is meant" + root}},
		"a text":              {"\nhello\n", []string{`m.yaml:2: not an object (given: "hello")` + root}},
		"a list":              {"- version: 1\n", []string{"m.yaml:1: not an object, but a list" + root}},
		"two documents":       {least + oneMetric + "---\n" + least, []string{"m.yaml:5: a second document" + document}},
		"no second document":  {least + oneMetric + "--- {\n", []string{"m.yaml:5: not YAML: did not find expected node content" + document}},
		"no YAML":             {least + "metrics: [\n", []string{"m.yaml:4: not YAML: did not find expected node content" + document}},
		"a line that is none": {least + oneMetric + "ratios\n", []string{"m.yaml:5: not YAML: could not find expected ':'" + document}},
		"a tab":               {least + "metrics:\n\t- {name: events, unit: events, aggregate: count}\n", []string{"m.yaml:5: not YAML: a tab indents the line, where only spaces may" + document}},
		"a tab after spaces":  {least + "metrics:\n  -\tname: events\n  \tunit: events\n", []string{"m.yaml:6: not YAML: a tab indents the line, where only spaces may" + document}},
		"bytes of Latin-1":    {least + oneMetric + "# gr\xf6\xdfe\n", []string{"m.yaml:5: bytes that are not UTF-8" + document}},
		"UTF-16":              {"\xff\xfev\x00", []string{"m.yaml:1: bytes that are not UTF-8" + document}},
		"a NUL":               {least + oneMetric + "\x00", []string{"m.yaml: not YAML: control characters are not allowed" + document}},
		"too much":            {least + oneMetric + strings.Repeat("#\n", 1<<19), []string{"m.yaml: more than 1 MiB" + document}},
		"a key twice":         {least + oneMetric + "version: 1\n", []string{"m.yaml:5: version: a key that is given twice"}},
		"a field twice":       {strings.Replace(least, "code", "time", 1) + oneMetric, []string{"m.yaml:3: fields.time: a key that is given twice"}},
		"a key twice in a filter": {
			least + "metrics:\n- name: a\n  unit: b\n  aggregate: count\n  filter:\n    field: code\n    equals: 1\n    equals: 2\n",
			[]string{"m.yaml:11: metrics[0].filter.equals: a key that is given twice"},
		},
		"an anchor": {
			least + "metrics: [{name: &n events, unit: events, aggregate: count}]\n",
			[]string{`m.yaml:4: metrics[0].name: an anchor (given: "&n"); allowed: the value alone`},
		},
		"an alias": {
			least + "metrics: [{name: events, unit: &u events, aggregate: count}, {name: other, unit: *u, aggregate: count}]\n",
			[]string{
				`m.yaml:4: metrics[0].unit: an anchor (given: "&u"); allowed: the value alone`,
				`m.yaml:4: metrics[1].unit: an alias (given: "*u"); allowed: the value written out`,
			},
		},
		"an alias of nothing": {least + "metrics: *m\n", []string{"m.yaml: not YAML: unknown anchor 'm' referenced" + document}},
		"a merge key": {
			least + "metrics: [{<<: {name: events}, unit: events, aggregate: count}]\n",
			[]string{
				`m.yaml:4: metrics[0]: a key that is not a text (given: "<<")` + metric,
				"m.yaml:4: metrics[0].name: not set, but required" + metricName,
			},
		},
		"a key that is a number": {least + oneMetric + "1: 2\n", []string{`m.yaml:5: a key that is not a text (given: "1")` + root}},
		"a key that is a list":   {least + oneMetric + "? [a]\n: 2\n", []string{`m.yaml:5: a key that is not a text (given: "")` + root}},
		"a tag":                  {least + oneMetric + "window: !!int \"60\"\n", []string{`m.yaml:5: window: a tag (given: "!!int"); allowed: the value alone`}},
		"an octal number":        {least + oneMetric + "lateness: 0600\n", []string{`m.yaml:5: lateness: not an integer in decimal digits (given: "0600")` + seconds}},
		"a hexadecimal number":   {least + oneMetric + "lateness: 0x60\n", []string{`m.yaml:5: lateness: not an integer in decimal digits (given: "0x60")` + seconds}},
		"a number in groups":     {least + oneMetric + "lateness: 1_200\n", []string{`m.yaml:5: lateness: not an integer in decimal digits (given: "1_200")` + seconds}},
		"a huge number":          {least + oneMetric + "lateness: 99999999999999999999\n", []string{`m.yaml:5: lateness: not an integer in decimal digits (given: "99999999999999999999")` + seconds}},
		"a date": {
			least + "metrics: [{name: events, unit: 2024-01-01, aggregate: count}]\n",
			[]string{`m.yaml:4: metrics[0].unit: not a text: put it in quotes if it is meant as one (given: "2024-01-01"); ` +
				`allowed: a text of 1 to 32 characters, none of them a control character`},
		},
		"in the order of lines": {
			"version: 1\nfields: {time: {type: txt}}\nmetrics: [{name: A, unit: a, aggregate: count}]\neventTime: [{field: tim, format: iso8601}]\n",
			[]string{
				`m.yaml:2: fields.time.type: not allowed (given: "txt"); allowed: string, integer, number or boolean`,
				`m.yaml:3: metrics[0].name: not allowed (given: "A")` + metricName,
				`m.yaml:4: eventTime[0].field: there is no such field in fields (given: "tim"); nearest: time; allowed: a name in fields: time`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec, faults := metricspec.Parse("m.yaml", []byte(test.text))
			assert.Nil(t, spec)
			var got []string
			for _, f := range faults {
				got = append(got, f.String())
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestWhatAParserOfYAMLLetsPass(t *testing.T) {
	for name, text := range map[string]string{
		"a byte order mark":   "\ufeff" + least + oneMetric,
		"Windows' ends":       strings.ReplaceAll(least+oneMetric, "\n", "\r\n"),
		"a marked document":   "---\n" + least + oneMetric + "...\n",
		"tabs between tokens": least + "metrics:\n  - name:\tevents\n    unit: events\t# tabs\n    aggregate: count\n",
		"a signed number":     least + oneMetric + "lateness: +600\n",
		"a quoted key":        least + oneMetric + "\"lateness\": 600\n",
		"a folded text":       least + "metrics:\n  - name: >-\n      events\n    unit: events\n    aggregate: count\n",
		"the largest file":    least + oneMetric + strings.Repeat("#", 1<<20-len(least+oneMetric)),
		"a filter of 8 levels": least + "metrics: [{name: events, unit: events, aggregate: count, filter: " +
			strings.Repeat("{not: ", 7) + "{field: code, exists: true}" + strings.Repeat("}", 7) + "}]\n",
	} {
		t.Run(name, func(t *testing.T) {
			spec, faults := metricspec.Parse("m.yaml", []byte(text))
			require.NoError(t, faults.Err())
			assert.Equal(t, "events", spec.Metrics[0].Name)
			assert.Equal(t, 600, spec.Lateness)
		})
	}
}

func TestRead(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "metrics.yaml")
	require.NoError(t, os.WriteFile(file, []byte(least+oneMetric), 0o600))
	spec, faults := metricspec.Read(file)
	require.NoError(t, faults.Err())
	assert.Len(t, spec.Metrics, 1)

	spec, faults = metricspec.Read("")
	require.NoError(t, faults.Err())
	assert.Equal(t, metricspec.Default().Resolved(), spec.Resolved())

	_, faults = metricspec.Read(filepath.Join(folder, "none.yaml"))
	require.EqualError(t, faults, filepath.Join(folder, "none.yaml")+": it cannot be read: no such file or directory; allowed: a file with a metric spec")
	_, faults = metricspec.Read(folder)
	require.EqualError(t, faults, folder+": it cannot be read: not a file; allowed: a file with a metric spec")

	require.NoError(t, os.WriteFile(file, make([]byte, 2<<20), 0o600))
	_, faults = metricspec.Read(file)
	require.Len(t, faults, 1)
	assert.Contains(t, faults.Error(), "more than 1 MiB")
}
