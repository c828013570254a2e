package metrics

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

const (
	secondsPerMinute = 60
	publishedKey     = artifacts + "published.json"
)

// provisionRequests makes the schedule, and when that is there, too, the published document. It asks for a run again and again,
// and for each once: the next request is the retry.
func (s *Streaming) provisionRequests(ctx *pulumi.Context) error {
	unit := "minutes"
	if s.args.Schedule.Minutes == 1 { // EventBridge Scheduler has no "1 minutes"
		unit = "minute"
	}
	made, err := s.provisionSchedule(ctx, schedule{
		description:  pulumi.Sprintf("Asks for a run of %s, which Glue refuses while there is one", s.job.Name),
		expression:   fmt.Sprintf("rate(%d %s)", s.args.Schedule.Minutes, unit),
		paused:       s.args.Schedule.Paused,
		action:       "glue:startJobRun",
		input:        s.job.Name.ApplyT(startJobRun).(pulumi.StringOutput),
		starts:       []iampolicy.Statement{s.startTheJob()},
		retrySeconds: s.args.Schedule.Minutes * secondsPerMinute,
	})
	if err != nil {
		return err
	}
	s.ScheduleName = made.Name
	return s.publish(ctx, made)
}

func startJobRun(jobName string) (string, error) {
	text, err := json.Marshal(map[string]string{"JobName": jobName})
	return string(text), err
}

func (s *Streaming) startTheJob() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "StartTheJob",
		Effect:    iampolicy.Allow,
		Actions:   []string{"glue:StartJobRun"},
		Resources: []pulumi.StringInput{s.job.Arn},
	}
}

// publish writes what is to run, last of all: a run that reads it ends, and the next one has to find the job, the objects and
// the schedule as they are to be.
func (s *Streaming) publish(ctx *pulumi.Context, requests pulumi.Resource) error {
	_, err := s3.NewBucketObjectv2(ctx, s.name+"-published", s.encrypted(&s3.BucketObjectv2Args{
		Key:         pulumi.String(publishedKey),
		Content:     s.Version.ApplyT(s.published).(pulumi.StringOutput),
		ContentType: pulumi.String("application/json"),
	}), pulumi.Parent(s), pulumi.DependsOn(slices.Concat(s.code.objects(), []pulumi.Resource{s.job, requests})))
	if err != nil {
		return fmt.Errorf("create published document: %w", err)
	}
	return nil
}

func (s *Streaming) published(version string) (string, error) {
	text, err := json.Marshal(struct {
		Version string `json:"version"`
		Paused  bool   `json:"paused"`
	}{version, s.args.Schedule.Paused})
	return string(text), err
}
