package logging_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
)

// kinds are the plugins of filters, in their order.
func kinds(filters any) []string {
	var names []string
	list, _ := filters.([]any)
	for _, filter := range list {
		for kind := range filter.(map[string]any) {
			names = append(names, kind)
		}
	}
	return names
}

func filtersOf(recording *mocks.Recording, t *testing.T) []any {
	t.Helper()
	global := at(recording.Named(t, "eks-system"), "spec.globalFilters").([]any)
	return append(global, at(recording.Named(t, "eks-flow-everything"), "spec.filters").([]any)...)
}

// Before flows, and so before any buffer.
func TestTheFirstThingThatAnEventGetsIsItsID(t *testing.T) {
	filters := at(up(t, nil).Named(t, "eks-system"), "spec.globalFilters")
	assert.Equal(t, []any{
		map[string]any{"record_modifier": map[string]any{"char_encoding": "utf-8:utf-8"}},
		map[string]any{"elasticsearch_genid": map[string]any{
			"hash_id_key": "event_id", "hash_type": "sha256", "include_tag_in_seed": true,
			// Fluentd's own time has no more than seconds when it is a seed; the runtime's is in the record.
			"use_record_as_seed": true, "record_keys": "time,stream,message",
		}},
	}, filters)
}

func TestWhatAFlowDoes(t *testing.T) {
	flow := func(change func(*logging.Args)) []string {
		return kinds(at(up(t, change).Named(t, "eks-flow-everything"), "spec.filters"))
	}
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "dedot", "record_modifier"}, flow(nil))
	assert.Equal(t, []string{"record_modifier", "dedot", "record_modifier"},
		flow(func(a *logging.Args) { a.Flows[0].Parser = logging.NoParser }))
	redacting := func(a *logging.Args) { a.Events.RedactFields = []string{"password"} }
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "record_modifier", "dedot", "record_modifier"}, flow(redacting))
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "dedot", "record_modifier", "grep"},
		flow(func(a *logging.Args) { a.Events.Oversize = logging.Divert }))

	unmatched := up(t, redacting).Named(t, "eks-system")
	assert.Equal(t, []string{"record_modifier", "record_modifier", "dedot", "record_modifier"},
		kinds(at(unmatched, "spec.defaultFlow.filters")), "what nobody takes is redacted too")
}

// No line is lost in a parser: what is no object stays text, and so does what begins an array, of which the filter would keep
// the first object alone.
func TestParsersTakeEveryLine(t *testing.T) {
	parser := func(p logging.Parser) map[string]any {
		flow := up(t, func(a *logging.Args) { a.Flows[0].Parser = p }).Named(t, "eks-flow-everything")
		return at(flow, "spec.filters").([]any)[0].(map[string]any)["parser"].(map[string]any)
	}
	formats := func(p map[string]any) []any {
		var found []any
		for _, pattern := range p["parse"].(map[string]any)["patterns"].([]any) {
			pattern := pattern.(map[string]any)
			found = append(found, pattern["format"])
			if pattern["format"] != "none" {
				assert.Equal(t, "log_pipeline_time", pattern["time_key"], "else a line's own time is taken out of it, or refuses it")
			}
		}
		return found
	}
	forJSON := parser(logging.JSON)
	assert.Equal(t, []any{"regexp", "json", "none"}, formats(forJSON))
	assert.Equal(t, []any{"regexp", "regexp", "json", "none"}, formats(parser(logging.Istio)))
	for setting, want := range map[string]any{
		"key_name": "message", "reserve_data": true, "reserve_time": true, "remove_key_name_field": true,
		"emit_invalid_record_to_error": false, "hash_value_field": "log_pipeline_parsed",
	} {
		assert.Equal(t, want, forJSON[setting], setting)
	}
}

func TestThePartitionKeyIsTheEventOrThePod(t *testing.T) {
	stream := up(t, func(a *logging.Args) { a.Events.PartitionKey = logging.ByPod }).Named(t, "eks-output-stream")
	assertAll(t, stream, map[string]any{"spec.kinesisStream.partition_key": "pod"})
}

