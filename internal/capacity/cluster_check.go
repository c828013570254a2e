package capacity

import "fmt"

// check finds what is impossible in the cluster itself.
func (c Cluster) check() []Finding {
	found := c.load().check()
	refuse := func(s Setting, nearest, format string, args ...any) {
		found = append(found, Finding{Setting: s, Nearest: nearest, Message: fmt.Sprintf(format, args...)})
	}

	if c.Nodes < 1 {
		refuse(SettingNodes, "1", "a cluster of %d nodes logs nothing: 1 is the fewest", c.Nodes)
	}
	if c.PodsPerNode < 1 {
		refuse(SettingPodsPerNode, "1", "%d pods on a node log nothing: 1 is the fewest", c.PodsPerNode)
	}
	if c.StreamOutage < 0 {
		refuse(SettingStreamOutage, "0", "Kinesis cannot be away for %s: 0 means never", c.StreamOutage)
	}
	if c.AggregatorOutage < 0 {
		refuse(SettingAggregatorOutage, "0", "Fluentd cannot be away for %s: 0 means never", c.AggregatorOutage)
	}

	even := c.PeakRecordsPerSecond / (float64(c.Nodes) * float64(c.PodsPerNode))
	switch {
	case c.PodPeakRecordsPerSecond != 0 && !positive(c.PodPeakRecordsPerSecond):
		refuse(SettingPodPeakRecordsPerSecond, "0", "the loudest pod's rate must be 0 (all log alike) or more")
	case c.PodPeakRecordsPerSecond != 0 && c.PodPeakRecordsPerSecond < even*(1-rounding) && positive(even):
		found = append(found, Finding{
			Setting: SettingPodPeakRecordsPerSecond, Nearest: "0",
			Against: []Setting{SettingNodes, SettingPodsPerNode, SettingPeakRecordsPerSecond},
			Message: fmt.Sprintf("the loudest of %d x %d pods logs %s records/s, and the cluster's peak makes %s for each: at least that is needed, or 0",
				c.Nodes, c.PodsPerNode, quantity(c.PodPeakRecordsPerSecond), quantity(even)),
		})
	}
	return found
}

// check finds values that are out of range.
func (c ClusterChoice) check() []Finding {
	var found []Finding
	for _, of := range []struct {
		setting Setting
		value   int
		most    int // 0 is no limit
		what    string
	}{
		{SettingAgentDiskMiB, c.AgentDiskMiB, 0, "MiB of disk for an agent"},
		{SettingReplicas, c.Replicas, 0, "replicas of Fluentd"},
		{SettingWorkers, c.Workers, 0, "workers of Fluentd"},
		{SettingFlushThreads, c.FlushThreads, 0, "flush threads"},
		{SettingFlushSeconds, c.FlushSeconds, MaxFlushSeconds, "seconds between flushes"},
		{SettingAggregatorDiskGiB, c.AggregatorDiskGiB, MaxAggregatorDiskGiB, "GiB of volume for a Fluentd"},
		{SettingRetriesOnBatchRequest, c.RetriesOnBatchRequest, MaxRetriesOnBatchRequest, "retries of the plugin"},
		{SettingChunkKeys, c.ChunkKeys, 0, "open chunks"},
		{SettingOutputs, c.Outputs, 0, "outputs"},
	} {
		switch {
		case of.value < 0:
			found = append(found, Finding{
				Setting: of.setting, Nearest: "1", Message: fmt.Sprintf("%d %s are not possible: 1 is the least, 0 leaves it open", of.value, of.what),
			})
		case of.most > 0 && of.value > of.most:
			found = append(found, Finding{
				Setting: of.setting, Nearest: fmt.Sprint(of.most), Message: fmt.Sprintf("%d %s are too many: %d is the most", of.value, of.what, of.most),
			})
		}
	}
	if c.WorkerRecordsPerSecond != 0 && !positive(c.WorkerRecordsPerSecond) {
		found = append(found, Finding{
			Setting: SettingWorkerRecordsPerSecond, Nearest: "0", Message: "a worker's rate must be 0 (the default) or more",
		})
	}
	return found
}

// CheckClusters says whether the clusters that share a stream are what it is planned for: their peaks and means together, in
// records and in bytes, and the largest record of each. The error joins a Finding for each excess (Refusals lists them),
// about the stream's Load.
func CheckClusters(load Load, clusters ...Cluster) error {
	if found := fits(load, clusters...); len(found) > 0 {
		return join(found)
	}
	return nil
}

// fits finds what of the clusters together is more than the stream's load.
func fits(load Load, clusters ...Cluster) []Finding {
	var peak, mean rate
	largest := 0
	for _, c := range clusters {
		peak, mean = peak.plus(c.load().peak()), mean.plus(c.load().mean())
		largest = max(largest, c.LargestRecordBytes)
	}

	var found []Finding
	exceeds := func(s Setting, what string, got, allowed rate) {
		if got.records > allowed.records*(1+rounding) {
			found = append(found, Finding{
				Setting: s, Nearest: fmt.Sprint(ceil(got.records)), Against: clusterSettings,
				Message: fmt.Sprintf("the %s of %s %s records/s, and the stream is planned for %s",
					what, subject(len(clusters), "cluster", "make"), quantity(got.records), quantity(allowed.records)),
			})
		} else if got.bytes > allowed.bytes*(1+rounding) {
			found = append(found, Finding{
				Setting: SettingMeanRecordBytes, Nearest: fmt.Sprint(ceil(got.bytes / allowed.records)), Against: clusterSettings,
				Message: fmt.Sprintf("the %s of %s %s MB/s, and the stream is planned for %s MB/s",
					what, subject(len(clusters), "cluster", "make"), quantity(got.bytes/bytesPerMB), quantity(allowed.bytes/bytesPerMB)),
			})
		}
	}
	exceeds(SettingPeakRecordsPerSecond, "peak", peak, load.peak())
	exceeds(SettingMeanRecordsPerSecond, "mean", mean, load.mean())
	if largest > load.LargestRecordBytes {
		found = append(found, Finding{
			Setting: SettingLargestRecordBytes, Nearest: fmt.Sprint(largest), Against: clusterSettings,
			Message: fmt.Sprintf("a cluster's largest record has %d bytes, and the stream is planned for %d", largest, load.LargestRecordBytes),
		})
	}
	return found
}

// clusterSettings are what the clusters' traffic together is made of.
var clusterSettings = []Setting{
	SettingPeakRecordsPerSecond, SettingMeanRecordsPerSecond, SettingMeanRecordBytes, SettingLargestRecordBytes,
}

func (r rate) plus(other rate) rate {
	return rate{records: r.records + other.records, bytes: r.bytes + other.bytes}
}
