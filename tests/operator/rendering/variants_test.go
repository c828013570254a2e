package rendering_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/operator/rendering"
)

func TestS3BesideTheStreamHasTheSameEvents(t *testing.T) {
	p := build(t, everyOutput)
	shop := p.chain(p.flowLabels()[labelOf(t, p, "shop")])
	assert.Equal(t, []string{"kinesis_firehose", "s3", "kinesis_streams"}, typesOf(shop, "kinesis_firehose", "s3", "kinesis_streams"),
		"one flow, and after all its filters one copy to each output")
	assert.Equal(t, []string{"copy"}, typesOf(shop, "copy"))
	for _, section := range shop {
		if section.Settings["@type"] == "copy" {
			assert.NotContains(t, section.Settings, "copy_mode", "no output changes events, so none needs its own")
		}
	}

	mesh := p.chain(p.flowLabels()[labelOf(t, p, "mesh")])
	assert.Equal(t, []string{"s3"}, typesOf(mesh, "kinesis_firehose", "s3", "kinesis_streams"), "a flow to one of them")
}

// The writer role may write and nothing else, and old and new path are compared by their objects.
func TestS3NeedsNoMoreThanToWrite(t *testing.T) {
	p := build(t, everyOutput)
	keys := make(map[string]string)
	for _, output := range p.of("s3") {
		for _, check := range []string{"check_bucket", "check_object", "check_apikey_on_start", "auto_create_bucket"} {
			assert.Equal(t, "false", output.Settings[check], check)
		}
		assert.Contains(t, output.Settings["s3_object_key_format"], "%{hex_random}", "a retry writes the same object again")
		assert.Equal(t, "gzip", output.Settings["store_as"])
		keys[output.Settings["s3_bucket"]] = output.Settings["path"]
	}
	assert.Equal(t, map[string]string{
		"raw-bucket":    logging.DefaultS3Prefix + "dt=%Y-%m-%d/hour=%H/",
		"failed-bucket": logging.DefaultFailedPrefix + "dt=%Y-%m-%d/hour=%H/",
	}, keys)
}

func TestFirehoseAlone(t *testing.T) {
	p := build(t, func(a *logging.Args) {
		a.Stream, a.Firehose = nil, &logging.Firehose{DeliveryStreamName: "direct", Region: "eu-west-1"}
	})
	assert.Empty(t, p.of("kinesis_streams"))
	require.Len(t, p.of("kinesis_firehose"), 1)
	output := p.of("kinesis_firehose")[0]
	assert.Equal(t, "direct", output.Settings["delivery_stream_name"])
	assert.Equal(t, "eu-west-1", output.Settings["region"])
	assert.Equal(t, "321", output.Settings["retries_on_batch_request"])
	for _, flow := range []string{"shop", "mesh"} {
		label := p.flowLabels()[labelOf(t, p, flow)]
		assert.Equal(t, []string{"kinesis_firehose"}, typesOf(p.chain(label), "kinesis_firehose", "s3"))
	}
}

func TestS3AloneIsTheOldPath(t *testing.T) {
	p := build(t, func(a *logging.Args) { everyOutput(a); a.Stream, a.Firehose = nil, nil })
	assert.Empty(t, p.of("kinesis_streams", "kinesis_firehose"))
	assert.True(t, p.endsIn(p.flowLabels()[labelOf(t, p, "shop")], "raw-bucket"))
}

func TestOversizedRecordsAreDivertedWhole(t *testing.T) {
	p := build(t, func(a *logging.Args) { a.Events.Oversize, a.Events.MaxBytes = logging.Divert, 500_000 })
	raises := func(filter *rendering.Section) bool {
		prepared := filter.Settings["prepare_value"]
		return strings.Contains(prepared, "@max = 500000") && strings.Contains(prepared, "raise ") && runs(filter)
	}
	for _, flow := range []string{"shop", "mesh"} {
		label := p.flowLabels()[labelOf(t, p, flow)]
		assert.True(t, p.meets(label, "record_modifier", raises), "what is raised for goes to @ERROR")
		assert.True(t, p.meets(label, "grep", func(filter *rendering.Section) bool {
			excluded := filter.Child("exclude", "")
			return excluded != nil && excluded.Settings["key"] == "oversized"
		}), "and not to the stream too")
	}
	assert.True(t, p.endsIn("@ERROR", "failed-bucket"))
}

func TestNothingIsRedactedUnlessConfigured(t *testing.T) {
	p := build(t, func(a *logging.Args) { a.Events.RedactFields, a.Events.RedactPatterns = nil, nil })
	assert.NotContains(t, p.Fluentd, "REDACTED")
}

func TestPrometheusIsAnOption(t *testing.T) {
	without := build(t)
	assert.Empty(t, without.ServiceMonitors)
	assert.Empty(t, without.PrometheusRules)

	monitors := build(t, func(a *logging.Args) { a.Monitoring.ServiceMonitors = true })
	assert.Len(t, monitors.ServiceMonitors, 4, "of agents and Fluentd, and of the volumes of both")
	assert.Empty(t, monitors.PrometheusRules)
	assert.Equal(t, "true", monitors.of("label_router")[0].Settings["metrics"])

	rules := build(t, func(a *logging.Args) { a.Monitoring.PrometheusRules = true })
	assert.Empty(t, rules.ServiceMonitors)
	alerts := make(map[string]bool)
	for _, rule := range rules.PrometheusRules {
		for _, group := range rule.Spec.Groups {
			for _, alert := range group.Rules {
				alerts[alert.Alert] = true
			}
		}
	}
	for _, name := range []string{"FluentdNodeDown", "FluentdRetry", "FluentdOutputError", "FluentdBufferSize", "FluentbitBufferSize", "FluentbitTooManyErrors"} {
		assert.True(t, alerts[name], "%s is not among %v", name, alerts)
	}
}

// labelOf is the index of a flow's label.
func labelOf(t *testing.T, p *pipeline, flow string) int {
	t.Helper()
	index := 0
	for route := range p.fluentd.All("route") {
		if strings.Contains(route.Settings["metrics_labels"], ":"+flow+`"`) {
			return index
		}
		index++
	}
	require.Fail(t, "no route", flow)
	return 0
}

// typesOf are the types of sections, of those that are asked for.
func typesOf(sections []*rendering.Section, wanted ...string) []string {
	var types []string
	for _, section := range sections {
		for _, kind := range wanted {
			if section.Settings["@type"] == kind {
				types = append(types, kind)
			}
		}
	}
	return types
}
