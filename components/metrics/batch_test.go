package metrics_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

func minimalBatch() *metrics.BatchArgs {
	return &metrics.BatchArgs{
		AccountID: mocks.AccountID,
		Region:    mocks.Region,
		KeyARN:    pulumi.String(keyARN),
		Spec:      metricspec.Default(),
		Raw:       metrics.Raw{BucketName: pulumi.String("raw-0a1b2c3")},
		Warehouse: metrics.Warehouse{
			BucketName: pulumi.String("warehouse-0a1b2c3"), DatabaseName: pulumi.String("team_a_metrics"),
		},
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3"),
	}
}

func createBatch(args *metrics.BatchArgs) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := metrics.NewBatch(ctx, "batch", args)
		return err
	})
}

func upBatch(t *testing.T, change func(*metrics.BatchArgs)) *mocks.Recording {
	t.Helper()
	args := minimalBatch()
	if change != nil {
		change(args)
	}
	recording, err := createBatch(args)
	require.NoError(t, err)
	return recording
}

// batchOutputs are the outputs of a batch by their keys.
func batchOutputs(t *testing.T, args *metrics.BatchArgs) map[string]string {
	t.Helper()
	known := map[string]string{}
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		b, err := metrics.NewBatch(ctx, "batch", args)
		if err != nil {
			return err
		}
		for key, output := range component.Outputs(b) {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), output.(pulumi.Output))
			if err != nil {
				return err
			}
			known[key] = result.Value.(string)
		}
		return nil
	})
	require.NoError(t, err)
	return known
}

func TestApplication(t *testing.T) {
	application := upBatch(t, nil).Named(t, "batch-application")
	assert.NotContains(t, application.Inputs, "name", "the name is generated")
	assert.Equal(t, "spark", application.Get("type"))
	assert.Equal(t, "emr-spark-8.1.0", application.Get("releaseLabel"))
	assert.Equal(t, "ARM64", application.Get("architecture"))
	assert.Equal(t, map[string]any{"enabled": true}, application.Get("autoStartConfiguration"))
	assert.Equal(t, map[string]any{"enabled": true, "idleTimeoutMinutes": 5.0}, application.Get("autoStopConfiguration"))
	assert.Equal(t, map[string]any{"cpu": "16 vCPU", "memory": "64 GB", "disk": "100 GB"}, application.Get("maximumCapacity"),
		"a run with all its executors, and another's driver")
	assert.NotContains(t, application.Inputs, "initialCapacities", "workers that wait cost money")
}

func TestCapacityMayBeGiven(t *testing.T) {
	recording := upBatch(t, func(a *metrics.BatchArgs) {
		a.Capacity = metrics.Capacity{
			Driver: metrics.Worker{VCPUs: 4, MemoryGB: 30}, Executor: metrics.Worker{VCPUs: 8, MemoryGB: 32, DiskGB: 100},
			Executors: 10, Limits: metrics.Worker{VCPUs: 200}, IdleMinutes: 1,
		}
	})
	application := recording.Named(t, "batch-application")
	assert.Equal(t, map[string]any{"cpu": "200 vCPU", "memory": "380 GB", "disk": "1040 GB"}, application.Get("maximumCapacity"))
	assert.EqualValues(t, 1, application.Get("autoStopConfiguration", "idleTimeoutMinutes"))
	settings := sparkSettings(t, recording)
	for _, want := range []string{
		"spark.driver.cores=4", "spark.driver.memory=27648m", "spark.driver.memoryOverhead=3072m", "spark.emr-serverless.driver.disk=20G",
		"spark.executor.cores=8", "spark.executor.memory=29492m", "spark.executor.memoryOverhead=3276m", "spark.emr-serverless.executor.disk=100G",
		"spark.dynamicAllocation.maxExecutors=10",
	} {
		assert.Contains(t, settings, want)
	}
}

