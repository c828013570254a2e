package dashboard_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
)

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*dashboard.Args)
		want   string
	}{
		"no account":             {func(a *dashboard.Args) { a.AccountID = "" }, "AccountID: not set, but required"},
		"no region":              {func(a *dashboard.Args) { a.Region = "" }, "Region: not set, but required"},
		"no key":                 {func(a *dashboard.Args) { a.KeyARN = nil }, "KeyARN: not set"},
		"no spec":                {func(a *dashboard.Args) { a.Spec = nil }, "Spec: not set"},
		"no workgroup":           {func(a *dashboard.Args) { a.WorkGroupName = nil }, "WorkGroupName: not set"},
		"no database":            {func(a *dashboard.Args) { a.DatabaseName = nil }, "DatabaseName: not set"},
		"no warehouse":           {func(a *dashboard.Args) { a.WarehouseBucketName = nil }, "WarehouseBucketName: not set"},
		"no results":             {func(a *dashboard.Args) { a.ResultsBucketName = nil }, "ResultsBucketName: not set"},
		"no artifacts":           {func(a *dashboard.Args) { a.ArtifactsBucketName = nil }, "ArtifactsBucketName: not set"},
		"no owner":               {func(a *dashboard.Args) { a.Access.Owners = nil }, "Access.Owners: not set, but required; allowed: names of groups of QuickSight"},
		"an ARN for a name":      {func(a *dashboard.Args) { a.Access.Owners = []string{"arn:aws:x"} }, `Access.Owners: "arn:aws:x": not allowed; allowed: 1 to 128 visible characters but / : * and ?`},
		"an owner twice":         {func(a *dashboard.Args) { a.Access.Owners = []string{"a", "a"} }, `Access.Owners: "a" is given twice; allowed: each once`},
		"a reader that owns":     {func(a *dashboard.Args) { a.Access.Readers = []string{"analysts"} }, `Access.Readers: "analysts" is in Access.Owners, and may read as such`},
		"too many groups":        {func(a *dashboard.Args) { a.Access.Readers = numbered(64) }, "Access.Owners: 65 groups together with Access.Readers; allowed: at most 64 together"},
		"namespace":              {func(a *dashboard.Args) { a.Access.Namespace = "a/b" }, `Access.Namespace: not allowed (given: "a/b"); allowed: 1 to 64 letters`},
		"identity region":        {func(a *dashboard.Args) { a.Access.IdentityRegion = "eu-middle-1" }, `Access.IdentityRegion: `},
		"title":                  {func(a *dashboard.Args) { a.Title = string(make([]byte, 101)) }, "Title: not allowed"},
		"id":                     {func(a *dashboard.Args) { a.IDPrefix = "a.b" }, `IDPrefix: not allowed (given: "a.b"); allowed: 1 to 128 letters, digits, underscores and hyphens`},
		"service role by ARN":    {func(a *dashboard.Args) { a.ServiceRoleNames = []string{"arn:aws:iam::1:role/x"} }, `ServiceRoleNames: "arn:aws:iam::1:role/x": not allowed; allowed: the name of an IAM role`},
		"service role twice":     {func(a *dashboard.Args) { a.ServiceRoleNames = []string{"x", "service-role/x"} }, `ServiceRoleNames: "x" is given twice`},
		"import mode":            {func(a *dashboard.Args) { a.ImportMode = "CACHE" }, `ImportMode: not allowed (given: "CACHE"); allowed: DIRECT_QUERY or SPICE`},
		"refresh of no copy":     {func(a *dashboard.Args) { a.Refresh.Minutes = 15 }, "Refresh: nothing is refreshed, as ImportMode is not SPICE"},
		"refresh too often":      {spice(dashboard.Refresh{Minutes: 5}), `Refresh.Minutes: less than the 15 minutes that QuickSight's SPICE takes at least: for newer numbers use DIRECT_QUERY (given: "5"); nearest: 15; allowed: one of 15, 30, 60, 1440`},
		"refresh by no schedule": {spice(dashboard.Refresh{Minutes: 45}), `Refresh.Minutes: no interval of QuickSight's SPICE (given: "45"); allowed: one of`},
		"look back":              {spice(dashboard.Refresh{LookbackHours: -1}), `Refresh.LookbackHours: out of range (given: "-1"); allowed: an integer from 1 to 8784`},
		"metric of no spec":      {func(a *dashboard.Args) { a.Metrics = []string{"request"} }, `Metrics: "request": no metric or ratio of the spec; nearest: requests; allowed: requests, errors`},
		"metric twice":           {func(a *dashboard.Args) { a.Metrics = []string{"requests", "requests"} }, `Metrics: "requests" is given twice`},
		"no metric":              {func(a *dashboard.Args) { a.Metrics = []string{} }, "Metrics: empty; allowed: at least one, or nil for all of the spec"},
		"more than a sheet has":  {func(a *dashboard.Args) { a.Spec = ofMetrics(25) }, "Metrics: 25 metrics and ratios do not fit: QuickSight takes 50 visuals on a sheet, and each has 2 beside 1 of the sheet's own; allowed: at most 24 names"},
		"a view's name":          {func(a *dashboard.Args) { a.Spec = named("pipeline_batches") }, "Spec: "},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `dashboard "dashboard": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func spice(refresh dashboard.Refresh) func(*dashboard.Args) {
	return func(a *dashboard.Args) { a.ImportMode, a.Refresh = dashboard.SPICE, refresh }
}

func numbered(count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("group-%d", i)
	}
	return names
}

// ofMetrics is a spec with so many metrics, each with eight dimensions of its own.
func ofMetrics(count int) *metricspec.Spec {
	spec := &metricspec.Spec{TimeZone: "UTC", Fields: map[string]metricspec.Field{}}
	for i := range count {
		m := metricspec.Metric{Name: fmt.Sprintf("metric_%d", i), Unit: "users", Aggregate: metricspec.Distinct}
		for j := range 8 {
			dimension := fmt.Sprintf("a_dimension_with_a_name_as_long_as_it_may_be_of_metric_%02d_%02d", i, j)
			spec.Fields[dimension] = metricspec.Field{Type: metricspec.String}
			m.Dimensions = append(m.Dimensions, dimension)
		}
		spec.Metrics = append(spec.Metrics, m)
	}
	return spec
}

func named(name string) *metricspec.Spec {
	spec := metricspec.Default()
	spec.Metrics = append(slices.Clone(spec.Metrics), metricspec.Metric{Name: name, Unit: "x", Aggregate: metricspec.Count})
	return spec
}

func TestAllFaultsAtOnceOfNothing(t *testing.T) {
	_, err := create(nil)
	for _, path := range []string{"AccountID", "Region", "KeyARN", "Spec", "WorkGroupName", "DatabaseName", "Access.Owners"} {
		require.ErrorContains(t, err, path+": not set")
	}
}
