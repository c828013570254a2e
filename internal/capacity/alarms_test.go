package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/capacity"
)

// Counters are compared over a window: once above 0 they stay there. Gauges are compared as they are.
func TestTheConditionsOfAlarmsAreTheirNumbersInWords(t *testing.T) {
	conditions := make(map[string]string)
	for _, alarm := range capacity.FirstMileAlarms() {
		conditions[alarm.Metric] = alarm.Condition
	}
	assert.Equal(t, map[string]string{
		"AWS/Kinesis WriteProvisionedThroughputExceeded":     "sum above 0 in 1 minute",
		"fluentd_output_status_num_errors":                   "increase above 0 in 5 minutes, while it is not fluentd_output_status_retry_count",
		"fluentd_output_status_retry_wait":                   "above 0 for 5 minutes",
		"fluentd_output_status_buffer_available_space_ratio": "below 50 for 1 minute",
		"fluentbit_output_chunk_available_capacity_percent":  "below 50 for 1 minute",
		"fluentbit_output_dropped_records_total":             "increase above 0 in 5 minutes",
		"fluentbit_output_retries_failed_total":              "increase above 0 in 5 minutes",
		"fluentbit_input_ingestion_paused":                   "above 0 for 1 minute",
	}, conditions)
}

// Rules and plans are keyed by these, and durations are written in minutes.
func TestAlarmsAreDistinctAndSayWhatToDo(t *testing.T) {
	names, metrics := make(map[string]bool), make(map[string]bool)
	for _, alarm := range capacity.FirstMileAlarms() {
		assert.False(t, names[alarm.Name], alarm.Name)
		assert.False(t, metrics[alarm.Metric], alarm.Metric)
		names[alarm.Name], metrics[alarm.Metric] = true, true
		assert.Regexp(t, `^([A-Z][a-z]+)+$`, alarm.Name)
		assert.NotEmpty(t, alarm.Reason, alarm.Name)
		assert.NotEmpty(t, alarm.Action, alarm.Name)
		assert.Zero(t, alarm.Window%time.Minute, alarm.Name)
		assert.Zero(t, alarm.For%time.Minute, alarm.Name)
	}
}
