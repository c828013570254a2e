package logging

import (
	"cmp"
	"slices"

	"example.com/log-pipeline/internal/capacity"
)

const (
	defaultAgentDiskMiB    = 4096
	defaultReplicas        = 2
	defaultWorkers         = 1
	defaultFlushThreads    = 4
	defaultS3FlushSeconds  = 300
	defaultChunkLimitMiB   = 8
	defaultQueuedChunks    = 32
	defaultAggregatorDisk  = 20
	defaultBatchRetries    = 600
	defaultAgentPriority   = "system-node-critical"
	defaultFluentdPriority = "system-cluster-critical"
	sessionNamePrefix      = "log-pipeline-"
	// maxSessionName is STS's limit (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, RoleSessionName).
	maxSessionName = 64
)

// resolve fills in the defaults, in a copy: the caller's Args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.Namespace = cmp.Or(r.Namespace, DefaultNamespace)
	r.Operator.ChartVersion = cmp.Or(r.Operator.ChartVersion, DefaultChartVersion)
	r.Agent.DiskLimitMiB = cmp.Or(r.Agent.DiskLimitMiB, defaultAgentDiskMiB)
	r.Agent.PriorityClass = cmp.Or(r.Agent.PriorityClass, defaultAgentPriority)
	r.Agent.IgnoredNamespaces = slices.Sorted(slices.Values(r.Agent.IgnoredNamespaces))
	r.Writer.SessionName = cmp.Or(r.Writer.SessionName, defaultSessionName(r.Cluster))
	if r.S3 != nil {
		s3 := *r.S3
		s3.Prefix = cmp.Or(s3.Prefix, DefaultS3Prefix)
		s3.FlushSeconds = cmp.Or(s3.FlushSeconds, defaultS3FlushSeconds)
		r.S3 = &s3
	}
	r.Failed.Prefix = cmp.Or(r.Failed.Prefix, DefaultFailedPrefix)
	r.Events.PartitionKey = cmp.Or(r.Events.PartitionKey, ByEvent)
	r.Events.Oversize = cmp.Or(r.Events.Oversize, Truncate)
	r.Events.MaxBytes = cmp.Or(r.Events.MaxBytes, DefaultMaxBytes)
	r.Flows = slices.Clone(r.Flows)
	for i := range r.Flows {
		r.Flows[i] = r.Flows[i].resolve(r.outputs())
	}
	r.Aggregator = r.Aggregator.resolve(Buffers(r.outputs(), r.Flows))
	return r
}

func (a Aggregator) resolve(buffers int) Aggregator {
	a.Replicas = cmp.Or(a.Replicas, defaultReplicas)
	a.Workers = cmp.Or(a.Workers, defaultWorkers)
	a.FlushThreads = cmp.Or(a.FlushThreads, defaultFlushThreads)
	a.FlushSeconds = cmp.Or(a.FlushSeconds, capacity.DefaultFlushSeconds)
	a.ChunkLimitMiB = cmp.Or(a.ChunkLimitMiB, defaultChunkLimitMiB)
	a.QueuedChunks = cmp.Or(a.QueuedChunks, defaultQueuedChunks)
	a.DiskGiB = cmp.Or(a.DiskGiB, defaultAggregatorDisk)
	a.RetriesOnBatchRequest = cmp.Or(a.RetriesOnBatchRequest, defaultBatchRetries)
	a.PriorityClass = cmp.Or(a.PriorityClass, defaultFluentdPriority)
	if buffers := buffers * a.Workers; a.TotalLimitMiB == 0 && buffers > 0 {
		a.TotalLimitMiB = a.usableMiB() / buffers
	}
	return a
}

func (f Flow) resolve(outputs []OutputName) Flow {
	f.Parser = cmp.Or(f.Parser, JSON)
	if len(f.Outputs) == 0 {
		f.Outputs = outputs
	}
	f.Outputs = slices.Sorted(slices.Values(f.Outputs))
	// Sorted, so that another order makes no difference to what is registered.
	for _, names := range []*[]string{
		&f.Namespaces, &f.ExcludedNamespaces, &f.Containers, &f.ExcludedContainers,
	} {
		*names = slices.Sorted(slices.Values(*names))
	}
	return f
}

// outputs are the outputs that there are, sorted.
func (a Args) outputs() []OutputName {
	var names []OutputName
	if a.Firehose != nil {
		names = append(names, ToFirehose)
	}
	if a.S3 != nil {
		names = append(names, ToS3)
	}
	if a.Stream != nil {
		names = append(names, ToStream)
	}
	return names
}

// defaultSessionName is cut where a cluster's name is long. It is a mark in CloudTrail, and need not be unique.
func defaultSessionName(cluster string) string {
	name := sessionNamePrefix + cluster
	return name[:min(len(name), maxSessionName)]
}
