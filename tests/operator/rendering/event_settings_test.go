package rendering_test

import (
	"strings"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/tests/operator/rendering"
)

func eventSettings() []setting {
	return []setting{
		{
			"every event has an id before the router and the first buffer",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "event_id", p.identifier().Settings["hash_id_key"])
				for _, section := range p.fluentd.Sections {
					if section == p.identifier() {
						return
					}
					assert.NotContains(t, []string{"match", "label"}, section.Name)
				}
			},
			withoutFilter("elasticsearch_genid"),
		},
		{
			// gh:uken/fluent-plugin-elasticsearch lib/fluent/plugin/filter_elasticsearch_genid.rb: without use_record_as_seed the id is
			// random, and include_time_in_seed has whole seconds.
			"the id is the same when the line is sent again, and another for another line",
			func(t assert.TestingT, p *pipeline) {
				seed := p.identifier().Settings
				assert.Equal(t, "true", seed["use_record_as_seed"])
				assert.Equal(t, "true", seed["include_tag_in_seed"], "the tag has pod, container and the container's id")
				assert.Subset(t, strings.Split(seed["record_keys"], ","), []string{"time", "stream", "message"})
			},
			withoutInFilter("elasticsearch_genid", "use_record_as_seed"),
		},
		{
			"text that is no UTF-8 is mended before anything reads it",
			func(t assert.TestingT, p *pipeline) {
				first := p.fluentd.Child("filter", "**")
				if assert.NotNil(t, first) {
					assert.Equal(t, "utf-8:utf-8", first.Settings["char_encoding"])
				}
			},
			withoutInFilter("record_modifier", "char_encoding"),
		},
		{
			"every event says where it is from",
			everyFlow("record_modifier", func(filter *rendering.Section) bool {
				record := filter.Child("record", "")
				return record != nil && record.Settings["cluster"] == "eu-prod" &&
					record.Settings["namespace"] == `${@known.call(record, "namespace_name")}` &&
					record.Settings["pod"] == `${@known.call(record, "pod_name")}` &&
					strings.Contains(filter.Settings["prepare_value"], `record.dig("kubernetes", key)`)
			}),
			withoutInFilter("record_modifier", "records"),
		},
		{
			// gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb: it decides by a tag's first event.
			"namespace, pod and container are known before the router, by the agent's tag",
			func(t assert.TestingT, p *pipeline) {
				if input := p.agent.Child("INPUT", ""); assert.NotNil(t, input) {
					assert.Equal(t, "kubernetes.*", input.Settings["tag"], "the star is the path")
					assert.Equal(t, "/var/log/containers/*.log", input.Settings["path"])
				}
				for _, section := range p.fluentd.Sections {
					if strings.Contains(section.Settings["prepare_value"], `/\Akubernetes\.var\.log\.containers\.(?<pod_name>`) && runs(section) {
						return
					}
					if section.Settings["@type"] == "label_router" {
						break
					}
				}
				assert.Fail(t, "the router sees what the agent sent")
			},
			withoutInFilter("record_modifier", "prepare_value"),
		},
		{
			"a line stays until what was found in it is taken, and is not too deep",
			func(t assert.TestingT, p *pipeline) {
				assert.NotEmpty(t, p.of("parser"))
				for _, parser := range p.of("parser") {
					assert.NotEqual(t, "true", parser.Settings["remove_key_name_field"])
				}
			},
			eachFilter(func(filter map[string]any) (kept, altered bool) {
				parser, altered := filter["parser"].(map[string]any)
				if altered {
					parser["remove_key_name_field"] = true
				}
				return true, altered
			}),
		},
		{
			"labels have no dots",
			everyFlow("dedot", func(filter *rendering.Section) bool { return filter.Settings["de_dot_nested"] == "true" }),
			withoutInFilter("dedot", "de_dot_nested"),
		},
		{
			"fields and patterns are redacted",
			everyFlow("record_modifier", func(filter *rendering.Section) bool {
				prepared := filter.Settings["prepare_value"]
				return strings.Contains(prepared, `@fields = ['password']`) && strings.Contains(prepared, `@patterns = ['\\b\\d{16}\\b']`) && runs(filter)
			}),
			withoutInFilter("record_modifier", "prepare_value"),
		},
		{
			"records that Kinesis would not take are cut, with a mark",
			everyFlow("record_modifier", func(filter *rendering.Section) bool {
				prepared := filter.Settings["prepare_value"]
				return strings.Contains(prepared, "@max = 1000000") && strings.Contains(prepared, `"truncated" => true`) && runs(filter)
			}),
			withoutInFilter("record_modifier", "prepare_value"),
		},
		{
			"the stream's shards are chosen by a field that every event has",
			func(t assert.TestingT, p *pipeline) {
				assert.NotEmpty(t, p.of("kinesis_streams"))
				for _, output := range p.of("kinesis_streams") {
					assert.Equal(t, p.identifier().Settings["hash_id_key"], output.Settings["partition_key"])
				}
			},
			without("ClusterOutput", "spec", "kinesisStream", "partition_key"),
		},
		{
			"chunks hold events of all containers",
			func(t assert.TestingT, p *pipeline) {
				for _, label := range p.flowLabels()[:2] {
					for _, section := range p.chain(label) {
						if section.Settings["@type"] == "kinesis_streams" {
							break
						}
						if section.Settings["@type"] == "tag_normaliser" {
							assert.NotContains(t, section.Settings["format"], "$")
							return
						}
					}
				}
				assert.Fail(t, "the agent's tags divide chunks")
			},
			withoutFilter("tag_normaliser"),
		},
		{
			"lines that are JSON are read, and no line is dropped",
			parsesIn("shop", "json"),
			withoutFilter("parser"),
		},
		{
			"Istio's access logs are read, in both formats",
			func(t assert.TestingT, p *pipeline) {
				parsesIn("mesh", "json")(t, p)
				for _, expression := range p.patterns("mesh", "regexp") {
					if strings.Contains(expression, "(?<response_code>") {
						return
					}
				}
				assert.Fail(t, "no pattern of Istio's text format")
			},
			withoutFilter("parser"),
		},
	}
}

