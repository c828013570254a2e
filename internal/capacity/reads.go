package capacity

import (
	"slices"

	"example.com/log-pipeline/internal/fault"
)

// reads are the settings that the parts of the first mile follow from: what is computed follows from more than what is chosen.
type reads struct {
	keys    []fault.Path // how many chunks are open
	burst   []fault.Path // the cluster's burst
	carried []fault.Path // replicas and workers, and what they carry
	flushed []fault.Path // their threads, and what these flush
	out     []fault.Path // what leaves, which the stream limits too
	held    []fault.Path // what Fluentd's buffers must hold, and on how much disk
}

func (c ClusterChoice) reads() reads {
	r := reads{
		keys:    []fault.Path{"ChunkKeys"},
		burst:   []fault.Path{"PeakRecordsPerSecond", "BurstFactor", "Burst"},
		carried: []fault.Path{"Replicas", "Workers", "WorkerRecordsPerSecond", "MeanRecordBytes"},
	}
	if c.ChunkKeys == 0 {
		r.keys = append(r.keys, "Nodes", "PodsPerNode")
	}
	threads := append(slices.Clone(r.keys), "FlushThreads", "FlushSeconds")
	stream := []fault.Path{
		"Stream.Plan.Mode", "Stream.Plan.Shards", "Stream.Load.PeakRecordsPerSecond", "Stream.Load.MeanRecordBytes",
		"PeakRecordsPerSecond",
	}
	buffers := append(slices.Clone(stream), "StreamOutage", "Outputs")
	if c.Workers == 0 || c.Replicas == 0 {
		r.carried = append(r.carried, r.burst...)
	}
	if c.Replicas == 0 { // they grow until their volumes are possible
		r.carried = slices.Concat(r.carried, threads, buffers)
	}
	r.flushed = append(slices.Clone(r.carried), "FlushThreads")
	if c.FlushThreads == 0 {
		r.flushed = slices.Concat(r.flushed, threads, r.burst)
	}
	r.out = slices.Concat(r.flushed, stream)
	r.held = slices.Concat(r.out, threads, r.burst, buffers)
	return r
}
