// Package capacity is the sizing model of the pipeline from the pods' logs to the raw objects in S3: what the buffers of a
// cluster must hold, what the stream must be, how Firehose must buffer, what comes out, and which of it does not fit the
// load. It is plain Go and knows neither Pulumi nor config keys.
//
// Compute answers three questions about stream and delivery:
//
//   - Which capacity mode, and how many shards? A shard takes 1 MB/s or 1,000 records/s of writes and serves 2 MB/s to all
//     shared readers together. On-demand needs no shard count, but throttles when traffic more than doubles within 15 minutes.
//   - Which Firehose buffer? The shortest that makes no small objects, since a shorter one is fresher.
//   - What does S3 hold then? Objects a day, their size after compression, and how far behind S3 is at worst.
//
// ComputeCluster answers four about the first mile, from the pods of one cluster to that stream:
//
//   - How much disk does a node's Fluent Bit need while Fluentd is away?
//   - How many Fluentds, workers and flush threads, and how much disk each, while Kinesis is away or throttles?
//   - How often must the Kinesis plugin retry? It drops what is refused too often, whatever the buffers hold.
//   - How fresh is the stream, and how long do the buffers take to drain?
//
// What cannot work is refused, all of it at once, with the numbers and the nearest setting that works. What works at a
// price is a warning.
//
// Assumptions:
//
//   - MB is 1,000,000 bytes, the smaller reading of the limits of Kinesis; MiB, which Firehose's buffer counts in, is 1,048,576.
//   - Partition keys spread the records evenly. A hot key limits its shard alone, in either mode.
//   - A record's size includes its partition key, because Kinesis counts it.
//   - A delivery stream has one buffer. Firehose buffers in parallel once it has scaled, and objects are then more and
//     smaller than computed here (repost.aws/knowledge-center/kinesis-small-files-s3).
//   - The burst is short: before and after it the rate is at most the peak, and its backlog drains at the mean rate.
//   - Clusters that share a stream get of it what their peaks are of the stream's peak.
//   - The worst case of an outage is that the peak lasts through all of it, with one burst inside.
//   - Agents spread over Fluentd's workers as connections do: a replica may get 1.25 times its share (assumed). One that is
//     full makes the agents wait, and their next connection may find another.
//   - A call to PutRecords takes 0.1 s and a Fluentd worker carries 5,000 records/s and 10 MB/s: see limits_cluster.go for
//     what of this has a source. Measure your own: CloudWatch has PutRecords.Latency, and ClusterChoice takes the worker's rate.
//
// The package firstmile simulates the first mile with none of these formulas, and its tests hold these plans against it.
package capacity

import (
	"errors"
	"time"
)

// Mode is the capacity mode of a Kinesis data stream, in the words of the Kinesis API.
type Mode string

const (
	// Computed leaves the mode to Compute.
	Computed Mode = ""
	// OnDemand scales by itself and bills by volume.
	OnDemand Mode = "ON_DEMAND"
	// Provisioned has a set number of shards.
	Provisioned Mode = "PROVISIONED"
)

// Load is the traffic that the pipeline must carry.
type Load struct {
	// PeakRecordsPerSecond is the highest rate that lasts, as at the busiest hour. Required.
	PeakRecordsPerSecond float64
	// MeanRecordsPerSecond is the rate over a whole day, at most the peak. Required.
	MeanRecordsPerSecond float64
	// MeanRecordBytes is the mean size of a record with its partition key, uncompressed. Required.
	MeanRecordBytes int
	// LargestRecordBytes is the size of the largest record with its partition key, at most MaxRecordBytes. Required.
	LargestRecordBytes int
	// BurstFactor is how many times the peak a burst reaches, at least 1. It counts only when Burst is set.
	BurstFactor float64
	// Burst is how long a burst lasts; 0 means that there are none.
	Burst time.Duration
	// SharedReaders is the number of consumers that share a shard's 2 MB/s: every Firehose delivery stream is one, a
	// fan-out consumer is none. 0 to MaxSharedReaders.
	SharedReaders int
}

// Choice is what the user has decided. Its zero value leaves everything to Compute.
type Choice struct {
	// Region is the AWS region of the stream; it decides the default quotas. Where empty, the smaller ones are taken.
	Region string
	// Mode of the stream; Computed lets Compute choose.
	Mode Mode
	// Shards of a provisioned stream; 0 is not given.
	Shards int
	// BufferMiB is the Firehose buffer size, 1 to MaxBufferMiB; 0 is not given: MaxBufferMiB.
	BufferMiB int
	// BufferSeconds is the Firehose buffer interval, 0 to MaxBufferSeconds; nil is not given: computed.
	BufferSeconds *int
	// CompressionRatio is uncompressed by compressed size, at least 1; 0 is not given: DefaultCompressionRatio.
	CompressionRatio float64
	// MinObjectMiB is the floor that objects should reach at the mean rate, after compression; 0 is no floor.
	MinObjectMiB float64
	// RefuseSmallObjects turns the warning about objects under the floor into a refusal.
	RefuseSmallObjects bool
}

// Plan is what to build, and what comes of it.
type Plan struct {
	// Mode of the stream: OnDemand or Provisioned.
	Mode Mode
	// ModeReason says in a sentence why a computed mode is Provisioned; otherwise it is empty.
	ModeReason string
	// Shards of a provisioned stream; 0 for an on-demand one.
	Shards int
	// BufferMiB is the Firehose buffer size, counted before compression.
	BufferMiB int
	// BufferSeconds is the Firehose buffer interval.
	BufferSeconds int
	// ObjectsPerDay is the number of raw objects that a day makes at the mean rate.
	ObjectsPerDay float64
	// ObjectBytes is the expected size of such an object, after compression.
	ObjectBytes float64
	// FreshnessSeconds is how long a record waits for its object at worst, in Firehose's buffer. The upload itself and
	// Firehose's retries come on top: AWS gives no number for them.
	FreshnessSeconds int
	// Warnings are what works at a price.
	Warnings []Finding
}

// Compute plans the stream and the delivery for a load. The error joins a Finding for everything that cannot work
// (Refusals lists them); the plan is empty then.
func Compute(load Load, choice Choice) (Plan, error) {
	refused := append(load.check(), choice.check()...)
	if len(refused) > 0 {
		// What is derived from impossible numbers would only repeat their faults.
		return Plan{}, join(append(refused, choice.checkShardsGiven()...))
	}
	choice = choice.withDefaults()

	var plan Plan
	refused = append(plan.sizeStream(load, choice), plan.sizeDelivery(load, choice)...)
	if len(refused) > 0 {
		return Plan{}, join(refused)
	}
	return plan, nil
}

func (c Choice) withDefaults() Choice {
	if c.BufferMiB == 0 {
		c.BufferMiB = MaxBufferMiB
	}
	if c.CompressionRatio == 0 {
		c.CompressionRatio = DefaultCompressionRatio
	}
	return c
}

func join(findings []Finding) error {
	errs := make([]error, len(findings))
	for i, f := range findings {
		errs[i] = f
	}
	return errors.Join(errs...)
}
