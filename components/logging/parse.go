package logging

import spec "example.com/log-pipeline/internal/loggingspec"

const (
	// noTimeKey is a key that no line has. The parsers take the time from the key time otherwise, remove it, and refuse a line
	// whose time they cannot read.
	noTimeKey = "log_pipeline_time"

	// jsonArray is a line that begins a JSON array: of several objects the filter keeps the first alone, and of none the line is
	// gone (gh:fluent/fluentd lib/fluent/plugin/filter_parser.rb). It stays text.
	jsonArray = `/\A(?<message>\s*\[.*)\z/m`

	// istioText is Istio's default text format (istio.io/latest/docs/tasks/observability/logs/access-log), with the names of
	// its JSON format.
	istioText = `/\A\[(?<start_time>[^\]]+)\] "(?<method>\S+) (?<path>\S*) (?<protocol>[^"]+)" (?<response_code>\d+) ` +
		`(?<response_flags>\S+) (?<response_code_details>\S+) (?<connection_termination_details>.+?) ` +
		`"(?<upstream_transport_failure_reason>[^"]*)" (?<bytes_received>\d+) (?<bytes_sent>\d+) (?<duration>\d+) ` +
		`(?<upstream_service_time>\S+) "(?<x_forwarded_for>[^"]*)" "(?<user_agent>[^"]*)" "(?<request_id>[^"]*)" ` +
		`"(?<authority>[^"]*)" "(?<upstream_host>[^"]*)" (?<upstream_cluster>\S+) (?<upstream_local_address>\S+) ` +
		`(?<downstream_local_address>\S+) (?<downstream_remote_address>\S+) (?<requested_server_name>\S+) (?<route_name>\S+)\s*\z/`

	istioTypes = "response_code:integer,bytes_received:integer,bytes_sent:integer,duration:integer"
)

// parse reads the line in message, and leaves what it finds in the field parsed. The first format that fits is taken, and
// the last one fits always, so that no line is dropped. The line itself stays in message until [mergeParsed] has looked at
// what was found.
func parse(parser Parser) spec.Filter {
	var patterns []spec.Pattern
	if parser == Istio {
		patterns = append(patterns, spec.Pattern{
			Format: "regexp", Expression: literal(istioText), Types: istioTypes, TimeKey: noTimeKey,
		})
	}
	patterns = append(patterns,
		spec.Pattern{Format: "regexp", Expression: literal(jsonArray), TimeKey: noTimeKey},
		spec.Pattern{Format: "json", TimeKey: noTimeKey},
		spec.Pattern{Format: "none"},
	)
	return spec.Filter{Parser: &spec.Parser{
		KeyName:                  "message",
		ReserveData:              true,
		ReserveTime:              true,
		HashValueField:           parsed,
		EmitInvalidRecordToError: new(false),
		Parse:                    spec.Parse{Type: "multi_format", Patterns: patterns},
	}}
}
