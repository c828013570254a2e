package dashboard_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

const keyARN = "arn:aws:kms:eu-central-1:111111111111:key/k"

func minimal() *dashboard.Args {
	return &dashboard.Args{
		AccountID:           mocks.AccountID,
		Region:              mocks.Region,
		KeyARN:              pulumi.String(keyARN),
		Spec:                metricspec.Default(),
		WorkGroupName:       pulumi.String("metrics-0a1b2c3"),
		DatabaseName:        pulumi.String("team_a_metrics"),
		WarehouseBucketName: pulumi.String("warehouse-0a1b2c3"),
		ResultsBucketName:   pulumi.String("results-0a1b2c3"),
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3"),
		Access:              dashboard.Access{Owners: []string{"analysts"}, Readers: []string{"everybody"}},
	}
}

func create(args *dashboard.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := dashboard.New(ctx, "dashboard", args)
		return err
	})
}

func up(t *testing.T, change func(*dashboard.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

func odd(t *testing.T) *metricspec.Spec {
	t.Helper()
	text, err := os.ReadFile("testdata/odd.yaml")
	require.NoError(t, err)
	spec, faults := metricspec.Parse("odd.yaml", text)
	require.Empty(t, faults)
	return spec
}

// template is what CloudFormation gets.
func template(t *testing.T, recording *mocks.Recording) string {
	t.Helper()
	return recording.Named(t, "dashboard-template").Get("content").(string)
}

func TestTemplates(t *testing.T) {
	mocks.Golden(t, "template-default.json", template(t, up(t, nil)))
	mocks.Golden(t, "template-odd.json", template(t, up(t, func(a *dashboard.Args) { a.Spec = odd(t) })))
}

func TestDataSetsAreTheColumnsOfTheViews(t *testing.T) {
	mocks.Golden(t, "datasets-default.json", dataSets(t, up(t, nil)))
	mocks.Golden(t, "datasets-odd.json", dataSets(t, up(t, func(a *dashboard.Args) { a.Spec = odd(t) })))
}

// dataSets is where the data sets have their rows from, by their ids.
func dataSets(t *testing.T, recording *mocks.Recording) string {
	t.Helper()
	sets := map[string]any{}
	for _, set := range recording.OfType("aws:quicksight/dataSet:DataSet") {
		assert.Equal(t, "DIRECT_QUERY", set.Get("importMode"))
		sets[set.Get("dataSetId").(string)] = set.Get("physicalTableMaps", 0)
	}
	text, err := json.Marshal(sets)
	require.NoError(t, err)
	return string(text)
}

func TestWhoMayDoWhat(t *testing.T) {
	recording := up(t, func(a *dashboard.Args) {
		a.Access = dashboard.Access{Owners: []string{"analysts"}, Readers: []string{"everybody"}, IdentityRegion: "us-east-1", Namespace: "shop"}
		a.ImportMode = dashboard.SPICE
	})
	const owners, readers = "arn:aws:quicksight:us-east-1:111111111111:group/shop/analysts", "arn:aws:quicksight:us-east-1:111111111111:group/shop/everybody"
	for name, want := range map[string]map[string]int{
		"dashboard-source":  {owners: 6},
		"dashboard-metrics": {owners: 18, readers: 5},
		"dashboard-records": {owners: 10, readers: 5},
		"dashboard-folder":  {owners: 8, readers: 1},
	} {
		got := map[string]int{}
		for _, p := range recording.Named(t, name).Get("permissions").([]any) {
			permission := p.(map[string]any)
			got[permission["principal"].(string)] = len(permission["actions"].([]any))
		}
		assert.Equal(t, want, got, name)
	}
	properties := parsed(t, template(t, recording))
	text, err := json.Marshal(properties["Permissions"])
	require.NoError(t, err)
	mocks.Golden(t, "dashboard-permissions.json", string(text))
}

// parsed are the properties of the dashboard in a template.
func parsed(t *testing.T, template string) map[string]any {
	t.Helper()
	var document struct {
		Resources map[string]struct{ Properties map[string]any }
	}
	require.NoError(t, json.Unmarshal([]byte(template), &document))
	return document.Resources["Dashboard"].Properties
}

func TestQuickSightsRolesGetWhatReadingNeeds(t *testing.T) {
	recording := up(t, func(a *dashboard.Args) {
		a.ServiceRoleNames = []string{"service-role/aws-quicksight-service-role-v0", "aws-quicksight-s3-consumers-role-v0"}
	})
	policies := recording.OfType("aws:iam/rolePolicy:RolePolicy")
	require.Len(t, policies, 2)
	assert.Equal(t, "aws-quicksight-s3-consumers-role-v0", policies[0].Get("role"))
	assert.Equal(t, "aws-quicksight-service-role-v0", policies[1].Get("role"), "IAM takes no path")
	mocks.Golden(t, "service-policy.json", policies[0].Get("policy").(string))
	for _, policy := range policies {
		assert.True(t, recording.Named(t, "dashboard-source").DependsOn(policy), "nothing asks before it may read")
	}
	assert.Empty(t, up(t, nil).OfType("aws:iam/rolePolicy:RolePolicy"))
}

func TestPolicyIsToldWhereNobodyGetsIt(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		d, err := dashboard.New(ctx, "dashboard", minimal())
		if err != nil {
			return err
		}
		_, err = iam.NewPolicy(ctx, "elsewhere", &iam.PolicyArgs{Policy: d.ServicePolicy})
		return err
	})
	require.NoError(t, err)
	mocks.Golden(t, "service-policy.json", recording.Named(t, "elsewhere").Get("policy").(string))
}

