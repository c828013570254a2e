package metricspec

import (
	"slices"
)

// Set is the metrics with the same dimensions: one group of the jobs' query, with a column of state for each metric.
type Set struct {
	// Dimensions are names of fields, sorted.
	Dimensions []string
	// Metrics are in the order of the spec.
	Metrics []Metric
	// first is the index of the first of them in the spec.
	first int
}

// Sets are the sets of dimensions, in the order in which the spec first has them.
func (s *Spec) Sets() []Set {
	var sets []Set
	for at, m := range s.Metrics {
		i := slices.IndexFunc(sets, func(set Set) bool { return slices.Equal(set.Dimensions, m.Dimensions) })
		if i < 0 {
			i, sets = len(sets), append(sets, Set{Dimensions: m.Dimensions, first: at})
		}
		sets[i].Metrics = append(sets[i].Metrics, m)
	}
	return sets
}

// OpenWindows are the windows that may still change at one moment: those of the times that an event may have, and one more
// at each end, which they cover in part.
func (s *Spec) OpenWindows() int { return (s.Lateness+s.Skew)/s.Window + 2 }

// values is how many values the dimensions of a set are expected to have together.
func (s *Spec) values(set Set) float64 {
	product := 1.0
	for _, name := range set.Dimensions {
		product *= float64(s.Fields[name].Cardinality)
	}
	return product
}

// StateRows is how many rows of state a set is expected to have: one for each value of its dimensions in each open window.
func (s *Spec) StateRows(set Set) float64 { return s.values(set) * float64(s.OpenWindows()) }

// used are the names of the fields that something reads.
func (s *Spec) used() map[string]bool {
	used := map[string]bool{}
	for _, e := range s.EventTime {
		used[e.Field] = true
	}
	for _, m := range s.Metrics {
		used[m.Field] = true
		for _, name := range m.Dimensions {
			used[name] = true
		}
		if m.Filter != nil {
			m.Filter.uses(used)
		}
	}
	delete(used, "") // of counts
	return used
}

func (f Filter) uses(used map[string]bool) {
	for _, in := range slices.Concat(f.All, f.Any) {
		in.uses(used)
	}
	if f.Not != nil {
		f.Not.uses(used)
	}
	used[f.Field] = true
}
