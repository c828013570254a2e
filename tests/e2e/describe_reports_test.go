//go:build localcloud

package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/emrserverless"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/quicksight"
	quicksighttypes "github.com/aws/aws-sdk-go-v2/service/quicksight/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
)

func describeApplication(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.emr.GetApplication(ctx, &emrserverless.GetApplicationInput{ApplicationId: &r.ID})
	require.NoError(t, err)
	is := answer.Application
	assert.True(t, strings.EqualFold("Spark", *is.Type))
	assert.True(t, strings.HasPrefix(*is.ReleaseLabel, "emr-spark-8."), *is.ReleaseLabel)
	assert.NotEmpty(t, *is.MaximumCapacity.Cpu)
	assert.True(t, *is.AutoStopConfiguration.Enabled)
}

// describeBatchRun asks for the run that the schedule asks for: EMR Serverless takes it.
func describeBatchRun(ctx context.Context, t *testing.T, a *api, text string) {
	t.Helper()
	var input struct {
		ApplicationID    *string `json:"ApplicationId"`
		ExecutionRoleArn *string
		ClientToken      string
		JobDriver        struct {
			SparkSubmit struct {
				EntryPoint          string
				EntryPointArguments []string
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &input))
	assert.Equal(t, "<aws.scheduler.execution-id>", input.ClientToken)
	_, err := a.emr.GetApplication(ctx, &emrserverless.GetApplicationInput{ApplicationId: input.ApplicationID})
	require.NoError(t, err)
	submit := input.JobDriver.SparkSubmit
	assert.NotEmpty(t, a.read(ctx, t, submit.EntryPoint))
	for i, argument := range submit.EntryPointArguments {
		if argument == "--spec" {
			assert.NotEmpty(t, a.read(ctx, t, submit.EntryPointArguments[i+1]))
		}
	}
}

func describeWorkgroup(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.athena.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: text(t, r, "name")})
	require.NoError(t, err)
	is := answer.WorkGroup.Configuration
	assert.True(t, *is.EnforceWorkGroupConfiguration)
	assert.Equal(t, "Athena engine version 3", *is.EngineVersion.SelectedEngineVersion)
	assert.EqualValues(t, 10<<30, *is.BytesScannedCutoffPerQuery)
	assert.Equal(t, athenatypes.EncryptionOptionSseKms, is.ResultConfiguration.EncryptionConfiguration.EncryptionOption)
}

func describeNamedQuery(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.athena.GetNamedQuery(ctx, &athena.GetNamedQueryInput{NamedQueryId: &r.ID})
	require.NoError(t, err)
	assert.Equal(t, r.Outputs["query"], *answer.NamedQuery.QueryString)
	assert.Equal(t, r.Outputs["workgroup"], *answer.NamedQuery.WorkGroup)
}

// describeView reads it as Athena does.
func describeView(t *testing.T, table *gluetypes.Table) {
	t.Helper()
	assert.Equal(t, "VIRTUAL_VIEW", *table.TableType)
	text := strings.TrimSuffix(strings.TrimPrefix(*table.ViewOriginalText, "/* Presto View: "), " */")
	content, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	var view struct {
		OriginalSQL, Catalog, Schema string
		Columns                      []struct{ Name, Type string }
	}
	require.NoError(t, json.Unmarshal(content, &view))
	assert.Equal(t, "awsdatacatalog", view.Catalog)
	assert.Equal(t, *table.DatabaseName, view.Schema)
	require.Len(t, table.StorageDescriptor.Columns, len(view.Columns))
	for i, column := range view.Columns {
		assert.Equal(t, column.Name, *table.StorageDescriptor.Columns[i].Name)
	}
}

func describeDataSource(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.quicksight.DescribeDataSource(ctx, &quicksight.DescribeDataSourceInput{
		AwsAccountId: aws.String(dataAccount), DataSourceId: text(t, r, "dataSourceId"),
	})
	require.NoError(t, err)
	assert.Equal(t, quicksighttypes.DataSourceTypeAthena, answer.DataSource.Type)
}

