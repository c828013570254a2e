package capacity

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// aggregatorHolds is how many records all Fluentds together hold at most: what comes while nothing leaves, and what of the rest
// of a burst the stream does not take.
func aggregatorHolds(cluster Cluster, f flow) float64 {
	away := stall(cluster.StreamOutage)
	burst := min(f.burst, f.carried)
	within := min(cluster.Burst.Seconds(), away)
	held := cluster.PeakRecordsPerSecond*(away-within) + burst*within
	return held + max(0, burst-f.out())*(cluster.Burst.Seconds()-within)
}

// bufferBytes is what one buffer of one worker must hold: its share, and what is on its way at the burst.
func (p *ClusterPlan) bufferBytes(cluster Cluster, f flow) float64 {
	onItsWay := min(f.burst, f.carried) * float64(p.FlushSeconds+2*agentFlushSeconds)
	records := (aggregatorHolds(cluster, f)*unevenSpread + onItsWay) / float64(p.Replicas*p.Workers)
	return records*float64(cluster.MeanRecordBytes+aggregatorRecordOverhead) + float64(p.FlushThreads*minChunkMiB*bytesPerMiB)
}

// buffers is how many there are on a replica's volume.
func (p *ClusterPlan) buffers(choice ClusterChoice) int { return p.Workers * choice.Outputs }

// openBytes is what the files of a buffer's open chunks waste.
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
func (p *ClusterPlan) sizeBuffer(cluster Cluster, choice ClusterChoice, f flow) []Finding {
	bytes := p.bufferBytes(cluster, f)
	needed := p.diskGiB(bytes, choice)
	p.AggregatorDiskGiB = choice.AggregatorDiskGiB
	if p.AggregatorDiskGiB == 0 {
		p.AggregatorDiskGiB = needed
	}
	if p.AggregatorDiskGiB < needed || needed > MaxAggregatorDiskGiB {
		return []Finding{p.smallBuffer(cluster, choice, f, needed)}
	}

	// The whole volume serves: what is more than needed holds for longer.
	usable := float64(p.AggregatorDiskGiB) * bytesPerGiB * usableVolume
	p.TotalLimitMiB = int((usable/float64(p.buffers(choice)) - openBytes(choice)) / bytesPerMiB)
	for p.ChunkLimitMiB = minChunkMiB; p.ChunkLimitMiB < maxChunkMiB && p.TotalLimitMiB/p.ChunkLimitMiB > manyChunks; {
		p.ChunkLimitMiB *= 2
	}
	return nil
}

func (p *ClusterPlan) smallBuffer(cluster Cluster, choice ClusterChoice, f flow, needed int) Finding {
	away := time.Duration(math.Ceil(stall(cluster.StreamOutage))) * time.Second
	found := Finding{
		Setting: SettingAggregatorDiskGiB, Nearest: strconv.Itoa(needed), Against: bufferSettings,
		Message: fmt.Sprintf("Fluentd holds %s records when Kinesis has been away for %s, as flush threads may sleep until %s after its start, "+
			"and %s of it need %d GiB each, in %s: there are %d",
			quantity(aggregatorHolds(cluster, f)), cluster.StreamOutage, away, plural(p.Replicas, "replica"), needed,
			plural(p.buffers(choice), "buffer"), p.AggregatorDiskGiB),
	}
	if needed > MaxAggregatorDiskGiB {
		enough := *p
		enough.growForDisk(cluster, choice, f)
		found.Setting, found.Nearest = SettingReplicas, strconv.Itoa(enough.Replicas)
		found.Message += fmt.Sprintf("; a volume has %d at most, and %d replicas need no larger ones", MaxAggregatorDiskGiB, enough.Replicas)
	}
	return found
}

// bufferSettings are what the volume follows from.
var bufferSettings = []Setting{
	SettingPeakRecordsPerSecond, SettingMeanRecordBytes, SettingBurstFactor, SettingBurst, SettingStreamOutage,
	SettingReplicas, SettingWorkers, SettingFlushThreads, SettingFlushSeconds, SettingChunkKeys, SettingOutputs,
}

// drain says how long backlogs take to go, and refuses those that never do.
func (p *ClusterPlan) drain(cluster Cluster, stream Stream, f flow) []Finding {
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
		return []Finding{p.noHeadroom(cluster, stream, f)}
	}
	p.StreamDrain, p.AggregatorDrain = duration(held/spare), duration(behind/spare)
	if longest := max(p.StreamDrain, p.AggregatorDrain); longest > longDrain {
		p.Warnings = append(p.Warnings, Finding{
			Setting: drainSetting(stream, f),
			Message: fmt.Sprintf("what piles up in the longest tolerated outage takes %s to drain at the mean rate of %s records/s, as at most %s leave",
				longest, quantity(cluster.MeanRecordsPerSecond), quantity(f.out())),
		})
	}
	return nil
}

// longDrain is a day: what takes longer meets the next peak on its way.
const longDrain = 24 * time.Hour

func (p *ClusterPlan) noHeadroom(cluster Cluster, stream Stream, f flow) Finding {
	mean, setting := cluster.MeanRecordsPerSecond, drainSetting(stream, f)
	found := Finding{
		Setting: setting, Against: append([]Setting{SettingMeanRecordsPerSecond, SettingMeanRecordBytes}, workerSettings...),
		Message: fmt.Sprintf("the buffers never drain: the mean is %s records/s, and %s is all that leaves (Fluentd carries %s, its threads flush %s, the stream takes %s)",
			quantity(mean), quantity(f.out()), quantity(f.carried), quantity(f.flushed), quantity(f.accepted)),
	}
	next := func(have int, carries float64) string {
		return strconv.Itoa(int(float64(have)*mean/carries*(1+2*rounding)) + 1)
	}
	switch setting {
	case SettingShards:
		found.Nearest = next(stream.Plan.Shards, f.accepted)
	case SettingReplicas:
		found.Nearest = next(p.Replicas, f.carried)
	case SettingFlushThreads:
		found.Nearest = next(p.FlushThreads, f.flushed)
	}
	return found
}

// drainSetting is what holds a backlog up.
func drainSetting(stream Stream, f flow) Setting {
	switch f.out() {
	case f.accepted:
		if stream.Plan.Mode == OnDemand {
			return SettingMode
		}
		return SettingShards
	case f.carried:
		return SettingReplicas
	default:
		return SettingFlushThreads
	}
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Ceil(min(seconds, math.MaxInt32))) * time.Second
}
