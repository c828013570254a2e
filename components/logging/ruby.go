package logging

import (
	"fmt"
	"strings"

	spec "example.com/log-pipeline/internal/loggingspec"
)

const (
	// scratch is the field that code runs for. It is removed again.
	scratch = "log_pipeline_scratch"
	// redacted stands where something was.
	redacted = "[REDACTED]"
)

// ownFields are the fields that this package sets, or that the agent sends. A line cannot set them: what it calls so is
// kept as app_<name>.
var ownFields = []string{
	"cluster", "event_id", "kubernetes", "namespace", "original_bytes", "oversized", "pod", "stream", "time", "truncated", parsed, scratch,
}

// setOwn makes them known to Ruby.
var setOwn = `@own = %w[` + strings.Join(ownFields, " ") + `]`

// code is Ruby that changes record in place. setup runs once.
type code struct{ setup, each string }

// ruby runs code for each event. The plugin evaluates what stands in ${} with record in reach, and what it raises sends the
// event to the error flow (gh:repeatedly/fluent-plugin-record-modifier lib/fluent/plugin/filter_record_modifier.rb).
func ruby(c code) spec.Filter {
	return spec.Filter{RecordModifier: &spec.RecordModifier{
		PrepareValue: literal(c.setup),
		Records:      []map[string]string{{scratch: literal("${" + c.each + "; nil}")}},
		RemoveKeys:   scratch,
	}}
}

// deepest is how many objects and arrays may lie in each other. Plugins go through events by calling themselves, some hundreds
// of levels use up Ruby's stack, and what Ruby raises then is no StandardError: it ends the worker, which meets the same chunk
// again when it is back. JSON itself is not written beyond 100 (gh:ruby/json lib/json/common.rb, max_nesting).
const deepest = 32

// tame sets @tame, which tells whether a value is no deeper than that, and makes strings of NaN and Infinity in it, which JSON
// does not have: Fluentd's parser takes them, and makes one of 1e999 (gh:ohler55/oj ext/oj/parse.c). It does not call itself.
var tame = fmt.Sprintf(`@tame = lambda { |root| todo = [[root, 1]]; `+
	`until todo.empty?; at, depth = todo.pop; return false if depth > %d; `+
	`(at.is_a?(Hash) ? at.keys : at.each_index).each { |k| case v = at[k]; `+
	`when Hash, Array then todo << [v, depth + 1]; `+
	`when Float then at[k] = v.to_s unless v.finite?; end }; `+
	`end; true }`, deepest)

// mergeParsed makes what a parser found fields of the event, in place of the line. A line that is too deep stays as it is.
// Names are compared as they will be without dots, and keep their dots for redaction.
var mergeParsed = code{
	setup: setOwn + "; " + tame,
	each: `found = record.delete("` + parsed + `") || {}; if @tame.call(found); record.delete("message"); ` +
		`found.each { |k, v| name = k.tr(".", "_"); record[@own.include?(name) ? "app_" + name : k] = v }; end`,
}

// containerTag is what the agent calls a container's log: kubernetes. and the path, with dots for its slashes, of the link
// that the kubelet makes (gh:kubernetes/kubernetes pkg/kubelet/kuberuntime/legacy.go, legacyLogSymlink).
const containerTag = `/\Akubernetes\.var\.log\.containers\.` +
	`(?<pod_name>[^_]+)_(?<namespace_name>[^_]+)_(?<container_name>.+)-\h{64}\.log\z/`

// nameContainer fills in what the tag tells where the agent could not ask Kubernetes.
var nameContainer = code{
	setup: "@container = " + containerTag,
	each: `if found = @container.match(tag); ` +
		`record["kubernetes"] = {} unless record["kubernetes"].is_a?(Hash); known = record["kubernetes"]; ` +
		`found.named_captures.each { |k, v| known[k] = v if known[k].to_s.empty? }; end`,
}

// fromMetadata is a field that is never empty and no longer than a partition key may be, for one of which that is not so
// Kinesis refuses a whole batch (docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html).
func fromMetadata(key string) string {
	return `${name = record.dig("kubernetes", "` + key + `").to_s[0, 256]; name.empty? ? "unknown" : name}`
}

// redact replaces fields and patterns everywhere but in the event's own fields.
func redact(fields, patterns []string) (code, bool) {
	if len(fields) == 0 && len(patterns) == 0 {
		return code{}, false
	}
	regexps := make([]string, len(patterns))
	for i, pattern := range patterns {
		regexps[i] = "Regexp.new(" + rubyString(pattern) + ")"
	}
	setup := []string{
		setOwn,
		"@fields = " + rubyStrings(fields) + `.map { |f| f.downcase.tr(".", "_") }`,
		"@patterns = [" + strings.Join(regexps, ", ") + "]",
		`@secret = lambda { |k| k = k.downcase; @fields.include?(k.tr(".", "_")) || @fields.include?(k.rpartition(".").last) }`,
		`@clean = lambda { |v| case v; ` +
			`when Hash then v.to_h { |k, x| [k, @secret.call(k) ? "` + redacted + `" : @clean.call(x)] }; ` +
			`when Array then v.map(&@clean); ` +
			`when String then @patterns.inject(v) { |s, p| s.gsub(p, "` + redacted + `") }; ` +
			`else v; end }`,
	}
	return code{
		setup: strings.Join(setup, "; "),
		each:  `record.merge!(@clean.call(record.reject { |k, _| @own.include?(k) }))`,
	}, true
}

// oversize deals with what Kinesis would not take, which its plugin drops.
func (a Args) oversize() []spec.Filter {
	setup := fmt.Sprintf(`require "json"; @max = %d`, a.Events.MaxBytes)
	if a.Events.Oversize == Divert {
		return []spec.Filter{
			ruby(code{setup: setup, each: `n = record.to_json.bytesize; if n > @max; ` +
				`record["oversized"] = true; record["original_bytes"] = n; ` +
				`raise "event of " + n.to_s + " bytes is over " + @max.to_s; end`}),
			// A chain of filters may go on with an event that one of them has raised for
			// (gh:fluent/fluentd lib/fluent/event_router.rb, FilterOptimizer).
			{Grep: &spec.Grep{Exclude: []spec.GrepPattern{{Key: "oversized", Pattern: "/^true$/"}}}},
		}
	}
	return []spec.Filter{ruby(code{
		setup: setup + `; ` + setOwn,
		// What is cut is the text of everything that is not the event's own, so that what was redacted stays so. Characters that
		// JSON escapes make it longer than it is: it is cut again until it fits.
		each: `n = record.to_json.bytesize; if n > @max; ` +
			`rest = record.reject { |k, _| @own.include?(k) }; ` +
			`text = rest.keys == ["message"] ? rest["message"].to_s : rest.to_json; ` +
			`record.keep_if { |k, _| @own.include?(k) }; ` +
			`record.update("truncated" => true, "original_bytes" => n); ` +
			`room = @max - record.to_json.bytesize - 16; ` +
			`text = text.byteslice(0, room).scrub(""); ` +
			`while (b = text.to_json.bytesize) > room; text = text.byteslice(0, text.bytesize * room / b).scrub(""); end; ` +
			`record["message"] = text; end`,
	})}
}

// literal quotes a value for Fluentd's configuration, which would take it for JSON, or end it at a "#"
// (gh:fluent/fluentd lib/fluent/config/literal_parser.rb, scan_single_quoted_string).
func literal(value string) string { return rubyString(value) }

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
