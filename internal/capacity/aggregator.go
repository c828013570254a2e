package capacity

import (
	"math"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// aggregatorHolds is how many records all Fluentds together hold at most: all that come while nothing leaves and, where the
// burst lasts longer, what the stream does not take of its rest.
func aggregatorHolds(cluster Cluster, f flow) float64 {
	away := stall(cluster.StreamOutage)
	burst := min(f.burst, f.carried)
	within := min(cluster.Burst.Seconds(), away)
	held := cluster.PeakRecordsPerSecond*(away-within) + burst*within
	return held + max(0, burst-f.out())*(cluster.Burst.Seconds()-within)
}

// bufferBytes is what one buffer of one worker must hold: its share of the backlog, and what is on its way in a burst.
func (p *ClusterPlan) bufferBytes(cluster Cluster, f flow) float64 {
	onItsWay := min(f.burst, f.carried) * float64(p.FlushSeconds+2*agentFlushSeconds)
	records := (aggregatorHolds(cluster, f)*unevenSpread + onItsWay) / float64(p.Replicas*p.Workers)
	return records*float64(cluster.MeanRecordBytes+aggregatorRecordOverhead) + float64(p.FlushThreads*minChunkMiB*bytesPerMiB)
}

// buffers is how many there are on a replica's volume.
func (p *ClusterPlan) buffers(choice ClusterChoice) int { return p.Workers * choice.Outputs }

// openBytes is the space that the files of a buffer's open chunks waste.
func openBytes(choice ClusterChoice) float64 {
	return float64(choice.ChunkKeys) * aggregatorChunkOverhead
}

// diskGiB is the volume that takes so many bytes in each of its buffers.
func (p *ClusterPlan) diskGiB(bytes float64, choice ClusterChoice) int {
	mib := float64(ceil(bytes / bytesPerMiB))
	return ceil(float64(p.buffers(choice)) * (mib*bytesPerMiB + openBytes(choice)) / usableVolume / bytesPerGiB)
}

// growForDisk adds replicas until their volumes are possible.
func (p *ClusterPlan) growForDisk(cluster Cluster, choice ClusterChoice, f flow) flow {
	for range 64 {
		disk := p.diskGiB(p.bufferBytes(cluster, f), choice)
		if disk <= MaxAggregatorDiskGiB {
			break
		}
		p.Replicas = ceil(float64(p.Replicas)*float64(disk)/MaxAggregatorDiskGiB) + 1
		f = p.sizeThreads(cluster, choice, f)
	}
	return f
}

// sizeBuffer decides the buffers of Fluentd and the volume that they are on.
func (p *ClusterPlan) sizeBuffer(cluster Cluster, choice ClusterChoice, f flow, reads reads) fault.List {
	bytes := p.bufferBytes(cluster, f)
	needed := p.diskGiB(bytes, choice)
	p.AggregatorDiskGiB = choice.AggregatorDiskGiB
	if p.AggregatorDiskGiB == 0 {
		p.AggregatorDiskGiB = needed
	}
	if p.AggregatorDiskGiB < needed || needed > MaxAggregatorDiskGiB {
		return fault.List{p.smallBuffer(cluster, choice, f, needed, reads)}
	}

	// The buffers get the whole volume. Where it is larger than needed, they hold out for longer.
	usable := float64(p.AggregatorDiskGiB) * bytesPerGiB * usableVolume
	p.TotalLimitMiB = int((usable/float64(p.buffers(choice)) - openBytes(choice)) / bytesPerMiB)
	for p.ChunkLimitMiB = minChunkMiB; p.ChunkLimitMiB < MaxChunkMiB && p.TotalLimitMiB/p.ChunkLimitMiB > manyChunks; {
		p.ChunkLimitMiB *= 2
	}
	return nil
}

// smallBuffer is the fault of volumes that do not hold what they must: of their size, or, where no volume is large enough, of
// their number.
func (p *ClusterPlan) smallBuffer(cluster Cluster, choice ClusterChoice, f flow, needed int, reads reads) fault.Fault {
	away := time.Duration(math.Ceil(stall(cluster.StreamOutage))) * time.Second
	found := fault.Fault{
		Path: "AggregatorDiskGiB", Given: given(choice.AggregatorDiskGiB), Nearest: nearest(AggregatorDiskGiB, needed),
		Problem: fault.Problemf("Fluentd holds %s records when Kinesis has been away for %s, as flush threads may sleep until %s after its start, "+
			"and %s of it need %d GiB each, in %s: there are %d",
			quantity(aggregatorHolds(cluster, f)), cluster.StreamOutage, away, plural(p.Replicas, "replica"), needed,
			plural(p.buffers(choice), "buffer"), p.AggregatorDiskGiB),
	}
	if needed > MaxAggregatorDiskGiB {
		enough := *p
		enough.growForDisk(cluster, choice, f)
		found.Path, found.Given, found.Nearest = "Replicas", given(choice.Replicas), nearest(Replicas, enough.Replicas)
		found.Problem = found.Problem.And("; a volume has %d at most, and %d replicas need no larger ones", MaxAggregatorDiskGiB, enough.Replicas)
	}
	found.Reads = except(found.Path, reads.held, []fault.Path{"AggregatorDiskGiB"})
	return found
}

// drain says how long the backlogs take to drain, and refuses those that never do.
func (p *ClusterPlan) drain(cluster Cluster, stream Stream, choice ClusterChoice, f flow, reads reads) fault.List {
	p.StreamStall = duration(stall(cluster.StreamOutage))
	held := aggregatorHolds(cluster, f)
	var behind float64
	if cluster.AggregatorOutage > 0 {
		behind = cluster.inflow(cluster.PeakRecordsPerSecond, cluster.AggregatorOutage.Seconds()+agentResumeSeconds)
	}
	if held == 0 && behind == 0 {
		return nil
	}

	spare := f.out() - cluster.MeanRecordsPerSecond
	if spare <= cluster.MeanRecordsPerSecond*rounding {
		return fault.List{p.noHeadroom(cluster, drainFault(stream, choice, f, reads), stream, f)}
	}
	p.StreamDrain, p.AggregatorDrain = duration(held/spare), duration(behind/spare)
	if longest := max(p.StreamDrain, p.AggregatorDrain); longest > longDrain {
		found := drainFault(stream, choice, f, reads)
		found.Problem = fault.Problemf("what piles up in the longest tolerated outage takes %s to drain at the mean rate of %s records/s, as at most %s leave",
			longest, quantity(cluster.MeanRecordsPerSecond), quantity(f.out()))
		p.Warnings = append(p.Warnings, found)
	}
	return nil
}

// longDrain is a day: a backlog that takes longer meets the next day's peak.
const longDrain = 24 * time.Hour

// noHeadroom is the fault of what holds a backlog up for ever.
func (p *ClusterPlan) noHeadroom(cluster Cluster, found fault.Fault, stream Stream, f flow) fault.Fault {
	mean := cluster.MeanRecordsPerSecond
	found.Problem = fault.Problemf("the buffers never drain: the mean is %s records/s, and %s is all that leaves (Fluentd carries %s, its threads flush %s, the stream takes %s)",
		quantity(mean), quantity(f.out()), quantity(f.carried), quantity(f.flushed), quantity(f.accepted))
	next := func(rule fault.Rule[int], have int, carries float64) string {
		return nearest(rule, int(float64(have)*mean/carries*(1+2*rounding))+1)
	}
	switch found.Path {
	case "Stream.Plan.Shards":
		found.Nearest = next(ShardCount, stream.Plan.Shards, f.accepted)
	case "Replicas":
		found.Nearest = next(Replicas, p.Replicas, f.carried)
	case "FlushThreads":
		found.Nearest = next(FlushThreads, p.FlushThreads, f.flushed)
	}
	return found
}

// drainFault is a fault, still without a problem, of what holds a backlog up.
func drainFault(stream Stream, choice ClusterChoice, f flow, reads reads) fault.Fault {
	found := fault.Fault{Path: "FlushThreads", Given: given(choice.FlushThreads)}
	switch f.out() {
	case f.accepted:
		found = fault.Fault{Path: "Stream.Plan.Shards", Given: given(stream.Plan.Shards)}
		if stream.Plan.Mode == OnDemand {
			found = fault.Fault{Path: "Stream.Plan.Mode", Given: string(OnDemand)}
		}
	case f.carried:
		found = fault.Fault{Path: "Replicas", Given: given(choice.Replicas)}
	}
	found.Reads = except(found.Path, reads.held, []fault.Path{"MeanRecordsPerSecond", "AggregatorOutage"})
	return found
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Ceil(min(seconds, math.MaxInt32))) * time.Second
}
