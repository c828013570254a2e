package stacks

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReportFaults(t *testing.T) {
	clash := specFileOf(t, "metrics", "")
	for name, test := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"a batch that never ends": {
			map[string]string{"load.peakRecordsPerSecond": "60000", "load.meanRecordsPerSecond": "60000", "batch.executors": "5"},
			[]string{"log-pipeline:batch.executors: 5 executors need 16h48m0s for the 12096000000 records of a run"},
		},
		"a batch that counts less than the streaming job": {
			map[string]string{"metrics.specFile": specFile(t, "lateness: 7300\n"), "batch.latenessHours": "2"},
			[]string{"log-pipeline:batch.latenessHours: less than the 7300 seconds of lateness with which events are counted live"},
		},
		"settings of a batch that is not made": {
			map[string]string{"batch.enabled": "false", "batch.runsPerDay": "4"},
			[]string{"log-pipeline:batch.runsPerDay: has no effect unless enabled is true"},
		},
		"settings without metrics": {
			map[string]string{"metrics.enabled": "false", "batch.executors": "2", "query.bytesScannedCutoff": "20000000", "dashboard.enabled": "true"},
			[]string{
				"log-pipeline:batch.executors: has no effect unless log-pipeline:metrics.enabled is true",
				"log-pipeline:query.bytesScannedCutoff: has no effect unless log-pipeline:metrics.enabled is true",
				"log-pipeline:dashboard.enabled: has no effect unless log-pipeline:metrics.enabled is true",
			},
		},
		"a view that is there already": {
			map[string]string{"metrics.specFile": clash},
			[]string{"log-pipeline:metrics.specFile: " + clash + `:4: metrics[0].name: the database has another view of that name (given: "metrics")`},
		},
		"a dashboard of nobody's": {
			map[string]string{"dashboard.enabled": "true"},
			[]string{"log-pipeline:dashboard.owners: not set, but required; allowed: names of groups of QuickSight"},
		},
		"a dashboard that is not made": {
			map[string]string{"dashboard.owners": `["platform"]`, "dashboard.title": "Shop"},
			[]string{
				"log-pipeline:dashboard.owners: has no effect unless enabled is true",
				"log-pipeline:dashboard.title: has no effect unless enabled is true",
			},
		},
		"metrics that nobody counts": {
			map[string]string{"dashboard.enabled": "true", "dashboard.owners": `["platform"]`, "dashboard.metrics": `["request"]`},
			[]string{`log-pipeline:dashboard.metrics: "request": no metric or ratio of the spec`},
		},
		"a refresh without a copy": {
			map[string]string{"dashboard.enabled": "true", "dashboard.owners": `["platform"]`, "dashboard.refreshMinutes": "30"},
			[]string{"log-pipeline:dashboard.refreshMinutes: "},
		},
	} {
		t.Run(name, func(t *testing.T) { assertFaults(t, test.change, test.want) })
	}
}

// Events that count live are in S3 when the batch counts their minute, up to a day.
func TestTheBatchWaitsForWhatCountsLive(t *testing.T) {
	for name, test := range map[string]struct {
		lateness string
		want     int
	}{
		"an hour at least":  {"lateness: 600\n", 3600},
		"a longer lateness": {"lateness: 7200\n", 7200 + 120},
		"a day at most":     {"lateness: 86400\n", 86_400},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := readConfig(minimal(map[string]string{"metrics.specFile": specFile(t, test.lateness)}))
			require.NoError(t, err)
			assert.Equal(t, test.want, config.batchArgs(nil).SettleSeconds)
		})
	}
}

func TestBatchHoursAreEvenlySpread(t *testing.T) {
	assert.Equal(t, []int{1, 13}, batchHours(2))
	assert.Equal(t, []int{1, 9, 17}, batchHours(3))
	assert.Len(t, batchHours(24), 24)
	assert.Contains(t, batchHours(24), 0)
	assert.NotContains(t, batchHours(24), 24)
}
