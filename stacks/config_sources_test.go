package stacks

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/settings"
)

// Every field of a component's args and of the sizing model comes from a setting, from another component, or is never set.
func TestFieldsHaveSources(t *testing.T) {
	c, err := readConfig(raw(without(everything(), append(paths(onlyReadBy[sideData]), "delivery.smallObjects")...)))
	require.NoError(t, err)
	for of, test := range map[reflect.Type]struct {
		sources fault.Sources
		never   []fault.Path
	}{
		reflect.TypeFor[lake.Args]():   {lakeSources, []fault.Path{"Raw.Prefix", "Raw.ErrorPrefix", "Raw.DirectPrefix"}},
		reflect.TypeFor[stream.Args](): {streamSources, []fault.Path{"ShardLevelMetrics", "Protect"}},
		reflect.TypeFor[delivery.S3Args](): {deliverySources, []fault.Path{
			"Protect", "Table.DatabaseName", "Table.TableName", "Table.Columns[0].Name", "Table.Columns[0].Key", "Table.Columns[0].Type",
			"Table.Columns[0].Comment",
		}},
		reflect.TypeFor[search.Args]():            {searchSources, []fault.Path{"After", "Protect"}},
		reflect.TypeFor[delivery.SearchArgs]():    {searchDeliverySources, []fault.Path{"Backup.Prefix", "After", "Protect"}},
		reflect.TypeFor[capacity.SearchChoice]():  {searchPlanSources, nil},
		reflect.TypeFor[warehouse.Args]():         {warehouseSources, nil},
		reflect.TypeFor[metrics.Args]():           {metricsSources, []fault.Path{"After"}},
		reflect.TypeFor[access.WriterArgs]():      {c.writerSources(), []fault.Path{"After"}},
		reflect.TypeFor[access.ReaderArgs]():      {readerSources(), nil},
		reflect.TypeFor[access.PodIdentityArgs](): {c.identitySources("clusters[0]"), []fault.Path{"ServiceAccount.Name"}},
		reflect.TypeFor[logging.Args](): {c.loggingSources("clusters[0]", []int{0}), []fault.Path{
			"ExistingNamespace", "Operator.Install", "Operator.ChartVersion", "Agent.PriorityClass", "Aggregator.PriorityClass",
			"Writer.SessionName", "S3.Prefix", "S3.FlushSeconds", "Failed.Prefix", "Events.MaxBytes", "Monitoring.ServiceMonitors",
			"Monitoring.PrometheusRules", "Protect", "After",
		}},
		reflect.TypeFor[capacity.Load]():           {planSources, nil},
		reflect.TypeFor[capacity.Choice]():         {planSources, nil},
		reflect.TypeFor[capacity.JobChoice]():      {jobSources, nil},
		reflect.TypeFor[metricspec.Surroundings](): {specSources, nil},
		reflect.TypeFor[capacity.Cluster]():        {c.clusterSources(0), nil},
		reflect.TypeFor[capacity.ClusterChoice]():  {c.clusterSources(0), nil},
		reflect.TypeFor[struct{ Stream capacity.Stream }](): {c.clusterSources(0), fault.Path("Stream").Fields(
			"Load.SharedReaders", "Plan.ModeReason", "Plan.BufferMiB", "Plan.BufferSeconds", "Plan.ObjectsPerDay", "Plan.ObjectBytes",
			"Plan.FreshnessSeconds", "Plan.Warnings",
		)},
	} {
		for _, field := range leaves(of, "") {
			source, known := test.sources.Of(field)
			if !known || slices.ContainsFunc(test.never, field.Within) {
				continue
			}
			path := fault.Path(strings.ReplaceAll(string(source.Path), "[0]", "[]"))
			assert.True(t, declares(t, path), "%s: %s is declared nowhere", field, path)
		}
	}
}

// declares says whether there is a setting.
func declares(t *testing.T, path fault.Path) bool {
	t.Helper()
	found := false
	for _, section := range Settings().Describe() {
		visitAll(section, func(s settings.Setting) { found = found || s.Path == path })
	}
	return found
}

func visitAll(s settings.Setting, visit func(settings.Setting)) {
	visit(s)
	for _, in := range s.Settings {
		visitAll(in, visit)
	}
}

// leaves are the paths of a struct's fields, those of a list of structs with [].
func leaves(of reflect.Type, path fault.Path) []fault.Path {
	var paths []fault.Path
	for _, field := range reflect.VisibleFields(of) {
		if field.Anonymous {
			continue // its fields are visible themselves
		}
		typ, name := field.Type, path.Field(field.Name)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		switch {
		case typ == reflect.TypeFor[metricspec.Spec](): // comes from a file of its own
			paths = append(paths, name)
		case typ.Kind() == reflect.Struct:
			paths = append(paths, leaves(typ, name)...)
		case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Struct:
			paths = append(paths, leaves(typ.Elem(), name.Index(0))...)
		default:
			paths = append(paths, name)
		}
	}
	return paths
}

// What is documented as a default is taken where somebody sets it.
func TestDefaultsAreValid(t *testing.T) {
	for _, section := range Settings().Describe() {
		visitAll(section, func(s settings.Setting) {
			assert.NotEmpty(t, s.Description, s.Path)
			assert.False(t, s.Required && s.Default != "", "%s is required and has a default", s.Path)
		})
	}
	require.Contains(t, defaultsOf("clusters[]"), `"fluentd":{"workers":"1"}`)
	_, err := readConfig(minimal(map[string]string{
		"clusters": list(shop(defaultsOf("clusters[]")...)), "flows": list("{" + strings.Join(append(defaultsOf("flows[]"), `"name":"a"`), ",") + "}"),
	}))
	assert.NoError(t, err)
}

// defaultsOf are the fields that have a default, as JSON, of an object and of the objects in it.
func defaultsOf(object fault.Path) []string {
	var fields []string
	for _, section := range Settings().Describe() {
		visitAll(section, func(s settings.Setting) {
			if s.Path.Parent() != object {
				return
			}
			if inner := defaultsOf(s.Path); len(inner) > 0 {
				fields = append(fields, `"`+s.Name+`":{`+strings.Join(inner, ",")+"}")
			} else if s.Default != "" {
				fields = append(fields, `"`+s.Name+`":"`+s.Default+`"`)
			}
		})
	}
	return fields
}