func TestSPICEIsForTheMetricsAlone(t *testing.T) {
	recording := up(t, func(a *dashboard.Args) {
		a.ImportMode, a.Refresh = dashboard.SPICE, dashboard.Refresh{Minutes: 15, LookbackHours: 48}
	})
	for _, set := range recording.OfType("aws:quicksight/dataSet:DataSet") {
		if set.Name != "dashboard-metrics" {
			assert.Equal(t, "DIRECT_QUERY", set.Get("importMode"), set.Name)
			assert.Nil(t, set.Get("refreshProperties"), set.Name)
			continue
		}
		assert.Equal(t, "SPICE", set.Get("importMode"))
		assert.Equal(t, map[string]any{"columnName": "window_start", "size": 48.0, "sizeUnit": "HOUR"},
			set.Get("refreshProperties", "refreshConfiguration", "incrementalRefresh", "lookbackWindow"))
	}
	schedule := recording.Named(t, "dashboard-refresh")
	assert.Equal(t, "log-pipeline-test-dashboard-metrics", schedule.Get("dataSetId"))
	assert.Equal(t, "INCREMENTAL_REFRESH", schedule.Get("schedule", "refreshType"))
	assert.Equal(t, map[string]any{"interval": "MINUTE15"}, schedule.Get("schedule", "scheduleFrequency"))
	assert.Empty(t, up(t, nil).OfType("aws:quicksight/refreshSchedule:RefreshSchedule"))

	daily := up(t, func(a *dashboard.Args) { a.ImportMode, a.Refresh = dashboard.SPICE, dashboard.Refresh{Minutes: 1440} })
	assert.Equal(t, map[string]any{"interval": "DAILY", "timeOfTheDay": "06:00", "timezone": "UTC"},
		daily.Named(t, "dashboard-refresh").Get("schedule", "scheduleFrequency"))
}

func TestTemplateIsAnEncryptedObjectUnderItsHash(t *testing.T) {
	recording := up(t, nil)
	object := recording.Named(t, "dashboard-template")
	assert.Regexp(t, `^dashboard/[0-9a-f]{16}/template\.json$`, object.Get("key"))
	assert.Equal(t, "aws:kms", object.Get("serverSideEncryption"))
	assert.Equal(t, keyARN, object.Get("kmsKeyId"))
	assert.Equal(t, "https://artifacts-0a1b2c3.s3.eu-central-1.amazonaws.com/"+object.Get("key").(string), recording.Named(t, "dashboard-stack").Get("templateUrl"))
}

func TestEverythingIsInTheFolder(t *testing.T) {
	recording := up(t, nil)
	members := map[string]string{}
	for _, member := range recording.OfType("aws:quicksight/folderMembership:FolderMembership") {
		members[member.Get("memberId").(string)] = member.Get("memberType").(string)
	}
	assert.Equal(t, map[string]string{
		"log-pipeline-test-dashboard": "DASHBOARD", "log-pipeline-test-dashboard-metrics": "DATASET", "log-pipeline-test-dashboard-records": "DATASET",
		"log-pipeline-test-dashboard-freshness": "DATASET", "log-pipeline-test-dashboard-batches": "DATASET",
	}, members)
	assert.True(t, recording.Named(t, "dashboard-folder-dashboard").DependsOn(recording.Named(t, "dashboard-stack")))
}

