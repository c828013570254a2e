package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/service"
)

// batchTarget ends the ARN of what EventBridge Scheduler calls to start the batch.
const batchTarget = ":aws-sdk:emrserverless:startJobRun"

// batch is the provisioned one, as its schedule asks for a run, with its files in dir.
type batch struct {
	dir, script, wheel  string
	arguments, settings []string
}

// sparkSubmit is what a request for a run says of it.
type sparkSubmit struct {
	EntryPoint            string
	EntryPointArguments   []string
	SparkSubmitParameters string
}

// fetchBatch does what EMR Serverless does before a run: it reads the request, and downloads script and wheel.
func fetchBatch(ctx context.Context, config aws.Config, schedule, dir string) (*batch, error) {
	request, err := scheduled(ctx, config, schedule)
	if err != nil {
		return nil, err
	}
	b := &batch{dir: dir, arguments: request.EntryPointArguments}
	objects := objectsOf(config)
	if b.script, err = download(ctx, objects, request.EntryPoint, dir); err != nil {
		return nil, err
	}
	words := strings.Fields(request.SparkSubmitParameters)
	for name, value := range pairs(words) {
		switch name {
		case "--py-files":
			if b.wheel, err = download(ctx, objects, value, dir); err != nil {
				return nil, err
			}
		case "--conf":
			b.set(value)
		}
	}
	return b, nil
}

// pairs are the options of a command line, each with its value.
func pairs(words []string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for pair := range slices.Chunk(words, 2) {
			if len(pair) < 2 || !yield(pair[0], pair[1]) {
				return
			}
		}
	}
}

// set takes over a setting of Spark, but for the place of a jar in EMR's image.
func (b *batch) set(setting string) {
	name, value, _ := strings.Cut(setting, "=")
	if name != "spark.jars" {
		b.settings = append(b.settings, name+" "+value)
	}
}

// scheduled is the request that the schedule makes.
func scheduled(ctx context.Context, config aws.Config, schedule string) (sparkSubmit, error) {
	client := scheduler.NewFromConfig(config)
	group, name, _ := strings.Cut(schedule, "/")
	answer, err := client.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: &group, Name: &name})
	if err != nil {
		return sparkSubmit{}, fmt.Errorf("get schedule %s: %w", schedule, err)
	}
	if arn := aws.ToString(answer.Target.Arn); !strings.HasSuffix(arn, batchTarget) {
		return sparkSubmit{}, fmt.Errorf("the schedule %s calls %s, and not %s", schedule, arn, batchTarget)
	}
	var input struct {
		JobDriver struct{ SparkSubmit sparkSubmit }
	}
	if err := json.Unmarshal([]byte(aws.ToString(answer.Target.Input)), &input); err != nil {
		return sparkSubmit{}, fmt.Errorf("read the input of the schedule %s: %w", schedule, err)
	}
	return input.JobDriver.SparkSubmit, nil
}

// start runs the script as EMR Serverless would, with the request's arguments and settings, but counts up to a time of the demo's:
// the schedule's own run waits for Firehose's buffer.
func (b *batch) start(cloud *localcloud.Cloud, spark *localcloud.Spark, region string, to time.Time) (*service.Service, error) {
	return sparkRun{
		name: "batch", dir: b.dir, script: b.script, settings: b.settings, path: []string{b.wheel},
		arguments: with(b.arguments, "--settle_seconds", fmt.Sprintf("%.0f", time.Since(to).Seconds())),
	}.start(cloud, spark, region)
}

// raw is where the batch looks for objects.
func (b *batch) raw() (bucket, prefix string, err error) {
	at := slices.Index(b.arguments, "--raw")
	if at < 0 || at+1 == len(b.arguments) {
		return "", "", fmt.Errorf("the batch has no argument --raw: %q", b.arguments)
	}
	bucket, prefix, _ = strings.Cut(strings.TrimPrefix(b.arguments[at+1], "s3://"), "/")
	return bucket, prefix, nil
}

// with is arguments with another value for one of them.
func with(arguments []string, name, value string) []string {
	changed := slices.Clone(arguments)
	if at := slices.Index(changed, name); at >= 0 && at+1 < len(changed) {
		changed[at+1] = value
	}
	return changed
}