// result is what became of an event.
type result struct {
	Event, Failed map[string]any
	Error         string
}

// run has Ruby do to events what Fluentd does.
func run(t *testing.T, change func(*logging.Args), lines ...string) []result {
	t.Helper()
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Skip("ruby is not installed: what the filters do to events is not tested")
	}
	events := make([]any, len(lines))
	for i, line := range lines {
		events[i] = map[string]any{
			"time": "2026-01-31T07:00:00.123456789Z", "stream": "stdout", "message": line,
			"kubernetes": map[string]any{
				"namespace_name": "shop", "pod_name": "web", "labels": map[string]any{"app.kubernetes.io/name": "web"},
			},
		}
	}
	input, err := json.Marshal(map[string]any{"filters": filtersOf(up(t, change), t), "events": events})
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), ruby, "testdata/filters.rb")
	command.Stdin = strings.NewReader(string(input))
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	var results []result
	require.NoError(t, json.Unmarshal(output, &results))
	return results
}

// fields are an event's fields without those that every event has, which it checks.
func fields(t *testing.T, event map[string]any) map[string]any {
	t.Helper()
	rest := map[string]any{}
	for key, value := range event {
		rest[key] = value
	}
	for key, want := range map[string]any{
		"cluster": "prod-eu", "namespace": "shop", "pod": "web", "stream": "stdout", "time": "2026-01-31T07:00:00.123456789Z",
		"kubernetes": map[string]any{
			"namespace_name": "shop", "pod_name": "web", "labels": map[string]any{"app_kubernetes_io/name": "web"},
		},
	} {
		assert.Equal(t, want, event[key], key)
		delete(rest, key)
	}
	assert.Len(t, event["event_id"], 44, "SHA-256 in base64")
	delete(rest, "event_id")
	return rest
}

func TestLines(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		want map[string]any
	}{
		"text":              {"hello", map[string]any{"message": "hello"}},
		"nothing":           {"", map[string]any{"message": ""}},
		"object":            {`{"a":1,"b":{"c.d":[{"e.f":2}]}}`, map[string]any{"a": 1.0, "b": map[string]any{"c_d": []any{map[string]any{"e_f": 2.0}}}}},
		"object, broken":    {`{"a":`, map[string]any{"message": `{"a":`}},
		"empty object":      {`{}`, map[string]any{}},
		"array":             {`[{"a":1},{"b":2}]`, map[string]any{"message": `[{"a":1},{"b":2}]`}},
		"empty array":       {` []`, map[string]any{"message": ` []`}},
		"number":            {`5`, map[string]any{"message": `5`}},
		"fields of its own": {`{"event_id":7,"time":"noon","pod":"x","log_pipeline_parsed":1}`, map[string]any{"app_event_id": 7.0, "app_time": "noon", "app_pod": "x", "app_log_pipeline_parsed": 1.0}},
		"Istio's text": {
			`[2026-01-31T07:00:00.000Z] "GET /a?b HTTP/1.1" 418 - via_upstream - "-" 0 135 4 3 "-" "curl/8" "8496" "httpbin:8000" ` +
				`"10.0.0.1:80" inbound|8000|| 127.0.0.6:41 10.0.0.1:80 10.0.0.2:37 outbound_.8000_._.httpbin default` + "\n",
			map[string]any{
				"start_time": "2026-01-31T07:00:00.000Z", "method": "GET", "path": "/a?b", "protocol": "HTTP/1.1", "response_code": 418.0,
				"response_flags": "-", "response_code_details": "via_upstream", "connection_termination_details": "-",
				"upstream_transport_failure_reason": "-", "bytes_received": 0.0, "bytes_sent": 135.0, "duration": 4.0,
				"upstream_service_time": "3", "x_forwarded_for": "-", "user_agent": "curl/8", "request_id": "8496",
				"authority": "httpbin:8000", "upstream_host": "10.0.0.1:80", "upstream_cluster": "inbound|8000||",
				"upstream_local_address": "127.0.0.6:41", "downstream_local_address": "10.0.0.1:80",
				"downstream_remote_address": "10.0.0.2:37", "requested_server_name": "outbound_.8000_._.httpbin", "route_name": "default",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, func(a *logging.Args) { a.Flows[0].Parser = logging.Istio }, test.line)[0]
			assert.Empty(t, got.Error)
			assert.Equal(t, test.want, fields(t, got.Event))
		})
	}
}

