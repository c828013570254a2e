package metricspec

import (
	"fmt"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// aggregateTypes are the types of the fields that aggregates take; count takes none.
var aggregateTypes = map[Aggregate][]Type{
	Sum: numericTypes, Min: numericTypes, Max: numericTypes,
	// The texts of equal numbers differ, as 1 and 1.0, and a computed number is rarely the same twice.
	Distinct: {String, Integer, Boolean},
}

// dimensionTypes are the types of the fields that dimensions can be, for the same reason.
var dimensionTypes = []Type{String, Integer, Boolean}

func (c checker) metric(at *location, m Metric) {
	c.aggregated(at, m)
	if m.Filter != nil {
		c.filter(at.key("filter"), *m.Filter)
	}
	for i, name := range m.Dimensions {
		dimension := at.key("dimensions").index(i)
		c.fieldOf(dimension, name, "a dimension", dimensionTypes)
		if first := slices.Index(m.Dimensions, name); first < i && c.isSound(dimension) && c.isSound(dimension.in.index(first)) {
			c.contradict(dimension, fault.Fault{Problem: fault.Problemf("the same as %s", string(dimension.in.index(first).path)), Given: name})
		}
	}
}

// aggregated checks the field of a metric.
func (c checker) aggregated(at *location, m Metric) {
	field, aggregate := at.key("field"), at.key("aggregate")
	types := aggregateTypes[m.Aggregate]
	_, given := c.lines[field.path]
	switch {
	case !c.isSound(aggregate):
		if given {
			c.field(field, m.Field)
		}
	case m.Aggregate == Count && given && c.isSound(field):
		c.contradict(field, fault.Fault{Problem: fault.Problemf("count counts events, not a field's values"), Given: m.Field, Allowed: "none with count"})
	case m.Aggregate == Count:
	case given:
		c.fieldOf(field, m.Field, string(m.Aggregate), types)
	default:
		c.contradict(field, fault.Fault{
			Problem: fault.Problemf("not set, but required with %s", string(m.Aggregate)), Allowed: "the name of a field of type " + either(types),
		})
	}
}

// filter checks conditions, however deep they lie.
func (c checker) filter(at *location, f Filter) {
	for i, in := range f.All {
		c.filter(at.key(allKey).index(i), in)
	}
	for i, in := range f.Any {
		c.filter(at.key(anyKey).index(i), in)
	}
	if f.Not != nil {
		c.filter(at.key(notKey), *f.Not)
	}
	if f.Operator != "" {
		c.condition(at, f)
	}
}

func (c checker) condition(at *location, f Filter) {
	field, ok := c.field(at.key(fieldKey), f.Field)
	value, operator := at.key(string(f.Operator)), operatorNamed(f.Operator)
	if !ok {
		return
	}
	if !slices.Contains(operator.types, field.Type) {
		if c.isSound(value) {
			c.contradict(value, fault.Fault{
				Problem: fault.Problemf("%s is of type %s, with which %s does not go", f.Field, string(field.Type), string(f.Operator)),
				Allowed: "a field of type " + either(operator.types),
			})
		}
		return
	}
	if !operator.likeField {
		return
	}
	if list, ok := f.Value.([]any); ok {
		for i, element := range list {
			c.likeField(value.index(i), element, f.Field, field.Type)
		}
		return
	}
	c.likeField(value, f.Value, f.Field, field.Type)
}

// likeField checks that a value is of its field's type.
func (c checker) likeField(at *location, value any, name string, of Type) {
	if !c.isSound(at) || isOf(value, of) {
		return
	}
	advice := map[Type]string{String: "a text, in quotes where it looks like something else", Integer: "an integer", Number: "a number", Boolean: "true or false"}
	c.contradict(at, fault.Fault{
		Problem: fault.Problemf("%s is of type %s, and this of type %s", name, string(of), string(typeOf(value))), Given: fmt.Sprint(value), Allowed: advice[of],
	})
}

func isOf(value any, of Type) bool {
	is := typeOf(value)
	return is == of || is == Integer && of == Number
}

func typeOf(value any) Type {
	switch value.(type) {
	case string:
		return String
	case bool:
		return Boolean
	case int64:
		return Integer
	}
	return Number
}

// ratioNames refuses a name that two metrics or ratios have.
func (c checker) ratioNames() {
	type named struct {
		at   *location
		name string
	}
	var all []named
	for i, m := range c.spec.Metrics {
		all = append(all, named{c.metrics.index(i).key("name"), m.Name})
	}
	for i, ratio := range c.spec.Ratios {
		all = append(all, named{c.ratios.index(i).key("name"), ratio.Name})
	}
	first := map[string]*location{}
	for _, n := range all {
		if !c.isSound(n.at) {
			continue
		}
		if other, twice := first[n.name]; twice {
			c.contradict(n.at, fault.Fault{Problem: fault.Problemf("the same as %s", string(other.path)), Given: n.name, Allowed: "a name of its own"})
			continue
		}
		first[n.name] = n.at
	}
}

func (c checker) ratio(at *location, ratio Ratio) {
	numerator, denominator := at.key("numerator"), at.key("denominator")
	i, ok := c.metricNamed(numerator, ratio.Numerator)
	j, alsoOK := c.metricNamed(denominator, ratio.Denominator)
	if !ok || !alsoOK {
		return
	}
	above, below := c.spec.Metrics[i].Dimensions, c.spec.Metrics[j].Dimensions
	switch {
	case i == j:
		c.contradict(denominator, fault.Fault{Problem: fault.Problemf("the same as numerator, so that the ratio is always 1"), Given: ratio.Denominator})
	case !c.isSound(c.metrics.index(i).key("dimensions")) || !c.isSound(c.metrics.index(j).key("dimensions")):
	case !slices.Equal(slices.Sorted(slices.Values(above)), slices.Sorted(slices.Values(below))):
		c.contradict(denominator, fault.Fault{
			Problem: fault.Problemf("it has the dimensions %s, and numerator has %s", bracketed(below), bracketed(above)), Given: ratio.Denominator,
			Allowed: "a metric with the same dimensions as numerator",
		})
	}
}

func bracketed(names []string) string { return "[" + strings.Join(names, ", ") + "]" }

// metricNamed is the index of the metric that a ratio names; false where there is none, which is noted, or nothing can be
// said about it.
func (c checker) metricNamed(at *location, name string) (int, bool) {
	if !c.isSound(at) || c.at[c.metrics.path] {
		return 0, false
	}
	i := slices.IndexFunc(c.spec.Metrics, func(m Metric) bool { return m.Name == name })
	if i >= 0 {
		return i, true
	}
	var names []string
	for _, m := range c.spec.Metrics {
		if m.Name != "" && !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	f := fault.Fault{
		Problem: fault.Problemf("there is no such metric"), Given: name,
		Nearest: fault.NearestOf(name, names), Allowed: listed("a name in metrics", names),
	}
	if slices.ContainsFunc(c.spec.Ratios, func(other Ratio) bool { return other.Name == name }) {
		f.Problem = fault.Problemf("a ratio, and ratios are of metrics")
	}
	c.contradict(at, f)
	return 0, false
}
