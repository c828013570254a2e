package metrics_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN      = "arn:aws:kms:eu-central-1:111111111111:key/k"
	streamARN   = "arn:aws:kinesis:eu-central-1:111111111111:stream/logs"
	consumerARN = streamARN + "/consumer/metrics:1700000000"
)

// spec is the default one with a change.
func spec(change func(*metricspec.Spec)) *metricspec.Spec {
	s := metricspec.Default()
	change(s)
	return s
}

func minimal() *metrics.Args {
	return &metrics.Args{
		AccountID: mocks.AccountID,
		Region:    mocks.Region,
		KeyARN:    pulumi.String(keyARN),
		Spec:      metricspec.Default(),
		Stream:    metrics.Stream{ARN: pulumi.String(streamARN), ConsumerARN: pulumi.String(consumerARN)},
		Warehouse: metrics.Warehouse{
			BucketName: pulumi.String("warehouse-0a1b2c3"), DatabaseName: pulumi.String("team_a_metrics"),
		},
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3"),
	}
}

func create(args *metrics.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := metrics.New(ctx, "metrics", args)
		return err
	})
}

func up(t *testing.T, change func(*metrics.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

func TestJobDefaults(t *testing.T) {
	recording := up(t, nil)
	job := recording.Named(t, "metrics-job")
	assert.NotContains(t, job.Inputs, "name", "the name is generated")
	assert.Equal(t, "6.0", job.Get("glueVersion"))
	assert.Equal(t, "G.1X", job.Get("workerType"))
	assert.EqualValues(t, 2, job.Get("numberOfWorkers"))
	assert.Equal(t, "gluestreaming", job.Get("command", "name"))
	assert.Equal(t, "s3://artifacts-0a1b2c3/"+recording.Named(t, "metrics-script").Get("key").(string), job.Get("command", "scriptLocation"))
	assert.Equal(t, "metrics-security-0a1b2c3", job.Get("securityConfiguration"))
	assert.EqualValues(t, 1, job.Get("executionProperty", "maxConcurrentRuns"), "the schedule asks again while a run goes on")
	assert.Equal(t, false, job.Get("jobRunQueuingEnabled"), "a second run is refused, not kept for later")
	assert.EqualValues(t, 0, job.Get("maxRetries"))
	assert.NotContains(t, job.Inputs, "timeout", "0 is refused, and any other ends a run")
	assert.NotContains(t, job.Inputs, "maintenanceWindow")
}

func TestArgumentsAreWhatTheJobReads(t *testing.T) {
	recording := up(t, nil)
	arguments := recording.Named(t, "metrics-job").Get("defaultArguments").(map[string]any)
	own := map[string]any{}
	for name, value := range arguments {
		if !strings.Contains(name, "-log") && !strings.Contains(name[2:], "-") && name != "--conf" {
			own[name] = value
		}
	}
	version := arguments["--version"]
	assert.Equal(t, map[string]any{
		"--version":          version,
		"--spec":             "s3://artifacts-0a1b2c3/" + recording.Named(t, "metrics-spec").Get("key").(string),
		"--published":        "s3://artifacts-0a1b2c3/metrics/published.json",
		"--checkpoint":       "s3://warehouse-0a1b2c3/checkpoints/metrics/" + metricspec.Default().StateHash() + "/",
		"--database":         "team_a_metrics",
		"--stream_arn":       streamARN,
		"--consumer_arn":     consumerARN,
		"--retention_hours":  "24",
		"--region":           "eu-central-1",
		"--trigger_seconds":  "60",
		"--metric_namespace": "log-pipeline/test/metrics",
	}, own)
	assert.Equal(t, "s3://artifacts-0a1b2c3/"+recording.Named(t, "metrics-wheel").Get("key").(string), arguments["--additional-python-modules"])
	assert.Equal(t, "iceberg", arguments["--datalake-formats"])
	assert.Equal(t, "true", arguments["--enable-auto-scaling"])
	assert.Equal(t, "/aws-glue/log-pipeline-test-metrics", arguments["--custom-logGroup-prefix"])
}

func TestSparkIsToldOfTheCatalog(t *testing.T) {
	chain := up(t, nil).Named(t, "metrics-job").Get("defaultArguments", "--conf").(string)
	settings := strings.Split(chain, " --conf ")
	for _, want := range []string{
		"spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
		"spark.sql.catalog.warehouse=org.apache.iceberg.spark.SparkCatalog",
		"spark.sql.catalog.warehouse.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
		"spark.sql.catalog.warehouse.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
		"spark.sql.catalog.warehouse.warehouse=s3://warehouse-0a1b2c3/metrics/",
		"spark.sql.catalog.warehouse.cache-enabled=false",
		"spark.sql.catalog.warehouse.s3.sse.key=" + keyARN,
		"spark.sql.session.timeZone=UTC",
		"spark.hadoop.fs.s3a.endpoint.region=eu-central-1",
	} {
		assert.Contains(t, settings, want)
	}
	for _, setting := range settings {
		assert.NotContains(t, setting, " ", "a setting with a space would be two arguments")
	}
}

func TestWhatAUserDecidesReachesTheJob(t *testing.T) {
	job := up(t, func(a *metrics.Args) {
		a.Job = metrics.Job{WorkerType: metrics.G025X, Workers: 5, FixedWorkers: true, TriggerSeconds: 30, MaintenanceWindow: "Sun:3"}
		a.Stream.RetentionHours, a.MetricNamespace = 48, "team-a/metrics"
	}).Named(t, "metrics-job")
	assert.Equal(t, "G.025X", job.Get("workerType"))
	assert.EqualValues(t, 5, job.Get("numberOfWorkers"))
	assert.Equal(t, "Sun:3", job.Get("maintenanceWindow"))
	for name, want := range map[string]string{
		"--enable-auto-scaling": "false", "--auto-scale-within-microbatch": "false", "--trigger_seconds": "30", "--retention_hours": "48",
		"--metric_namespace": "team-a/metrics",
	} {
		assert.Equal(t, want, job.Get("defaultArguments", name), name)
	}
	assert.Nil(t, job.Get("defaultArguments", "--role_arn"))
}

func TestAStreamOfAnotherAccountIsReadAsItsRole(t *testing.T) {
	const role = "arn:aws:iam::222222222222:role/reads-logs"
	recording := up(t, func(a *metrics.Args) { a.Stream.RoleARN = role })
	assert.Equal(t, role, recording.Named(t, "metrics-job").Get("defaultArguments", "--role_arn"))
	policy := recording.Named(t, "metrics-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{role}, policy.Named(t, "AssumeTheRoleThatReadsTheStream").Resource)
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			assert.False(t, strings.HasPrefix(action, "kinesis:"), "the role reads, and not the job itself")
		}
	}
}

// Glue would make them with no end of their days.
func TestLogGroupsAreThoseThatGlueWritesTo(t *testing.T) {
	recording := up(t, func(a *metrics.Args) { a.Logs.RetentionDays = 30 })
	for _, kind := range []string{"error", "output"} {
		group := recording.Named(t, "metrics-"+kind+"-log")
		assert.Equal(t, "/aws-glue/log-pipeline-test-metrics/metrics-security-0a1b2c3-role/metrics-role-0a1b2c3/"+kind, group.Get("name"))
		assert.EqualValues(t, 30, group.Get("retentionInDays"))
		assert.Equal(t, keyARN, group.Get("kmsKeyId"))
		assert.False(t, group.RetainOnDelete)
	}
	assert.True(t, up(t, func(a *metrics.Args) { a.Protect = true }).Named(t, "metrics-error-log").RetainOnDelete)
}

func TestSecurityConfiguration(t *testing.T) {
	assert.Equal(t, map[string]any{
		"cloudwatchEncryption":   map[string]any{"cloudwatchEncryptionMode": "SSE-KMS", "kmsKeyArn": keyARN},
		"jobBookmarksEncryption": map[string]any{"jobBookmarksEncryptionMode": "CSE-KMS", "kmsKeyArn": keyARN},
		"s3Encryption":           map[string]any{"s3EncryptionMode": "SSE-KMS", "kmsKeyArn": keyARN},
	}, up(t, nil).Named(t, "metrics-security").Get("encryptionConfiguration"))
}

func TestPolicies(t *testing.T) {
	recording := up(t, nil)
	mocks.Golden(t, "job-trust.json", recording.Named(t, "metrics-role").Get("assumeRolePolicy").(string))
	mocks.Golden(t, "job-permissions.json", recording.Named(t, "metrics-role-policy").Get("policy").(string))
	mocks.Golden(t, "schedule-trust.json", recording.Named(t, "metrics-schedule-role").Get("assumeRolePolicy").(string))
	mocks.Golden(t, "schedule-permissions.json", recording.Named(t, "metrics-schedule-role-policy").Get("policy").(string))
}

func TestTheJobWaitsForItsPermissionsAndItsTables(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		table, err := s3.NewBucketV2(ctx, "table", nil)
		if err != nil {
			return err
		}
		args := minimal()
		args.After = []pulumi.Resource{table}
		_, err = metrics.New(ctx, "metrics", args)
		return err
	})
	require.NoError(t, err)
	for _, name := range []string{"metrics-role-policy", "table"} {
		assert.True(t, recording.Named(t, "metrics-job").DependsOn(recording.Named(t, name)), name)
	}
}
