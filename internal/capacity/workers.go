package capacity

import (
	"math"
	"slices"

	"example.com/log-pipeline/internal/fault"
)

// flow is what the parts of the first mile do in a second, in records of the cluster.
type flow struct {
	worker   float64 // what a Fluentd worker carries where it may get more than its share: a full worker holds its agents up
	burst    float64 // the cluster's burst, or its peak where it has none
	carried  float64 // what all workers carry
	flushed  float64 // what all threads flush in full batches, none of which is refused
	accepted float64 // what the stream takes of this cluster
}

// out is the rate at which a backlog leaves.
func (f flow) out() float64 { return min(f.carried, f.flushed, f.accepted) }

// sizeWorkers decides how many Fluentds, workers and threads there are.
func (p *ClusterPlan) sizeWorkers(cluster Cluster, stream Stream, choice ClusterChoice) flow {
	f := flow{
		worker:   min(choice.WorkerRecordsPerSecond, workerBytesPerSecond/float64(cluster.MeanRecordBytes)) / unevenSpread,
		burst:    cluster.PeakRecordsPerSecond * cluster.burstFactor(),
		accepted: stream.accepts(cluster),
	}
	needed := f.burst / f.worker                      // workers that carry the burst
	spared := cluster.PeakRecordsPerSecond / f.worker // workers that carry the peak while a replica is away
	p.Workers, p.Replicas = choice.Workers, choice.Replicas
	switch {
	case p.Workers == 0 && p.Replicas > 1:
		p.Workers = max(1, ceil(max(needed/float64(p.Replicas), spared/float64(p.Replicas-1))))
	case p.Workers == 0 && p.Replicas == 1:
		p.Workers = max(1, ceil(needed))
	case p.Workers == 0:
		for p.Workers = 1; p.Workers < computedWorkers && needed/float64(p.Workers) > manyReplicas; {
			p.Workers *= 2
		}
	}
	computed := p.Replicas == 0
	if computed {
		workers := float64(p.Workers)
		p.Replicas = max(minReplicas, ceil(needed/workers), ceil(spared/workers)+1)
	}
	f = p.sizeThreads(cluster, choice, f)
	if computed {
		f = p.growForDisk(cluster, choice, f)
	}
	return f
}

// sizeThreads decides how many threads flush, which completes the flow.
func (p *ClusterPlan) sizeThreads(cluster Cluster, choice ClusterChoice, f flow) flow {
	workers := float64(p.Replicas) * float64(p.Workers)
	batch := batchOf(cluster.MeanRecordBytes)
	p.FlushSeconds, p.FlushThreads = choice.FlushSeconds, choice.FlushThreads
	if p.FlushThreads == 0 {
		batches := min(f.worker, f.burst/workers) * unevenSpread / batch
		// Each batch may be refused in part once, and wait, before throughput suffers.
		retried := batches * (2*callSeconds + longestFirstWait)
		// Each chunk is a call at least, however few records it has.
		calls := float64(choice.ChunkKeys) / float64(p.FlushSeconds) * chunkSeconds
		p.FlushThreads = max(min(max(ceil(max(retried, calls)), minFlushThreads), computedFlushThreads), ceil(batches*callSeconds))
	}
	f.carried = workers * f.worker
	f.flushed = workers * float64(p.FlushThreads) * batch / callSeconds
	return f
}

// chunkSeconds is how long a thread is busy with a chunk of one batch.
const chunkSeconds = callSeconds + FlushThreadBurstIntervalSeconds

