package logging

import (
	_ "embed"
	"strconv"
	"strings"

	spec "example.com/log-pipeline/internal/loggingspec"
)

// The scripts set @each, a lambda that changes an event in place, given its tag. metadata.rb sets @known.
var (
	//go:embed ruby/container.rb
	containerScript string
	//go:embed ruby/merge.rb
	mergeScript string
	//go:embed ruby/redact.rb
	redactScript string
	//go:embed ruby/metadata.rb
	metadataScript string
	//go:embed ruby/truncate.rb
	truncateScript string
	//go:embed ruby/divert.rb
	divertScript string
)

const (
	// scratch is the field that code runs for. It is removed again.
	scratch = "log_pipeline_scratch"
	// redacted stands where something was.
	redacted = "[REDACTED]"

	// deepest is how many objects and arrays may lie in each other. Plugins go through events by calling themselves, some hundreds
	// of levels use up Ruby's stack, and what Ruby raises then is no StandardError: it ends the worker, which meets the same chunk
	// again when it is back. JSON itself is not written beyond 100 (gh:ruby/json lib/json/common.rb, max_nesting).
	deepest = 32
)

// ownFields are the fields that this package sets, or that the agent sends. A line cannot set them: what it calls so is
// kept as app_<name>.
var ownFields = []string{
	"cluster", "event_id", "kubernetes", "namespace", "original_bytes", "oversized", "pod", "stream", "time", "truncated", parsed, scratch,
}

// value is an instance variable of a script, with what it is set to in Ruby.
type value struct{ name, ruby string }

func own() value { return value{"own", rubyStrings(ownFields)} }

// ruby runs a script for each event. The plugin evaluates prepare_value once and what stands in ${} for each event, with
// record and tag in reach, and what it raises sends the event to the error flow (gh:repeatedly/fluent-plugin-record-modifier
// lib/fluent/plugin/filter_record_modifier.rb).
func ruby(script string, values ...value) spec.Filter {
	return spec.Filter{RecordModifier: &spec.RecordModifier{
		PrepareValue: prepared(script, values...),
		Records:      []map[string]string{{scratch: "${@each.call(record, tag); nil}"}},
		RemoveKeys:   scratch,
	}}
}

// prepared is a script after its values, quoted for Fluentd's configuration. Comments and empty lines are left out: a change
// of those is no change in the cluster.
func prepared(script string, values ...value) string {
	var lines []string
	for _, v := range values {
		lines = append(lines, "@"+v.name+" = "+v.ruby)
	}
	for line := range strings.Lines(script) {
		if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "#") {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	return quoteLines(strings.Join(lines, "\n"))
}

// nameContainer fills in what the tag tells where the agent could not ask Kubernetes.
func nameContainer() spec.Filter { return ruby(containerScript) }

// mergeParsed makes what a parser found fields of the event, in place of the line.
func mergeParsed() spec.Filter {
	return ruby(mergeScript, own(), value{"parsed", rubyString(parsed)}, value{"deepest", strconv.Itoa(deepest)})
}

// redact replaces fields and patterns, where there are any, everywhere but in the event's own fields.
func (e Events) redact() []spec.Filter {
	if len(e.RedactFields) == 0 && len(e.RedactPatterns) == 0 {
		return nil
	}
	return []spec.Filter{ruby(redactScript, own(),
		value{"fields", rubyStrings(e.RedactFields)}, value{"patterns", rubyStrings(e.RedactPatterns)}, value{"redacted", rubyString(redacted)})}
}

// identify says which cluster, namespace and pod an event is of.
func (a Args) identify() spec.Filter {
	return spec.Filter{RecordModifier: &spec.RecordModifier{
		PrepareValue: prepared(metadataScript),
		Records: []map[string]string{{
			"cluster":   a.Cluster,
			"namespace": `${@known.call(record, "namespace_name")}`,
			"pod":       `${@known.call(record, "pod_name")}`,
		}},
	}}
}

// oversize deals with what Kinesis would not take, which its plugin drops.
func (e Events) oversize() []spec.Filter {
	largest := value{"max", strconv.Itoa(e.MaxBytes)}
	if e.Oversize == Divert {
		return []spec.Filter{
			ruby(divertScript, largest),
			// A chain of filters may go on with an event that one of them has raised for
			// (gh:fluent/fluentd lib/fluent/event_router.rb, FilterOptimizer).
			{Grep: &spec.Grep{Exclude: []spec.GrepPattern{{Key: "oversized", Pattern: "/^true$/"}}}},
		}
	}
	return []spec.Filter{ruby(truncateScript, own(), largest)}
}

// literal quotes a value for Fluentd's configuration, which would take it for JSON, or end it at a "#"
// (gh:fluent/fluentd lib/fluent/config/literal_parser.rb, scan_single_quoted_string).
func literal(value string) string { return rubyString(value) }

// quoteLines quotes text of several lines for Fluentd's configuration. Only double quotes have an escape for the end of a
// line, and single quotes may hold none (scan_double_quoted_string; "#{" would be Ruby that runs when Fluentd starts).
func quoteLines(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "#", `\#`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\f", `\f`, "\b", `\b`).Replace(text) + `"`
}

// rubyString is a string of Ruby's in single quotes, where only the quote and the backslash are escaped.
func rubyString(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

func rubyStrings(values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = rubyString(value)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
