package capacity

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// checkGiven is the fault of a value, for a setting of which 0 means that it is not given.
func checkGiven[T comparable](rule fault.Rule[T], path fault.Path, value T) fault.List {
	var none T
	return fault.When(value != none, rule.Check(path, value)...)
}

// checkRate is the fault of a rate. The rule is for whole numbers, and a cluster's share of a rate may be a fraction: it is
// rounded up.
func checkRate(rule fault.Rule[int], path fault.Path, value float64) fault.List {
	faults := rule.Check(path, outwards(value))
	for i := range faults {
		faults[i].Given = given(value)
	}
	return faults
}

// checkSeconds is the fault of a length of time, by a rule for seconds.
func checkSeconds(rule fault.Rule[int], path fault.Path, value time.Duration) fault.List {
	faults := rule.Check(path, outwards(value.Seconds()))
	for i := range faults {
		faults[i].Given = value
	}
	return faults
}

// outwards rounds away from 0, so that no fraction slips into a range. What is no number is below every range.
func outwards(x float64) int {
	switch {
	case math.IsNaN(x):
		return math.MinInt32
	case x < 0:
		return int(math.Floor(max(x, math.MinInt32)))
	default:
		return int(math.Ceil(min(x, math.MaxInt32)))
	}
}

// trusted leaves out what follows from a setting that is at fault.
func trusted(found, atFault fault.List) fault.List {
	return slices.DeleteFunc(found, func(f fault.Fault) bool {
		return slices.ContainsFunc(atFault, func(other fault.Fault) bool { return slices.Contains(f.About(), other.Path) })
	})
}

// beyond is the fault of a computed number that is more than may be chosen.
func beyond(path fault.Path, computed, most int, advice fault.Problem, reads []fault.Path) fault.List {
	return fault.When(computed > most, fault.Fault{
		Path: path, Reads: except(path, reads), Problem: advice.Of("the load needs %d, and %d are the most: ", computed, most),
	})
}

// nearest is a number where the rule takes it, and else nothing: no value works then.
func nearest(rule fault.Rule[int], n int) string {
	if _, refused := rule.Refuse(n); refused {
		return ""
	}
	return strconv.Itoa(n)
}

// except joins lists of settings, each setting once and without the one at fault.
func except(path fault.Path, settings ...[]fault.Path) []fault.Path {
	var others []fault.Path
	for _, setting := range slices.Concat(settings...) {
		if setting != path && !slices.Contains(others, setting) {
			others = append(others, setting)
		}
	}
	return others
}

// given is a value as a fault shows it: nothing where 0 means that none is given, and whole numbers without an exponent.
func given[T int | float64](value T) any {
	switch x := float64(value); {
	case x == 0:
		return nil
	case x == math.Trunc(x) && math.Abs(x) < math.MaxInt32:
		return int(x)
	default:
		return value
	}
}

// quantity is a number that is written as people would: 16, 1.5, 0.023.
type quantity float64

func (q quantity) String() string {
	switch x := float64(q); {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	default:
		return fmt.Sprintf("%.2g", x)
	}
}

// wholeSeconds writes a time as people would, and one that is past counting as such.
func wholeSeconds(seconds float64) string {
	const year = 365 * secondsPerDay
	if seconds > year {
		return "more than a year"
	}
	return (time.Duration(math.Ceil(seconds)) * time.Second).String()
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// subject is "1 shard takes" or "2 shards take".
func subject(n int, noun, verb string) string {
	if n == 1 {
		verb += "s"
	}
	return plural(n, noun) + " " + verb
}