func describeDataSet(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.quicksight.DescribeDataSet(ctx, &quicksight.DescribeDataSetInput{
		AwsAccountId: aws.String(dataAccount), DataSetId: text(t, r, "dataSetId"),
	})
	require.NoError(t, err)
	assert.EqualValues(t, r.Outputs["importMode"], answer.DataSet.ImportMode)
	assert.Len(t, answer.DataSet.PhysicalTableMap, 1)
}

func describeRefresh(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.quicksight.DescribeRefreshSchedule(ctx, &quicksight.DescribeRefreshScheduleInput{
		AwsAccountId: aws.String(dataAccount), DataSetId: text(t, r, "dataSetId"), ScheduleId: text(t, r, "scheduleId"),
	})
	require.NoError(t, err)
	assert.Equal(t, quicksighttypes.RefreshIntervalMinute15, answer.RefreshSchedule.ScheduleFrequency.Interval)
	assert.Equal(t, quicksighttypes.IngestionTypeIncrementalRefresh, answer.RefreshSchedule.RefreshType)
}

func describeFolder(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.quicksight.DescribeFolder(ctx, &quicksight.DescribeFolderInput{
		AwsAccountId: aws.String(dataAccount), FolderId: text(t, r, "folderId"),
	})
	require.NoError(t, err)
	assert.Equal(t, r.Outputs["name"], *answer.Folder.Name)
}

func describeMembership(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.quicksight.ListFolderMembers(ctx, &quicksight.ListFolderMembersInput{
		AwsAccountId: aws.String(dataAccount), FolderId: text(t, r, "folderId"),
	})
	require.NoError(t, err)
	var members []string
	for _, member := range answer.FolderMemberList {
		members = append(members, *member.MemberId)
	}
	assert.Contains(t, members, r.Outputs["memberId"])
}

// describeStack reads the template as CloudFormation was given it: it has a dashboard with three sheets.
func describeStack(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.cloudformation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: text(t, r, "name")})
	require.NoError(t, err)
	require.Len(t, answer.Stacks, 1)
	assert.Equal(t, cloudformationtypes.StackStatusCreateComplete, answer.Stacks[0].StackStatus)
	template, err := a.cloudformation.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: text(t, r, "name")})
	require.NoError(t, err)
	var content struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				Definition struct{ Sheets []struct{ Name string } }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*template.TemplateBody), &content))
	require.Len(t, content.Resources, 1)
	for _, dashboard := range content.Resources {
		assert.Equal(t, "AWS::QuickSight::Dashboard", dashboard.Type)
		assert.Len(t, dashboard.Properties.Definition.Sheets, 3)
	}
}

// requireNoReports is for what asks and shows.
func (a *api) requireNoReports(ctx context.Context, t *testing.T) {
	t.Helper()
	applications, err := a.emr.ListApplications(ctx, nil)
	require.NoError(t, err)
	for _, application := range applications.Applications {
		assert.Equal(t, "TERMINATED", string(application.State), "left behind")
	}
	groups, err := a.athena.ListWorkGroups(ctx, nil)
	require.NoError(t, err)
	for _, group := range groups.WorkGroups {
		assert.Equal(t, "primary", *group.Name, "left behind") // is always there
	}
	stacks, err := a.cloudformation.DescribeStacks(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, stacks.Stacks)
	sources, err := a.quicksight.ListDataSources(ctx, &quicksight.ListDataSourcesInput{AwsAccountId: aws.String(dataAccount)})
	require.NoError(t, err)
	assert.Empty(t, sources.DataSources)
	sets, err := a.quicksight.ListDataSets(ctx, &quicksight.ListDataSetsInput{AwsAccountId: aws.String(dataAccount)})
	require.NoError(t, err)
	assert.Empty(t, sets.DataSetSummaries)
}
