package metrics_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

// startJobRun is what EMR Serverless reads, in the words of its API or of a universal target: Go takes both.
type startJobRun struct {
	ApplicationID           string
	ClientToken             string
	ExecutionRoleARN        string
	ExecutionTimeoutMinutes int
	JobDriver               struct{ SparkSubmit sparkSubmit }
}

type sparkSubmit struct {
	EntryPoint            string
	EntryPointArguments   []string
	SparkSubmitParameters string
}

// request is what the schedule asks for.
func request(t *testing.T, recording *mocks.Recording) (r startJobRun) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(recording.Named(t, "batch-schedule").Get("target", "input").(string)), &r))
	return r
}

// sparkSettings are those of a run.
func sparkSettings(t *testing.T, recording *mocks.Recording) []string {
	t.Helper()
	words := strings.Split(request(t, recording).JobDriver.SparkSubmit.SparkSubmitParameters, " ")
	require.Equal(t, "--py-files", words[0])
	var settings []string
	for i := 2; i < len(words); i += 2 {
		require.Equal(t, "--conf", words[i], "a setting with a space would be two words")
		settings = append(settings, words[i+1])
	}
	return settings
}

// The members of the one are named as a universal target wants them, of the other as the command line does. Both are started
// in the emulator, too: tests/localcloud/emulator/test_emr_gaps.py.
func TestRequests(t *testing.T) {
	args := minimalBatch()
	input := upBatch(t, nil).Named(t, "batch-schedule").Get("target", "input").(string)
	mocks.Golden(t, "batch-schedule-input.json", withoutHashes(t, input))
	assert.Contains(t, input, `"ClientToken":"<aws.scheduler.execution-id>"`, "escaped, it would be no context attribute")
	mocks.Golden(t, "batch-recount.json", withoutHashes(t, batchOutputs(t, args)["recount"]))
}

// withoutHashes has a text in place of what any change of the code changes.
func withoutHashes(t *testing.T, text string) string {
	t.Helper()
	recording := upBatch(t, nil)
	for name, instead := range map[string]string{"wheel": "HASH-OF-WHEEL", "script": "HASH-OF-SCRIPT", "spec": "HASH-OF-SPEC"} {
		hash := strings.Split(recording.Named(t, "batch-"+name).Get("key").(string), "/")[2]
		text = strings.ReplaceAll(text, hash, instead)
	}
	return strings.ReplaceAll(text, batchOutputs(t, minimalBatch())["version"], "VERSION")
}

func TestARunIsToldWhatItReads(t *testing.T) {
	recording := upBatch(t, nil)
	uri := func(name string) string {
		return "s3://artifacts-0a1b2c3/" + recording.Named(t, name).Get("key").(string)
	}
	run := request(t, recording)
	assert.Equal(t, "batch-application-id", run.ApplicationID)
	assert.Equal(t, "arn:aws:iam::111111111111:role/batch-role-0a1b2c3", run.ExecutionRoleARN)
	assert.Equal(t, 720, run.ExecutionTimeoutMinutes)
	submitted := run.JobDriver.SparkSubmit
	assert.Equal(t, uri("batch-script"), submitted.EntryPoint)
	assert.Equal(t, []string{
		"--spec", uri("batch-spec"),
		"--raw", "s3://raw-0a1b2c3/logs/",
		"--database", "team_a_metrics",
		"--lateness_hours", "6",
		"--settle_seconds", "3600",
		"--version", batchOutputs(t, minimalBatch())["version"],
	}, submitted.EntryPointArguments)
	assert.True(t, strings.HasPrefix(submitted.SparkSubmitParameters, "--py-files "+uri("batch-wheel")+" --conf "))
}

// What is far below a limit of the API stays there whatever is given: names are bounded.
func TestRequestsAreFarFromTheAPIsLimits(t *testing.T) {
	recording := upBatch(t, nil)
	assert.Less(t, len(recording.Named(t, "batch-schedule").Get("target", "input").(string)), 256*1024/10)
	assert.Less(t, len(request(t, recording).JobDriver.SparkSubmit.SparkSubmitParameters), 102_400/10)
}