// A worker with less than 4 GB would have less than 384 MiB of overhead.
func TestTheOverheadOfASmallWorkerIsWhatSparkWants(t *testing.T) {
	settings := sparkSettings(t, upBatch(t, func(a *metrics.BatchArgs) {
		a.Capacity.Driver = metrics.Worker{VCPUs: 1, MemoryGB: 2}
	}))
	assert.Contains(t, settings, "spark.driver.memory=1664m")
	assert.Contains(t, settings, "spark.driver.memoryOverhead=384m")
}

func TestBatchLogGroup(t *testing.T) {
	group := upBatch(t, func(a *metrics.BatchArgs) { a.Logs.RetentionDays = 30 }).Named(t, "batch-log")
	assert.Equal(t, "/aws/emr-serverless/log-pipeline-test-batch", group.Get("name"))
	assert.EqualValues(t, 30, group.Get("retentionInDays"))
	assert.Equal(t, keyARN, group.Get("kmsKeyId"))
	assert.False(t, group.RetainOnDelete)

	given := upBatch(t, func(a *metrics.BatchArgs) { a.Logs.GroupName, a.Protect = "/team-a/batch", true })
	assert.True(t, given.Named(t, "batch-log").RetainOnDelete)
	assert.Equal(t, "/team-a/batch", given.Named(t, "batch-log").Get("name"))
	assert.Equal(t, []string{"arn:aws:logs:eu-central-1:111111111111:log-group:/team-a/batch:*"},
		given.Named(t, "batch-role-policy").Policy(t, "policy").Named(t, "Log").Resource)
}

func TestBatchRole(t *testing.T) {
	recording := upBatch(t, nil)
	mocks.Golden(t, "batch-permissions.json", recording.Named(t, "batch-role-policy").Get("policy").(string))
	mocks.Golden(t, "batch-trust.json", recording.Named(t, "batch-role").Get("assumeRolePolicy").(string))
	mocks.Golden(t, "batch-schedule-permissions.json", recording.Named(t, "batch-schedule-role-policy").Get("policy").(string))
	mocks.Golden(t, "batch-schedule-trust.json", recording.Named(t, "batch-schedule-role").Get("assumeRolePolicy").(string))
}

