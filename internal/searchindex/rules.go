package searchindex

import (
	"regexp"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

var indexNamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,79}$`)

// taken are names under which OpenSearch writes indices of its own: the security plugin its audit log, query insights what
// was slow (docs.opensearch.org/latest/security/audit-logs/storage-types, observing-your-data/query-insights/top-n-queries).
// A pattern that matched them would have them deleted with the logs.
var taken = []string{"security-auditlog", "top_queries"}

func indexNames() fault.Rule[string] {
	rule := fault.Matching(indexNamePattern, "1 to 80 lower-case letters, digits, hyphens and underscores, the first a letter or a digit")
	inAlphabet := rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		for _, other := range taken {
			if strings.HasPrefix(other+"-", name+"-") {
				return fault.Problemf("OpenSearch has indices of its own under that name"), true
			}
		}
		return inAlphabet(name)
	}
	rule.Nearest = func(name string) string {
		if lower := strings.ToLower(name); lower != name && rule.Takes(lower) {
			return lower
		}
		return ""
	}
	return rule
}

// hours are those of the longest rotation, of weeks and months in UTC.
var hours = map[string]int{OneHour: 1, OneDay: 24, OneWeek: 7 * 24, OneMonth: 31 * 24}

// RotationHours is how long an index is written at most; 0 for what is no rotation.
func RotationHours(rotation string) int { return hours[rotation] }

// checkRetention refuses to keep documents for less time than Firehose writes into one index.
func checkRetention(daysKept, rotation fault.Path, s Settings) fault.List {
	atLeast := (RotationHours(s.Rotation) + 23) / 24
	return fault.When(DaysKept.Takes(s.DaysKept) && s.DaysKept < atLeast, fault.Fault{
		Path: daysKept, Given: s.DaysKept,
		Problem: fault.Problemf("shorter than the %s of %s, for which one index is written", rotation, s.Rotation),
		Nearest: strconv.Itoa(atLeast),
		Allowed: "an integer from " + strconv.Itoa(atLeast) + " to 3650",
		Reads:   []fault.Path{rotation},
	})
}