// identifier is the filter that gives events their id, where every event meets it.
func (p *pipeline) identifier() *rendering.Section {
	for _, section := range p.fluentd.Sections {
		if section.Settings["@type"] == "elasticsearch_genid" {
			return section
		}
	}
	return &rendering.Section{}
}

// everyFlow checks that events of every flow and of the default flow meet a filter before they are delivered.
func everyFlow(plugin string, wanted func(filter *rendering.Section) bool) func(assert.TestingT, *pipeline) {
	return func(t assert.TestingT, p *pipeline) {
		assert.Len(t, p.flowLabels(), 3)
		for _, label := range p.flowLabels() {
			assert.True(t, p.meets(label, plugin, wanted), "events of %s are delivered without it", label)
		}
	}
}

func (p *pipeline) meets(label, plugin string, wanted func(filter *rendering.Section) bool) bool {
	for _, section := range p.chain(label) {
		switch section.Settings["@type"] {
		case plugin:
			if wanted(section) {
				return true
			}
		case "kinesis_streams", "kinesis_firehose", "s3", "copy":
			return false
		}
	}
	return false
}

// parsesIn checks that lines of a flow are tried as a format, and as plain text last.
func parsesIn(flow, format string) func(assert.TestingT, *pipeline) {
	return func(t assert.TestingT, p *pipeline) {
		parser := p.parser(flow)
		assert.Equal(t, "message", parser.Settings["key_name"])
		assert.Equal(t, "true", parser.Settings["reserve_data"])
		assert.Equal(t, "true", parser.Settings["reserve_time"], "an event keeps the time of the runtime")
		assert.NotEmpty(t, p.patterns(flow, format))
		if patterns := parser.Child("parse", ""); assert.NotNil(t, patterns) && assert.NotEmpty(t, patterns.Sections) {
			assert.Equal(t, "multi_format", patterns.Settings["@type"])
			assert.Equal(t, "none", patterns.Sections[len(patterns.Sections)-1].Settings["format"])
		}
	}
}

func (p *pipeline) parser(flow string) *rendering.Section {
	for _, section := range p.of("parser") {
		if strings.HasPrefix(section.Settings["@id"], "clusterflow:logging:"+flow+":") {
			return section
		}
	}
	return &rendering.Section{}
}

// patterns are the expressions of a flow's patterns of a format.
func (p *pipeline) patterns(flow, format string) []string {
	var expressions []string
	for pattern := range p.parser(flow).All("pattern") {
		if pattern.Settings["format"] == format {
			expressions = append(expressions, pattern.Settings["expression"])
		}
	}
	return expressions
}

// runs says whether a filter calls what it has prepared for each event.
func runs(filter *rendering.Section) bool {
	record := filter.Child("record", "")
	return record != nil && record.Settings["log_pipeline_scratch"] == "${@each.call(record, tag); nil}" &&
		strings.Contains(filter.Settings["prepare_value"], "\n@each = lambda do |record, ")
}
