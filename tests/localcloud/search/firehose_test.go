//go:build localcloud

package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/search/events"
)

// batchBytes is how much Firehose buffers by default before it writes.
const batchBytes = 5 << 20

// refusal is what OpenSearch says of an event that it does not take.
type refusal struct {
	event, kind, reason string
}

// deliver writes the events as Firehose does with ids of its own, which begin with delivery: in batches, by the bulk API.
func (w *world) deliver(t testing.TB, role, index, delivery string, all []events.Event) []refusal {
	t.Helper()
	var refused []refusal
	var batch bytes.Buffer
	first := 0
	for i, event := range all {
		fmt.Fprintf(&batch, "{\"index\":{\"_index\":%q,\"_id\":\"%s.%d\"}}\n%s\n", index, delivery, i, event.Data)
		if batch.Len() >= batchBytes || i == len(all)-1 {
			refused = append(refused, w.bulk(t, role, batch.String(), all[first:i+1])...)
			batch.Reset()
			first = i + 1
		}
	}
	return refused
}

func (w *world) bulk(t testing.TB, role, body string, batch []events.Event) []refusal {
	t.Helper()
	status, said := w.ask(t, role, http.MethodPost, "/_bulk", body)
	require.Equal(t, http.StatusOK, status, "%.2000s", said)
	var answer struct {
		Items []struct {
			Index struct {
				Status int `json:"status"`
				Error  struct {
					Type   string `json:"type"`
					Reason string `json:"reason"`
					Cause  struct {
						Reason string `json:"reason"`
					} `json:"caused_by"`
				} `json:"error"`
			} `json:"index"`
		} `json:"items"`
	}
	require.NoError(t, json.Unmarshal(said, &answer))
	require.Len(t, answer.Items, len(batch))
	var refused []refusal
	for i, item := range answer.Items {
		if item.Index.Status >= http.StatusBadRequest {
			said := item.Index.Error
			refused = append(refused, refusal{batch[i].Name, fmt.Sprintf("%d %s", item.Index.Status, said.Type), said.Reason + ": " + said.Cause.Reason})
		}
	}
	return refused
}
