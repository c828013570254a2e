package searchindex

import (
	_ "embed"
	"slices"
)

var (
	//go:embed documents/shape.painless
	shape string
	//go:embed documents/misfit.painless
	misfit string
)

// pipeline shapes each event.
func (s Settings) pipeline() Document {
	return Document{
		Kind: Pipeline, Name: s.IndexName, Method: "PUT", Path: "/_ingest/pipeline/" + s.IndexName,
		Body: body(values{
			"description": "Shapes log events so that every one is taken, and gives those with an event_id that as _id",
			"processors": []values{{"script": script(shape, values{
				"kinds": kinds(), "kubernetes": kindsOf(ofKubernetes), "id": maxIDCharacters,
				"room": maxTermCharacters - len("kubernetes.labels.="), "depth": maxDepth,
			})}},
			"on_failure": unshaped(),
		}),
	}
}

// unshaped keeps what no script is run on, such as an event with a whole number beyond 64 bits: OpenSearch copies an event before a script
// and knows no such number (gh:opensearch-project/OpenSearch server/src/main/java/org/opensearch/ingest/IngestDocument.java,
// deepCopy). It is marked, found by its known fields, and the rest of it is shown but not found. Conditions are on the event itself.
func unshaped() []values {
	var processors []values
	for _, name := range slices.Concat(made, overriding) {
		processors = append(processors, moved(name, nil))
	}
	processors = append(processors, misfitting("", field{"kubernetes", object}))
	for _, field := range ofKubernetes {
		processors = append(processors, misfitting("kubernetes", field))
	}
	for _, field := range known {
		processors = append(processors, misfitting("", field))
	}
	processors = append(processors, values{"copy": values{"source_field": "_ingest.timestamp", "target_field": TimeField}})
	for _, name := range []string{"start_time", "time"} {
		processors = append(processors, values{"date": values{"field": name, "formats": []string{"ISO8601"}, "ignore_failure": true}})
	}
	return append(processors,
		values{"set": values{"field": "unshaped", "value": true}},
		values{"copy": values{
			"source_field": "event_id", "target_field": "_id", "override_target": true,
			"if": "ctx.event_id instanceof String && ctx.event_id.length() > 0 && ctx.event_id.length() <= 170",
		}},
	)
}

// misfitting moves a field where its value is of another kind.
func misfitting(within string, of field) values {
	path := of.name
	if within != "" {
		path = within + "." + of.name
	}
	return moved(path, script(misfit, values{"within": within, "name": of.name, "kind": of.kind}))
}

func moved(path string, condition any) values {
	rename := values{"field": path, "target_field": unindexed + "." + path, "ignore_missing": true}
	if condition != nil {
		rename["if"] = condition
	}
	return values{"rename": rename}
}

// script is one in Painless. OpenSearch compiles it once, whatever its parameters.
func script(source string, params values) values {
	return values{"lang": "painless", "source": source, "params": params}
}

// kinds are those of an event's own fields.
func kinds() map[string]kind {
	of := kindsOf(known)
	of["kubernetes"] = object
	for _, name := range overwritten {
		of[name] = metadata
	}
	return of
}

func kindsOf(fields []field) map[string]kind {
	of := make(map[string]kind, len(fields))
	for _, field := range fields {
		of[field.name] = field.kind
	}
	return of
}
