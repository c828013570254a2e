package stacks

import (
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

// oneTag is how many tags divide the chunks of an output: components/logging gives all events the same.
const oneTag = 1

// planSources are where the sizing model of stream and delivery has its settings from.
var planSources = fault.Sources{
	"":                   fault.From("load"),
	"Burst":              fault.From("load.burstSeconds"),
	"SharedReaders":      fault.From("search.enabled"),
	"Region":             fault.From("accounts.data.region"),
	"Mode":               fault.From("stream.mode"),
	"Shards":             fault.From("stream.shardCount"),
	"BufferMiB":          fault.From("delivery.bufferMiB"),
	"BufferSeconds":      fault.From("delivery.bufferSeconds"),
	"CompressionRatio":   fault.From("delivery.compressionRatio"),
	"MinObjectMiB":       fault.From("delivery.minObjectMiB"),
	"RefuseSmallObjects": fault.From("delivery.smallObjects"),
}

// plan sizes the pipeline: first stream and delivery, then the two jobs and each cluster's part of the load, and where all
// that holds, the way from the pods to the stream.
func (c *Config) plan(reading *settings.Reading) {
	var refused fault.List
	c.Plan, refused = capacity.Compute(c.Load, capacity.Choice{
		Region:             c.Accounts.Data.Region,
		Mode:               c.Stream.Mode,
		Shards:             c.Stream.ShardCount,
		BufferMiB:          c.Delivery.BufferMiB,
		BufferSeconds:      c.Delivery.BufferSeconds,
		CompressionRatio:   c.Delivery.CompressionRatio,
		MinObjectMiB:       c.Delivery.MinObjectMiB,
		RefuseSmallObjects: c.Delivery.SmallObjects == refuseSmallObjects,
	})
	if reason := c.Plan.ModeReason; reason.String() != "" {
		c.ModeReason = reading.Line(fault.Fault{Path: "stream.mode", Problem: reason, Reads: []fault.Path{"load", "accounts.data.region"}})
	}
	reading.Report(refused.From(planSources)...)
	reading.Warn(c.Plan.Warnings.From(planSources)...)
	if len(refused) == 0 {
		c.planMetrics(reading)
		c.planBatch(reading)
		c.planSearch(reading)
	}
	loads, excess := c.shareLoad()
	reading.Report(excess.From(c.shareSources())...)
	if len(refused) > 0 || len(excess) > 0 {
		return
	}
	var found fault.List
	for i := range c.Clusters {
		found = append(found, c.planCluster(reading, i, loads[i])...)
	}
	reading.Report(found...)
}

// shareLoad gives each cluster its part of the load.
func (c *Config) shareLoad() ([]capacity.Cluster, fault.List) {
	loads := make([]capacity.Cluster, len(c.Clusters))
	for i, cluster := range c.Clusters {
		loads[i] = cluster.Load
		loads[i].StreamOutage, loads[i].AggregatorOutage = c.StreamOutage, c.FluentdOutage
	}
	return capacity.Share(c.Load, loads)
}

func (c *Config) planCluster(reading *settings.Reading, i int, load capacity.Cluster) fault.List {
	cluster := &c.Clusters[i]
	flows, _ := c.flowsOf(cluster.Name)
	choice := cluster.Choice
	choice.ChunkKeys, choice.Outputs = oneTag, logging.Buffers(c.Logging.Outputs, flows)

	var refused fault.List
	cluster.Load = load
	cluster.Plan, refused = capacity.ComputeCluster(load, capacity.Stream{Load: c.Load, Plan: c.Plan}, choice)
	sources := c.clusterSources(i)
	reading.Warn(cluster.Plan.Warnings.From(sources)...)
	return refused.From(sources)
}

// shareSources are where the parts of the load come from.
func (c *Config) shareSources() fault.Sources {
	sources := fault.Sources{"": fault.From("load"), "Burst": fault.From("load.burstSeconds"), "Clusters": fault.From("clusters")}
	for i := range c.Clusters {
		sources[fault.Path("Clusters").Index(i)] = fault.From(fault.Path("clusters").Index(i))
	}
	return sources
}

// clusterSources are where the sizing model of a cluster has its settings from. A cluster's rates are what the others leave,
// unless it has its own, and the stream's mode and shards follow from the load, unless they are set.
func (c *Config) clusterSources(i int) fault.Sources {
	path := fault.Path("clusters").Index(i)
	fluentd := path.Field("fluentd")
	computed := append(fault.Path("load").Fields("peakRecordsPerSecond", "meanRecordsPerSecond", "meanRecordBytes", "burstFactor", "burstSeconds"),
		"accounts.data.region", "stream.mode", "stream.shardCount")
	return fault.Sources{
		"":                       fault.From(path),
		"MeanRecordBytes":        fault.From("load.meanRecordBytes"),
		"LargestRecordBytes":     fault.From("load.largestRecordBytes"),
		"BurstFactor":            fault.From("load.burstFactor"),
		"Burst":                  fault.From("load.burstSeconds"),
		"StreamOutage":           fault.From("load.streamOutageSeconds"),
		"AggregatorOutage":       fault.From("load.fluentdOutageSeconds"),
		"Replicas":               fault.From(fluentd.Field("replicas")),
		"Workers":                fault.From(fluentd.Field("workers")),
		"FlushThreads":           fault.From(fluentd.Field("flushThreads")),
		"FlushSeconds":           fault.From(fluentd.Field("flushSeconds")),
		"AggregatorDiskGiB":      fault.From(fluentd.Field("diskGiB")),
		"WorkerRecordsPerSecond": fault.From(fluentd.Field("workerRecordsPerSecond")),
		"RetriesOnBatchRequest":  fault.From(fluentd.Field("retriesOnBatchRequest")),
		"ChunkKeys":              fault.Wired,
		"Outputs":                fault.From("logging.outputs", c.flowOutputs()...),
		"Stream.Load":            fault.From("load"),
		"Stream.Load.Burst":      fault.From("load.burstSeconds"),
		"Stream.Plan.Mode":       fault.From("stream.mode", computed...),
		"Stream.Plan.Shards":     fault.From("stream.shardCount", computed...),
		"PeakRecordsPerSecond":   c.rateSource(i, "peakRecordsPerSecond"),
		"MeanRecordsPerSecond":   c.rateSource(i, "meanRecordsPerSecond"),
	}
}

func (c *Config) rateSource(i int, rate string) fault.Source {
	reads := []fault.Path{fault.Path("load").Field(rate)}
	for j := range c.Clusters {
		reads = append(reads, fault.Path("clusters").Index(j).Fields("nodes", rate)...)
	}
	return fault.From(fault.Path("clusters").Index(i).Field(rate), reads...)
}