func TestRecordsMayHaveAPlaceAndAKeyOfTheirOwn(t *testing.T) {
	const other = "arn:aws:kms:eu-central-1:111111111111:key/other"
	recording := upBatch(t, func(a *metrics.BatchArgs) { a.Raw.Prefix, a.Raw.KeyARN = "istio/", pulumi.String(other) })
	policy := recording.Named(t, "batch-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{"arn:aws:s3:::raw-0a1b2c3/istio/*"}, policy.Named(t, "ReadRecords").Resource)
	assert.Equal(t, []string{other}, policy.Named(t, "DecryptRecords").Resource)
	assert.Equal(t, []string{keyARN}, policy.Named(t, "EncryptTables").Resource)
	arguments := request(t, recording).JobDriver.SparkSubmit.EntryPointArguments
	assert.Equal(t, "s3://raw-0a1b2c3/istio/", arguments[slices.Index(arguments, "--raw")+1])
}

// Both jobs write the same wheel and spec, and each object has one owner.
func TestBothJobsAreOfOneProgram(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		if _, err := metrics.New(ctx, "metrics", minimal()); err != nil {
			return err
		}
		_, err := metrics.NewBatch(ctx, "batch", minimalBatch())
		return err
	})
	require.NoError(t, err)
	keys := map[string]string{}
	for _, object := range recording.OfType("aws:s3/bucketObjectv2:BucketObjectv2") {
		key := object.Get("key").(string)
		assert.NotContains(t, keys, key, "%s and %s", object.Name, keys[key])
		keys[key] = object.Name
		assert.Equal(t, strings.HasPrefix(object.Name, "batch-"), strings.HasPrefix(key, "metrics/batch/"), key)
		assert.Equal(t, "aws:kms", object.Get("serverSideEncryption"))
	}
	for _, file := range []string{"wheel", "spec"} {
		streaming, batch := recording.Named(t, "metrics-"+file).Get("key").(string), recording.Named(t, "batch-"+file).Get("key").(string)
		assert.Equal(t, strings.TrimPrefix(streaming, "metrics/"), strings.TrimPrefix(batch, "metrics/batch/"))
	}
	assert.Regexp(t, `\nfrom log_pipeline_metrics\.\w+ import main\n\nmain\(\)\n$`, recording.Named(t, "batch-script").Get("content"))
	assert.NotEqual(t, recording.Named(t, "metrics-script").Get("content"), recording.Named(t, "batch-script").Get("content"))
}

func TestBatchOutputs(t *testing.T) {
	known := batchOutputs(t, minimalBatch())
	version, recount := known["version"], known["recount"]
	delete(known, "version")
	delete(known, "recount")
	assert.Equal(t, map[string]string{
		"applicationId":  "batch-application-id",
		"applicationArn": "arn:aws:emr-serverless:eu-central-1:111111111111:/applications/batch-application-id",
		"jobRoleArn":     "arn:aws:iam::111111111111:role/batch-role-0a1b2c3",
		"logGroupName":   "/aws/emr-serverless/log-pipeline-test-batch",
		"scheduleId":     "batch-schedule-id",
	}, known)
	assert.Regexp(t, "^[0-9a-f]{16}$", version)
	assert.True(t, json.Valid([]byte(recount)))
}

func TestARunWaitsForWhatItNeeds(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		table, err := s3.NewBucketV2(ctx, "table", nil)
		if err != nil {
			return err
		}
		args := minimalBatch()
		args.After = []pulumi.Resource{table}
		_, err = metrics.NewBatch(ctx, "batch", args)
		return err
	})
	require.NoError(t, err)
	schedule := recording.Named(t, "batch-schedule")
	for _, name := range []string{
		"table", "batch-wheel", "batch-script", "batch-spec", "batch-role-policy", "batch-schedule-role-policy", "batch-application", "batch-log",
	} {
		assert.True(t, schedule.DependsOn(recording.Named(t, name)), name)
	}
}

func TestCallersBatchArgsStayAsTheyAre(t *testing.T) {
	args := minimalBatch()
	args.Schedule.Hours = []int{13, 1}
	_, err := createBatch(args)
	require.NoError(t, err)
	want := minimalBatch()
	want.Schedule.Hours = []int{13, 1}
	assert.Equal(t, want, args)
}

func TestBatchInChina(t *testing.T) {
	recording := upBatch(t, func(a *metrics.BatchArgs) { a.Region = "cn-north-1" })
	assert.Equal(t, "arn:aws-cn:scheduler:::aws-sdk:emrserverless:startJobRun", recording.Named(t, "batch-schedule").Get("target", "arn"))
	policy := recording.Named(t, "batch-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{"arn:aws-cn:s3:::raw-0a1b2c3/logs/*"}, policy.Named(t, "ReadRecords").Resource)
}

// A first preview knows no names.
func TestPreviewOfABatch(t *testing.T) {
	recording, err := mocks.Preview(func(ctx *pulumi.Context) error {
		bucket, err := s3.NewBucketV2(ctx, "bucket", nil)
		if err != nil {
			return err
		}
		args := minimalBatch()
		args.Raw.BucketName, args.Warehouse.BucketName, args.ArtifactsBucketName = bucket.Bucket, bucket.Bucket, bucket.Bucket
		args.Warehouse.DatabaseName, args.KeyARN = bucket.Bucket, bucket.Arn
		_, err = metrics.NewBatch(ctx, "batch", args)
		return err
	})
	require.NoError(t, err)
	assert.Contains(t, recording.Named(t, "batch-schedule").Unknown, "target")
	assert.Equal(t, map[string]any{"cpu": "16 vCPU", "memory": "64 GB", "disk": "100 GB"},
		recording.Named(t, "batch-application").Get("maximumCapacity"))
}
