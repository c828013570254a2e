package metricspec

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Changes says in sentences what another spec means for what is there already: metrics that come, go or count otherwise, and
// a new checkpoint, with its reasons. Nothing where before is nil, or where both say the same.
func Changes(before, after *Spec) []string {
	if before == nil {
		return nil
	}
	shaping := slices.Concat(numbers(before, after), fieldChanges(before, after), metricChanges(before, after))
	said := slices.Concat(shaping, ratioChanges(before, after), labels(before, after))
	if before.StateHash() != after.StateHash() {
		if len(shaping) == 0 {
			said = append(said, "metrics: their order is another.")
		}
		said = append(said, fmt.Sprintf("A new checkpoint begins (%s, before: %s): the job starts far enough back that each window that it writes is whole, "+
			"and writes no other. What is in the tables stays.", after.StateHash(), before.StateHash()))
	}
	return said
}

// changed is a sentence where two values differ.
func changed(what string, before, after any) []string {
	if same(before, after) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s, before: %s.", what, written(after), written(before))}
}

// same compares what the spec has: 1 and 1.0 are one number there.
func same(a, b any) bool { return bytes.Equal(encoded(a, ""), encoded(b, "")) }

// written is a value as the spec has it.
func written(value any) string {
	switch value := value.(type) {
	case string:
		return orNone(value)
	case int:
		return fmt.Sprint(value)
	}
	return orNone(strings.TrimSpace(string(encoded(value, ""))))
}

func orNone(text string) string {
	if text == "" || text == "null" || text == "[]" {
		return "none"
	}
	return text
}

// numbers are the changes of what holds for all metrics and shapes the state.
func numbers(before, after *Spec) []string {
	return slices.Concat(
		changed("window", before.Window, after.Window),
		changed("lateness", before.Lateness, after.Lateness),
		changed("skew", before.Skew, after.Skew),
		changed("maxRecordBytes", before.MaxRecordBytes, after.MaxRecordBytes),
		changed("eventTime", before.EventTime, after.EventTime),
	)
}

// fieldChanges are those of fields that are used before and after. Of others the metrics tell.
func fieldChanges(before, after *Spec) []string {
	var said []string
	used := after.used()
	for _, name := range slices.Sorted(maps.Keys(before.used())) {
		if used[name] {
			b, a := before.Fields[name], after.Fields[name]
			said = append(said, changed("fields."+name+".type", string(b.Type), string(a.Type))...)
			said = append(said, changed("fields."+name+".path", b.Path, a.Path)...)
		}
	}
	return said
}

func metricChanges(before, after *Spec) []string {
	var said []string
	old, now := metricsByName(before), metricsByName(after)
	renamed := renames(before, after)
	for _, m := range before.Metrics {
		to, isRenamed := renamed[m.Name]
		if _, stays := now[m.Name]; stays {
			continue
		}
		if isRenamed {
			said = append(said, fmt.Sprintf("metric %s is called %s: rows that are there keep the old name.", m.Name, to))
		} else {
			said = append(said, fmt.Sprintf("metric %s is removed: rows that are there stay, and no more come.", m.Name))
		}
	}
	for _, m := range after.Metrics {
		b, was := old[m.Name]
		if !was {
			if !slices.Contains(slices.Collect(maps.Values(renamed)), m.Name) {
				said = append(said, fmt.Sprintf("metric %s is new: its first rows are of the windows from now on.", m.Name))
			}
			continue
		}
		what := slices.Concat(
			changed("aggregate", string(b.Aggregate), string(m.Aggregate)), changed("field", b.Field, m.Field),
			changed("filter", b.Filter, m.Filter), changed("dimensions", b.Dimensions, m.Dimensions),
		)
		for _, sentence := range what {
			said = append(said, "metric "+m.Name+", "+sentence)
		}
		if len(what) > 0 {
			said = append(said, "metric "+m.Name+": rows that are there stay as they were counted before.")
		}
	}
	return said
}

// renames are metrics that have gone, with the one that has come in their place: it counts the same.
func renames(before, after *Spec) map[string]string {
	old, now := metricsByName(before), metricsByName(after)
	renamed, taken := map[string]string{}, map[string]bool{}
	for _, b := range before.Metrics {
		for _, a := range after.Metrics {
			_, isOld := old[a.Name]
			_, stays := now[b.Name]
			same := b.Aggregate == a.Aggregate && b.Field == a.Field && same(b.Filter, a.Filter) && slices.Equal(b.Dimensions, a.Dimensions)
			if !stays && !isOld && same && !taken[a.Name] && renamed[b.Name] == "" {
				renamed[b.Name], taken[a.Name] = a.Name, true
			}
		}
	}
	return renamed
}

func metricsByName(s *Spec) map[string]Metric {
	all := map[string]Metric{}
	for _, m := range s.Metrics {
		all[m.Name] = m
	}
	return all
}

func ratioChanges(before, after *Spec) []string {
	var said []string
	old, now := ratiosByName(before), ratiosByName(after)
	for _, r := range before.Ratios {
		if _, stays := now[r.Name]; !stays {
			said = append(said, fmt.Sprintf("ratio %s is removed: rows that are there stay, and no more come.", r.Name))
		}
	}
	for _, r := range after.Ratios {
		b, was := old[r.Name]
		if !was {
			said = append(said, fmt.Sprintf("ratio %s is new.", r.Name))
			continue
		}
		of := func(r Ratio) string { return r.Numerator + " / " + r.Denominator }
		said = append(said, changed("ratio "+r.Name, of(b), of(r))...)
	}
	return said
}

func ratiosByName(s *Spec) map[string]Ratio {
	all := map[string]Ratio{}
	for _, r := range s.Ratios {
		all[r.Name] = r
	}
	return all
}

// labels are the changes that readers of reports see, and the state does not.
func labels(before, after *Spec) []string {
	said := changed("timeZone", before.TimeZone, after.TimeZone)
	old, oldRatios := metricsByName(before), ratiosByName(before)
	for _, m := range after.Metrics {
		if b, was := old[m.Name]; was {
			said = append(said, changed("metric "+m.Name+", unit", b.Unit, m.Unit)...)
		}
	}
	for _, r := range after.Ratios {
		if b, was := oldRatios[r.Name]; was {
			said = append(said, changed("ratio "+r.Name+", unit", b.Unit, r.Unit)...)
		}
	}
	return said
}
