package metrics

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// maker makes what both jobs have: objects in the artifacts bucket, and a schedule.
type maker struct {
	name            string
	parent          pulumi.Resource
	region          string
	place           iampolicy.Place
	key             pulumi.StringInput
	artifactsBucket pulumi.StringInput
}

// schedule is what EventBridge Scheduler calls, and when.
type schedule struct {
	description pulumi.StringInput
	// expression is in UTC.
	expression string
	paused     bool
	// action is an API action as service:action, in the words of
	// docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html, and input its request.
	action string
	input  pulumi.StringInput
	// starts are what the role needs for the call.
	starts []iampolicy.Statement
	// retries are how often a call that fails is tried again, and retrySeconds for how long.
	retries, retrySeconds int
	// after are what has to be there before a call.
	after []pulumi.Resource
}

// locate works out the place, once account and region are known to be fit.
func (m *maker) locate(accountID string) (err error) {
	m.place, err = iampolicy.NewPlace(accountID, m.region)
	return err
}

// provisionSchedule makes the schedule in a group of its own, and the role that it calls as.
func (m maker) provisionSchedule(ctx *pulumi.Context, s schedule) (*scheduler.Schedule, error) {
	group, err := scheduler.NewScheduleGroup(ctx, m.name+"-schedules", &scheduler.ScheduleGroupArgs{}, pulumi.Parent(m.parent))
	if err != nil {
		return nil, fmt.Errorf("create group of schedules: %w", err)
	}
	role, policy, err := iamrole.New(ctx, m.name+"-schedule", iamrole.Args{
		Description: fmt.Sprintf("EventBridge Scheduler of %s: asks for runs", m.name),
		Trust:       m.schedulerTrust(group),
		Permissions: iampolicy.Document{Kind: iampolicy.Identity, Statements: append(s.starts, m.decryptSchedule(group))},
	}, pulumi.Parent(m.parent))
	if err != nil {
		return nil, err
	}
	made, err := scheduler.NewSchedule(ctx, m.name+"-schedule", m.scheduleArgs(s, group, role),
		pulumi.Parent(m.parent), pulumi.DependsOn(append(s.after, policy)))
	if err != nil {
		return nil, fmt.Errorf("create schedule: %w", err)
	}
	return made, nil
}

func (m maker) scheduleArgs(s schedule, group *scheduler.ScheduleGroup, role *iam.Role) *scheduler.ScheduleArgs {
	state := "ENABLED"
	if s.paused {
		state = "DISABLED"
	}
	return &scheduler.ScheduleArgs{
		Description:                s.description.ToStringOutput(),
		GroupName:                  group.Name,
		ScheduleExpression:         pulumi.String(s.expression),
		ScheduleExpressionTimezone: pulumi.String("UTC"),
		FlexibleTimeWindow:         scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		State:                      pulumi.String(state),
		KmsKeyArn:                  m.key.ToStringOutput(),
		Target: scheduler.ScheduleTargetArgs{
			Arn:     pulumi.Sprintf("arn:%s:scheduler:::aws-sdk:%s", m.place.Partition().ID, s.action),
			RoleArn: role.Arn,
			Input:   s.input.ToStringOutput(),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumRetryAttempts: pulumi.Int(s.retries), MaximumEventAgeInSeconds: pulumi.Int(s.retrySeconds),
			},
		},
	}
}

// schedulerTrust is for the schedules of the group, which is as near as the service lets one come
// (docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
func (m maker) schedulerTrust(group *scheduler.ScheduleGroup) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "SchedulesOfThisGroup",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("scheduler.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(m.place.AccountID())},
			{Operator: "ArnEquals", Key: "aws:SourceArn", Values: []pulumi.StringInput{group.Arn}},
		},
	}}}
}

func (m maker) decryptSchedule(group *scheduler.ScheduleGroup) iampolicy.Statement {
	return iampolicy.Statement{
		Sid:        "DecryptTheSchedule",
		Effect:     iampolicy.Allow,
		Actions:    []string{"kms:Decrypt"},
		Resources:  []pulumi.StringInput{m.key},
		Conditions: m.place.ThroughScheduler(group.Name),
	}
}