func TestTheBatchHasTheCatalogOfTheStreamingJob(t *testing.T) {
	streaming := strings.Split(up(t, nil).Named(t, "metrics-job").Get("defaultArguments", "--conf").(string), " --conf ")
	batch := sparkSettings(t, upBatch(t, nil))
	for _, setting := range streaming {
		if !strings.HasPrefix(setting, "spark.sql.shuffle.partitions=") {
			assert.Contains(t, batch, setting)
		}
	}
	for _, setting := range batch {
		assert.NotContains(t, setting, "spark.jars", "the jar that is documented is another Spark's")
	}
}

func TestARunNeverHasMoreThanItsExecutors(t *testing.T) {
	settings := sparkSettings(t, upBatch(t, func(a *metrics.BatchArgs) { a.Capacity.Executors = 1 }))
	for _, want := range []string{
		"spark.dynamicAllocation.maxExecutors=1", "spark.dynamicAllocation.initialExecutors=1", "spark.executor.instances=1",
	} {
		assert.Contains(t, settings, want)
	}
}

// The range comes last, in place of two words that occur nowhere else.
func TestRecountIsTheRunOfTheScheduleWithARange(t *testing.T) {
	args := minimalBatch()
	recount := batchOutputs(t, args)["recount"]
	var asked startJobRun
	require.NoError(t, json.Unmarshal([]byte(recount), &asked))
	assert.Empty(t, asked.ClientToken, "the command line makes one")
	scheduled := request(t, upBatch(t, nil))
	scheduled.ClientToken = ""
	scheduled.JobDriver.SparkSubmit.EntryPointArguments = append(
		scheduled.JobDriver.SparkSubmit.EntryPointArguments, "--from", metrics.RecountFrom, "--to", metrics.RecountTo)
	assert.Equal(t, scheduled, asked)
	for _, word := range []string{metrics.RecountFrom, metrics.RecountTo} {
		assert.Equal(t, 1, strings.Count(recount, `"`+word+`"`))
	}
}

func TestBatchSchedule(t *testing.T) {
	schedule := upBatch(t, nil).Named(t, "batch-schedule")
	assert.Equal(t, "cron(0 1,13 * * ? *)", schedule.Get("scheduleExpression"))
	assert.Equal(t, "UTC", schedule.Get("scheduleExpressionTimezone"))
	assert.Equal(t, "ENABLED", schedule.Get("state"))
	assert.Equal(t, keyARN, schedule.Get("kmsKeyArn"))
	assert.Equal(t, "batch-schedules-0a1b2c3", schedule.Get("groupName"))
	assert.Equal(t, "arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun", schedule.Get("target", "arn"))
	assert.Equal(t, "arn:aws:iam::111111111111:role/batch-schedule-role-0a1b2c3", schedule.Get("target", "roleArn"))

	other := upBatch(t, func(a *metrics.BatchArgs) { a.Schedule = metrics.BatchSchedule{Hours: []int{18, 0, 6}, Paused: true} })
	assert.Equal(t, "cron(0 0,6,18 * * ? *)", other.Named(t, "batch-schedule").Get("scheduleExpression"))
	assert.Equal(t, "DISABLED", other.Named(t, "batch-schedule").Get("state"))
}

func TestEveryChangeOfABatchIsAnotherVersion(t *testing.T) {
	version := func(change func(*metrics.BatchArgs)) string {
		args := minimalBatch()
		change(args)
		return batchOutputs(t, args)["version"]
	}
	first := version(func(*metrics.BatchArgs) {})
	versions := []string{first, version(func(*metrics.BatchArgs) {})}
	assert.Equal(t, first, versions[1])
	for what, change := range map[string]func(*metrics.BatchArgs){
		"spec":     func(a *metrics.BatchArgs) { a.Spec = spec(func(s *metricspec.Spec) { s.TimeZone = "Europe/Berlin" }) },
		"records":  func(a *metrics.BatchArgs) { a.Raw.Prefix = "other/" },
		"database": func(a *metrics.BatchArgs) { a.Warehouse.DatabaseName = pulumi.String("other") },
		"lateness": func(a *metrics.BatchArgs) { a.LatenessHours = 48 },
		"settling": func(a *metrics.BatchArgs) { a.SettleSeconds = 7200 },
		"workers":  func(a *metrics.BatchArgs) { a.Capacity.Executors = 4 },
	} {
		other := version(change)
		assert.False(t, slices.Contains(versions, other), what)
		versions = append(versions, other)
	}
	assert.Equal(t, first, version(func(a *metrics.BatchArgs) { a.Schedule.Hours = []int{6} }), "when it runs is no part of it")
}
