package stacks

import (
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/settings"
)

// EventsConfig is what becomes of each event.
type EventsConfig struct{ logging.Events }

func (c *EventsConfig) declare(s *settings.Section) {
	settings.List(s, &c.RedactFields, "redactFields", logging.RedactField, "Fields whose values are replaced in every event.")
	settings.List(s, &c.RedactPatterns, "redactPatterns", logging.RedactPattern,
		"Regular expressions; what matches one of them is replaced in every event.")
	settings.Text(s, &c.PartitionKey, "partitionKey", logging.ByEvent, logging.PartitionKeys,
		"Field that spreads the events over the shards: evenly, or all of a pod to one shard, and so in order.")
	settings.Text(s, &c.Oversize, "oversize", logging.Truncate, logging.Oversizes,
		"What is done to records that Kinesis would not take: cut, with a mark, or written whole to the failed bucket.")
}
