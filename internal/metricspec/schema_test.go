package metricspec_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/metricspec"
)

// contradictions are bad files of which each value alone is right, which no schema can see.
var contradictions = []string{
	"condition-equals-boolean-for-a-string", "condition-equals-boolean-for-an-integer", "condition-equals-fraction-for-an-integer",
	"condition-equals-number-for-a-boolean", "condition-equals-number-for-a-string", "condition-equals-text-for-a-number",
	"condition-equals-text-for-an-integer", "condition-equals-too-large", "condition-field-unknown", "condition-in-mixed",
	"condition-at-least-of-a-string", "condition-at-most-of-a-boolean", "condition-starts-with-of-an-integer",
	"event-time-epoch-boolean", "event-time-epoch-string", "event-time-field-twice", "event-time-field-unknown", "event-time-iso-integer", "event-time-zone-of-an-epoch",
	"field-names-in-two-cases", "field-path-into-another", "field-path-twice", "filter-faults-in-depth", "filter-too-deep",
	"metric-count-of-a-field", "metric-dimension-of-numbers", "metric-dimension-unknown", "metric-distinct-of-a-number", "metric-distinct-without-field",
	"metric-field-unknown", "metric-max-of-a-string", "metric-min-of-a-boolean", "metric-name-twice", "metric-sum-of-a-string", "metric-sum-without-field",
	"ratio-denominator-unknown", "ratio-name-of-a-metric", "ratio-name-twice", "ratio-numerator-unknown", "ratio-of-a-ratio", "ratio-of-itself",
	"ratio-of-one-metric", "ratio-of-other-dimensions",
	// To JSON Schema 600.0 is an integer, and it knows no infinity.
	"lateness-whole-float", "condition-equals-infinity", "condition-below-not-a-number",
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := metricspec.Schema()
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("metrics.json", bytes.NewReader(text)))
	schema, err := compiler.Compile("metrics.json")
	require.NoError(t, err)
	return schema
}

// content is a file's content as an editor sees it.
func content(t require.TestingT, text []byte) any {
	var content any
	require.NoError(t, yaml.Unmarshal(text, &content))
	return asJSON(content)
}

func asJSON(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, in := range value {
			value[key] = asJSON(in)
		}
	case []any:
		for i, in := range value {
			value[i] = asJSON(in)
		}
	case uint64:
		return float64(value)
	}
	return value
}

func TestTheSchemaTakesWhatIsGood(t *testing.T) {
	schema := compiled(t)
	good := files(t, "good/*.yaml", 12)
	good["default"] = files(t, "../default.yaml", 1)["default"]
	for name, text := range good {
		require.NoError(t, schema.Validate(content(t, text)), name)
	}
	for name, text := range files(t, "good/*.json", 12) {
		require.NoError(t, schema.Validate(content(t, text)), name)
	}
}

func TestTheSchemaRefusesWhatIsBadByItself(t *testing.T) {
	schema := compiled(t)
	for name, text := range files(t, "bad/*.yaml", 45) {
		err := schema.Validate(content(t, text))
		assert.Equal(t, !slices.Contains(contradictions, name), err != nil, "%s: %v", name, err)
	}
}

// Of a spec with anything in the place of anything, one that is read is the same when its resolved form is read, and one that
// the schema refuses is refused: an editor marks nothing that works.
func TestSpecsWithAnythingInThem(t *testing.T) {
	schema := compiled(t)
	good := files(t, "good/*.yaml", 12)
	names := []string{}
	for name := range good {
		names = append(names, name)
	}
	slices.Sort(names)
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		var document yaml.Node
		require.NoError(t, yaml.Unmarshal(good[rapid.SampledFrom(names).Draw(t, "file")], &document))
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			spoil(t, &document)
		}
		text, err := yaml.Marshal(&document)
		require.NoError(t, err)
		spec, faults := metricspec.Parse("m.yaml", text)
		require.Equal(t, spec == nil, len(faults) > 0, "%s", text)
		if spec == nil {
			for _, f := range faults {
				require.Positive(t, f.Place.Line, "%s in\n%s", f, text)
			}
			return
		}
		read++
		assertReadAlike(t, spec)
		require.NoError(t, schema.Validate(content(t, text)), "%s", text)
	})
	assert.Positive(t, read)
}

