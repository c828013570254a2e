// Package page writes the charts of the dashboard into one HTML file, for who has the local cloud and no QuickSight: a sheet of
// live numbers by the minute, one of history by the hour, and one of the pipeline's own health, with filters by time and
// dimension.
//
// The file holds what it shows, and uPlot (gh:leeoniya/uPlot), which draws it: a browser opens it without a server, and asks
// no host for anything. It has what it was given when it was written: it does not follow the tables. It is made for some
// 100,000 rows, which are a few megabytes.
package page

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"slices"
	"time"

	"example.com/log-pipeline/internal/metricspec"
)

// Page is what a page shows.
type Page struct {
	// Title is its heading.
	Title string
	// At is when it was read.
	At time.Time
	// Spec says which metrics and ratios there are.
	Spec *metricspec.Spec
	// Rows are those of the view of all metrics, in any order. Rows of a metric that the spec does not have are left out.
	Rows []Row
	// Records are those of the view of records, in any order.
	Records []Record
	// Freshness is the row of the view of freshness.
	Freshness Freshness
	// Batches are those of the view of the batch's runs, in any order.
	Batches []Batch
}

// Row is the value of a metric or a ratio in a window.
type Row struct {
	Metric      string
	WindowStart time.Time
	// Dimensions are the values of the metric's dimensions. One that is null is not in it.
	Dimensions map[string]string
	Value      float64
	// Numerator and Denominator are those of a ratio, and nil of a metric.
	Numerator, Denominator *float64
	// CountedBy is [CountedByBatch] or [CountedByLive].
	CountedBy string
}

// Who counted a row.
const (
	CountedByBatch = "batch"
	CountedByLive  = "live"
)

// Record is how many records arrived in a window with an outcome.
type Record struct {
	WindowStart time.Time
	// Outcome is [Accepted] or a reason of rejection.
	Outcome string
	Value   float64
}

// Accepted is the outcome of records that are events.
const Accepted = "accepted"

// Freshness is how old the numbers are. A time is zero where there is none.
type Freshness struct {
	LiveWindowStart, LiveUpdatedAt time.Time
	// CutOver is from when on live numbers are shown; zero or 1970 before the first.
	CutOver, BatchUpdatedAt time.Time
	// LiveSeconds and BatchSeconds are how old the two kinds of numbers are.
	LiveSeconds, BatchSeconds int64
	// OpenGaps is how many gaps the live numbers may have.
	OpenGaps int64
}

// Batch is a run of the batch. A time is zero where there is none.
type Batch struct {
	Run, State                   string
	RangeFrom, RangeTo, CutOver  time.Time
	Objects, Records, Duplicates int64
	// Rejected is a JSON object, the number by reason; it may be empty.
	Rejected             string
	Version              string
	StartedAt, UpdatedAt time.Time
}

//go:embed assets
var assets embed.FS

var layout = template.Must(template.ParseFS(assets, "assets/page.html.tmpl"))

// scripts are the page's own, in the order in which they build on each other.
var scripts = []string{
	"assets/series.js", "assets/text.js", "assets/chart.js", "assets/filters.js", "assets/cards.js", "assets/health.js", "assets/page.js",
}

// Write writes the page to the file of that path, and replaces what is there.
func Write(path string, library Library, page Page) error {
	content, err := page.content(library)
	if err != nil {
		return fmt.Errorf("write the page %s: %w", path, err)
	}
	return os.WriteFile(path, content, 0o644)
}

func (p Page) content(library Library) ([]byte, error) {
	shown, err := p.shown()
	if err != nil {
		return nil, err
	}
	// This JSON has no <, so that no text in it ends the script that it stands in.
	data, err := json.Marshal(shown)
	if err != nil {
		return nil, fmt.Errorf("encode what it shows: %w", err)
	}
	script, style, err := library.files()
	if err != nil {
		return nil, err
	}
	for _, name := range scripts {
		if script, err = with(script, name); err != nil {
			return nil, err
		}
	}
	if style, err = with(style, "assets/page.css"); err != nil {
		return nil, err
	}
	parts := struct {
		Title        string
		Style        template.CSS
		Data, Script template.JS
	}{
		Title: p.Title,
		Data:  template.JS(data), //nolint:gosec // see above
		// Both are the page's own and the pinned library's.
		Style:  template.CSS(style), //nolint:gosec
		Script: template.JS(script), //nolint:gosec
	}
	var out bytes.Buffer
	if err := layout.Execute(&out, parts); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// with is the text with that of an asset after it.
func with(text []byte, asset string) ([]byte, error) {
	content, err := assets.ReadFile(asset)
	return slices.Concat(text, []byte("\n"), content), err
}
