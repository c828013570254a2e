package metrics

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

const secondsPerMinute = 60

// provisionSchedule makes the schedule, and when that is there, too, the published document.
func (s *Streaming) provisionSchedule(ctx *pulumi.Context) error {
	group, err := scheduler.NewScheduleGroup(ctx, s.name+"-schedules", &scheduler.ScheduleGroupArgs{}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("create group of schedules: %w", err)
	}
	role, policy, err := iamrole.New(ctx, s.name+"-schedule", iamrole.Args{
		Description: fmt.Sprintf("EventBridge Scheduler of %s: asks for runs", s.name),
		Trust:       s.schedulerTrust(group),
		Permissions: s.schedulerPermissions(group),
	}, pulumi.Parent(s))
	if err != nil {
		return err
	}
	schedule, err := s.provisionRequests(ctx, group, role, policy)
	if err != nil {
		return err
	}
	s.ScheduleName = schedule.Name
	return s.publish(ctx, schedule)
}

// provisionRequests asks for a run again and again, and for each once: the next request is the retry
// (docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html).
func (s *Streaming) provisionRequests(
	ctx *pulumi.Context, group *scheduler.ScheduleGroup, role *iam.Role, policy *iam.RolePolicy,
) (*scheduler.Schedule, error) {
	state, unit := "ENABLED", "minutes"
	if s.args.Schedule.Paused {
		state = "DISABLED"
	}
	if s.args.Schedule.Minutes == 1 { // EventBridge Scheduler has no "1 minutes"
		unit = "minute"
	}
	schedule, err := scheduler.NewSchedule(ctx, s.name+"-schedule", &scheduler.ScheduleArgs{
		Description:        pulumi.Sprintf("Asks for a run of %s, which Glue refuses while there is one", s.job.Name),
		GroupName:          group.Name,
		ScheduleExpression: pulumi.Sprintf("rate(%d %s)", s.args.Schedule.Minutes, unit),
		FlexibleTimeWindow: scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		State:              pulumi.String(state),
		KmsKeyArn:          s.args.KeyARN.ToStringOutput(),
		Target: scheduler.ScheduleTargetArgs{
			Arn:     pulumi.Sprintf("arn:%s:scheduler:::aws-sdk:glue:startJobRun", s.place.Partition().ID),
			RoleArn: role.Arn,
			Input:   s.job.Name.ApplyT(startJobRun).(pulumi.StringOutput),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumRetryAttempts: pulumi.Int(0), MaximumEventAgeInSeconds: pulumi.Int(s.args.Schedule.Minutes * secondsPerMinute),
			},
		},
	}, pulumi.Parent(s), pulumi.DependsOn([]pulumi.Resource{policy}))
	if err != nil {
		return nil, fmt.Errorf("create schedule: %w", err)
	}
	return schedule, nil
}

func startJobRun(jobName string) (string, error) {
	text, err := json.Marshal(map[string]string{"JobName": jobName})
	return string(text), err
}

// publish writes what is to run, last of all: a run that reads it ends, and the next one has to find the job, the objects and
// the schedule as they are to be.
func (s *Streaming) publish(ctx *pulumi.Context, schedule *scheduler.Schedule) error {
	_, err := s3.NewBucketObjectv2(ctx, s.name+"-published", s.encrypted(&s3.BucketObjectv2Args{
		Key:         pulumi.String(publishedKey),
		Content:     s.Version.ApplyT(s.published).(pulumi.StringOutput),
		ContentType: pulumi.String("application/json"),
	}), pulumi.Parent(s), pulumi.DependsOn([]pulumi.Resource{
		s.job, schedule, s.code.wheel.object, s.code.script.object, s.code.spec.object,
	}))
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

// schedulerTrust is for the schedules of the group, which is as near as the service lets one come
// (docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
func (s *Streaming) schedulerTrust(group *scheduler.ScheduleGroup) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "SchedulesOfThisGroup",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("scheduler.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(s.place.AccountID())},
			{Operator: "ArnEquals", Key: "aws:SourceArn", Values: []pulumi.StringInput{group.Arn}},
		},
	}}}
}

func (s *Streaming) schedulerPermissions(group *scheduler.ScheduleGroup) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{
		{
			Sid:       "StartTheJob",
			Effect:    iampolicy.Allow,
			Actions:   []string{"glue:StartJobRun"},
			Resources: []pulumi.StringInput{s.job.Arn},
		},
		{
			Sid:        "DecryptTheSchedule",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{s.args.KeyARN},
			Conditions: s.place.ThroughScheduler(group.Name),
		},
	}}
}
