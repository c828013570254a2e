package metrics

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	glueVersion = "6.0"
	// checkpoints begins the keys of the states.
	checkpoints = "checkpoints/metrics/"

	// shufflePartitions is in how many parts the state of the windows lies. A checkpoint keeps the number of its first batch, so
	// it is not that of today's workers, which Glue would set. What reaches the state is aggregated already, a row for each
	// window and its dimensions, and each part is a file of every batch: few are enough.
	shufflePartitions = 16
)

// provisionSecurity makes the security configuration. It has no bearing on Iceberg's S3FileIO, which sparkConf tells the key.
func (s *Streaming) provisionSecurity(ctx *pulumi.Context) (err error) {
	key := s.args.KeyARN.ToStringOutput().ToStringPtrOutput()
	s.security, err = glue.NewSecurityConfiguration(ctx, s.name+"-security", &glue.SecurityConfigurationArgs{
		EncryptionConfiguration: glue.SecurityConfigurationEncryptionConfigurationArgs{
			CloudwatchEncryption: glue.SecurityConfigurationEncryptionConfigurationCloudwatchEncryptionArgs{
				CloudwatchEncryptionMode: pulumi.String("SSE-KMS"), KmsKeyArn: key,
			},
			JobBookmarksEncryption: glue.SecurityConfigurationEncryptionConfigurationJobBookmarksEncryptionArgs{
				JobBookmarksEncryptionMode: pulumi.String("CSE-KMS"), KmsKeyArn: key,
			},
			S3Encryption: glue.SecurityConfigurationEncryptionConfigurationS3EncryptionArgs{
				S3EncryptionMode: pulumi.String("SSE-KMS"), KmsKeyArn: key,
			},
		},
	}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("create security configuration: %w", err)
	}
	return nil
}

// provisionLogs makes the two log groups before Glue does, which would keep them for ever. Glue makes their names of the prefix
// and the names of security configuration and role (docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html).
func (s *Streaming) provisionLogs(ctx *pulumi.Context) error {
	for _, group := range []struct {
		role string
		name *pulumi.StringOutput
	}{{"error", &s.ErrorLogGroupName}, {"output", &s.OutputLogGroupName}} {
		made, err := cloudwatch.NewLogGroup(ctx, s.name+"-"+group.role+"-log", &cloudwatch.LogGroupArgs{
			Name:            pulumi.Sprintf("%s/%s-role/%s/%s", s.names.logGroupPrefix, s.security.Name, s.role.Name, group.role),
			RetentionInDays: pulumi.Int(s.args.Logs.RetentionDays),
			KmsKeyId:        s.args.KeyARN.ToStringOutput(),
		}, pulumi.Parent(s), pulumi.RetainOnDelete(s.args.Protect))
		if err != nil {
			return fmt.Errorf("create log group %s: %w", group.role, err)
		}
		*group.name = made.Name
	}
	return nil
}

func (s *Streaming) provisionJob(ctx *pulumi.Context) error {
	arguments := s.arguments()
	s.Version = arguments.ToStringMapOutput().ApplyT(s.version).(pulumi.StringOutput)
	versioned := maps.Clone(arguments)
	versioned["--version"] = s.Version
	args := &glue.JobArgs{
		Description:           pulumi.Sprintf("Counts the events of a stream minute by minute, for %s", s.name),
		RoleArn:               s.role.Arn,
		SecurityConfiguration: s.security.Name,
		GlueVersion:           pulumi.String(glueVersion),
		WorkerType:            pulumi.String(string(s.args.Job.WorkerType)),
		NumberOfWorkers:       pulumi.Int(s.args.Job.Workers),
		// The schedule retries. A run that Glue starts on its own would be one more.
		MaxRetries: pulumi.Int(0),
		// A second run is refused and not queued: it would run when nobody asks for it.
		ExecutionProperty:    glue.JobExecutionPropertyArgs{MaxConcurrentRuns: pulumi.Int(1)},
		JobRunQueuingEnabled: pulumi.Bool(false),
		Command: glue.JobCommandArgs{
			Name: pulumi.String("gluestreaming"), PythonVersion: pulumi.String("3"), ScriptLocation: s.code.script.uri,
		},
		DefaultArguments: versioned,
	}
	if s.args.Job.MaintenanceWindow != "" {
		args.MaintenanceWindow = pulumi.String(s.args.Job.MaintenanceWindow)
	}
	// A run starts as soon as there is a job, by hand if not by the schedule.
	before := append(slices.Clone(s.args.After), s.permitted)
	job, err := glue.NewJob(ctx, s.name+"-job", args, pulumi.Parent(s), pulumi.DependsOn(before))
	if err != nil {
		return fmt.Errorf("create job: %w", err)
	}
	s.job, s.JobName, s.JobARN = job, job.Name, job.Arn
	return nil
}

