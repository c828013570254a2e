package logging_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/components/logging"
)

// kinds are the plugins of filters, in their order.
func kinds(filters any) []string {
	var names []string
	list, _ := filters.([]any)
	for _, filter := range list {
		for kind := range filter.(map[string]any) {
			names = append(names, kind)
		}
	}
	return names
}

// Before flows, and so before any buffer.
func TestTheFirstThingThatAnEventGetsIsItsID(t *testing.T) {
	filters := at(up(t, nil).Named(t, "eks-system"), "spec.globalFilters")
	assert.Equal(t, []string{"record_modifier", "elasticsearch_genid", "record_modifier"}, kinds(filters))
	assert.Equal(t, []any{
		map[string]any{"record_modifier": map[string]any{"char_encoding": "utf-8:utf-8"}},
		map[string]any{"elasticsearch_genid": map[string]any{
			"hash_id_key": "event_id", "hash_type": "sha256", "include_tag_in_seed": true,
			// Fluentd's own time has no more than seconds when it is a seed; the runtime's is in the record.
			"use_record_as_seed": true, "record_keys": "time,stream,message",
		}},
	}, filters.([]any)[:2])
}

func TestWhatAFlowDoes(t *testing.T) {
	flow := func(change func(*logging.Args)) []string {
		return kinds(at(up(t, change).Named(t, "eks-flow/everything"), "spec.filters"))
	}
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "dedot", "record_modifier"}, flow(nil))
	assert.Equal(t, []string{"record_modifier", "dedot", "record_modifier"},
		flow(func(a *logging.Args) { a.Flows[0].Parser = logging.NoParser }))
	redacting := func(a *logging.Args) { a.Events.RedactFields = []string{"password"} }
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "record_modifier", "dedot", "record_modifier"}, flow(redacting))
	assert.Equal(t, []string{"parser", "record_modifier", "record_modifier", "dedot", "record_modifier", "grep"},
		flow(func(a *logging.Args) { a.Events.Oversize = logging.Divert }))

	unmatched := up(t, redacting).Named(t, "eks-system")
	assert.Equal(t, []string{"record_modifier", "record_modifier", "dedot", "record_modifier"},
		kinds(at(unmatched, "spec.defaultFlow.filters")), "what nobody takes is redacted too")
}

// No line is lost in a parser: what is no object stays text, and so does what begins an array, of which the filter would keep
// the first object alone.
func TestParsersTakeEveryLine(t *testing.T) {
	parser := func(p logging.Parser) map[string]any {
		flow := up(t, func(a *logging.Args) { a.Flows[0].Parser = p }).Named(t, "eks-flow/everything")
		return at(flow, "spec.filters").([]any)[0].(map[string]any)["parser"].(map[string]any)
	}
	formats := func(p map[string]any) []any {
		var found []any
		for _, pattern := range p["parse"].(map[string]any)["patterns"].([]any) {
			pattern := pattern.(map[string]any)
			found = append(found, pattern["format"])
			if pattern["format"] != "none" {
				assert.Equal(t, "log_pipeline_time", pattern["time_key"], "else a line's own time is taken out of it, or refuses it")
			}
		}
		return found
	}
	forJSON := parser(logging.JSON)
	assert.Equal(t, []any{"regexp", "json", "none"}, formats(forJSON))
	assert.Equal(t, []any{"regexp", "regexp", "json", "none"}, formats(parser(logging.Istio)))
	for setting, want := range map[string]any{
		"key_name": "message", "reserve_data": true, "reserve_time": true,
		"emit_invalid_record_to_error": false, "hash_value_field": "log_pipeline_parsed",
	} {
		assert.Equal(t, want, forJSON[setting], setting)
	}
	assert.NotContains(t, forJSON, "remove_key_name_field", "the line stays until what was found in it is taken")
}

func TestThePartitionKeyIsTheEventOrThePod(t *testing.T) {
	stream := up(t, func(a *logging.Args) { a.Events.PartitionKey = logging.ByPod }).Named(t, "eks-output/stream")
	assertAll(t, stream, map[string]any{"spec.kinesisStream.partition_key": "pod"})
}
