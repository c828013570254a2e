package metricspec

import "example.com/log-pipeline/internal/fault"

// Numbers of what there may be. They keep a spec within what one query and one file can hold: a column of state for each
// metric, and a field of the records' schema for each field.
const (
	maxEventTimes  = 10
	maxFields      = 200
	maxKeys        = 10
	maxMetrics     = 100
	maxRatios      = 100
	maxDimensions  = 8
	maxCardinality = 1_000_000_000
)

// maxLateness is a day in seconds: the batch job has counted what is later by then.
const maxLateness = 86_400

// kinesisRecordBytes is the size of the largest record that Kinesis can take
// (docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html).
const kinesisRecordBytes = 10_485_760

// DefaultCardinality is how many values a field is expected to have where the spec does not say.
const DefaultCardinality = 100

func (s *Spec) declare(o *object) {
	integer(o, &s.Version, "version", Version, fault.AnyOf(Version), "Version of the format.").isRequired()
	integer(o, &s.Window, "window", 60, fault.AnyOf(60), "Seconds of a window. Values are for whole windows.")
	integer(o, &s.Lateness, "lateness", 600, fault.Between(0, maxLateness),
		"Seconds after its own time that an event may arrive and still be counted live. Later ones are counted by the batch alone.")
	integer(o, &s.Skew, "skew", 60, fault.Between(0, 3_600), "Seconds that an event's time may lie ahead of its arrival, since clocks differ.")
	text(o, &s.TimeZone, "timeZone", "UTC", timeZone, "Time zone in which reports count their days.").schema = zoneSchema()
	integer(o, &s.MaxRecordBytes, "maxRecordBytes", 1_048_576, fault.Between(1, kinesisRecordBytes),
		"Size of the largest record that is read, in bytes; larger ones are rejected as too_large. Fluentd's plugin drops what is larger than the default.")
	objects(o, &s.EventTime, "eventTime", bounds{1, maxEventTimes}, (*EventTime).declare,
		"The fields that may hold the time of an event. The first decides that the record has, which means not null, not empty and not \"-\".").isRequired()
	byName(o, &s.Fields, "fields", maxFields, fieldName, (*Field).declare,
		"The fields of a record that the spec reads, by name. Whatever else is in a record is ignored.")
	objects(o, &s.Metrics, "metrics", bounds{1, maxMetrics}, (*Metric).declare, "The metrics.").isRequired()
	objects(o, &s.Ratios, "ratios", bounds{0, maxRatios}, (*Ratio).declare,
		"One metric divided by another, for each window and value of the dimensions. There is no row where the denominator is 0 or absent.")
}

func (e *EventTime) declare(o *object) {
	text(o, &e.Field, "field", "", anyName, "Name of a field: of type string for iso8601, else integer or number.").isRequired()
	text(o, &e.Format, "format", "", format, "How the time is written.").isRequired()
	text(o, &e.TimeZone, "timeZone", "", timeZone, "Zone of times without an offset, only with iso8601. Left out: UTC.").schema = zoneSchema()
}

func (f *Field) declare(o *object) {
	text(o, &f.Type, "type", "", typeWord, "What its values are read as.").isRequired()
	texts(o, &f.Path, "path", bounds{1, maxKeys}, plain(1, 255),
		"Keys that lead to it from the record's root, each as it is, dots and slashes included. Left out: its own name.")
	integer(o, &f.Cardinality, "cardinality", DefaultCardinality, fault.Between(1, maxCardinality),
		"How many values it is expected to have, where it is a dimension. It sizes the state; more are counted all the same.")
}

func (m *Metric) declare(o *object) {
	text(o, &m.Name, "name", "", metricName, "Its name, which no other metric or ratio has.").isRequired()
	text(o, &m.Description, "description", "", plain(0, 200), "What it is, for readers of reports.")
	text(o, &m.Unit, "unit", "", plain(1, 32), "Unit of its values.").isRequired()
	text(o, &m.Aggregate, "aggregate", "", function, "What makes one value of a window's events.").isRequired()
	text(o, &m.Field, "field", "", anyName,
		"Name of the field that is aggregated, with all aggregates but count: of type integer or number for sum, min and max, and of any but number for distinct.")
	filters(o, &m.Filter, "filter", "What events must be like to count. Left out: all of them.")
	texts(o, &m.Dimensions, "dimensions", bounds{0, maxDimensions}, anyName,
		"Names of the fields by whose values it is counted apart, in any order: of type string, integer or boolean.").schema["uniqueItems"] = true
}

func (r *Ratio) declare(o *object) {
	text(o, &r.Name, "name", "", metricName, "Its name, which no metric or other ratio has.").isRequired()
	text(o, &r.Description, "description", "", plain(0, 200), "What it is, for readers of reports.")
	text(o, &r.Unit, "unit", "ratio", plain(1, 32), "Unit of its values.")
	text(o, &r.Numerator, "numerator", "", anyName, "Name of the metric that is divided.").isRequired()
	text(o, &r.Denominator, "denominator", "", anyName, "Name of the metric that it is divided by, with the same dimensions.").isRequired()
}

// anyName takes names of fields and metrics: whether they are known is looked at when all have been read.
var anyName = fault.Rule[string]{Allowed: "a name"}

func zoneSchema() map[string]any {
	return map[string]any{"allOf": []map[string]any{{"$ref": "#/definitions/timeZone"}}}
}
