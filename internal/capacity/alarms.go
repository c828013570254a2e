package capacity

import (
	"fmt"
	"time"
)

// Exporter is who has a metric.
type Exporter string

const (
	// CloudWatch has the metrics of Kinesis.
	CloudWatch Exporter = "cloudwatch"
	// Fluentd has them by fluent-plugin-prometheus, one for each plugin_id and, of several workers, worker_id.
	Fluentd Exporter = "fluentd"
	// FluentBit has them at /api/v2/metrics/prometheus, one for each plugin's name.
	FluentBit Exporter = "fluentbit"
)

// Comparison is the side of a threshold that is wrong.
type Comparison string

const (
	// Above is a value greater than the threshold.
	Above Comparison = "above"
	// Below is a value less than the threshold.
	Below Comparison = "below"
)

// Alarm is a metric to watch on the first mile, and when to call somebody.
type Alarm struct {
	// Name is the alarm's own, in camel case.
	Name string
	// Exporter has the metric.
	Exporter Exporter
	// Metric is the name as its exporter writes it, for CloudWatch with its namespace before it.
	Metric string
	// Window is the time, in whole minutes, over which what a counter has grown by is compared, or CloudWatch's sum. Of a gauge
	// it is 0: its value is compared as it is.
	Window time.Duration
	// Comparison and Threshold are what is wrong.
	Comparison Comparison
	Threshold  int
	// Unlike is another metric with the same labels: only series count that differ from it. Empty for all.
	Unlike string
	// For is how long, in whole minutes, that holds before somebody is called: 0 where it is too late anyway.
	For time.Duration
	// Critical says that records are being lost, and not only about to be.
	Critical bool

	// Condition says the above in words.
	Condition string
	// Reason says what has happened then, or is about to, and Action what to do.
	Reason, Action string
}

// alarmWindow is long enough for a few values at any usual interval of scraping.
const alarmWindow = 5 * time.Minute

// FirstMileAlarms are the metrics that show a loss on the first mile, or one to come: those of Kinesis (docs.aws.amazon.com/
// streams/latest/dev/monitoring-with-cloudwatch.html), of Fluentd (github.com/fluent/fluent-plugin-prometheus, README.md) and
// of Fluent Bit's v2 endpoint (docs.fluentbit.io/manual/administration/monitoring). No two have one metric.
func FirstMileAlarms() []Alarm {
	alarms := append([]Alarm{{
		Name: "StreamThrottled", Exporter: CloudWatch, Metric: "AWS/Kinesis WriteProvisionedThroughputExceeded",
		Window: time.Minute, Comparison: Above,
		Reason: "the stream refuses records, and each refusal counts towards the plugin's drop",
		Action: "give the stream more shards",
	}}, append(fluentdAlarms(), fluentBitAlarms()...)...)
	for i := range alarms {
		alarms[i].Condition = alarms[i].words()
	}
	return alarms
}

// fluentdAlarms are those of Fluentd's metrics. The exporter has Fluentd's errors under two names, num_errors and retry_count,
// and neither goes back to 0 (fluent-plugin-prometheus, lib/fluent/plugin/in_prometheus_output_monitor.rb). With its first
// drop the Kinesis plugin sets an instance variable of the output, and num_errors counts the plugin's drops from then on
// (github.com/awslabs/aws-fluent-plugin-kinesis, lib/fluent/plugin/kinesis_helper/api.rb, increment_num_errors; Fluentd itself
// has not had that variable since 1.14). So the two metrics differ only where records were dropped. All metrics are exported
// as gauges, also those that only grow.
func fluentdAlarms() []Alarm {
	return []Alarm{
		{
			Name: "StreamRecordsDropped", Exporter: Fluentd, Metric: "fluentd_output_status_num_errors",
			Window: alarmWindow, Comparison: Above, Unlike: "fluentd_output_status_retry_count", Critical: true,
			Reason: "the Kinesis plugin has dropped records, which were refused as often as it may retry",
			Action: "give the stream more shards or raise retriesOnBatchRequest; the pod's log has each record behind \"Could not put record\"",
		},
		{
			// The time from an output's first failure to its next retry, and 0 once a chunk is through.
			Name: "OutputRetrying", Exporter: Fluentd, Metric: "fluentd_output_status_retry_wait",
			Comparison: Above, For: 5 * time.Minute,
			Reason: "Kinesis cannot be reached, or refuses the role: the buffers fill",
			Action: "see the pod's log behind \"failed to flush the buffer\" for the reason; nothing is lost while there is room in the buffers",
		},
		{
			// In percent.
			Name: "FluentdBufferFilling", Exporter: Fluentd, Metric: "fluentd_output_status_buffer_available_space_ratio",
			Comparison: Below, Threshold: 50, For: time.Minute,
			Reason: "half of what the longest tolerated outage needs is used; at 0 Fluentd stops taking from the agents",
			Action: "see whether the output fails or the stream throttles, and end that; more replicas have more buffers",
		},
	}
}

func fluentBitAlarms() []Alarm {
	return []Alarm{
		{
			// Written when a chunk is sent or has failed: it stands still while Fluentd's buffers are full and it answers nobody.
			Name: "AgentBufferFilling", Exporter: FluentBit, Metric: "fluentbit_output_chunk_available_capacity_percent",
			Comparison: Below, Threshold: 50, For: time.Minute,
			Reason: "half of an agent's disk limit is used; at 0 it discards its oldest chunks",
			Action: "see that Fluentd runs and takes what it is sent; raise agentDiskMiB where nodes have the room",
		},
		{
			Name: "AgentRecordsDropped", Exporter: FluentBit, Metric: "fluentbit_output_dropped_records_total",
			Window: alarmWindow, Comparison: Above, Critical: true,
			Reason: "an agent has discarded records",
			Action: "see why Fluentd has not taken them, and raise agentDiskMiB; the node's /var/log/pods may still have their lines",
		},
		{
			Name: "AgentChunkAbandoned", Exporter: FluentBit, Metric: "fluentbit_output_retries_failed_total",
			Window: alarmWindow, Comparison: Above, Critical: true,
			Reason: "an agent has given up on a chunk: it must have no retry limit",
			Action: "set Retry_Limit of its forward output to no_limits again",
		},
		{
			// Pausing is also what an agent does when it ends, for less than a minute.
			Name: "AgentPaused", Exporter: FluentBit, Metric: "fluentbit_input_ingestion_paused",
			Comparison: Above, For: time.Minute, Critical: true,
			Reason: "an agent has stopped reading, and the kubelet rotates the logs away meanwhile",
			Action: "set storage.pause_on_chunks_overlimit of its tail input to off again",
		},
	}
}

func (a Alarm) words() string {
	words := fmt.Sprintf("%s %d", a.Comparison, a.Threshold)
	switch {
	case a.Exporter == CloudWatch:
		words = "sum " + words + " in " + minutes(a.Window)
	case a.Window > 0:
		words = "increase " + words + " in " + minutes(a.Window)
	}
	if a.Unlike != "" {
		words += ", while it is not " + a.Unlike
	}
	if a.For > 0 {
		words += " for " + minutes(a.For)
	}
	return words
}

func minutes(d time.Duration) string { return plural(int(d/time.Minute), "minute") }