// checkWorkers refuses what does not carry the peak, and warns where it does not carry more.
func (p *ClusterPlan) checkWorkers(cluster Cluster, choice ClusterChoice, f flow, reads reads) fault.List {
	peak, workers := cluster.PeakRecordsPerSecond, float64(p.Workers)
	enough := ceil(peak / f.worker / workers)
	if p.Replicas < enough {
		return fault.List{{
			Path: "Replicas", Reads: except("Replicas", reads.carried, []fault.Path{"PeakRecordsPerSecond"}),
			Given: given(choice.Replicas), Nearest: nearest(Replicas, enough),
			Problem: fault.Problemf("%s of Fluentd with %s each carry %s records/s, and the peak is %s: at least %s are needed",
				plural(p.Replicas, "replica"), plural(p.Workers, "worker"), quantity(f.carried), quantity(peak), plural(enough, "replica")),
		}}
	}

	few := fault.Fault{Path: "Replicas", Reads: except("Replicas", reads.carried, reads.burst), Given: given(choice.Replicas)}
	if spared := f.carried - workers*f.worker; spared < peak*(1-rounding) {
		few.Nearest = nearest(Replicas, max(minReplicas, enough+1))
		few.Problem = fault.Problemf("while one of %s of Fluentd is away the others carry %s records/s, and the peak is %s: the agents' disks fill",
			plural(p.Replicas, "replica"), quantity(spared), quantity(peak))
		p.Warnings = append(p.Warnings, few)
	} else if f.carried < f.burst*(1-rounding) {
		few.Nearest = nearest(Replicas, ceil(f.burst/f.worker/workers))
		few.Problem = fault.Problemf("a burst of %s records/s for %s is more than the %s that Fluentd carries: the agents' disks hold the rest",
			quantity(f.burst), cluster.Burst, quantity(f.carried))
		p.Warnings = append(p.Warnings, few)
	}

	threads := ceil(peak / (f.flushed / float64(p.FlushThreads)))
	return fault.When(p.FlushThreads < threads, fault.Fault{
		Path: "FlushThreads", Reads: except("FlushThreads", reads.flushed, []fault.Path{"PeakRecordsPerSecond"}),
		Given: given(choice.FlushThreads), Nearest: nearest(FlushThreads, threads),
		Problem: fault.Problemf("%s in each of %s flush %s records/s in calls of %s s, and the peak is %s: at least %d are needed",
			plural(p.FlushThreads, "thread"), plural(p.Replicas*p.Workers, "worker"), quantity(f.flushed), quantity(callSeconds),
			quantity(peak), threads),
	})
}

// sizeFlush decides how many chunks may wait for the threads, and says how long a record waits: until its chunk is due, and
// then until a thread is through with it. Where there are more chunks than the threads flush in an interval, each chunk grows
// while it waits. The throughput stays the same, but every record is late, and sizeFlush warns.
func (p *ClusterPlan) sizeFlush(cluster Cluster, choice ClusterChoice, reads reads) {
	threads, interval, keys := float64(p.FlushThreads), float64(p.FlushSeconds), float64(choice.ChunkKeys)
	check := max(interval/enqueueChecks, FlushThreadIntervalSeconds)
	p.QueuedChunksLimit = p.FlushThreads + ceil(threads*check/chunkSeconds)

	batch := batchOf(cluster.MeanRecordBytes)
	records := cluster.PeakRecordsPerSecond * unevenSpread / float64(p.Replicas*p.Workers) * interval
	longest := min(records/keys, minChunkMiB*bytesPerMiB/float64(cluster.MeanRecordBytes))
	one := math.Ceil(longest/batch) * callSeconds
	all := (keys*FlushThreadBurstIntervalSeconds + max(keys, records/batch)*callSeconds) / threads
	p.FreshnessSeconds = ceil(agentFlushSeconds + interval + check + FlushThreadIntervalSeconds + max(one, all))
	if all > interval*(1+rounding) {
		p.Warnings = append(p.Warnings, fault.Fault{
			Path: "ChunkKeys", Nearest: "1",
			Reads: except("ChunkKeys", reads.keys, reads.flushed, []fault.Path{"FlushSeconds", "PeakRecordsPerSecond"}),
			Problem: fault.Problemf("a worker's buffer keeps a chunk for each of %d pods (buffer.tags: tag), and %s flush them in %s, not in the %d s "+
				"of the flush interval, in calls of few records: give all events one tag, or leave the chunk keys out (buffer.tags: \"\")",
				choice.ChunkKeys, plural(p.FlushThreads, "thread"), wholeSeconds(all), p.FlushSeconds),
		})
	}
}

// ceilings refuses computed numbers that are more than may be chosen.
func (p *ClusterPlan) ceilings(reads reads) fault.List {
	spread := fault.Problemf("spread the load over more clusters")
	return fault.Join(
		beyond("AgentDiskMiB", p.AgentDiskMiB, MaxAgentDiskMiB, spread, slices.Concat(agentSettings, reads.carried)),
		beyond("Replicas", p.Replicas, MaxReplicas, spread.And(", or set %s, or %s where you measured that a worker carries more",
			fault.Path("Workers"), fault.Path("WorkerRecordsPerSecond")), reads.carried),
		beyond("Workers", p.Workers, MaxWorkers, spread, reads.carried),
		beyond("FlushThreads", p.FlushThreads, MaxFlushThreads, spread, reads.flushed),
	)
}