func TestOrderOfWhatIsMade(t *testing.T) {
	recording := up(t, nil)
	for _, set := range recording.OfType("aws:quicksight/dataSet:DataSet") {
		assert.True(t, recording.Named(t, "dashboard-stack").DependsOn(set), "CloudFormation refuses a dashboard on what is not there: %s", set.Name)
	}
}

func TestProtect(t *testing.T) {
	recording := up(t, func(a *dashboard.Args) { a.Protect = true })
	for _, name := range []string{"dashboard-source", "dashboard-metrics", "dashboard-folder", "dashboard-stack"} {
		assert.True(t, recording.Named(t, name).Protect, name)
		assert.True(t, recording.Named(t, name).RetainOnDelete, name)
	}
}

func TestPreviewKnowsTheTemplate(t *testing.T) {
	recording, err := mocks.Preview(func(ctx *pulumi.Context) error {
		_, err := dashboard.New(ctx, "dashboard", minimal())
		return err
	})
	require.NoError(t, err)
	assert.NotContains(t, recording.Named(t, "dashboard-template").Unknown, "content", "a reviewer sees what changes")
	assert.NotContains(t, recording.Named(t, "dashboard-template").Unknown, "key")
}

func TestAMetricMoreChangesTheDashboardInPlace(t *testing.T) {
	before := up(t, nil)
	after := up(t, func(a *dashboard.Args) { a.Spec = withMetric(t) })
	assert.Equal(t, before.Named(t, "dashboard-stack").URN, after.Named(t, "dashboard-stack").URN)
	assert.NotEqual(t, before.Named(t, "dashboard-stack").Get("templateUrl"), after.Named(t, "dashboard-stack").Get("templateUrl"), "or nothing is updated")

	old, changed := parsed(t, template(t, before)), parsed(t, template(t, after))
	assert.Equal(t, old["DashboardId"], changed["DashboardId"])
	visuals, more := visualsOf(t, old), visualsOf(t, changed)
	for id, visual := range visuals {
		assert.Equal(t, visual, more[id], id)
		delete(more, id)
	}
	assert.ElementsMatch(t, []string{"live-number-aborted", "live-line-aborted", "history-line-aborted", "history-table-aborted"}, slices.Collect(maps.Keys(more)))
}

func withMetric(t *testing.T) *metricspec.Spec {
	t.Helper()
	spec := metricspec.Default()
	aborted := metricspec.Metric{Name: "aborted", Unit: "requests", Aggregate: metricspec.Count, Dimensions: []string{"cluster"}}
	spec.Metrics = slices.Insert(slices.Clone(spec.Metrics), 1, aborted)
	return spec
}

// visualsOf are the visuals of all sheets, by their ids.
func visualsOf(t *testing.T, properties map[string]any) map[string]any {
	t.Helper()
	visuals := map[string]any{}
	for _, s := range properties["Definition"].(map[string]any)["Sheets"].([]any) {
		for _, v := range s.(map[string]any)["Visuals"].([]any) {
			for _, visual := range v.(map[string]any) {
				visuals[visual.(map[string]any)["VisualId"].(string)] = v
			}
		}
	}
	return visuals
}

func TestChosenMetricsAloneAreShown(t *testing.T) {
	recording := up(t, func(a *dashboard.Args) { a.Spec, a.Metrics = ofMetrics(30), []string{"metric_7", "metric_2"} })
	ids := slices.Sorted(maps.Keys(visualsOf(t, parsed(t, template(t, recording)))))
	assert.Equal(t, []string{"live-counted-by", "live-line-metric_2", "live-line-metric_7", "live-number-metric_2", "live-number-metric_7"},
		slices.DeleteFunc(ids, func(id string) bool { return !strings.HasPrefix(id, "live-") }))
}

// CloudFormation takes a template of a megabyte from S3 (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
func TestTheLargestTemplateFits(t *testing.T) {
	text := template(t, up(t, func(a *dashboard.Args) { a.Spec = ofMetrics(dashboard.MaxMetrics) }))
	assert.Less(t, len(text), 1<<20)
	assert.Greater(t, len(text), 51_200, "so that the way by S3 is needed")
}
