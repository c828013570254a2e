package capacity

// Alarm is a metric to watch on the first mile. Its name and where it is are as its exporter writes them.
type Alarm struct {
	// Metric is the name, for CloudWatch with its namespace before it.
	Metric string
	// Condition is when to call somebody.
	Condition string
	// Reason says what has happened then, or is about to.
	Reason string
}

// firstMileAlarms has the metrics of Kinesis (docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html), of
// Fluentd (github.com/fluent/fluent-plugin-prometheus, README.md) and of Fluent Bit's v2 endpoint (docs.fluentbit.io/manual/
// administration/monitoring).
func firstMileAlarms() []Alarm {
	return []Alarm{
		{
			"AWS/Kinesis WriteProvisionedThroughputExceeded", "sum above 0 in a minute",
			"the stream refuses records, and each refusal counts towards the plugin's drop",
		},
		{
			"fluentd_output_status_num_errors", "any increase in 5 minutes",
			"a chunk failed and is retried, or the plugin has dropped records: it counts a batch with drops as one error and logs \"Could not put record\"",
		},
		{
			"fluentd_output_status_retry_count", "above 0 for 5 minutes",
			"Kinesis cannot be reached, or refuses the role: the buffers fill",
		},
		{
			"fluentd_output_status_buffer_available_space_ratio", "below 50",
			"half of what the longest tolerated outage needs is used; at 0 Fluentd stops taking from the agents",
		},
		{
			"fluentbit_output_chunk_available_capacity_percent", "below 50",
			"half of an agent's disk limit is used; at 0 it discards its oldest chunks",
		},
		{
			"fluentbit_output_dropped_records_total", "any increase in 5 minutes",
			"an agent has discarded records",
		},
		{
			"fluentbit_output_retries_failed_total", "any increase in 5 minutes",
			"an agent has given up on a chunk: it must have no retry limit",
		},
		{
			"fluentbit_input_ingestion_paused", "above 0",
			"an agent has stopped reading, and the kubelet rotates the logs away meanwhile: storage.pause_on_chunks_overlimit must be off",
		},
	}
}
