package metrics_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

func published(t *testing.T, recording *mocks.Recording) (document struct {
	Version string `json:"version"`
	Paused  *bool  `json:"paused"`
},
) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(recording.Named(t, "metrics-published").Get("content").(string)), &document))
	return document
}

// A run that reads it ends, and the next one has to find all that it names.
func TestTheVersionIsPublishedLast(t *testing.T) {
	recording := up(t, nil)
	document := recording.Named(t, "metrics-published")
	assert.Equal(t, "metrics/published.json", document.Get("key"))
	for _, name := range append(objectNames(), "metrics-job", "metrics-schedule") {
		assert.True(t, document.DependsOn(recording.Named(t, name)), name)
	}
	said := published(t, recording)
	assert.Equal(t, recording.Named(t, "metrics-job").Get("defaultArguments", "--version"), said.Version)
	require.NotNil(t, said.Paused)
	assert.False(t, *said.Paused)
}

func TestEveryChangeOfARunIsAnotherVersion(t *testing.T) {
	first := published(t, up(t, nil)).Version
	assert.Regexp(t, "^[0-9a-f]{16}$", first)
	assert.Equal(t, first, published(t, up(t, nil)).Version)
	versions := map[string]string{first: "none"}
	for what, change := range map[string]func(*metrics.Args){
		"spec":  func(a *metrics.Args) { a.Spec = spec(func(s *metricspec.Spec) { s.TimeZone = "Europe/Berlin" }) },
		"state": func(a *metrics.Args) { a.Spec = spec(func(s *metricspec.Spec) { s.Lateness++ }) },
		"consumer": func(a *metrics.Args) {
			a.Stream.ConsumerARN = pulumi.String(streamARN + "/consumer/metrics:1700000001")
		},
		"workers":           func(a *metrics.Args) { a.Job.Workers = 3 },
		"worker type":       func(a *metrics.Args) { a.Job.WorkerType = metrics.G2X },
		"auto scaling":      func(a *metrics.Args) { a.Job.FixedWorkers = true },
		"trigger":           func(a *metrics.Args) { a.Job.TriggerSeconds = 61 },
		"database":          func(a *metrics.Args) { a.Warehouse.DatabaseName = pulumi.String("other") },
		"place of the logs": func(a *metrics.Args) { a.Logs.GroupPrefix = "/elsewhere" },
	} {
		version := published(t, up(t, change)).Version
		assert.NotContains(t, versions, version, "%s", what)
		versions[version] = what
	}
	for what, change := range map[string]func(*metrics.Args){
		"pause": func(a *metrics.Args) { a.Schedule.Paused = true },
		"rate":  func(a *metrics.Args) { a.Schedule.Minutes = 10 },
	} {
		assert.Equal(t, first, published(t, up(t, change)).Version, "%s is no reason to end a run", what)
	}
}

func TestSchedule(t *testing.T) {
	recording := up(t, nil)
	schedule := recording.Named(t, "metrics-schedule")
	assert.Equal(t, "rate(5 minutes)", schedule.Get("scheduleExpression"))
	assert.Equal(t, "ENABLED", schedule.Get("state"))
	assert.Equal(t, map[string]any{"mode": "OFF"}, schedule.Get("flexibleTimeWindow"))
	assert.Equal(t, keyARN, schedule.Get("kmsKeyArn"))
	assert.Equal(t, "metrics-schedules-0a1b2c3", schedule.Get("groupName"))
	assert.Equal(t, map[string]any{
		"arn":         "arn:aws:scheduler:::aws-sdk:glue:startJobRun",
		"roleArn":     "arn:aws:iam::111111111111:role/metrics-schedule-role-0a1b2c3",
		"input":       `{"JobName":"metrics-job-0a1b2c3"}`,
		"retryPolicy": map[string]any{"maximumRetryAttempts": 0.0, "maximumEventAgeInSeconds": 300.0},
	}, schedule.Get("target"))
	assert.True(t, schedule.DependsOn(recording.Named(t, "metrics-schedule-role-policy")))

	often := up(t, func(a *metrics.Args) { a.Schedule.Minutes = 1 }).Named(t, "metrics-schedule")
	assert.Equal(t, "rate(1 minute)", often.Get("scheduleExpression"))
	china := up(t, func(a *metrics.Args) { a.Region = "cn-north-1" }).Named(t, "metrics-schedule")
	assert.Equal(t, "arn:aws-cn:scheduler:::aws-sdk:glue:startJobRun", china.Get("target", "arn"))
}

func TestPause(t *testing.T) {
	recording := up(t, func(a *metrics.Args) { a.Schedule.Paused = true })
	assert.Equal(t, "DISABLED", recording.Named(t, "metrics-schedule").Get("state"))
	assert.True(t, *published(t, recording).Paused)
}