// assertReadAlike reads the resolved form of a spec.
func assertReadAlike(t require.TestingT, spec *metricspec.Spec) {
	again, faults := metricspec.Parse("resolved", spec.Resolved())
	require.NoError(t, faults.Err(), "%s", spec.Resolved())
	require.Equal(t, string(spec.Resolved()), string(again.Resolved()))
	require.Equal(t, spec.StateHash(), again.StateHash())
	require.Empty(t, metricspec.Changes(spec, again))
	_, _ = spec.Against(metricspec.Surroundings{RetentionHours: 24}) // does not panic
}

// odd are values and keys of all kinds.
var odd = []string{
	"0", "1", "-1", "60", "600", "1.0", "1.5", "1e3", "0.0", "-0.0", "86400", "86401", "9223372036854775807", "9223372036854775808", "1e19", "1e300", ".inf", "012", "0x1F", "1_0",
	"true", "false", "null", "~", "yes", `""`, `" "`, `"-"`, `"a\tb"`, `"\uFEFF"`, `"\u2028"`, `"\x7f"`, "a", "A", "é", "😀", "UTC", "Europe/Berlin", "2024-01-01", "x.y", `"1"`,
	"time", "code", "method", "cluster", "duration", "load", "cached", "events", "requests", "string", "integer", "number", "boolean", "count", "sum", "distinct", "iso8601", "epoch_seconds",
	"[]", "{}", "[a]", "[1, 1.0]", "[code, method]", "[method, method]", "{field: code, equals: 1}", "{field: method, in: [GET, POST]}", "{not: {field: code, exists: true}}",
	"{all: [{field: code, above: 0.5}], any: []}", "{type: string}", "{type: number, path: [a, b]}", "{name: more, unit: u, aggregate: count}",
	"{name: r, numerator: events, denominator: requests}", "field", "filter", "path", "lateness", "equals", "all", "not", "timeZone", "unit",
}

// spoil changes one node of a document: its value, a key's name, or how often it is there.
func spoil(t *rapid.T, document *yaml.Node) {
	var nodes []*yaml.Node
	var walk func(*yaml.Node)
	walk = func(node *yaml.Node) {
		nodes = append(nodes, node)
		for _, in := range node.Content {
			walk(in)
		}
	}
	walk(document.Content[0])
	at := rapid.SampledFrom(nodes).Draw(t, "node")
	var other yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(rapid.SampledFrom(odd).Draw(t, "value")), &other))
	n := len(at.Content)
	switch {
	case at.Kind == yaml.MappingNode && n > 0 && rapid.Bool().Draw(t, "a pair less"):
		i := 2 * rapid.IntRange(0, n/2-1).Draw(t, "pair")
		at.Content = slices.Delete(at.Content, i, i+2)
	case at.Kind == yaml.MappingNode && rapid.Bool().Draw(t, "a pair more"):
		var key yaml.Node
		require.NoError(t, yaml.Unmarshal([]byte(rapid.SampledFrom(odd).Draw(t, "key")), &key))
		at.Content = append(at.Content, key.Content[0], other.Content[0])
	case at.Kind == yaml.SequenceNode && n > 0 && rapid.Bool().Draw(t, "one less"):
		i := rapid.IntRange(0, n-1).Draw(t, "element")
		at.Content = slices.Delete(at.Content, i, i+1)
	case at.Kind == yaml.SequenceNode && rapid.Bool().Draw(t, "one more"):
		at.Content = append(at.Content, other.Content[0])
	default:
		*at = *other.Content[0]
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"good/*.yaml", "good/*.json", "bad/*.yaml", "../default.yaml"} {
		for _, text := range files(f, pattern, 1) {
			f.Add(text)
		}
	}
	for _, text := range []string{"", "\t", "---\n---\n", "&a [*a]", "a: &b {<<: *b}", "? {a: b}\n: c", "\xff\xfe", "[[[[", "{version: 1, fields: {? : }}", "!!binary a", "%YAML 1.1\n---\na", "- |+\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, faults := metricspec.Parse("m.yaml", text)
		require.Equal(t, spec == nil, len(faults) > 0)
		_ = faults.Error()
		if spec != nil {
			assertReadAlike(t, spec)
		}
	})
}
