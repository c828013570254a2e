package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	if !p.share(c) {
		return
	}
	for i, cluster := range c.Clusters {
		plan, err := capacity.ComputeCluster(cluster.Load, capacity.Stream{Load: c.Load, Plan: c.Plan}, p.clusterChoice(c, i))
		c.Clusters[i].Plan = plan
		for _, r := range capacity.Refusals(err) {
			if !p.clusterFollows(i, append(slices.Clone(r.Against), r.Setting)...) {
				p.refuseCluster(i, r)
			}
		}
		for _, w := range plan.Warnings {
			path := p.clusterPath(i, w.Setting)
			p.warnings = append(p.warnings, path+": "+p.openText(path, w.Message))
		}
		if err == nil && !p.clusterFollows(i, planSettings()...) {
			p.checkPlan(i, plan)
			p.report(p.loggingFindings(c, c.Clusters[i], i))
		}
	}
}

// clusterFollows says whether one of the settings is a default that stands in for a value at fault.
func (p *parser) clusterFollows(index int, settings ...capacity.Setting) bool {
	return slices.ContainsFunc(settings, func(s capacity.Setting) bool {
		field, isField := clusterSettings[s]
		key, isOutage := outageKeys[s]
		switch {
		case isField && p.objects("clusters")[index].faulty[field]:
			return true
		case s == capacity.SettingOutputs:
			return p.buffersUnread()
		case isOutage:
			return p.faulty[key]
		default:
			return p.faulty[settingKeys[s]]
		}
	})
}

// buffersUnread says whether it is not known to which outputs the flows go, for each of which there is a buffer.
func (p *parser) buffersUnread() bool {
	return p.anyFaulty("outputs") || p.unread("flows") ||
		p.anyFlow(func(flow settings) bool { return flow.faulty["outputs"] || flow.faulty["clusters"] })
}

// planSettings are all that a cluster's plan follows from.
func planSettings() []capacity.Setting {
	return slices.Concat(slices.Collect(maps.Keys(clusterSettings)), slices.Collect(maps.Keys(outageKeys)), []capacity.Setting{
		capacity.SettingMeanRecordBytes, capacity.SettingLargestRecordBytes, capacity.SettingBurstFactor, capacity.SettingBurst,
	})
}

// checkPlan holds what is computed to the limits of what is chosen.
func (p *parser) checkPlan(index int, plan capacity.ClusterPlan) {
	for setting, value := range map[capacity.Setting]int{
		capacity.SettingAgentDiskMiB:          plan.AgentDiskMiB,
		capacity.SettingReplicas:              plan.Replicas,
		capacity.SettingWorkers:               plan.Workers,
		capacity.SettingFlushThreads:          plan.FlushThreads,
		capacity.SettingFlushSeconds:          plan.FlushSeconds,
		capacity.SettingAggregatorDiskGiB:     plan.AggregatorDiskGiB,
		capacity.SettingRetriesOnBatchRequest: plan.RetriesOnBatchRequest,
	} {
		field := fieldNamed("clusters", clusterSettings[setting])
		if float64(value) <= field.max {
			continue
		}
		advice := "spread the load over more clusters"
		if setting == capacity.SettingReplicas {
			advice += ", or set fluentdWorkers, or fluentdWorkerRecordsPerSecond where you measured that a worker carries more"
		}
		p.faultIn("clusters", index, field.name, "the load needs %d, and %.0f are the most: %s", value, field.max, advice)
	}
}

// share gives each cluster its part of the load: what it says itself, and of the rest as many nodes' worth as it has.
func (p *parser) share(c *Config) bool {
	fits := true
	parts := map[string][]float64{}
	for _, of := range []struct {
		name  string
		total float64
	}{
		{"peakRecordsPerSecond", c.Load.PeakRecordsPerSecond}, {"meanRecordsPerSecond", c.Load.MeanRecordsPerSecond},
	} {
		rest, nodes := of.total, 0
		for _, object := range p.objects("clusters") {
			if object.faulty[of.name] || object.faulty["nodes"] {
				return false // what is left to the others is not known
			}
			rest -= float64(object.integer(of.name))
			if object.integer(of.name) == 0 {
				nodes += object.integer("nodes")
			}
		}
		if nodes > 0 && rest <= 0 {
			p.fault("clusters", "the clusters with %s of their own leave none of %s to the others", of.name, p.full(of.name))
			fits = false
			continue
		}
		for _, object := range p.objects("clusters") {
			part := float64(object.integer(of.name))
			if part == 0 {
				part = rest * float64(object.integer("nodes")) / float64(nodes)
			}
			parts[of.name] = append(parts[of.name], part)
		}
	}
	if !fits {
		return false
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
		if !p.followsFromFault(r) {
			p.faultOf(settingKeys[r.Setting], r.Message, r.Nearest)
		}
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
		nearest := r.Nearest
		if n, err := strconv.Atoi(nearest); err == nil && float64(n) > fieldNamed("clusters", field).max {
			nearest = "" // no value works
		}
		p.faultOfField("clusters", index, field, r.Message, nearest)
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
