//go:build localcloud

package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/search/events"
)

var (
	// made are the fields that the pipeline adds.
	made = []string{"@timestamp", "unshaped"}
	// lost are those that OpenSearch overwrites before a pipeline sees them.
	lost = []string{"_id", "_index", "_version", "_version_type"}
)

// kept looks for each value of each event in its document, wherever it stands there.
func (s *searched) kept(t *testing.T) {
	for batch := range slices.Chunk(s.events, 500) {
		ids := make([]any, len(batch))
		for i, fields := range batch {
			ids[i] = fields["event_id"]
		}
		for i, document := range s.documents(t, ids) {
			for _, name := range made {
				delete(document, name)
			}
			for _, name := range lost {
				delete(batch[i], name)
			}
			if sent, stored := leaves(batch[i]), leaves(document); !slices.Equal(sent, stored) {
				assert.Fail(t, "not kept", "%s\nsent   %.1000q\nstored %.1000q", ids[i], sent, stored)
			}
		}
	}
}

// documents are those with these ids.
func (s *searched) documents(t *testing.T, ids []any) []map[string]any {
	t.Helper()
	asked, err := json.Marshal(map[string]any{"ids": ids})
	require.NoError(t, err)
	status, said := s.ask(t, s.settings.ReaderRoleARNs[0], http.MethodPost, "/"+s.today+"/_mget", string(asked))
	require.Equal(t, http.StatusOK, status, "%.2000s", said)
	var answer struct {
		Docs []struct {
			Source map[string]any `json:"_source"`
		} `json:"docs"`
	}
	decoder := json.NewDecoder(bytes.NewReader(said))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&answer))
	documents := make([]map[string]any, len(answer.Docs))
	for i, doc := range answer.Docs {
		require.NotNil(t, doc.Source, "%v is there", ids[i])
		documents[i] = doc.Source
	}
	return documents
}

// leaves are all values within one that are neither an object nor an array, in order. A number is the double next to it, and the
// same as its digits in a text.
func leaves(value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			found = append(found, leaves(inner)...)
		}
	case []any:
		for _, inner := range value {
			found = append(found, leaves(inner)...)
		}
	default:
		leaf := fmt.Sprint(value)
		if double, err := strconv.ParseFloat(leaf, 64); err == nil || errors.Is(err, strconv.ErrRange) {
			leaf = fmt.Sprint(double + 0) // no negative zero
		}
		found = append(found, leaf)
	}
	slices.Sort(found)
	return found
}

// withoutID are events whose own id is none: what Firehose sends again is there once, what it was given twice is there twice.
func (s *searched) withoutID(t *testing.T) {
	var all []events.Event
	tooLong := fmt.Sprintf(`"event_id":"%0600d",`, 1)
	for i, id := range []string{"", `"event_id":null,`, `"event_id":"",`, `"event_id":17,`, `"event_id":{"x":1},`, tooLong} {
		all = append(all, events.Event{Name: id, Data: fmt.Appendf(nil, `{%s"pod":"without-id","message":"%d"}`, id, i)})
	}
	const found = `{"term":{"pod":"without-id"}}`
	for _, delivery := range []struct {
		id       string
		expected int
	}{{"a", len(all)}, {"a", len(all)}, {"b", 2 * len(all)}} {
		s.taken(t, delivery.id, all)
		assert.Equal(t, delivery.expected, s.count(t, found))
	}
}
