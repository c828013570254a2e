//go:build localcloud

package e2e

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/demo"
	"example.com/log-pipeline/tests/localcloud/page"
)

// always is longer than any event of the demo is late or early.
const always = 24 * time.Hour

// requireExact compares the view of all metrics, as Trino reads it after two runs of the batch, with the records that were sent:
// before the cut-over each event counts, and once, however late it was and however often it is in S3. From it on there are the
// live numbers.
func requireExact(t *testing.T, began time.Time, result demo.Result) {
	t.Helper()
	cutOver := result.Seen.Freshness.CutOver
	require.False(t, cutOver.IsZero(), "the batch moved the cut-over")
	now := time.Now()
	batch := count(t, result.Sent, began.Add(-always), now.Add(always))
	live := count(t, result.Sent, began.Add(-aside), now.Add(aside))

	want, got := map[key]float64{}, map[key]float64{}
	for k, value := range batch.exact {
		if k.window.Before(cutOver) {
			want[k] = value
		}
	}
	for k, users := range batch.users {
		if k.window.Before(cutOver) {
			want[k] = float64(len(users))
		}
	}
	for k := range batch.users {
		if who := (key{"concurrent_users", k.window, k.dimensions}); k == who && k.window.Before(cutOver) {
			took := key{"participants", k.window, k.dimensions}
			want[took] = float64(len(batch.users[took]))
			want[key{"participation_rate", k.window, k.dimensions}] = want[took] / want[who]
		}
	}
	for k, value := range live.exact {
		if !k.window.Before(cutOver) {
			want[k] = value
		}
	}
	estimates := map[string]bool{"concurrent_users": true, "participants": true, "participation_rate": true}
	for _, row := range result.Seen.Rows {
		k := keyOf(t, row)
		assert.NotContains(t, got, k, "there twice")
		assert.Equal(t, k.window.Before(cutOver), row.CountedBy == page.CountedByBatch, "%v is counted by %s", k, row.CountedBy)
		if k.window.Before(cutOver) || !estimates[k.metric] {
			got[k] = row.Value
		}
	}
	assert.Equal(t, want, got)
	assert.Positive(t, countBefore(want, cutOver), "the batch counted something")
	assert.Less(t, countBefore(want, cutOver), len(want), "some of it is still live")

	require.Len(t, result.Seen.Batches, 2)
	for _, run := range result.Seen.Batches {
		assert.Equal(t, "done", run.State)
		assert.Positive(t, run.Duplicates, "records that are in S3 twice")
	}
}

func keyOf(t *testing.T, row page.Row) key {
	t.Helper()
	dimensions, err := json.Marshal(row.Dimensions)
	require.NoError(t, err)
	return key{row.Metric, row.WindowStart, string(dimensions)}
}

func countBefore(values map[key]float64, cutOver time.Time) int {
	before := 0
	for k := range values {
		if k.window.Before(cutOver) {
			before++
		}
	}
	return before
}
