package capacity

import (
	"time"

	"example.com/log-pipeline/internal/fault"
)

// hottestNode is the peak rate of the node that logs most. All its pods are assumed to be as loud as the loudest pod of the
// cluster, as the replicas of one deployment would be.
func (c Cluster) hottestNode() float64 {
	if c.PodPeakRecordsPerSecond <= 0 {
		return c.PeakRecordsPerSecond / float64(c.Nodes)
	}
	return min(float64(c.PodsPerNode)*c.PodPeakRecordsPerSecond, c.PeakRecordsPerSecond)
}

// inflow is how many records come in some seconds at a rate, with a burst among them.
func (c Cluster) inflow(rate, seconds float64) float64 {
	return rate * (seconds + (c.burstFactor()-1)*min(c.Burst.Seconds(), seconds))
}

// agentHolds is how many records the hottest node must hold at most, and of how many seconds: all that its pods log while
// Fluentd is away and, where the burst lasts longer, what Fluentd does not carry of its rest.
func (c Cluster) agentHolds(carried float64) (records, seconds float64) {
	if c.AggregatorOutage > 0 {
		seconds = c.AggregatorOutage.Seconds() + agentResumeSeconds
	}
	seconds += agentFlushSeconds
	records = c.inflow(c.hottestNode(), seconds)

	burst := c.PeakRecordsPerSecond * c.burstFactor()
	if rest := c.Burst.Seconds() - seconds; rest > 0 && carried < burst {
		records += c.hottestNode() * c.burstFactor() * (1 - carried/burst) * rest
		seconds += rest
	}
	return records, seconds
}

// agentDiskMiB is the size on disk of what the hottest node's agent holds.
func (c Cluster) agentDiskMiB(carried float64) int {
	records, seconds := c.agentHolds(carried)
	content := records * float64(c.MeanRecordBytes)

	// A file for each container and second, even where no task is free: see AgentTasks.
	files := min(float64(c.PodsPerNode)*seconds/agentFlushSeconds, records)
	// It depends on chance which file has outgrown its first page. Of files with this content on average, at most this share has.
	perFile := max(1, c.hottestNode()*c.burstFactor()/float64(c.PodsPerNode)*agentFlushSeconds) * float64(c.MeanRecordBytes)
	outgrown := min(1, (perFile+agentChunkHeader)/pageBytes)
	waste := pageBytes + agentFileGrowth*outgrown

	return max(MinAgentDiskMiB, ceil((content*agentRecordOverhead+files*waste)/bytesPerMiB))
}

// sizeAgent decides the disk limit of the agents.
func (p *ClusterPlan) sizeAgent(cluster Cluster, choice ClusterChoice, carried float64, reads reads) fault.List {
	needed := cluster.agentDiskMiB(carried)
	found := fault.Fault{Path: "AgentDiskMiB", Reads: except("AgentDiskMiB", agentSettings, reads.carried), Given: given(choice.AgentDiskMiB)}
	p.AgentDiskMiB = choice.AgentDiskMiB
	if p.AgentDiskMiB == 0 {
		p.AgentDiskMiB = needed
	}
	if p.AgentDiskMiB < needed {
		records, seconds := cluster.agentHolds(carried)
		found.Nearest = nearest(AgentDiskMiB, needed)
		found.Problem = fault.Problemf("the agent of the node that logs most has %d MiB of disk, and holds %s records in %s while Fluentd is away: "+
			"%d MiB in chunk files; Fluent Bit discards its oldest chunk where there is less",
			p.AgentDiskMiB, quantity(records), wholeSeconds(seconds), needed)
		return fault.List{found}
	}
	if p.AgentDiskMiB > largeAgentDiskMiB {
		found.Problem = fault.Problemf("each node's agent may fill %d MiB of the node's disk, and the root volume of an EKS node has 20 GiB unless "+
			"its node group says otherwise; the kubelet evicts pods when a tenth is left: give the nodes more, or tolerate Fluentd's absence for less than %s",
			p.AgentDiskMiB, cluster.AggregatorOutage.Round(time.Second))
		if choice.AgentDiskMiB != 0 {
			found.Reads = []fault.Path{"AggregatorOutage"}
		}
		p.Warnings = append(p.Warnings, found)
	}
	return nil
}

// agentSettings are what the agents' disk follows from, besides what Fluentd carries.
var agentSettings = []fault.Path{
	"Nodes", "PodsPerNode", "PeakRecordsPerSecond", "PodPeakRecordsPerSecond", "MeanRecordBytes", "BurstFactor", "Burst", "AggregatorOutage",
}
