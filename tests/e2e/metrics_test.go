//go:build localcloud

package e2e

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/demo"
	"example.com/log-pipeline/tests/localcloud/producer"
)

const (
	// aside is more than the default metric spec's lateness and skew, and less than the half hour by which the demo's events are
	// late or early, with time for the demo to take.
	aside = 15 * time.Minute
	// distinctError is how far an estimate of the job may be off, of as few users as are here.
	distinctError = 0.06
)

// key is what a metric has one value for.
type key struct {
	metric     string
	window     time.Time
	dimensions string
}

// counts is what the default metric spec says of records, counted as plainly as can be.
type counts struct {
	exact map[key]float64
	users map[key]map[string]bool
	// accepted and rejected are numbers of records, rejected by reason.
	accepted float64
	rejected map[string]float64
}

func count(t *testing.T, records []producer.Record, from, to time.Time) counts {
	t.Helper()
	c := counts{exact: map[key]float64{}, users: map[key]map[string]bool{}, rejected: map[string]float64{}}
	for _, record := range records {
		at := eventTime(t, record.Fields)
		switch {
		case at.Before(from):
			c.rejected["too_old"]++
		case at.After(to):
			c.rejected["too_far_ahead"]++
		default:
			c.accepted++
			c.add(t, record.Fields, at.Truncate(time.Minute))
		}
	}
	for k := range maps.Clone(c.exact) {
		if k.metric == "requests" {
			of := func(metric string) float64 { return c.exact[key{metric, k.window, k.dimensions}] / c.exact[k] }
			c.exact[key{"error_rate", k.window, k.dimensions}] = of("errors")
			c.exact[key{"latency_mean", k.window, k.dimensions}] = of("latency_sum")
		}
	}
	return c
}

func eventTime(t *testing.T, fields map[string]any) time.Time {
	t.Helper()
	text, ok := fields["event_time"].(string)
	if !ok {
		text = fields["start_time"].(string)
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

func (c counts) add(t *testing.T, fields map[string]any, window time.Time) {
	t.Helper()
	if code, ok := fields["response_code"].(int); ok {
		c.request(dimensions(t, fields, "cluster", "namespace", "route_name"), fields, window, code)
		return
	}
	c.exact[key{"events", window, dimensions(t, fields, "event_type")}]++
	c.user("concurrent_users", window, fields["user_id"].(string))
	if fields["event_type"] == "participate" {
		c.user("participants", window, fields["user_id"].(string))
	}
}

func (c counts) request(dimensions string, fields map[string]any, window time.Time, code int) {
	of := func(metric string) key { return key{metric, window, dimensions} }
	one := map[bool]float64{true: 1}
	duration := float64(fields["duration"].(int))
	c.exact[of("requests")]++
	c.exact[of("errors")] += one[code >= 500 || code == 0]
	c.exact[of("client_errors")] += one[code >= 400 && code < 500]
	c.exact[of("bytes_received")] += float64(fields["bytes_received"].(int))
	c.exact[of("bytes_sent")] += float64(fields["bytes_sent"].(int))
	c.exact[of("latency_sum")] += duration
	c.exact[of("latency_max")] = max(c.exact[of("latency_max")], duration)
}

func (c counts) user(metric string, window time.Time, user string) {
	k := key{metric, window, "{}"}
	if c.users[k] == nil {
		c.users[k] = map[string]bool{}
	}
	c.users[k][user] = true
}

// dimensions are as the table has them: JSON with sorted keys.
func dimensions(t *testing.T, fields map[string]any, names ...string) string {
	t.Helper()
	values := map[string]any{}
	for _, name := range names {
		values[name] = fields[name]
	}
	text, err := json.Marshal(values)
	require.NoError(t, err)
	return string(text)
}

// requireCounted compares the table, as Trino reads it, with the records that were sent since the demo began.
func requireCounted(t *testing.T, began time.Time, result demo.Result) {
	t.Helper()
	want := count(t, result.Sent, began.Add(-aside), time.Now().Add(aside))
	require.NotEmpty(t, want.exact)
	exact := map[key]float64{}
	users, rates := map[key]float64{}, map[key]float64{}
	rejected := map[string]float64{}
	var accepted float64
	for _, row := range result.Rows {
		k := key{row.Metric, row.Window, row.Dimensions}
		switch row.Metric {
		case "records_accepted":
			accepted += row.Value
		case "records_rejected":
			var reason struct{ Reason string }
			require.NoError(t, json.Unmarshal([]byte(row.Dimensions), &reason))
			rejected[reason.Reason] += row.Value
		case "concurrent_users", "participants":
			users[k] = row.Value
		case "participation_rate":
			rates[k] = row.Value
		default:
			exact[k] = row.Value
		}
	}
	assert.InDelta(t, want.accepted, accepted, 0)
	assert.Equal(t, want.rejected, rejected)
	assert.Equal(t, want.exact, exact)
	for k, who := range want.users {
		assert.InDelta(t, len(who), users[k], max(1, distinctError*float64(len(who))), "%s of %s", k.metric, k.window)
		if rate, ok := rates[key{"participation_rate", k.window, "{}"}]; k.metric == "concurrent_users" {
			assert.True(t, ok, "participation_rate of %s", k.window)
			assert.InDelta(t, users[key{"participants", k.window, "{}"}]/users[k], rate, 0)
		}
	}
}
