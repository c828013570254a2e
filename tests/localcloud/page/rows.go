package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"example.com/log-pipeline/internal/metricspec"
)

// value is a dimension's: a text, or null.
type value struct {
	text string
	null bool
}

func (r Row) value(dimension string) value {
	text, there := r.Dimensions[dimension]
	return value{text, !there}
}

// order is what values are sorted by: null before all texts.
func (v value) order() string {
	if v.null {
		return ""
	}
	return "=" + v.text
}

// chartsOf gives each chart its rows.
func chartsOf(all []chart, rows []Row) (charts, error) {
	named := map[string]*chart{}
	for i := range all {
		// JSON of no list would be null.
		all[i].Dimensions, all[i].Rows = append([]string{}, all[i].Dimensions...), []row{}
		named[all[i].Name] = &all[i]
	}
	values := valuesOf(named, rows)
	places := map[string]map[value]int{}
	for dimension, list := range values {
		places[dimension] = map[value]int{}
		for place, v := range list {
			places[dimension][v] = place
		}
	}
	for _, r := range rows {
		c, known := named[r.Metric]
		if !known {
			continue
		}
		to, err := rowOf(r, c.Kind)
		if err != nil {
			return charts{}, err
		}
		for _, dimension := range c.Dimensions {
			to.Values = append(to.Values, places[dimension][r.value(dimension)])
		}
		c.Rows = append(c.Rows, to)
	}
	for _, c := range all {
		slices.SortStableFunc(c.Rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.At, b.At), slices.Compare(a.Values, b.Values)) })
	}
	return charts{Charts: all, Values: texts(values)}, nil
}

// rowOf is the row without the values of its dimensions.
func rowOf(r Row, kind string) (row, error) {
	to := row{At: seconds(r.WindowStart), Batch: r.CountedBy == CountedByBatch}
	if kind != ratio {
		to.Value = &r.Value
		return to, nil
	}
	if r.Numerator == nil || r.Denominator == nil {
		return row{}, fmt.Errorf("the row of %s at %s has no numerator or no denominator",
			r.Metric, r.WindowStart.UTC().Format(time.RFC3339))
	}
	to.Numerator, to.Denominator = r.Numerator, r.Denominator
	return to, nil
}

// valuesOf are those of each dimension that a chart has, first those of which the most was counted.
func valuesOf(named map[string]*chart, rows []Row) map[string][]value {
	counted := map[string]map[value]float64{}
	for _, c := range named {
		for _, dimension := range c.Dimensions {
			counted[dimension] = map[value]float64{}
		}
	}
	for _, r := range rows {
		c, known := named[r.Metric]
		if !known {
			continue
		}
		count := 0.0
		if c.Kind == string(metricspec.Count) {
			count = r.Value
		}
		for _, dimension := range c.Dimensions {
			counted[dimension][r.value(dimension)] += count
		}
	}
	values := map[string][]value{}
	for dimension, count := range counted {
		values[dimension] = slices.SortedFunc(maps.Keys(count), func(a, b value) int {
			return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.order(), b.order()))
		})
	}
	return values
}

// texts are the values as JSON has them.
func texts(values map[string][]value) map[string][]*string {
	all := map[string][]*string{}
	for dimension, list := range values {
		all[dimension] = make([]*string, len(list))
		for i, v := range list {
			if !v.null {
				all[dimension][i] = &v.text
			}
		}
	}
	return all
}
