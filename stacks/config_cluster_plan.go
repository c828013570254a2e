package stacks

import (
	"fmt"
	"time"

	"example.com/log-pipeline/internal/capacity"
)

// clusterSettings are the fields of a cluster that the settings of its plan are read from.
var clusterSettings = map[capacity.Setting]string{
	capacity.SettingNodes:                   "nodes",
	capacity.SettingPodsPerNode:             "podsPerNode",
	capacity.SettingPeakRecordsPerSecond:    "peakRecordsPerSecond",
	capacity.SettingMeanRecordsPerSecond:    "meanRecordsPerSecond",
	capacity.SettingPodPeakRecordsPerSecond: "podPeakRecordsPerSecond",
	capacity.SettingAgentDiskMiB:            "agentDiskMiB",
	capacity.SettingReplicas:                "fluentdReplicas",
	capacity.SettingWorkers:                 "fluentdWorkers",
	capacity.SettingFlushThreads:            "fluentdFlushThreads",
	capacity.SettingFlushSeconds:            "fluentdFlushSeconds",
	capacity.SettingAggregatorDiskGiB:       "fluentdDiskGiB",
	capacity.SettingRetriesOnBatchRequest:   "retriesOnBatchRequest",
	capacity.SettingWorkerRecordsPerSecond:  "fluentdWorkerRecordsPerSecond",
}

// outageKeys are the keys of those settings that all clusters have in common.
var outageKeys = map[capacity.Setting]string{
	capacity.SettingStreamOutage:     "streamOutageSeconds",
	capacity.SettingAggregatorOutage: "fluentdOutageSeconds",
	capacity.SettingOutputs:          "flows",
}

// oneTag is how many tags divide the chunks of an output: components/logging gives all events the same.
const oneTag = 1

// planClusters sizes the way from the pods to the stream. It is to be called when the stream has a plan.
func (p *parser) planClusters(c *Config) {
	if p.anyFaulty("clusters", "flows", "outputs", "streamOutageSeconds", "fluentdOutageSeconds") || !p.share(c) {
		return
	}
	for i, cluster := range c.Clusters {
		plan, err := capacity.ComputeCluster(cluster.Load, capacity.Stream{Load: c.Load, Plan: c.Plan}, p.clusterChoice(c, i))
		c.Clusters[i].Plan = plan
		for _, r := range capacity.Refusals(err) {
			p.refuseCluster(i, r)
		}
		for _, w := range plan.Warnings {
			p.warnings = append(p.warnings, p.clusterPath(i, w.Setting)+": "+w.Message)
		}
	}
}

// share gives each cluster its part of the load: what it says itself, and of the rest as many nodes' worth as it has.
func (p *parser) share(c *Config) bool {
	parts := map[string][]float64{}
	for name, total := range map[string]float64{
		"peakRecordsPerSecond": c.Load.PeakRecordsPerSecond, "meanRecordsPerSecond": c.Load.MeanRecordsPerSecond,
	} {
		rest, nodes := total, 0
		for _, object := range p.objects("clusters") {
			rest -= float64(object.integer(name))
			if object.integer(name) == 0 {
				nodes += object.integer("nodes")
			}
		}
		if nodes > 0 && rest <= 0 {
			p.fault("clusters", "the clusters with %s of their own leave none of %s to the others", name, p.full(name))
			return false
		}
		for _, object := range p.objects("clusters") {
			part := float64(object.integer(name))
			if part == 0 {
				part = rest * float64(object.integer("nodes")) / float64(nodes)
			}
			parts[name] = append(parts[name], part)
		}
	}
	for i, object := range p.objects("clusters") {
		c.Clusters[i].Load = capacity.Cluster{
			Nodes:                   object.integer("nodes"),
			PodsPerNode:             object.integer("podsPerNode"),
			PeakRecordsPerSecond:    parts["peakRecordsPerSecond"][i],
			MeanRecordsPerSecond:    parts["meanRecordsPerSecond"][i],
			PodPeakRecordsPerSecond: float64(object.integer("podPeakRecordsPerSecond")),
			MeanRecordBytes:         c.Load.MeanRecordBytes,
			LargestRecordBytes:      c.Load.LargestRecordBytes,
			BurstFactor:             c.Load.BurstFactor,
			Burst:                   c.Load.Burst,
			StreamOutage:            time.Duration(p.integer("streamOutageSeconds")) * time.Second,
			AggregatorOutage:        time.Duration(p.integer("fluentdOutageSeconds")) * time.Second,
		}
	}
	return p.togetherFit(c)
}

// togetherFit refuses clusters that make more than the stream is planned for.
func (p *parser) togetherFit(c *Config) bool {
	loads := make([]capacity.Cluster, len(c.Clusters))
	for i, cluster := range c.Clusters {
		loads[i] = cluster.Load
	}
	refused := capacity.Refusals(capacity.CheckClusters(c.Load, loads...))
	for _, r := range refused {
		p.faultOf(settingKeys[r.Setting], r.Message, r.Nearest)
	}
	return len(refused) == 0
}

func (p *parser) clusterChoice(c *Config, index int) capacity.ClusterChoice {
	object := p.objects("clusters")[index]
	return capacity.ClusterChoice{
		AgentDiskMiB:           object.integer("agentDiskMiB"),
		Replicas:               object.integer("fluentdReplicas"),
		Workers:                object.integer("fluentdWorkers"),
		FlushThreads:           object.integer("fluentdFlushThreads"),
		FlushSeconds:           object.integer("fluentdFlushSeconds"),
		AggregatorDiskGiB:      object.integer("fluentdDiskGiB"),
		RetriesOnBatchRequest:  object.integer("retriesOnBatchRequest"),
		ChunkKeys:              oneTag,
		Outputs:                c.loggingArgs(c.Clusters[index], nil).Buffers(),
		WorkerRecordsPerSecond: float64(object.integer("fluentdWorkerRecordsPerSecond")),
	}
}

func (p *parser) refuseCluster(index int, r capacity.Finding) {
	if field, ok := clusterSettings[r.Setting]; ok {
		p.faultOfField("clusters", index, field, r.Message, r.Nearest)
		return
	}
	if key, ok := outageKeys[r.Setting]; ok {
		p.faultOf(key, r.Message, r.Nearest)
		return
	}
	p.faultOf(settingKeys[r.Setting], r.Message, r.Nearest)
}

// clusterPath is the full key that a finding about a cluster is about.
func (p *parser) clusterPath(index int, setting capacity.Setting) string {
	if field, ok := clusterSettings[setting]; ok {
		return fmt.Sprintf("%s[%d].%s", p.full("clusters"), index, field)
	}
	if key, ok := outageKeys[setting]; ok {
		return p.full(key)
	}
	return p.full(settingKeys[setting])
}
