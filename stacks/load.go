package stacks

import (
	"time"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/settings"
)

func (c *Config) declareLoad(s *settings.Section) {
	l := &c.Load
	settings.Rate(s, &l.PeakRecordsPerSecond, "peakRecordsPerSecond", 0, capacity.Rate, "Records a second at the busiest hour.").Required()
	settings.Rate(s, &l.MeanRecordsPerSecond, "meanRecordsPerSecond", 0, capacity.Rate, "Records a second over a whole day, at most the peak.").Required()
	settings.Integer(s, &l.MeanRecordBytes, "meanRecordBytes", 1000, capacity.RecordBytes, "Mean size of a record, uncompressed, with its partition key.")
	settings.Integer(s, &l.LargestRecordBytes, "largestRecordBytes", 262_144, capacity.LargestRecordBytes,
		"Size of the largest record, uncompressed, with its partition key.")
	settings.Number(s, &l.BurstFactor, "burstFactor", 2, capacity.BurstFactor, "How many times the peak a burst reaches.")
	settings.Seconds(s, &l.Burst, "burstSeconds", 5*time.Minute, capacity.BurstSeconds, "How long a burst lasts; 0 for no bursts.")
	settings.Seconds(s, &c.StreamOutage, "streamOutageSeconds", time.Hour, capacity.OutageSeconds, "How long Kinesis may be away before a log is lost.")
	settings.Seconds(s, &c.FluentdOutage, "fluentdOutageSeconds", 30*time.Minute, capacity.OutageSeconds,
		"How long Fluentd may be away before a log is lost.")
}

// completeLoad counts the consumers that share a shard's read throughput: the deliveries. Whatever else reads does it by fan-out.
func (c *Config) completeLoad() {
	c.Load.SharedReaders = 1
	if c.Search.Enabled {
		c.Load.SharedReaders = 2
	}
}