func TestRedaction(t *testing.T) {
	redact := func(a *logging.Args) {
		a.Events.RedactFields, a.Events.RedactPatterns = []string{"password", `it's "\`}, []string{`\d{4}-\d{4}`, `#'\\"`}
	}
	results := run(t, redact,
		`card 1234-5678 and #'\"`,
		`{"user":{"password":{"old":"a"},"cards":["1234-5678",{"password":1}]},"it's \"\\":2,"n":12345678}`)
	assert.Equal(t, map[string]any{"message": "card [REDACTED] and [REDACTED]"}, fields(t, results[0].Event))
	assert.Equal(t, map[string]any{
		"user":    map[string]any{"password": "[REDACTED]", "cards": []any{"[REDACTED]", map[string]any{"password": "[REDACTED]"}}},
		`it's "\`: "[REDACTED]", "n": 12345678.0,
	}, fields(t, results[1].Event))
}

func TestTheSameLineHasTheSameIDAndAnotherHasAnother(t *testing.T) {
	results := run(t, nil, "a", "a", "b")
	assert.Equal(t, results[0].Event["event_id"], results[1].Event["event_id"])
	assert.NotEqual(t, results[0].Event["event_id"], results[2].Event["event_id"])
}

const limit = 20_000

func TestLargeEventsAreCutAndMarked(t *testing.T) {
	truncate := func(a *logging.Args) {
		a.Events.MaxBytes, a.Events.RedactFields = limit, []string{"password"}
	}
	lines := map[string]string{
		"text":                    strings.Repeat("x", 30_000),
		"characters of two bytes": strings.Repeat("é", 15_000),
		"what JSON escapes":       strings.Repeat("\u0001\"", 12_000),
		"an object":               `{"password":"secret","q":"` + strings.Repeat("y", 30_000) + `"}`,
	}
	for name, line := range lines {
		t.Run(name, func(t *testing.T) {
			got := run(t, truncate, line)[0]
			assert.Empty(t, got.Error)
			assert.Equal(t, true, got.Event["truncated"])
			assert.Greater(t, got.Event["original_bytes"], float64(limit))
			assert.NotContains(t, got.Event["message"], "secret", "what was redacted stays so")
			size := jsonSize(t, got.Event)
			assert.LessOrEqual(t, size, limit)
			assert.Greater(t, size, limit*9/10, "no more is cut than has to be")
		})
	}
	assert.NotContains(t, run(t, truncate, "small")[0].Event, "truncated")
}

func TestLargeEventsAreDivertedWhole(t *testing.T) {
	divert := func(a *logging.Args) { a.Events.MaxBytes, a.Events.Oversize = limit, logging.Divert }
	line := strings.Repeat("x", 30_000)
	results := run(t, divert, line, "small")
	assert.Contains(t, results[0].Error, "is over 20000", "so it goes to the error flow, and that to the failed bucket")
	assert.Equal(t, line, results[0].Failed["message"])
	assert.Equal(t, true, results[0].Failed["oversized"])
	assert.Nil(t, results[0].Event, "and not to the stream, where the plugin would drop it")
	assert.Empty(t, results[1].Error)
	assert.Equal(t, map[string]any{"message": "small"}, fields(t, results[1].Event))
}

// jsonSize is the size of an event as Fluentd writes it, which escapes no more than JSON demands.
func jsonSize(t *testing.T, event map[string]any) int {
	t.Helper()
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(event))
	return text.Len()
}
