package metricviews

import (
	"maps"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricspec"
)

// tables are those of the database: components/warehouse makes them.
var tables = []string{"metrics_live", "metrics_batch", "metrics_gaps", "batch_runs"}

// Check are the clashes of a spec, which the setting at path names: of metrics and ratios whose views would have the name of
// a table or of another view, and of dimensions whose columns would have that of another column. Fields whose names differ in
// case alone are refused by [metricspec.Parse].
func Check(path fault.Path, spec *metricspec.Spec) fault.List {
	if spec == nil {
		return nil
	}
	const views fault.Path = "metrics"
	var faults fault.List
	for i, metric := range spec.Metrics {
		faults = append(faults, checkView(path, spec, views.Index(i).Field("name"), metric.Name)...)
	}
	for i, ratio := range spec.Ratios {
		faults = append(faults, checkView(path, spec, fault.Path("ratios").Index(i).Field("name"), ratio.Name)...)
	}
	return append(faults, checkDimensions(path, spec)...)
}

func checkView(path fault.Path, spec *metricspec.Spec, at fault.Path, name string) fault.List {
	own := []string{All, Records, Freshness, Batches}
	taken := slices.Concat(own, tables)
	problem := fault.Problemf("the database has a table of that name")
	if slices.Contains(own, name) {
		problem = fault.Problemf("the database has another view of that name")
	}
	return fault.When(slices.Contains(taken, name), fault.Fault{
		Path: path, Place: spec.Place(at), Given: name, Problem: problem, Allowed: "any name but " + strings.Join(taken, ", "),
	})
}

func checkDimensions(path fault.Path, spec *metricspec.Spec) fault.List {
	own := make([]string, 0)
	for _, column := range all(&metricspec.Spec{}).Columns {
		own = append(own, column.Name)
	}
	used := map[string]bool{}
	for _, metric := range spec.Metrics {
		for _, name := range metric.Dimensions {
			used[name] = true
		}
	}
	var faults fault.List
	for _, name := range slices.Sorted(maps.Keys(used)) {
		faults = append(faults, fault.When(slices.Contains(own, strings.ToLower(name)), fault.Fault{
			Path: path, Place: spec.Place(fault.Path("fields").Field(name)), Given: name,
			Problem: fault.Problemf("it is a dimension, and the views have another column of that name: give the field another name, and the old one as its path"),
			Allowed: "any name but " + strings.Join(own, ", "),
		})...)
	}
	return faults
}
