package logging_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
)

// redactionByPath finds names in whatever case, and at the end of paths.
func redactionByPath() scenario {
	s := wants("redaction of names in other cases and in paths",
		[]string{
			`{"Authorization":1,"SET-COOKIE":2,"http":{"Authorization":[3]},"authorizations":4}`,
			`{"http.request.headers.authorization":1,"a":{"b.Set-Cookie":2},"authorization.type":"Basic"}`,
			`{"Card.Number":1,"card_number":2,"my.card.number":3,"number":4}`,
		},
		[]map[string]any{
			{"Authorization": "[REDACTED]", "SET-COOKIE": "[REDACTED]", "http": map[string]any{"Authorization": "[REDACTED]"}, "authorizations": 4.0},
			{"http_request_headers_authorization": "[REDACTED]", "a": map[string]any{"b_Set-Cookie": "[REDACTED]"}, "authorization_type": "Basic"},
			{"Card_Number": "[REDACTED]", "card_number": "[REDACTED]", "my_card_number": 3.0, "number": 4.0},
		})
	s.change = func(a *logging.Args) { a.Events.RedactFields = []string{"authorization", "Set-Cookie", "card.number"} }
	return s
}

func redaction() scenario {
	return scenario{
		name: "redaction",
		change: func(a *logging.Args) {
			a.Events.RedactFields, a.Events.RedactPatterns = []string{"password"}, []string{`\d{4}-\d{4}`, `#'\\"`}
		},
		lines: []string{
			`card 1234-5678 and #'\"`,
			`{"user":{"password":{"old":"a"},"cards":["1234-5678",{"password":1}]},"n":12345678}`,
		},
		check: func(t *testing.T, results []result) {
			assert.Equal(t, map[string]any{"message": "card [REDACTED] and [REDACTED]"}, fields(t, results[0].Event))
			assert.Equal(t, map[string]any{
				"user": map[string]any{"password": "[REDACTED]", "cards": []any{"[REDACTED]", map[string]any{"password": "[REDACTED]"}}},
				"n":    12345678.0,
			}, fields(t, results[1].Event))
		},
	}
}

func identity() scenario {
	return scenario{
		name:  "the same line has the same id and another has another",
		lines: []string{"a", "a", "b"},
		check: func(t *testing.T, results []result) {
			assert.Equal(t, results[0].Event["event_id"], results[1].Event["event_id"])
			assert.NotEqual(t, results[0].Event["event_id"], results[2].Event["event_id"])
			tag := "kubernetes.var.log.containers.web_shop_app-" + strings.Repeat("0a1b", 16) + ".log"
			sum := sha256.Sum256([]byte(tag + "_2026-01-31T07:00:00.123456789Z_stdout_a"))
			assert.Equal(t, base64.StdEncoding.EncodeToString(sum[:]), results[0].Event["event_id"])
		},
	}
}

// withoutMetadata has what the tag tells of a container of which the agent could not ask Kubernetes.
func withoutMetadata() scenario {
	named := map[string]any{"namespace_name": "shop", "pod_name": "web", "container_name": "app"}
	return scenario{
		name:     "a container is known by its tag",
		lines:    []string{"all", "none", "empty", "some", "another"},
		metadata: []any{named, nil, map[string]any{}, map[string]any{"pod_name": "", "host": "a"}, map[string]any{"container_name": "b"}},
		check: func(t *testing.T, results []result) {
			for i, want := range []map[string]any{
				named, named, named,
				{"namespace_name": "shop", "pod_name": "web", "container_name": "app", "host": "a"},
				{"namespace_name": "shop", "pod_name": "web", "container_name": "b"},
			} {
				assert.Empty(t, results[i].Error)
				assert.Equal(t, want, results[i].Event["kubernetes"])
				assert.Equal(t, "shop", results[i].Event["namespace"])
				assert.Equal(t, "web", results[i].Event["pod"])
				assert.Len(t, results[i].Event["event_id"], 44)
			}
		},
	}
}

// partitionKeys are what Kinesis takes, whatever the agent says.
func partitionKeys() scenario {
	return scenario{
		name:     "partition keys have 1 to 256 characters",
		lines:    []string{`{"event.id":42}`, "a", "b"},
		metadata: []any{map[string]any{"pod_name": 5}, map[string]any{"pod_name": strings.Repeat("é", 300)}, "none"},
		check: func(t *testing.T, results []result) {
			for i, want := range []string{"5", strings.Repeat("é", 256), "web"} {
				assert.Empty(t, results[i].Error)
				assert.Equal(t, want, results[i].Event["pod"])
				assert.Len(t, results[i].Event["event_id"], 44)
			}
		},
	}
}

const limit = 20_000

func truncation() scenario {
	large := []string{"text", "characters of two bytes", "what JSON escapes", "an object"}
	return scenario{
		name: "large events are cut and marked",
		change: func(a *logging.Args) {
			a.Events.MaxBytes, a.Events.RedactFields = limit, []string{"password"}
		},
		lines: []string{
			strings.Repeat("x", 30_000),
			strings.Repeat("é", 15_000),
			strings.Repeat("\u0001\"", 12_000),
			`{"password":"secret","q":"` + strings.Repeat("y", 30_000) + `"}`,
			"small",
		},
		check: func(t *testing.T, results []result) {
			for i, name := range large {
				t.Run(name, func(t *testing.T) {
					got := results[i]
					assert.Empty(t, got.Error)
					assert.Equal(t, true, got.Event["truncated"])
					assert.Greater(t, got.Event["original_bytes"], float64(limit))
					assert.NotContains(t, got.Event["message"], "secret", "what was redacted stays so")
					size := jsonSize(t, got.Event)
					assert.LessOrEqual(t, size, limit)
					assert.Greater(t, size, limit*9/10, "no more is cut than has to be")
				})
			}
			assert.NotContains(t, results[len(large)].Event, "truncated")
		},
	}
}

func diversion() scenario {
	line := strings.Repeat("x", 30_000)
	return scenario{
		name:   "large events are diverted whole",
		change: func(a *logging.Args) { a.Events.MaxBytes, a.Events.Oversize = limit, logging.Divert },
		lines:  []string{line, "small"},
		check: func(t *testing.T, results []result) {
			assert.Contains(t, results[0].Error, "is over 20000", "so it goes to the error flow, and that to the failed bucket")
			assert.Equal(t, line, results[0].Failed["message"])
			assert.Equal(t, true, results[0].Failed["oversized"])
			assert.Nil(t, results[0].Event, "and not to the stream, where the plugin would drop it")
			assert.Empty(t, results[1].Error)
			assert.Equal(t, map[string]any{"message": "small"}, fields(t, results[1].Event))
		},
	}
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
