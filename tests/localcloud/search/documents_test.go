//go:build localcloud

package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/search/events"
)

const (
	// sent is how many events there are.
	sent = 10_000
	// mostMapped is what the mapped fields stay under, however many keys the events have.
	mostMapped = 50
)

func TestDocuments(t *testing.T) {
	w := newWorld(t)
	w.apply(t)
	awkward := events.Awkward()
	usual, err := events.Usual(1, sent-len(awkward))
	require.NoError(t, err)
	all := append(usual, awkward...)
	s := &searched{w, contents(t, all)}
	s.taken(t, "first", all[:10])
	few := s.mapped(t, s.today)
	s.taken(t, "second", all[10:])
	t.Run("the mapping does not grow", func(t *testing.T) {
		assert.Equal(t, few, s.mapped(t, s.today))
		assert.Less(t, few, mostMapped)
	})
	t.Run("sent twice they are there once", func(t *testing.T) {
		assert.Equal(t, sent, s.count(t, everything))
		s.taken(t, "third", all)
		assert.Equal(t, sent, s.count(t, everything))
	})
	t.Run("search", s.search)
	t.Run("kept as sent", s.kept)
	t.Run("without an id of its own", s.withoutID)
}

// everything is found by this query.
const everything = `{"match_all":{}}`

// searched is a world with the fields of each event in it.
type searched struct {
	*world
	events []map[string]any
}

func contents(t *testing.T, all []events.Event) []map[string]any {
	t.Helper()
	read := make([]map[string]any, len(all))
	for i, event := range all {
		var err error
		read[i], err = event.Fields()
		require.NoError(t, err)
	}
	return read
}

// taken delivers events of which none may be refused.
func (s *searched) taken(t *testing.T, delivery string, all []events.Event) {
	t.Helper()
	require.Empty(t, s.deliver(t, s.settings.WriterRoleARN, s.today, delivery, all))
	s.refresh(t)
}

// refresh has all be found that was written.
func (w *world) refresh(t testing.TB) {
	t.Helper()
	w.mustAsk(t, master, http.MethodPost, "/"+w.settings.Pattern()+"/_refresh", "")
}

// expected is how many events are such.
func (s *searched) expected(such func(fields map[string]any) bool) int {
	n := 0
	for _, fields := range s.events {
		if such(fields) {
			n++
		}
	}
	return n
}

// count is how many documents a reader finds.
func (s *searched) count(t *testing.T, query string) int {
	t.Helper()
	answer := s.mustAsk(t, s.settings.ReaderRoleARNs[0], http.MethodPost, "/"+s.settings.Pattern()+"/_count", `{"query":`+query+`}`)
	return int(answer["count"].(float64))
}

func (s *searched) search(t *testing.T) {
	text := func(fields map[string]any) string { text, _ := fields["message"].(string); return text }
	from, until := events.First.Add(10*time.Minute), events.First.Add(20*time.Minute)
	const pod = "checkout-7d9c8b6f5-ab"
	within := func(fields map[string]any) bool {
		text, _ := fields["time"].(string)
		at, err := time.Parse(time.RFC3339, text)
		return err == nil && !at.Before(from) && at.Before(until)
	}
	during := fmt.Sprintf(`{"range":{"@timestamp":{"gte":%q,"lt":%q}}}`, from.Format(time.RFC3339), until.Format(time.RFC3339))
	object := func(value any, key string) any { fields, _ := value.(map[string]any); return fields[key] }
	for name, c := range map[string]struct {
		query string
		such  func(fields map[string]any) bool
	}{
		"pod and time": {`{"bool":{"filter":[{"term":{"pod":"` + pod + `"}},` + during + `]}}`,
			func(fields map[string]any) bool { return fields["pod"] == pod && within(fields) }},
		"a word in the text": {`{"match":{"message":"` + strings.ToUpper(events.Word) + `"}}`,
			func(fields map[string]any) bool { return strings.Contains(text(fields), events.Word) }},
		"a phrase in the text": {`{"match_phrase":{"message":"slow query"}}`,
			func(fields map[string]any) bool {
				return strings.Contains(text(fields), "slow query")
			}},
		"a part of a word in the text": {`{"match":{"message.parts":"IllegalStateException"}}`,
			func(fields map[string]any) bool {
				return strings.Contains(text(fields), "java.lang.IllegalStateException")
			}},
		"a number's range": {`{"range":{"response_code":{"gte":500,"lt":600}}}`,
			func(fields map[string]any) bool { return fields["response_code"] == json.Number("503") }},
		"a label with dots and a slash": {`{"term":{"kubernetes.labels.app.kubernetes.io/name":"payments"}}`,
			func(fields map[string]any) bool {
				return object(object(fields["kubernetes"], "labels"), "app.kubernetes.io/name") == "payments"
			}},
		"a key's text": {`{"term":{"fields.payload":"` + events.PayloadText + `"}}`,
			func(fields map[string]any) bool { return fields[events.Payload] == events.PayloadText }},
		"the same key's number": {fmt.Sprintf(`{"term":{"fields.payload":"%d"}}`, events.PayloadNumber),
			func(fields map[string]any) bool {
				return fields[events.Payload] == json.Number(fmt.Sprint(events.PayloadNumber))
			}},
		"the same key's object": {`{"term":{"fields.payload.kind":"` + events.PayloadKind + `"}}`,
			func(fields map[string]any) bool {
				return object(fields[events.Payload], "kind") == events.PayloadKind
			}},
		"what has no time, as it arrived": {`{"bool":{"filter":[{"term":{"time":"tomorrow"}},{"range":{"@timestamp":{"gte":"now-1h"}}}]}}`,
			func(fields map[string]any) bool { return fields["time"] == "tomorrow" }},
		"what no script is run on": {`{"term":{"unshaped":true}}`, func(fields map[string]any) bool { return beyondLong(fields) }},
	} {
		t.Run(name, func(t *testing.T) {
			expected := s.expected(c.such)
			require.Positive(t, expected, "the events have some")
			assert.Equal(t, expected, s.count(t, c.query))
		})
	}
}

// beyondLong says whether there is a whole number within a value that 64 bits do not hold.
func beyondLong(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), beyondLong)
	case []any:
		return slices.ContainsFunc(value, beyondLong)
	case json.Number:
		_, err := value.Int64()
		return errors.Is(err, strconv.ErrRange)
	default:
		return false
	}
}
