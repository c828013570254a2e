package fault

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Meant is how alike two names must be for one to count as the other misspelt.
const Meant = 0.6

// Likeness is 0 to 1 for two names, whatever the case. A common beginning counts extra, so that retention is retentionHours.
func Likeness(a, b string) float64 {
	return levenshtein.Match(strings.ToLower(a), strings.ToLower(b), levenshtein.NewParams().BonusThreshold(0))
}

// NearestOf is the name that was probably meant; empty where none is so much alike.
func NearestOf(given string, names []string) string {
	nearest, most := "", 0.0
	for _, name := range names {
		if alike := Likeness(given, name); alike >= Meant && alike > most {
			nearest, most = name, alike
		}
	}
	return nearest
}
