package demo

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/producer"
)

func written(pod, at string) producer.Record {
	return producer.Record{Fields: map[string]any{"pod": pod, "time": at}}
}

func TestSearchIsForThePodThatWroteMost(t *testing.T) {
	searched, from, to := linesOf([]producer.Record{
		written("a", "2026-01-01T00:00:00.000000000Z"),
		written("b", "2026-01-01T01:00:03.000000009+01:00"),
		written("b", "2026-01-01T00:00:01.123456789Z"),
		written("b", "2026-01-01T00:00:02.000000000Z"),
		written("a", "2026-01-01T00:00:09.000000000Z"),
	})
	assert.Equal(t, Searched{Pod: "b", Sent: 3}, searched)
	body, err := json.Marshal(query(searched.Pod, from, to))
	require.NoError(t, err)
	assert.JSONEq(t, `{"size": 5, "track_total_hits": true, "sort": [{"@timestamp": "desc"}], "query": {"bool": {"filter": [
		{"term": {"pod": "b"}}, {"range": {"@timestamp": {"gte": "2026-01-01T00:00:01.123Z", "lte": "2026-01-01T00:00:03.000000009Z"}}}]}}}`,
		string(body))
}

func TestSearchForNothingThatWasSent(t *testing.T) {
	searched, from, to := linesOf(nil)
	assert.Equal(t, Searched{}, searched)
	assert.Equal(t, []time.Time{{}, {}}, []time.Time{from, to})
}

func TestFoundLinesShowFieldsWhereverTheyAre(t *testing.T) {
	var found hits
	require.NoError(t, json.Unmarshal([]byte(`{"hits": {"total": {"value": 2}, "hits": [
		{"_source": {"@timestamp": "t1", "method": "GET", "path": "/", "response_code": 200}},
		{"_source": {"@timestamp": "t2", "fields": {"event_type": "view", "user_id": ["u-1"]}}}]}}`), &found))
	assert.Equal(t, "  t1 GET / 200\n  t2 view [u-1]\n", found.String())
}
