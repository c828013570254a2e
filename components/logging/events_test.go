package logging_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/ruby"
)

// scenario is what becomes of some lines in a flow.
type scenario struct {
	name   string
	change func(*logging.Args)
	lines  []string
	// metadata is what the agent knows of the container of each line; nil for all of it.
	metadata []any
	check    func(t *testing.T, results []result)
}

// result is what became of an event.
type result struct {
	Event, Failed map[string]any
	Error         string
}

// TestWhatFiltersDoToEvents has Ruby do to events what Fluentd does. All of them are put to one run, since the start of
// Ruby takes longer than they do.
func TestWhatFiltersDoToEvents(t *testing.T) {
	scenarios := []scenario{
		everyLineIsAnEvent(), namesOfItsOwn(), depth(), whatNoJSONIsMadeOf(), redaction(), redactionByPath(), identity(),
		withoutMetadata(), partitionKeys(), truncation(), diversion(),
	}
	var flows []any
	for _, s := range scenarios {
		flows = append(flows, map[string]any{"filters": filtersOf(up(t, s.change), t), "events": s.events()})
	}
	input, err := json.Marshal(flows)
	require.NoError(t, err)
	output, err := ruby.Run(t.Context(), "../..", "testdata/filters.rb", input)
	require.NoError(t, err)
	var results [][]result
	require.NoError(t, json.Unmarshal(output, &results))
	require.Len(t, results, len(scenarios))
	for i, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			require.Len(t, results[i], len(s.lines))
			s.check(t, results[i])
		})
	}
}

func filtersOf(recording *mocks.Recording, t *testing.T) []any {
	t.Helper()
	global := at(recording.Named(t, "eks-system"), "spec.globalFilters").([]any)
	return append(global, at(recording.Named(t, "eks-flow/everything"), "spec.filters").([]any)...)
}

// events are lines as the agent sends them.
func (s scenario) events() []any {
	var sent []any
	for i, line := range s.lines {
		event := map[string]any{
			"time": "2026-01-31T07:00:00.123456789Z", "stream": "stdout", "message": line,
			"kubernetes": map[string]any{
				"namespace_name": "shop", "pod_name": "web", "container_name": "app",
				"labels": map[string]any{"app.kubernetes.io/name": "web"},
			},
		}
		if s.metadata != nil {
			event["kubernetes"] = s.metadata[i]
		}
		sent = append(sent, event)
	}
	return sent
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
			"namespace_name": "shop", "pod_name": "web", "container_name": "app",
			"labels": map[string]any{"app_kubernetes_io/name": "web"},
		},
	} {
		assert.Equal(t, want, event[key], key)
		delete(rest, key)
	}
	assert.Len(t, event["event_id"], 44, "SHA-256 in base64")
	delete(rest, "event_id")
	return rest
}

func everyLineIsAnEvent() scenario {
	tests := []struct {
		name, line string
		want       map[string]any
	}{
		{"text", "hello", map[string]any{"message": "hello"}},
		{"nothing", "", map[string]any{"message": ""}},
		{"object", `{"a":1,"b":{"c.d":[{"e.f":2}]}}`, map[string]any{"a": 1.0, "b": map[string]any{"c_d": []any{map[string]any{"e_f": 2.0}}}}},
		{"object, broken", `{"a":`, map[string]any{"message": `{"a":`}},
		{"empty object", `{}`, map[string]any{}},
		{"array", `[{"a":1},{"b":2}]`, map[string]any{"message": `[{"a":1},{"b":2}]`}},
		{"empty array", ` []`, map[string]any{"message": ` []`}},
		{"number", `5`, map[string]any{"message": `5`}},
		{"fields of its own", `{"event_id":7,"time":"noon","pod":"x","log_pipeline_parsed":1}`, map[string]any{"app_event_id": 7.0, "app_time": "noon", "app_pod": "x", "app_log_pipeline_parsed": 1.0}},
		{
			"Istio's text",
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
	}
	s := scenario{name: "every line is an event", change: func(a *logging.Args) { a.Flows[0].Parser = logging.Istio }}
	for _, test := range tests {
		s.lines = append(s.lines, test.line)
	}
	s.check = func(t *testing.T, results []result) {
		for i, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				assert.Empty(t, results[i].Error)
				assert.Equal(t, test.want, fields(t, results[i].Event))
			})
		}
	}
	return s
}

// wants is a scenario of lines that become events with these fields.
func wants(name string, lines []string, want []map[string]any) scenario {
	return scenario{name: name, lines: lines, check: func(t *testing.T, results []result) {
		for i, line := range lines {
			t.Run(line[:min(len(line), 40)], func(t *testing.T) {
				assert.Empty(t, results[i].Error)
				assert.Equal(t, want[i], fields(t, results[i].Event))
			})
		}
	}}
}

// namesOfItsOwn are those that a line may not set, by no name that becomes one of them.
func namesOfItsOwn() scenario {
	return wants("a line sets none of the event's own fields",
		[]string{`{"event.id":42}`, `{"event_id":"","pod":null}`, `{"original.bytes":1,"log.pipeline_scratch":2}`, `{"a.pod":"x","kubernetes.":3}`},
		[]map[string]any{
			{"app_event_id": 42.0},
			{"app_event_id": "", "app_pod": nil},
			{"app_original_bytes": 1.0, "app_log_pipeline_scratch": 2.0},
			{"a_pod": "x", "kubernetes_": 3.0},
		})
}

// deepest is how deep a line's object may be.
const deepest = 32

func nested(levels int) string {
	return strings.Repeat(`{"a":`, levels-1) + "{}" + strings.Repeat("}", levels-1)
}

// depth has no plugin go deeper into an event than Ruby's stack allows: that would end Fluentd's worker, again and again.
func depth() scenario {
	lines := []string{
		nested(deepest), nested(deepest + 1), nested(900),
		`{"secret":1,"message":"x","a":` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}`,
	}
	return scenario{
		name:   "what is too deep stays text",
		change: func(a *logging.Args) { a.Events.RedactFields = []string{"password"} },
		lines:  lines,
		check: func(t *testing.T, results []result) {
			for i := range lines {
				assert.Empty(t, results[i].Error)
			}
			assert.JSONEq(t, lines[0], text(t, fields(t, results[0].Event)))
			for i, line := range lines[1:] {
				assert.Equal(t, map[string]any{"message": line}, fields(t, results[i+1].Event), "and nothing of it is parsed")
			}
		},
	}
}

func text(t *testing.T, value any) string {
	t.Helper()
	written, err := json.Marshal(value)
	require.NoError(t, err)
	return string(written)
}

// whatNoJSONIsMadeOf would be raised for when the event is measured, and go on to the stream, which is no JSON then.
func whatNoJSONIsMadeOf() scenario {
	return wants("what no JSON is made of becomes text",
		[]string{`{"a":NaN,"b":[Infinity,{"c":-Infinity}]}`, `{"a":1e999,"b":-1e999,"c":1e99}`},
		[]map[string]any{
			{"a": "NaN", "b": []any{"Infinity", map[string]any{"c": "-Infinity"}}},
			{"a": "Infinity", "b": "-Infinity", "c": 1e99},
		})
}
