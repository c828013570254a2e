package page

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// shown is what the page's scripts get. Times are seconds since 1970, 0 for none.
type shown struct {
	At        int64     `json:"at"`
	CutOver   int64     `json:"cutOver"`
	Freshness freshness `json:"freshness"`
	Batches   []batch   `json:"batches"`
	// Metrics are the charts of the spec's metrics and ratios, and Records those of the records that arrived.
	Metrics charts `json:"metrics"`
	Records charts `json:"records"`
}

type freshness struct {
	LiveWindowStart int64 `json:"liveWindowStart"`
	LiveUpdatedAt   int64 `json:"liveUpdatedAt"`
	LiveSeconds     int64 `json:"liveSeconds"`
	BatchUpdatedAt  int64 `json:"batchUpdatedAt"`
	BatchSeconds    int64 `json:"batchSeconds"`
	OpenGaps        int64 `json:"openGaps"`
}

type batch struct {
	Run        string `json:"run"`
	State      string `json:"state"`
	RangeFrom  int64  `json:"rangeFrom"`
	RangeTo    int64  `json:"rangeTo"`
	CutOver    int64  `json:"cutOver"`
	Objects    int64  `json:"objects"`
	Records    int64  `json:"records"`
	Duplicates int64  `json:"duplicates"`
	Rejected   string `json:"rejected"`
	Version    string `json:"version"`
	StartedAt  int64  `json:"startedAt"`
	UpdatedAt  int64  `json:"updatedAt"`
}

func (p Page) shown() (shown, error) {
	metrics, err := chartsOf(metricCharts(p.Spec), p.Rows)
	if err != nil {
		return shown{}, err
	}
	records, err := chartsOf(recordCharts(), recordRows(p.Records))
	if err != nil {
		return shown{}, err
	}
	batches, err := batchesOf(p.Batches)
	if err != nil {
		return shown{}, err
	}
	return shown{
		At: seconds(p.At), CutOver: seconds(p.Freshness.CutOver), Metrics: metrics, Records: records, Batches: batches,
		Freshness: freshness{
			LiveWindowStart: seconds(p.Freshness.LiveWindowStart), LiveUpdatedAt: seconds(p.Freshness.LiveUpdatedAt),
			LiveSeconds: p.Freshness.LiveSeconds, BatchUpdatedAt: seconds(p.Freshness.BatchUpdatedAt),
			BatchSeconds: p.Freshness.BatchSeconds, OpenGaps: p.Freshness.OpenGaps,
		},
	}, nil
}

// seconds of a time since 1970; 0 of the zero time.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// batchesOf are the runs, the one that was started last first.
func batchesOf(runs []Batch) ([]batch, error) {
	batches := make([]batch, 0, len(runs))
	for _, run := range runs {
		rejected, err := numbersByName(run.Rejected)
		if err != nil {
			return nil, fmt.Errorf("read what the run %s of the batch rejected: %w", run.Run, err)
		}
		batches = append(batches, batch{
			Run: run.Run, State: run.State, Version: run.Version,
			RangeFrom: seconds(run.RangeFrom), RangeTo: seconds(run.RangeTo), CutOver: seconds(run.CutOver),
			Objects: run.Objects, Records: run.Records, Duplicates: run.Duplicates, Rejected: rejected,
			StartedAt: seconds(run.StartedAt), UpdatedAt: seconds(run.UpdatedAt),
		})
	}
	slices.SortFunc(batches, func(a, b batch) int {
		return cmp.Or(cmp.Compare(b.StartedAt, a.StartedAt), cmp.Compare(a.Run, b.Run))
	})
	return batches, nil
}

// numbersByName is a JSON object of numbers as people read it: by name, those that are not 0.
func numbersByName(object string) (string, error) {
	if object == "" {
		return "", nil
	}
	var numbers map[string]int64
	if err := json.Unmarshal([]byte(object), &numbers); err != nil {
		return "", err
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		if numbers[name] != 0 {
			all = append(all, fmt.Sprintf("%d %s", numbers[name], name))
		}
	}
	return strings.Join(all, ", "), nil
}
