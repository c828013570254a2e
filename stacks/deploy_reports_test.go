package stacks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

func TestTheBatchIsWiredToRawAndWarehouse(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"namePrefix": "team-a", "batch.executors": "7", "batch.latenessHours": "7", "batch.runsPerDay": "3", "batch.logRetentionDays": "60",
	})
	require.NoError(t, err)
	schedule := recording.Named(t, "batch-schedule")
	assert.Equal(t, "cron(0 1,9,17 * * ? *)", schedule.Get("scheduleExpression"))
	var input struct {
		JobDriver struct {
			SparkSubmit struct {
				EntryPointArguments   []string
				SparkSubmitParameters string
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(schedule.Get("target", "input").(string)), &input))
	run := input.JobDriver.SparkSubmit
	arguments := map[string]string{}
	for i := 0; i+1 < len(run.EntryPointArguments); i += 2 {
		arguments[run.EntryPointArguments[i]] = run.EntryPointArguments[i+1]
	}
	assert.Equal(t, "s3://lake-raw-0a1b2c3/logs/", arguments["--raw"])
	assert.Equal(t, "team_a_metrics", arguments["--database"])
	assert.Equal(t, "7", arguments["--lateness_hours"])
	assert.Contains(t, run.SparkSubmitParameters, "spark.dynamicAllocation.maxExecutors=7")
	assert.Contains(t, run.SparkSubmitParameters, "s3://lake-warehouse-0a1b2c3/metrics/")
	for _, table := range []string{"warehouse-live", "warehouse-batch", "warehouse-runs"} {
		assert.True(t, schedule.DependsOn(recording.Named(t, table)), "a run finds %s", table)
	}
	log := recording.Named(t, "batch-log")
	assert.Equal(t, "/aws/emr-serverless/team-a-batch", log.Get("name"))
	assert.EqualValues(t, 60, log.Get("retentionInDays"))
}

func TestWithoutABatchTheViewsAreLive(t *testing.T) {
	recording, err := deploy(t, map[string]string{"batch.enabled": "false"})
	require.NoError(t, err)
	assert.Empty(t, recording.OfType("aws:emrserverless/application:Application"))
	assert.NotEmpty(t, recording.Named(t, "query-view-metrics").Get("viewOriginalText"))
	recording.Named(t, "warehouse-batch")
}

func TestQueriesEndAtTheirCutoff(t *testing.T) {
	recording, err := deploy(t, map[string]string{"query.bytesScannedCutoff": "20000000"})
	require.NoError(t, err)
	assert.EqualValues(t, 20_000_000, recording.Named(t, "query-workgroup").Get("configuration", "bytesScannedCutoffPerQuery"))
}

func TestTheDashboardIsOnTheViews(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"namePrefix": "team-a", "dashboard.enabled": "true", "dashboard.owners": `["analysts"]`, "dashboard.identityRegion": "us-east-1",
	})
	require.NoError(t, err)
	assert.Equal(t, "us-east-1", recording.Named(t, "identities").Get("region"))
	source := recording.Named(t, "dashboard-source")
	assert.True(t, source.DependsOn(recording.Named(t, "query-workgroup")))
	assert.True(t, source.DependsOn(recording.Named(t, "query-view-metrics")))
	assert.Contains(t, recording.Named(t, "dashboard-stack").Get("templateUrl"), "lake-artifacts-0a1b2c3")
}

// Nothing but providers is there when the groups are looked up.
func TestAGroupThatQuickSightLacksIsAFault(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"dashboard.enabled": "true", "dashboard.owners": `["analysts"]`, "dashboard.readers": `["` + mocks.MissingGroup + `"]`,
	})
	require.ErrorContains(t, err, "the configuration of stack \"test\" has 1 fault, and nothing is changed")
	require.ErrorContains(t, err, `log-pipeline:dashboard.readers: QuickSight has no group "nobody" in the namespace "default" of account 111111111111, region eu-central-1`)
	assert.Empty(t, recording.OfType("aws:s3/bucketV2:BucketV2"))
}
