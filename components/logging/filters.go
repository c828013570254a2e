package logging

import (
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/model/filter"
)

// parsed is where a parser leaves the fields of a line until they are made fields of the event.
const parsed = "log_pipeline_parsed"

// globalFilters are the first, before flows and buffers.
func globalFilters() []v1beta1.Filter {
	return []v1beta1.Filter{
		// Bytes that are no UTF-8 become U+FFFD: no JSON can be made of them, and the whole chunk would fail.
		{RecordModifier: &filter.RecordModifier{CharEncoding: "utf-8:utf-8"}},
		// The tag holds pod and container id, and time is the runtime's, with nanoseconds: the same line has the same id however
		// often it is sent or read. The metadata of Kubernetes is left out, since it may be another when a file is read again.
		{ElasticGenId: &filter.ElasticsearchGenId{
			HashIdKey: "event_id", HashType: "sha256",
			IncludeTagInSeed: true, UseRecordAsSeed: true, RecordKeys: "time,stream,message",
		}},
	}
}

// filters are what a flow does to each event, in this order: what is redacted is what was parsed, and what is measured is
// what is sent.
func (a Args) filters(parser Parser) []v1beta1.Filter {
	var filters []v1beta1.Filter
	if parser != NoParser {
		filters = append(filters, parse(parser), ruby(mergeParsed))
	}
	if code, ok := redact(a.Events.RedactFields, a.Events.RedactPatterns); ok {
		filters = append(filters, ruby(code))
	}
	filters = append(filters,
		v1beta1.Filter{RecordModifier: &filter.RecordModifier{Records: []filter.Record{{
			"cluster": a.Cluster,
			// Never empty, since Kinesis refuses a whole batch for one empty partition key.
			"namespace": `${record.dig("kubernetes", "namespace_name") || "unknown"}`,
			"pod":       `${record.dig("kubernetes", "pod_name") || "unknown"}`,
		}}}},
		// After the router, which compares labels with their dots.
		v1beta1.Filter{Dedot: &filter.DedotFilterConfig{Nested: true, Separator: "_"}},
	)
	return append(filters, a.oversize()...)
}
