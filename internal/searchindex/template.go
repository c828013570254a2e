package searchindex

import "strconv"

// TimeField is when an event happened.
const TimeField = "@timestamp"

// unindexed is what is shown and not found.
const unindexed = "unindexed"

// template is what each new index is made as.
func (s Settings) template() Document {
	return Document{
		Kind: Template, Name: s.IndexName, Method: "PUT", Path: "/_index_template/" + s.IndexName,
		Body: body(values{
			"index_patterns": []string{s.Pattern()},
			"priority":       priority,
			"template": values{
				"settings": values{"index": values{
					"number_of_shards":   strconv.Itoa(s.Shards),
					"number_of_replicas": strconv.Itoa(s.Replicas),
					"refresh_interval":   s.refreshInterval(),
					"default_pipeline":   s.IndexName,
					"codec":              "best_compression",
					"query":              values{"default_field": defaultFields()},
					"highlight":          values{"max_analyzed_offset": strconv.Itoa(maxHighlighted)},
					"search":             slowSearch(),
					"indexing":           slowIndexing(),
				}},
				"mappings": mappings(),
			},
		}),
	}
}

const (
	// priority is higher than that of what others may have made for all indices.
	priority = 200
	// maxHighlighted is above the 1 MiB of a record: Discover highlights what it finds, and by default fails on a text of more than a
	// million characters (docs.opensearch.org/latest/search-plugins/searching-data/highlight).
	maxHighlighted = 2 << 20
)

// indexSettings are those of the template that indices can still take once they exist.
func (s Settings) indexSettings() Document {
	return Document{
		Kind: IndexSettings, Name: s.Pattern(), Method: "PUT", Path: "/" + s.Pattern() + "/_settings",
		Body: body(values{"index": values{
			"number_of_replicas": strconv.Itoa(s.Replicas),
			"refresh_interval":   s.refreshInterval(),
			"search":             slowSearch(),
			"indexing":           slowIndexing(),
		}}),
	}
}

// slowSearch is what the slow log of searches has, which has nothing unless it is told what is slow
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html). What counts is a shard's part.
func slowSearch() values {
	return values{"slowlog": values{"threshold": values{
		"query": values{"warn": "10s", "info": "5s"},
		"fetch": values{"warn": "5s"},
	}}}
}

// slowIndexing is the same for documents that are slow to index, without what is in them.
func slowIndexing() values {
	return values{"slowlog": values{"threshold": values{"index": values{"warn": "10s"}}, "source": "false"}}
}

func (s Settings) refreshInterval() string { return strconv.Itoa(s.RefreshSeconds) + "s" }

// mappings are the same however many keys events have: what is no field here is not mapped.
func mappings() values {
	kubernetes := properties(ofKubernetes)
	all := properties(known)
	all[TimeField] = values{"type": "date", "ignore_malformed": true}
	all["kubernetes"] = values{"dynamic": "false", "properties": kubernetes}
	all["fields"] = values{"type": "flat_object"}
	all["words"] = text()
	all[unindexed] = values{"type": "object", "enabled": false}
	all["unshaped"] = values{"type": "boolean"}
	return values{
		"dynamic":    "false",
		"_source":    values{"excludes": []string{"words"}},
		"properties": all,
	}
}

// defaultFields are those that a search without a field looks in.
func defaultFields() []string {
	fields := []string{"message", "message.parts", "words", "words.parts", "fields"}
	for _, field := range known {
		if field.kind == keyword {
			fields = append(fields, field.name)
		}
	}
	return fields
}

func properties(fields []field) values {
	all := values{}
	for _, field := range fields {
		all[field.name] = field.property()
	}
	return all
}

func (f field) property() values {
	switch f.kind {
	case keyword:
		return values{"type": "keyword", "ignore_above": maxTermCharacters}
	case words:
		return text()
	default:
		return values{"type": string(f.kind)}
	}
}

// text is found by its words and by their parts: the standard analyzer leaves java.lang.IllegalStateException and user_id one word
// each, and simple knows nothing but letters (docs.opensearch.org/latest/analyzers/supported-analyzers). No length is scored.
func text() values {
	return values{
		"type": "text", "norms": false,
		"fields": values{"parts": values{"type": "text", "analyzer": "simple", "norms": false}},
	}
}