// arguments are those that Glue reads and those that the job reads, but for its version. Glue's are documented in
// docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html.
func (s *Streaming) arguments() pulumi.StringMap {
	s.Checkpoint = pulumi.Sprintf("s3://%s/%s%s/", s.args.Warehouse.BucketName, checkpoints, s.args.Spec.StateHash())
	arguments := pulumi.StringMap{
		// Installed on every worker; --extra-py-files adds to the path of the driver alone.
		"--additional-python-modules": s.code.wheel.uri,
		"--datalake-formats":          pulumi.String("iceberg"),
		"--conf":                      s.sparkConf(),
		"--job-bookmark-option":       pulumi.String("job-bookmark-disable"),
		"--enable-auto-scaling":       pulumi.String(strconv.FormatBool(!s.args.Job.FixedWorkers)),
		// The other way compares a batch with the window size of Glue's own forEachBatch, which the job does not use.
		"--auto-scale-within-microbatch": pulumi.String(strconv.FormatBool(!s.args.Job.FixedWorkers)),

		"--enable-metrics":                   pulumi.String("true"),
		"--enable-observability-metrics":     pulumi.String("true"),
		"--enable-continuous-cloudwatch-log": pulumi.String("true"),
		"--custom-logGroup-prefix":           pulumi.String(s.names.logGroupPrefix),

		"--spec":             s.code.spec.uri,
		"--published":        pulumi.Sprintf("s3://%s/%s", s.args.ArtifactsBucketName, publishedKey),
		"--checkpoint":       s.Checkpoint,
		"--database":         s.args.Warehouse.DatabaseName,
		"--stream_arn":       s.args.Stream.ARN,
		"--consumer_arn":     s.args.Stream.ConsumerARN,
		"--retention_hours":  pulumi.String(strconv.Itoa(s.args.Stream.RetentionHours)),
		"--region":           pulumi.String(s.args.Region),
		"--trigger_seconds":  pulumi.String(strconv.Itoa(s.args.Job.TriggerSeconds)),
		"--metric_namespace": pulumi.String(s.names.metricNamespace),
	}
	if s.args.Stream.RoleARN != "" {
		arguments["--role_arn"] = pulumi.String(s.args.Stream.RoleARN)
	}
	return arguments
}

// sparkConf is a value of one argument that holds more of the same, as Glue documents for Iceberg
// (docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-iceberg.html).
func (s *Streaming) sparkConf() pulumi.StringOutput {
	return s.catalogSettings(s.args.Warehouse.BucketName).ApplyT(func(settings []string) string {
		return strings.Join(append(settings, fmt.Sprintf("spark.sql.shuffle.partitions=%d", shufflePartitions)), " --conf ")
	}).(pulumi.StringOutput)
}

// version is a hash of all that makes one run differ from another.
func (s *Streaming) version(arguments map[string]string) (string, error) {
	return s.code.version(map[string]any{
		"arguments": arguments, "glueVersion": glueVersion, "workerType": s.args.Job.WorkerType, "workers": s.args.Job.Workers,
	})
}
