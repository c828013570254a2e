// Package searchindex says what is inside an OpenSearch domain in which logs are searched: by which settings, and as which
// documents. It knows neither Pulumi nor AWS: the program checks settings by it, and a function puts the documents
// (package searchinside).
//
// # What a search finds
//
// An event is a JSON object. Its known fields, those of [components/delivery.DefaultColumns], are found under their own names
// with a type each: message by its words and, as message.parts or where no field is named, by parts of them, such as IllegalStateException,
// numbers by range, all else as a whole. What is no known field, or is one with a value of another kind, is under fields: by path
// and whole value (fields.level:error, fields.user.id:5), with wildcards, and its texts by their words where no field is named.
// So text, number, list and object under one name are all taken, and the fields of the mapping are 46 whatever events
// have. Labels of Kubernetes are found the same way, dots and slashes in their keys included. Both are of the type flat_object
// (docs.opensearch.org/latest/mappings/supported-field-types/flat-object): no sums and no charts by what is in them, and no
// ranges of numbers.
//
// A document shows the event as it was, with what has moved into fields there. What Lucene has no term for, texts of more
// than some 10,000 characters, and what lies deeper than 20 levels, is under unindexed: shown and not found, but for the
// words of long texts. [TimeField] is time, else start_time, else the event's own @timestamp, whichever is a time of ISO 8601
// with its zone, and else when the event arrived.
//
// # What is refused
//
// Of JSON objects, what is no JSON to OpenSearch: a number of more than 1,000 digits, or the same key twice. With any pipeline such an
// event is refused with all events of its request (gh:elastic/elasticsearch#138445), which Firehose then puts with its failed
// documents. So whoever writes to the stream has to keep from it, as from bytes that are no UTF-8; and from objects within objects
// some thousand levels deep, which end the node that takes them (gh:opensearch-project/OpenSearch#5195). What Fluentd writes
// has a hundred at most.
//
// On an event with a whole number beyond 64 bits OpenSearch runs no script: it is taken, marked as unshaped and found by its
// known fields alone; it is refused where it also has a key that is empty, has a dot at an end or is one of OpenSearch's own,
// such as _source. The keys _id, _index, _version and _version_type of an event are lost.
//
// # One document for an event
//
// Firehose gives each record an id that stays the same in its own retries, and can take no field as one
// (docs.aws.amazon.com/firehose/latest/APIReference/API_DocumentIdOptions.html). Copies that were made before it, by an agent
// or by PutRecords, and a replay have others. So the pipeline makes an event's event_id the document's id, if it is a
// text of 1 to 170 characters: the last copy stays. Ids are an index's own: a copy that arrives after the next rotation is
// a second document.
//
// # Rotation, not rollover
//
// Firehose begins a new index by the time of arrival, in UTC (docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html),
// and a policy deletes indices by their age. A rollover behind a write alias would make a second document of what is
// retried after it, and the alias would have to be there before Firehose's first request. Each document is kept for
// DaysKept at least: an index goes once its youngest one is that old, at most one rotation later, and within some ten minutes, since
// policies run every 5 to 8 (docs.aws.amazon.com/opensearch-service/latest/developerguide/ism.html).
//
// # What changes when
//
// Replicas, RefreshSeconds and DaysKept are those of indices that exist too. Shards and the mapping are those of the next
// index. Another IndexName leaves all of the old one as it is: its indices are still deleted by their age, and no longer in the pattern.
package searchindex
