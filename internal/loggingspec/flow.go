package loggingspec

// ClusterFlow takes logs from all namespaces.
type ClusterFlow struct {
	LoggingRef           string   `json:"loggingRef,omitzero"`
	Match                []Match  `json:"match,omitempty"`
	Filters              []Filter `json:"filters,omitempty"`
	GlobalOutputRefs     []string `json:"globalOutputRefs,omitempty"`
	FlowLabel            string   `json:"flowLabel,omitzero"`
	IncludeLabelInRouter *bool    `json:"includeLabelInRouter,omitzero"`
}

// Match is one of the two. A Select of nothing selects everything.
type Match struct {
	Select  *Selection `json:"select,omitzero"`
	Exclude *Selection `json:"exclude,omitzero"`
}

// Selection is of containers for which all of it holds.
type Selection struct {
	Namespaces     []string          `json:"namespaces,omitempty"`
	Labels         map[string]string `json:"labels,omitempty"`
	ContainerNames []string          `json:"container_names,omitempty"`
}

// Filter is one of the plugins.
type Filter struct {
	RecordModifier     *RecordModifier     `json:"record_modifier,omitzero"`
	Parser             *Parser             `json:"parser,omitzero"`
	ElasticsearchGenID *ElasticsearchGenID `json:"elasticsearch_genid,omitzero"`
	Dedot              *Dedot              `json:"dedot,omitzero"`
	Grep               *Grep               `json:"grep,omitzero"`
	TagNormaliser      *TagNormaliser      `json:"tag_normaliser,omitzero"`
}

// RecordModifier sets and removes fields.
type RecordModifier struct {
	PrepareValue string              `json:"prepare_value,omitzero"`
	CharEncoding string              `json:"char_encoding,omitzero"`
	RemoveKeys   string              `json:"remove_keys,omitzero"`
	Records      []map[string]string `json:"records,omitempty"`
}

// Parser reads a field.
type Parser struct {
	KeyName                  string `json:"key_name,omitzero"`
	ReserveData              bool   `json:"reserve_data,omitzero"`
	ReserveTime              bool   `json:"reserve_time,omitzero"`
	HashValueField           string `json:"hash_value_field,omitzero"`
	EmitInvalidRecordToError *bool  `json:"emit_invalid_record_to_error,omitzero"`
	Parse                    Parse  `json:"parse,omitzero"`
}

// Parse is how a field is read.
type Parse struct {
	Type     string    `json:"type,omitzero"`
	Patterns []Pattern `json:"patterns,omitempty"`
}

// Pattern is one of several formats.
type Pattern struct {
	Format     string `json:"format,omitzero"`
	Expression string `json:"expression,omitzero"`
	Types      string `json:"types,omitzero"`
	TimeKey    string `json:"time_key,omitzero"`
}

// ElasticsearchGenID sets a hash of fields.
type ElasticsearchGenID struct {
	HashIDKey        string `json:"hash_id_key,omitzero"`
	HashType         string `json:"hash_type,omitzero"`
	IncludeTagInSeed bool   `json:"include_tag_in_seed,omitzero"`
	UseRecordAsSeed  bool   `json:"use_record_as_seed,omitzero"`
	RecordKeys       string `json:"record_keys,omitzero"`
}

// Dedot replaces the dots in keys.
type Dedot struct {
	Nested    bool   `json:"de_dot_nested,omitzero"`
	Separator string `json:"de_dot_separator,omitzero"`
}

// Grep leaves events out.
type Grep struct {
	Exclude []GrepPattern `json:"exclude,omitempty"`
}

// GrepPattern is of the value of a field.
type GrepPattern struct {
	Key     string `json:"key,omitzero"`
	Pattern string `json:"pattern,omitzero"`
}

// TagNormaliser gives events another tag.
type TagNormaliser struct {
	Format string `json:"format,omitzero"`
}
