// Package capacity is the sizing model of the pipeline from the pods' logs to the raw objects in S3 and the metrics: what the
// buffers of a cluster must hold, what the stream must be, how Firehose must buffer, how many workers the streaming job must have,
// what a search domain must be, what comes out, and which of it does not fit the load. It is plain Go and knows neither Pulumi nor
// config keys.
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
// ComputeJob answers two about the streaming job that reads the stream:
//
//   - How many workers carry the load, and catch up after a restart?
//   - How fresh are the metrics, and how long does it take to catch up?
//
// ComputeSearch answers three about the OpenSearch domain that finds the logs:
//
//   - How many shards has an index, so that each has 10 to 50 GiB, and does a longer rotation make too small ones larger?
//   - Which data nodes, how many, and with what volumes index the peak and hold all days that are kept, every copy of them? Which
//     dedicated masters do they need?
//   - How fresh is the search, and how long does it stay behind after a burst?
//
// What cannot work is a fault, with the numbers and the nearest setting that works. What works at a price is a warning. All are
// found at once. Each names the setting to change, and in its Reads every other setting that it follows from. Settings are
// called by the Go names of their fields: PeakRecordsPerSecond of a Load or a Cluster, Stream.Plan.Shards of ComputeCluster's
// stream, and Clusters[0].Nodes of one cluster among several.
//
// The list also has faults that follow from others. Where the mean is above the peak, it has the objects that are too small at
// that mean too. Whoever shows faults leaves out those whose Reads name a setting at fault.
//
// Assumptions:
//
//   - MB is 1,000,000 bytes, the smaller reading of the limits of Kinesis; MiB, which Firehose's buffer counts in, is 1,048,576.
//   - Partition keys spread the records evenly. A hot key limits its shard alone, in either mode.
//   - A record's size includes its partition key, because Kinesis counts it.
//   - A delivery stream has one buffer. Firehose buffers in parallel once it has scaled, and objects are then more and
//     smaller than computed here (repost.aws/knowledge-center/kinesis-small-files-s3).
//   - The burst is short: before and after it the rate is at most the peak, and its backlog drains at the mean rate.
//   - Clusters that share a stream get the same part of it as their peaks have of the stream's peak.
//   - The worst case of an outage is that the peak lasts through all of it, with one burst inside.
//   - Agents spread over Fluentd's workers as connections do: a replica may get 1.25 times its share (assumed). A full replica
//     makes its agents wait, and their next connection may find another one.
//   - A call to PutRecords takes 0.1 s, and a Fluentd worker carries 5,000 records/s and 10 MB/s. limits_cluster.go says what
//     of this has a source. Measure your own: CloudWatch has PutRecords.Latency, and ClusterChoice takes the worker's rate.
//   - A vCPU of the streaming job carries 10,000 records/s and 12.5 MB/s, half of what a core was measured to. limits_job.go has
//     the conditions. JobChoice takes the rate that you measured.
//   - A vCPU of a data node indexes 1,500 records/s and 1.7 MB/s in one copy, less than half of what a core was measured to, and an
//     index takes 1.1 times the bytes of its records. limits_search.go has the conditions. SearchChoice takes what you measured.
//   - OpenSearch spreads shards over the data nodes by their number, and the shards of an index are alike.
//   - AWS takes 1.45 times the source for each copy of an index. Here the volume is larger, so that AWS's own alarm on a quarter
//     of free space stays silent; what is given is refused only below AWS's number.
//
// Read the files in this order: load, stream and delivery, then share, cluster, workers, plugin, aggregator and agent, then job, then
// search, search_domain, search_faults and search_warnings. The rules for single settings are in limits_settings, and those of
// later parts in their limits_ files. tests/firstmile simulates the first mile with none of these formulas, and
// holds these plans against it.
package capacity

import "example.com/log-pipeline/internal/fault"

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
	// RefuseSmallObjects turns the warning about objects under the floor into a fault.
	RefuseSmallObjects bool
}

// Plan is what to build, and what comes of it.
type Plan struct {
	// Mode of the stream: OnDemand or Provisioned.
	Mode Mode
	// ModeReason says why a computed mode is Provisioned; otherwise it is empty.
	ModeReason fault.Problem
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
	Warnings fault.List
}

// Compute plans the stream and the delivery for a load. With a fault the plan is empty.
func Compute(load Load, choice Choice) (Plan, fault.List) {
	impossible := fault.Join(load.impossible(), choice.impossible())
	contradictions := trusted(fault.Join(load.contradictions(), choice.contradictions()), impossible)
	if len(impossible) > 0 {
		// Nothing can be derived from impossible numbers.
		return Plan{}, fault.Join(impossible, contradictions, trusted(choice.uncounted(), impossible))
	}
	choice = choice.withDefaults()

	var plan Plan
	faults := fault.Join(contradictions, plan.sizeStream(load, choice), plan.sizeDelivery(load, choice))
	if len(faults) > 0 {
		return Plan{}, faults
	}
	return plan, nil
}

// impossible are the faults of single values.
func (c Choice) impossible() fault.List {
	faults := fault.Join(
		checkGiven(Modes, "Mode", string(c.Mode)),
		checkGiven(ShardCount, "Shards", c.Shards),
		checkGiven(BufferMiB, "BufferMiB", c.BufferMiB),
		checkGiven(CompressionRatio, "CompressionRatio", c.CompressionRatio),
		ObjectMiB.Check("MinObjectMiB", c.MinObjectMiB),
	)
	if c.BufferSeconds != nil {
		faults = append(faults, BufferSeconds.Check("BufferSeconds", *c.BufferSeconds)...)
	}
	return faults
}

// contradictions are the faults of a shard count in a mode that has none.
func (c Choice) contradictions() fault.List {
	if c.Shards == 0 || c.Mode == Provisioned {
		return nil
	}
	found := fault.Fault{
		Path: "Shards", Reads: []fault.Path{"Mode"}, Given: c.Shards,
		Problem: fault.Problemf("%s the mode %s, which is not given: give it, or leave the shards out",
			subject(c.Shards, "shard", "need"), Provisioned),
	}
	if c.Mode == OnDemand {
		found.Problem = fault.Problemf("%s the mode %s, which has no shard count: leave the shards out, or make the mode %s",
			subject(c.Shards, "shard", "contradict"), OnDemand, Provisioned)
	}
	return fault.List{found}
}

// uncounted is the fault of a missing shard count where the load allows no number. With one, checkShards says it.
func (c Choice) uncounted() fault.List {
	return fault.When(c.Mode == Provisioned && c.Shards == 0, fault.Fault{
		Path: "Shards", Reads: []fault.Path{"Mode"}, Problem: fault.Problemf("the mode %s needs a shard count", Provisioned),
	})
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
