package metricspec

import "example.com/log-pipeline/internal/fault"

// Version is the version of the spec's format.
const Version = 1

// Spec is a metric spec with every default filled in, as [Parse] returns it.
type Spec struct {
	// Version is that of the format: 1.
	Version int `json:"version"`
	// Window is how many seconds a window has: 60.
	Window int `json:"window"`
	// Lateness is how many seconds after its own time an event may arrive and still be counted live: 0 to 86,400.
	Lateness int `json:"lateness"`
	// Skew is how many seconds an event's time may lie ahead of its arrival: 0 to 3,600.
	Skew int `json:"skew"`
	// TimeZone is the IANA zone in which reports count their days.
	TimeZone string `json:"timeZone"`
	// MaxRecordBytes is the size of the largest record that is read: 1 to 10,485,760.
	MaxRecordBytes int `json:"maxRecordBytes"`
	// EventTime are the fields that may hold the time of an event: the first that a record has decides.
	EventTime []EventTime `json:"eventTime"`
	// Fields are the fields of a record that are read, by name.
	Fields map[string]Field `json:"fields"`
	// Metrics are counted from records.
	Metrics []Metric `json:"metrics"`
	// Ratios are of two metrics each.
	Ratios []Ratio `json:"ratios"`

	// file and lines are where the settings stand.
	file  string
	lines map[fault.Path]int
}

// EventTime is a field that may hold the time of an event.
type EventTime struct {
	// Field is a name in [Spec.Fields].
	Field string `json:"field"`
	// Format is how the time is written.
	Format Format `json:"format"`
	// TimeZone is the zone of times without an offset; empty unless Format is ISO8601.
	TimeZone string `json:"timeZone,omitempty"`
}

// Format is how a time is written.
type Format string

// The formats: ISO 8601 in a string, and numbers since 1970 in an integer or a number.
const (
	ISO8601           Format = "iso8601"
	EpochSeconds      Format = "epoch_seconds"
	EpochMilliseconds Format = "epoch_milliseconds"
)

// Field is a field of a record.
type Field struct {
	// Type is what its values are read as. One of another type counts as absent.
	Type Type `json:"type"`
	// Path are the keys that lead to it from the record's root.
	Path []string `json:"path"`
	// Cardinality is how many values it is expected to have, where it is a dimension.
	Cardinality int `json:"cardinality"`
}

// Type is what a field's values are read as.
type Type string

// The types: any text, whole numbers of 64 bits, numbers of double precision, and true or false.
const (
	String  Type = "string"
	Integer Type = "integer"
	Number  Type = "number"
	Boolean Type = "boolean"
)

// Metric is counted from records, for each window and each value of its dimensions.
type Metric struct {
	// Name is unique among metrics and ratios.
	Name string `json:"name"`
	// Description says what it is, for readers of reports; it may be empty.
	Description string `json:"description"`
	// Unit is the unit of its values.
	Unit string `json:"unit"`
	// Aggregate makes one value of a window's events.
	Aggregate Aggregate `json:"aggregate"`
	// Field is the name of the field that is aggregated; empty where Aggregate is Count.
	Field string `json:"field,omitempty"`
	// Filter is what events must be like to count; nil for all.
	Filter *Filter `json:"filter,omitempty"`
	// Dimensions are names of fields, sorted.
	Dimensions []string `json:"dimensions"`
}

// Aggregate makes one value of a window's events.
type Aggregate string

// The aggregates. Distinct is how many different values there are: an estimate by a sketch live, exact in the batch.
const (
	Count    Aggregate = "count"
	Sum      Aggregate = "sum"
	Min      Aggregate = "min"
	Max      Aggregate = "max"
	Distinct Aggregate = "distinct"
)

// Ratio is one metric divided by another with the same dimensions.
type Ratio struct {
	// Name is unique among metrics and ratios.
	Name string `json:"name"`
	// Description says what it is; it may be empty.
	Description string `json:"description"`
	// Unit is the unit of its values.
	Unit string `json:"unit"`
	// Numerator and Denominator are names of metrics.
	Numerator   string `json:"numerator"`
	Denominator string `json:"denominator"`
}
