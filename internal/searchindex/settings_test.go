package searchindex_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/searchindex"
)

func TestTheDefaultsAreTaken(t *testing.T) {
	assert.Empty(t, searchindex.Settings{}.WithDefaults().Check(""))
}

func TestBadSettingsAreNamedAllAtOnce(t *testing.T) {
	faults := searchindex.Settings{
		IndexName: "Logs", Rotation: "NoRotation", DaysKept: 4000, Shards: 2000, Replicas: 5, RefreshSeconds: 1,
	}.Check("Index")
	assert.Equal(t, `Index.IndexName: not allowed (given: "Logs"); nearest: logs; `+
		`allowed: 1 to 80 lower-case letters, digits, hyphens and underscores, the first a letter or a digit
Index.Rotation: not allowed (given: "NoRotation"); allowed: OneHour, OneDay, OneWeek or OneMonth
Index.DaysKept: out of range (given: "4000"); allowed: an integer from 1 to 3650
Index.Shards: out of range (given: "2000"); allowed: an integer from 1 to 1024
Index.Replicas: out of range (given: "5"); allowed: an integer from 0 to 4
Index.RefreshSeconds: out of range (given: "1"); allowed: an integer from 5 to 60`, faults.Error())
}

func TestWhatOneIndexIsWrittenForIsKeptAtLeast(t *testing.T) {
	for rotation, fewest := range map[string]int{
		searchindex.OneHour: 1, searchindex.OneDay: 1, searchindex.OneWeek: 7, searchindex.OneMonth: 31,
	} {
		settings := searchindex.Settings{Rotation: rotation, DaysKept: fewest}.WithDefaults()
		assert.Empty(t, settings.Check(""), rotation)
		settings.DaysKept = fewest - 1
		if fewest > 1 {
			assert.Len(t, settings.Check(""), 1, rotation)
		}
	}
	assert.EqualError(t, searchindex.Settings{Rotation: searchindex.OneMonth, DaysKept: 30}.WithDefaults().Check("Index"),
		`Index.DaysKept: shorter than the Index.Rotation of OneMonth, for which one index is written (given: "30"); nearest: 31; `+
			`allowed: an integer from 31 to 3650`)
}

func TestTheNamesOfOpenSearchsOwnIndicesAreRefused(t *testing.T) {
	for _, name := range []string{"security", "security-auditlog", "top_queries"} {
		assert.False(t, searchindex.IndexNames.Takes(name), name)
	}
	for _, name := range []string{"logs", "secure", "top", "0-logs_a"} {
		assert.True(t, searchindex.IndexNames.Takes(name), name)
	}
	for _, name := range []string{"", "_logs", "-logs", "logs.a", "lögs", "logs*"} {
		assert.False(t, searchindex.IndexNames.Takes(name), name)
	}
}
