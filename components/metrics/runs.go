package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// startRetries are for an application that is just being stopped, which refuses a run.
const (
	startRetries      = 10
	startRetrySeconds = 3600
)

// provisionRuns makes the schedule, and says how to ask for a run by hand.
func (b *Batch) provisionRuns(ctx *pulumi.Context) error {
	arguments, parameters := b.arguments(), b.parameters()
	b.Version = pulumi.All(arguments, parameters).ApplyT(b.version).(pulumi.StringOutput)
	run := pulumi.All(
		b.ApplicationID, b.role.Arn, b.application.Name, b.code.script.uri, parameters, b.logs.Name, arguments, b.Version,
	)
	b.Recount = run.ApplyT(func(known []any) (string, error) { return b.run(known).recount() }).(pulumi.StringOutput)
	made, err := b.provisionSchedule(ctx, schedule{
		description: pulumi.Sprintf("Starts a run of %s on %s", b.name, b.application.Name),
		expression:  b.args.Schedule.expression(),
		paused:      b.args.Schedule.Paused,
		action:      "emrserverless:startJobRun",
		input:       run.ApplyT(func(known []any) (string, error) { return b.run(known).scheduled() }).(pulumi.StringOutput),
		starts:      b.startRuns(),
		retries:     startRetries, retrySeconds: startRetrySeconds,
		after: b.ready(),
	})
	if err != nil {
		return err
	}
	b.ScheduleID = made.ID().ToStringOutput()
	return nil
}

func (s BatchSchedule) expression() string {
	hours := make([]string, len(s.Hours))
	for i, hour := range s.Hours {
		hours[i] = strconv.Itoa(hour)
	}
	return fmt.Sprintf("cron(0 %s * * ? *)", strings.Join(hours, ","))
}

func (b *Batch) startRuns() []iampolicy.Statement {
	return []iampolicy.Statement{
		{
			Sid: "StartRuns", Effect: iampolicy.Allow, Actions: []string{"emr-serverless:StartJobRun"},
			Resources: []pulumi.StringInput{b.application.Arn},
		},
		{
			Sid: "PassTheJobsRole", Effect: iampolicy.Allow, Actions: []string{"iam:PassRole"}, Resources: []pulumi.StringInput{b.role.Arn},
			Conditions: []iampolicy.Condition{
				{Operator: "StringEquals", Key: "iam:PassedToService", Values: iampolicy.Strings(emrServerless)},
			},
		},
	}
}

// version is a hash of all that makes one run differ from another.
func (b *Batch) version(known []any) (string, error) {
	return b.code.version(map[string]any{
		"arguments": known[0], "parameters": known[1], "release": releaseLabel, "architecture": architecture,
	})
}

// run is a run without a range, of what provisionRuns lists.
func (b *Batch) run(known []any) jobRun {
	return jobRun{
		applicationID: known[0].(string), roleARN: known[1].(string), name: known[2].(string), entryPoint: known[3].(string),
		parameters: known[4].(string), logGroup: known[5].(string),
		arguments:      append(slices.Clone(known[6].([]string)), "--version", known[7].(string)),
		timeoutMinutes: b.args.TimeoutMinutes,
	}
}

// arguments are those that the batch reads, but for its version.
func (b *Batch) arguments() pulumi.StringArrayOutput {
	return pulumi.StringArray{
		pulumi.String("--spec"), b.code.spec.uri,
		pulumi.String("--raw"), pulumi.Sprintf("s3://%s/%s", b.args.Raw.BucketName, b.args.Raw.Prefix),
		pulumi.String("--database"), b.args.Warehouse.DatabaseName,
		pulumi.String("--lateness_hours"), pulumi.String(strconv.Itoa(b.args.LatenessHours)),
		pulumi.String("--settle_seconds"), pulumi.String(strconv.Itoa(b.args.SettleSeconds)),
	}.ToStringArrayOutput()
}

// parameters are spark-submit's. Iceberg is on the class path of the release: the jar that
// docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-iceberg.html names is that of Spark 3, and a run of Spark 4 that names
// it fails (gh:Neuw84/iceberg-matrix tests/aws/run_emr_serverless.py). Spark's own catalog is in memory, or it would be Glue's, and
// the role would need the database default. EMR Serverless begins a run with three executors if nothing is said, which may be more
// than it is to have.
func (b *Batch) parameters() pulumi.StringOutput {
	capacity := b.args.Capacity
	settings := slices.Concat(capacity.Driver.settings("driver"), capacity.Executor.settings("executor"), []string{
		"spark.sql.catalogImplementation=in-memory",
		"spark.executor.instances=1",
		"spark.dynamicAllocation.initialExecutors=1",
		fmt.Sprintf("spark.dynamicAllocation.maxExecutors=%d", capacity.Executors),
	})
	return pulumi.All(b.code.wheel.uri, b.catalogSettings(b.args.Warehouse.BucketName)).ApplyT(func(all []any) string {
		words := []string{"--py-files", all[0].(string)}
		for _, setting := range slices.Concat(all[1].([]string), settings) {
			words = append(words, "--conf", setting)
		}
		return strings.Join(words, " ")
	}).(pulumi.StringOutput)
}
