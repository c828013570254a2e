package stacks

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

// specFile is a file with a spec of one metric and what is added to it.
func specFile(t *testing.T, more string) string {
	t.Helper()
	return specFileOf(t, "requests", more)
}

// specFileOf is a file with a spec of one metric of that name and what is added to it.
func specFileOf(t *testing.T, metric, more string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "metrics.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`version: 1
eventTime: [{field: time, format: iso8601}]
fields: {time: {type: string}}
metrics: [{name: `+metric+`, unit: requests, aggregate: count}]
`+more), 0o600))
	return file
}

func TestMetricFaults(t *testing.T) {
	const specKey = "log-pipeline:metrics.specFile: "
	missing := filepath.Join(t.TempDir(), "missing.yaml")
	twoFaults := specFile(t, "lateness: -1\nskews: 5\n")
	long := specFile(t, "lateness: 86400\n")
	eager := specFile(t, "lateness: 1\n")
	for name, test := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"no such file":       {map[string]string{"metrics.specFile": missing}, []string{specKey + missing + ": it cannot be read: no such file"}},
		"a folder":           {map[string]string{"metrics.specFile": t.TempDir()}, []string{specKey}},
		"faults in the file": {map[string]string{"metrics.specFile": twoFaults}, []string{specKey + twoFaults + ":5: lateness: out of range", specKey + twoFaults + ":6: skews: "}},
		"lateness past the stream's retention": {
			map[string]string{"metrics.specFile": long, "stream.retentionHours": "24"},
			[]string{specKey + long + ":5: lateness: on a new checkpoint the job starts lateness, window and skew back, which is 86520 s, and the stream keeps a " +
				"record for 24 h (log-pipeline:stream.retentionHours)"},
		},
		"lateness below what events take": {
			map[string]string{"metrics.specFile": eager, "clusters": list(shop(`"fluentd":{"flushSeconds":20}`))},
			[]string{specKey + eager + ":5: lateness: an event usually takes "},
		},
		"too few workers": {
			map[string]string{"load.peakRecordsPerSecond": "90000", "load.burstSeconds": "0", "metrics.workers": "2"},
			[]string{"log-pipeline:metrics.workers: 1 worker of the type G.1X beside the driver's carries 40000 records/s, and the peak is 90000; at least 4 workers are needed"},
		},
		"more than there are of a type": {
			map[string]string{"metrics.workerType": "G.8X", "metrics.workers": "40"},
			[]string{`log-pipeline:metrics.workers: a job has at most 37 workers of the type G.8X (given: "40"); nearest: 37`},
		},
		"settings of a job that is not made": {
			map[string]string{"metrics.enabled": "false", "metrics.paused": "true", "metrics.specFile": missing},
			[]string{
				specKey + "has no effect unless enabled is true",
				"log-pipeline:metrics.paused: has no effect unless enabled is true",
			},
		},
		"one consumer too many": {
			map[string]string{"stream.fanOutConsumers": list(
				`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`, `"g"`, `"h"`, `"i"`, `"j"`, `"k"`, `"l"`, `"m"`, `"n"`, `"o"`, `"p"`, `"q"`, `"r"`, `"s"`, `"t"`)},
			[]string{"log-pipeline:stream.fanOutConsumers: 21 names are too many"},
		},
	} {
		t.Run(name, func(t *testing.T) { assertFaults(t, test.change, test.want) })
	}
}

func TestMetricWarnings(t *testing.T) {
	file := specFile(t, "maxRecordBytes: 1000\n")
	for name, test := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"the default spec, and the defaults": {map[string]string{"clusters": list(shop())}, nil},
		"an outage that somebody has decided": {
			map[string]string{"clusters": list(shop()), "load.streamOutageSeconds": "1800", "load.fluentdOutageSeconds": "0"},
			[]string{"log-pipeline:metrics.specFile: the default metric spec", "bridge an outage of 1800 s"},
		},
		"no cluster has buffers": {map[string]string{"load.streamOutageSeconds": "1800"}, nil},
		"large records": {
			map[string]string{"metrics.specFile": file},
			[]string{"log-pipeline:metrics.specFile: " + file + ":5: maxRecordBytes: records of up to 262144 bytes are sent (log-pipeline:load.largestRecordBytes)"},
		},
		"hardly more workers than the peak": {
			map[string]string{"load.peakRecordsPerSecond": "3000", "load.burstSeconds": "0", "metrics.workerRecordsPerSecond": "4000", "metrics.workers": "2"},
			[]string{"log-pipeline:metrics.workers: 1 worker of the type G.1X beside the driver's carries 4000 records/s, and the peak is 3000"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := readConfig(minimal(test.change))
			require.NoError(t, err)
			var about []string
			for _, warning := range config.Warnings {
				if strings.Contains(warning, "metrics.") {
					about = append(about, warning)
				}
			}
			if test.want == nil {
				assert.Empty(t, about)
				return
			}
			require.Len(t, about, 1)
			for _, want := range test.want {
				assert.Contains(t, about[0], want)
			}
		})
	}
}

// The job belongs to the data account's half.
func TestTheServiceAccountsHalfReadsNoSpec(t *testing.T) {
	config, err := readConfig(minimal(map[string]string{
		"accounts.service.id": "222222222222", "accounts.side": "service", "access.failedBucketName": "failed",
		"access.writerExternalId": "between-us", "clusters": list(shop()),
	}))
	require.NoError(t, err)
	assert.Nil(t, config.Metrics.Spec)
	assert.Zero(t, config.Metrics.Plan)
}

func TestThePreviewSaysWhatTheSpecChanges(t *testing.T) {
	now := metricspec.Default()
	text, err := exportedSpec(now)
	require.NoError(t, err)
	removed, later := metricspec.Default(), metricspec.Default()
	removed.Metrics = removed.Metrics[1:]
	later.Lateness += 60

	for name, test := range map[string]struct {
		deployed map[string]any
		spec     *metricspec.Spec
		want     []string
	}{
		"the first deployment":          {nil, now, nil},
		"one before there were metrics": {map[string]any{"streamName": "logs"}, now, nil},
		"no change":                     {map[string]any{specOutput: string(text)}, now, nil},
		"a metric removed":              {map[string]any{specOutput: string(text)}, removed, []string{"metric " + now.Metrics[0].Name + " is removed: rows that are there stay", "A new checkpoint begins"}},
		"more lateness":                 {map[string]any{specOutput: string(text)}, later, []string{"lateness: ", "A new checkpoint begins (" + later.StateHash() + ", before: " + now.StateHash()}},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			_, err := mocks.UpAfter(test.deployed, func(ctx *pulumi.Context) (err error) {
				said, err = metricChanges(ctx, test.spec)
				return err
			})
			require.NoError(t, err)
			if test.want == nil {
				assert.Empty(t, said)
			}
			for _, want := range test.want {
				assert.True(t, slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, want) }), "%s\nin %q", want, said)
			}
		})
	}
}

// What an older program left is no reason not to deploy.
func TestASpecThatCannotBeReadAnyMoreStopsNothing(t *testing.T) {
	_, err := mocks.UpAfter(map[string]any{specOutput: "version: 0"}, func(ctx *pulumi.Context) error {
		if said, err := metricChanges(ctx, metricspec.Default()); err == nil {
			t.Errorf("read: %q", said)
		}
		return announceMetrics(ctx, &Config{Metrics: metricsConfig{Enabled: true, Spec: metricspec.Default()}})
	})
	require.NoError(t, err)
}
