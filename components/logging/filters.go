package logging

import spec "example.com/log-pipeline/internal/loggingspec"

// parsed is where a parser leaves the fields of a line until they are made fields of the event.
const parsed = "log_pipeline_parsed"

// globalFilters are the first, before flows and buffers.
func globalFilters() []spec.Filter {
	return []spec.Filter{
		// Bytes that are no UTF-8 become U+FFFD: no JSON can be made of them, and the whole chunk would fail.
		{RecordModifier: &spec.RecordModifier{CharEncoding: "utf-8:utf-8"}},
		// The tag holds pod and container id, and time is the runtime's, with nanoseconds: the same line has the same id however
		// often it is sent or read. The metadata of Kubernetes is left out, since it may be another when a file is read again.
		{ElasticsearchGenID: &spec.ElasticsearchGenID{
			HashIDKey: "event_id", HashType: "sha256",
			IncludeTagInSeed: true, UseRecordAsSeed: true, RecordKeys: "time,stream,message",
		}},
		// The router decides by the first event of a tag where all go (gh:kube-logging/fluent-plugin-label-router
		// lib/fluent/plugin/out_label_router.rb, sticky_tags), and the agent leaves out all metadata where Kubernetes does not
		// answer (gh:fluent/fluent-bit plugins/filter_kubernetes/kube_meta.c, flb_kube_meta_get).
		nameContainer(),
	}
}

// filters are what a flow does to each event, in this order: what is redacted is what was parsed, and what is measured is
// what is sent.
func (a Args) filters(parser Parser) []spec.Filter {
	var filters []spec.Filter
	if parser != NoParser {
		filters = append(filters, parse(parser), mergeParsed())
	}
	filters = append(filters, a.Events.redact()...)
	filters = append(filters,
		a.identify(),
		// After the router, which compares labels with their dots.
		spec.Filter{Dedot: &spec.Dedot{Nested: true, Separator: "_"}},
	)
	return append(filters, a.Events.oversize()...)
}
