package metricspec

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// MaxStateRows is how many rows of state a set of dimensions may have without a warning. A row is taken as 1 KB, with its key,
// some values and what Java adds (an estimate), and Spark keeps two versions in memory (spark.sql.streaming.
// maxBatchesToRetainInMemory): 2 of the 16 GB of a G.1X worker (docs.aws.amazon.com/glue/latest/dg/worker-types.html), in
// which the job has to run too. The sketch of a distinct comes on top.
const MaxStateRows = 1_000_000

// Surroundings are what a spec is used with. Faults read their fields by these names.
type Surroundings struct {
	// RetentionHours is how long the stream keeps a record.
	RetentionHours int
	// ProducerDelaySeconds is how long an event usually takes from its own time to the stream.
	ProducerDelaySeconds int
	// ProducerOutageSeconds is the longest outage that the producers' buffers bridge: that much later events may come. 0 for none.
	ProducerOutageSeconds int
	// LargestRecordBytes is the size of the largest record that is sent; 0 where it is not known.
	LargestRecordBytes int
}

// Against are the faults and the warnings of a spec with what it is used with. They have places as those of [Parse] have, and
// read fields of [Surroundings], which [fault.List.From] makes settings of.
func (s *Spec) Against(around Surroundings) (faults, warnings fault.List) {
	faults = fault.Join(s.againstRetention(around), s.againstDelay(around))
	warnings = fault.Join(s.outage(around), s.sizes(around), s.unused(), s.cardinality())
	return faults, warnings
}

// found is what is found about a setting of the spec.
func (s *Spec) found(at *location, f fault.Fault) fault.Fault {
	r := reader{lines: s.lines}
	f.Place = fault.Place{File: s.file, Line: r.line(at), Path: at.path}
	return f
}

func lateness() *location { return (&location{}).key("lateness") }

const secondsPerHour = 3_600

func (s *Spec) againstRetention(around Surroundings) fault.List {
	const retention fault.Path = "RetentionHours"
	kept, back := around.RetentionHours*secondsPerHour, s.Lateness+s.Window+s.Skew
	return fault.When(back > kept, s.found(lateness(), fault.Fault{
		Given: s.Lateness, Reads: []fault.Path{retention}, Nearest: nearestLateness(kept - s.Window - s.Skew),
		Problem: fault.Problemf("on a new checkpoint the job starts lateness, window and skew back, which is %d s, and the stream keeps a record for %d h "+
			"(%s): it would be gone while it may still be counted", back, around.RetentionHours, retention),
		Allowed: "at most what the stream keeps, less window and skew",
	}))
}

func (s *Spec) againstDelay(around Surroundings) fault.List {
	const delay fault.Path = "ProducerDelaySeconds"
	return fault.When(s.Lateness < around.ProducerDelaySeconds, s.found(lateness(), fault.Fault{
		Given: s.Lateness, Reads: []fault.Path{delay}, Nearest: nearestLateness(around.ProducerDelaySeconds),
		Problem: fault.Problemf("an event usually takes %d s to the stream (%s), so that hardly any would be counted live", around.ProducerDelaySeconds, delay),
		Allowed: "at least what events usually take",
	}))
}

// nearestLateness is a lateness that is taken; empty where this one is none.
func nearestLateness(seconds int) string {
	if seconds < 0 || seconds > maxLateness {
		return ""
	}
	return strconv.Itoa(seconds)
}

func (s *Spec) outage(around Surroundings) fault.List {
	const outage fault.Path = "ProducerOutageSeconds"
	return fault.When(around.ProducerOutageSeconds > s.Lateness, s.found(lateness(), fault.Fault{
		Given: s.Lateness, Reads: []fault.Path{outage},
		Problem: fault.Problemf("the producers' buffers bridge an outage of %d s (%s): events that come more than %d s late after one are counted by the batch alone",
			around.ProducerOutageSeconds, outage, s.Lateness),
	}))
}

func (s *Spec) sizes(around Surroundings) fault.List {
	const largest fault.Path = "LargestRecordBytes"
	return fault.When(around.LargestRecordBytes > s.MaxRecordBytes, s.found((&location{}).key("maxRecordBytes"), fault.Fault{
		Given: s.MaxRecordBytes, Reads: []fault.Path{largest},
		Problem: fault.Problemf("records of up to %d bytes are sent (%s): those of more than %d are rejected as too_large",
			around.LargestRecordBytes, largest, s.MaxRecordBytes),
	}))
}

// unused are a warning rather than a fault, so that a metric can be taken out for a while without its fields.
func (s *Spec) unused() fault.List {
	var warnings fault.List
	used := s.used()
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		if !used[name] {
			warnings = append(warnings, s.found((&location{}).key("fields").key(name), fault.Fault{Problem: fault.Problemf("nothing uses this field")}))
		}
	}
	return warnings
}

func (s *Spec) cardinality() fault.List {
	var warnings fault.List
	for _, set := range s.Sets() {
		rows := s.StateRows(set)
		if rows <= MaxStateRows {
			continue
		}
		factors := make([]string, len(set.Dimensions))
		for i, name := range set.Dimensions {
			factors[i] = fmt.Sprintf("%d of %s", s.Fields[name].Cardinality, name)
		}
		at := (&location{}).key("metrics").index(set.first).key("dimensions")
		warnings = append(warnings, s.found(at, fault.Fault{Problem: fault.Problemf(
			"%s are %s values, which in the %d windows that are open at once are %s rows of state, more than %s: have fewer dimensions or less lateness, "+
				"or say in cardinality how many values the fields really have",
			strings.Join(factors, " times "), grouped(s.values(set)), s.OpenWindows(), grouped(rows), grouped(MaxStateRows),
		)}))
	}
	return warnings
}

// grouped is a number with a comma between thousands, as far as it can be counted.
func grouped(x float64) string {
	if x > math.MaxInt64 {
		return fmt.Sprintf("%.0e", x)
	}
	digits := strconv.FormatInt(int64(x), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
