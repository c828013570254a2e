package page

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// library stands for uPlot.
func library(t *testing.T) Library {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "uPlot.iife.min.js"), []byte("/* the script */"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "uPlot.min.css"), []byte("/* the style */"), 0o600))
	return Library{dir}
}

func write(t *testing.T, page Page) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, Write(path, library(t), page))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

// shownBy is what the page's scripts get.
func shownBy(t *testing.T, page Page) shown {
	t.Helper()
	_, after, _ := strings.Cut(write(t, page), "const shown = ")
	var s shown
	require.NoError(t, json.NewDecoder(strings.NewReader(after)).Decode(&s))
	return s
}

func TestThePageHoldsAllThatItNeeds(t *testing.T) {
	text := write(t, Page{Title: "Metrics", Spec: spec(t)})
	assert.Contains(t, text, "/* the script */")
	assert.Contains(t, text, "/* the style */")
	for _, name := range scripts {
		script, err := assets.ReadFile(name)
		require.NoError(t, err)
		assert.Contains(t, text, string(script))
	}
	assert.Contains(t, text, `content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"`)
	assert.Empty(t, regexp.MustCompile(`(src|href)="|@import|url\(`).FindAllString(text, -1), "nothing is loaded")
}

func TestNamesAndValuesAreNoMarkup(t *testing.T) {
	const evil = "</script><script>alert(1)</script>"
	specOf := spec(t)
	specOf.Metrics[0].Description, specOf.Metrics[0].Unit = evil, evil
	text := write(t, Page{
		Title: evil, Spec: specOf, Rows: []Row{live("requests", 0, 1, evil, "x")},
		Records: []Record{{noon, evil, 1}}, Batches: []Batch{{Run: evil, Rejected: `{"</script>": 1}`}},
	})
	assert.NotContains(t, text, "alert(1)</script>")
	opened := regexp.MustCompile(`</?script`).FindAllString(text, -1)
	assert.Equal(t, []string{"<script", "</script", "<script", "</script"}, opened, "what is shown, and the scripts")
}

func TestChartsAreInTheOrderOfTheSpec(t *testing.T) {
	s := shownBy(t, Page{Spec: spec(t)})
	var names []string
	for _, c := range s.Metrics.Charts {
		names = append(names, c.Name+" "+c.Kind+" "+strings.Join(c.Dimensions, ","))
	}
	assert.Equal(t, []string{
		"requests count cluster,route", "bytes sum cluster,route", "smallest min cluster,route", "largest max cluster,route",
		"users distinct cluster,route", "visitors distinct ", "mean_size ratio cluster,route",
	}, names)
}

func TestRowsAreInTheOrderOfTime(t *testing.T) {
	rows := []Row{
		live("requests", 2, 1, "a"), exact("requests", 0, 2, "b"), exact("requests", 0, 9, "a"), live("requests", 1, 4, "a"),
		live("no_more_in_the_spec", 0, 8, "a"),
	}
	c := shownBy(t, Page{Spec: spec(t), Rows: rows}).Metrics.Charts[0]
	var order []float64
	for _, r := range c.Rows {
		order = append(order, *r.Value)
	}
	assert.Equal(t, []float64{9, 2, 4, 1}, order)
	assert.Equal(t, noon.Unix(), c.Rows[0].At)
	assert.True(t, c.Rows[0].Batch)
	assert.False(t, c.Rows[3].Batch)
	assert.InDelta(t, 8, rows[4].Value, 0, "the caller's rows stay as they are")
}

func TestValuesThatCountMostAreFirst(t *testing.T) {
	values := shownBy(t, Page{Spec: spec(t), Rows: []Row{
		live("requests", 0, 1, "few", "x"), live("requests", 0, 5, "many", ""), live("requests", 0, 0, "none", "x"),
		live("bytes", 0, 1e9, "few", "x"), live("largest", 0, 1, "large", ""),
	}}).Metrics.Values
	text := func(value *string) string {
		if value == nil {
			return "null"
		}
		return *value
	}
	of := func(name string) []string {
		return slices.Collect(func(yield func(string) bool) {
			for _, value := range values[name] {
				if !yield(text(value)) {
					return
				}
			}
		})
	}
	assert.Equal(t, []string{"many", "few", "large", "none"}, of("cluster"))
	assert.Equal(t, []string{"null", "x"}, of("route"))
}

func TestRecordsAreByOutcome(t *testing.T) {
	s := shownBy(t, Page{Spec: spec(t), Records: []Record{
		{noon.Add(time.Minute), Accepted, 7}, {noon, Accepted, 5}, {noon, "malformed", 2}, {noon, "too_old", 3},
	}})
	accepted, rejected := s.Records.Charts[0], s.Records.Charts[1]
	require.Len(t, accepted.Rows, 2)
	assert.InDelta(t, 5, *accepted.Rows[0].Value, 0)
	require.Len(t, rejected.Rows, 2)
	assert.Equal(t, "too_old", *s.Records.Values["reason"][rejected.Rows[0].Values[0]])
	assert.InDelta(t, 3, *rejected.Rows[0].Value, 0)
}

func TestRunsOfTheBatch(t *testing.T) {
	s := shownBy(t, Page{Spec: spec(t), Freshness: Freshness{CutOver: noon}, Batches: []Batch{
		{Run: "first", StartedAt: noon, UpdatedAt: noon.Add(time.Minute), CutOver: noon, Rejected: `{"too_large": 0, "no_time": 2, "malformed": 1}`},
		{Run: "second", StartedAt: noon.Add(time.Hour)},
	}})
	assert.Equal(t, noon.Unix(), s.CutOver)
	require.Len(t, s.Batches, 2)
	assert.Equal(t, "second", s.Batches[0].Run, "the last is first")
	assert.Zero(t, s.Batches[0].CutOver)
	assert.Equal(t, "1 malformed, 2 no_time", s.Batches[1].Rejected)
	assert.Zero(t, shownBy(t, Page{Spec: spec(t), Freshness: Freshness{CutOver: time.Unix(0, 0)}}).CutOver, "1970 is none")
}

func TestWhatCannotBeShown(t *testing.T) {
	for name, test := range map[string]struct {
		page Page
		want string
	}{
		"a ratio in one number": {
			Page{Rows: []Row{live("mean_size", 0, 1, "a")}}, "the row of mean_size at 2026-01-02T12:00:00Z has no numerator or no denominator",
		},
		"no number":  {Page{Rows: []Row{live("requests", 0, math.NaN(), "a")}}, "NaN"},
		"no numbers": {Page{Batches: []Batch{{Run: "r1", Rejected: "many"}}}, "read what the run r1 of the batch rejected"},
	} {
		t.Run(name, func(t *testing.T) {
			test.page.Spec = spec(t)
			path := filepath.Join(t.TempDir(), "page.html")
			require.ErrorContains(t, Write(path, library(t), test.page), test.want)
			assert.NoFileExists(t, path)
		})
	}
	err := Write(filepath.Join(t.TempDir(), "page.html"), Library{t.TempDir()}, Page{Spec: spec(t)})
	require.ErrorIs(t, err, os.ErrNotExist, "the library is not installed")
}
