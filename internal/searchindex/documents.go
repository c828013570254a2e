package searchindex

import "encoding/json"

// Kind says how OpenSearch answers with a document, and how another is put in its place.
type Kind string

const (
	// Pipeline is an ingest pipeline.
	Pipeline Kind = "ingest pipeline"
	// Template is an index template.
	Template Kind = "index template"
	// IndexSettings are settings of the indices that exist.
	IndexSettings Kind = "index settings"
	// Policy is a policy of index state management.
	Policy Kind = "lifecycle policy"
	// Enrolment is the policy's hold on the indices that exist.
	Enrolment Kind = "enrolment"
	// Audit says what the security plugin writes into the audit log.
	Audit Kind = "audit"
	// Role is a role of the security plugin.
	Role Kind = "role"
	// Members are backend roles that a role has beside others, which stay.
	Members Kind = "role members"
	// Mapping is who has a role of the security plugin, and nobody else.
	Mapping Kind = "role mapping"
	// SavedObject is an object of Dashboards.
	SavedObject Kind = "saved object"
	// DefaultIndex is the index pattern that Dashboards opens first, unless somebody has chosen another.
	DefaultIndex Kind = "default index pattern"
)

// Document is something inside a domain.
type Document struct {
	// Kind says what it is.
	Kind Kind
	// Name is its name among those of its kind.
	Name string
	// Method and Path put it.
	Method, Path string
	// Body is what is put.
	Body json.RawMessage
}

// String names the document in messages.
func (d Document) String() string { return string(d.Kind) + " " + d.Name }

// Documents are all that is inside a domain, in the order in which they are put: an index that Firehose makes meanwhile has its
// pipeline and template, and nobody is let in before what they may do is there. Settings must have passed [Settings.Check].
func (s Settings) Documents() []Document {
	s = s.WithDefaults()
	return []Document{
		s.pipeline(),
		s.template(),
		s.indexSettings(),
		s.policy(),
		s.enrolment(),
		s.audit(),
		s.role(writer), s.role(reader), s.role(admin),
		s.mapping(writer, s.WriterRoleARN),
		s.mapping(reader, s.ReaderRoleARNs...),
		s.members("all_access"), s.members("security_manager"),
		s.mapping(admin, s.AdminRoleARNs...),
		s.indexPattern(),
		s.defaultIndex(),
	}
}

// values is a JSON object.
type values map[string]any

// body is a value as JSON. There is none that has no JSON among those here.
func body(of any) json.RawMessage {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	return text
}
