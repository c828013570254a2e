package searchindex

// kind is what a field takes, and how it is found.
type kind string

const (
	// keyword is found as a whole, and sorted by.
	keyword kind = "keyword"
	// words is a text that is found by its words.
	words kind = "text"
	// long is a whole number, digits in a text included.
	long kind = "long"
	// boolean is true or false.
	boolean kind = "boolean"
	// flat is any JSON object, whose values are found as a whole by the path to them, however many there are.
	flat kind = "flat_object"
	// object is a JSON object whose fields are known.
	object kind = "object"
	// metadata is what OpenSearch itself keeps about a document while it shapes it.
	metadata kind = "metadata"
)

// field is a field that is known.
type field struct {
	name string
	kind kind
}

// known are the fields of an event as components/logging has Fluentd send it, and those of Istio's access log in JSON: the columns of
// components/delivery, with their types.
var known = []field{
	{"event_id", keyword},
	{"cluster", keyword},
	{"namespace", keyword},
	{"pod", keyword},
	{"truncated", boolean},
	{"original_bytes", long},
	{"time", keyword},
	{"stream", keyword},
	{"message", words},
	{"start_time", keyword},
	{"method", keyword},
	{"path", keyword},
	{"protocol", keyword},
	{"response_code", long},
	{"response_flags", keyword},
	{"response_code_details", keyword},
	{"connection_termination_details", keyword},
	{"upstream_transport_failure_reason", keyword},
	{"bytes_received", long},
	{"bytes_sent", long},
	{"duration", long},
	{"upstream_service_time", keyword},
	{"x_forwarded_for", keyword},
	{"user_agent", keyword},
	{"request_id", keyword},
	{"authority", keyword},
	{"upstream_host", keyword},
	{"upstream_cluster", keyword},
	{"upstream_local_address", keyword},
	{"downstream_local_address", keyword},
	{"downstream_remote_address", keyword},
	{"requested_server_name", keyword},
	{"route_name", keyword},
}

// ofKubernetes are those of the event's object kubernetes.
var ofKubernetes = []field{
	{"pod_name", keyword},
	{"namespace_name", keyword},
	{"container_name", keyword},
	{"host", keyword},
	{"labels", flat},
}

// A document's metadata lies among its fields while a pipeline runs
// (gh:opensearch-project/OpenSearch server/src/main/java/org/opensearch/ingest/IngestDocument.java).
var (
	// overwritten are the names under which there is always some: what an event itself has there is lost.
	overwritten = []string{"_id", "_index", "_version", "_version_type"}
	// made are those that the pipeline has something of its own under. The first holds what is moved.
	made = []string{unindexed, TimeField, "fields", "words", "unshaped"}
	// overriding are those under which an event would say itself where it goes, and be refused.
	overriding = []string{"_routing", "_if_seq_no", "_if_primary_term"}
)

const (
	// maxTermCharacters of a text make at most 32,766 bytes, three for each in UTF-8: Lucene's longest term. A longer one is refused
	// with its document (lucene.apache.org/core/9_12_0/core/org/apache/lucene/index/IndexWriter.html#MAX_TERM_LENGTH).
	maxTermCharacters = 32_766 / 3
	// maxDepth is OpenSearch's own limit for mapped objects (docs.opensearch.org/latest/install-and-configure/configuring-opensearch/
	// index-settings, index.mapping.depth.limit). A flat_object has none: at some 900 levels its parser ends the node.
	maxDepth = 20
	// maxIDCharacters make at most 512 bytes, which is the longest _id
	// (docs.opensearch.org/latest/api-reference/document-apis/index-document).
	maxIDCharacters = 512 / 3
)
