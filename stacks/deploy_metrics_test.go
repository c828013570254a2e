package stacks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const consumerType = "aws:kinesis/streamConsumer:StreamConsumer"

func TestTheStreamingJobIsWiredToStreamAndWarehouse(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"namePrefix": "team-a", "stream.retentionHours": "72", "metrics.workers": "4", "metrics.triggerSeconds": "30", "metrics.scheduleMinutes": "10",
		"metrics.maintenanceWindow": "Sun:3", "metrics.logRetentionDays": "30", "metrics.autoScaling": "false",
	})
	require.NoError(t, err)
	job := recording.Named(t, "metrics-job")
	assert.EqualValues(t, 4, job.Get("numberOfWorkers"))
	assert.Equal(t, "Sun:3", job.Get("maintenanceWindow"))
	for name, want := range map[string]string{
		"--stream_arn":             "arn:aws:kinesis:eu-central-1:111111111111:stream/team-a-logs",
		"--consumer_arn":           "arn:aws:kinesis:eu-central-1:111111111111:stream/logs/consumer/metrics",
		"--database":               "team_a_metrics",
		"--published":              "s3://lake-artifacts-0a1b2c3/metrics/published.json",
		"--retention_hours":        "72",
		"--trigger_seconds":        "30",
		"--metric_namespace":       "team-a/metrics",
		"--custom-logGroup-prefix": "/aws-glue/team-a-metrics",
		"--enable-auto-scaling":    "false",
	} {
		assert.Equal(t, want, job.Get("defaultArguments", name), name)
	}
	assert.Contains(t, job.Get("defaultArguments", "--checkpoint"), "s3://lake-warehouse-0a1b2c3/checkpoints/metrics/")
	for _, table := range []string{"warehouse-live", "warehouse-gaps"} {
		assert.True(t, job.DependsOn(recording.Named(t, table)), "a run finds %s", table)
	}
	assert.Equal(t, "rate(10 minutes)", recording.Named(t, "metrics-schedule").Get("scheduleExpression"))
	assert.EqualValues(t, 30, recording.Named(t, "metrics-error-log").Get("retentionInDays"))
}

// A consumer that is registered twice is refused, and one whose URN changes is replaced.
func TestTheJobsConsumerIsThereOnce(t *testing.T) {
	for name, test := range map[string]struct {
		changes map[string]string
		want    []string
	}{
		"by itself":                {nil, []string{"logs-consumer-metrics"}},
		"beside others":            {map[string]string{"stream.fanOutConsumers": `["audit"]`}, []string{"logs-consumer-audit", "logs-consumer-metrics"}},
		"named before":             {map[string]string{"stream.fanOutConsumers": `["metrics","audit"]`}, []string{"logs-consumer-audit", "logs-consumer-metrics"}},
		"where nothing is counted": {map[string]string{"metrics.enabled": "false"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			recording, err := deploy(t, test.changes)
			require.NoError(t, err)
			var names []string
			for _, consumer := range recording.OfType(consumerType) {
				names = append(names, consumer.Name)
			}
			assert.Equal(t, test.want, names)
			assert.Equal(t, test.changes["metrics.enabled"] != "false", len(recording.OfType("aws:glue/job:Job")) == 1)
		})
	}
}

func TestThePauseReachesScheduleAndJob(t *testing.T) {
	recording, err := deploy(t, map[string]string{"metrics.paused": "true"})
	require.NoError(t, err)
	assert.Equal(t, "DISABLED", recording.Named(t, "metrics-schedule").Get("state"))
	var published struct{ Paused bool }
	require.NoError(t, json.Unmarshal([]byte(recording.Named(t, "metrics-published").Get("content").(string)), &published))
	assert.True(t, published.Paused)
}
