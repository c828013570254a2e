package capacity

import (
	"fmt"
	"slices"

	"example.com/log-pipeline/internal/fault"
)

// Share gives each cluster its part of a load, for the peak and for the mean separately. A cluster keeps a rate of its own,
// which is above 0. The others share the rest of the load's rate by their nodes. The sizes of records and the bursts are the
// load's. It refuses rates of clusters' own that leave nothing to the others, and what CheckClusters refuses.
//
// Paths in faults are the fields of Load, and those of a cluster: Clusters[0].Nodes.
func Share(load Load, clusters []Cluster) ([]Cluster, fault.List) {
	shared := make([]Cluster, len(clusters))
	for i, c := range clusters {
		peak, mean := c.PeakRecordsPerSecond, c.MeanRecordsPerSecond
		c.Traffic = load.Traffic
		c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = peak, mean
		shared[i] = c
	}
	faults := fault.Join(
		shareRate("PeakRecordsPerSecond", "peak", load.PeakRecordsPerSecond, shared, func(c *Cluster) *float64 { return &c.PeakRecordsPerSecond }),
		shareRate("MeanRecordsPerSecond", "mean", load.MeanRecordsPerSecond, shared, func(c *Cluster) *float64 { return &c.MeanRecordsPerSecond }),
	)
	for _, excess := range CheckClusters(load, shared...) {
		// Where clusters leave nothing to the others, they may also be more than the load: one fault is enough.
		if !slices.ContainsFunc(faults, func(f fault.Fault) bool { return slices.Contains(f.Reads, excess.Path) }) {
			faults = append(faults, excess)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return shared, nil
}

// shareRate gives the clusters without a rate of their own what the others leave of it.
func shareRate(name fault.Path, what string, total float64, clusters []Cluster, of func(*Cluster) *float64) fault.List {
	rest, nodes, own := total, 0, false
	var reads []fault.Path
	for i := range clusters {
		if rate := *of(&clusters[i]); rate > 0 {
			rest, own = rest-rate, true
		} else {
			nodes += max(0, clusters[i].Nodes)
		}
		reads = append(reads, clusterPath(i).Fields("Nodes", string(name))...)
	}
	if nodes == 0 {
		return nil
	}
	if rest <= 0 && own {
		return fault.List{{
			Path: "Clusters", Reads: append(reads, name),
			Problem: fault.Problemf("the clusters with a "+what+" of their own leave none of %s to the others", name),
		}}
	}
	for i := range clusters {
		if rate := of(&clusters[i]); *rate <= 0 {
			*rate = rest * float64(max(0, clusters[i].Nodes)) / float64(nodes)
		}
	}
	return nil
}

func clusterPath(i int) fault.Path { return fault.Path("Clusters").Index(i) }

// CheckClusters says whether the clusters that share a stream are what it is planned for: their peaks and means together, in
// records and in bytes, and the largest record of each. The faults are about the load. Paths are as in Share's.
func CheckClusters(load Load, clusters ...Cluster) fault.List {
	paths := make([]fault.Path, len(clusters))
	for i := range clusters {
		paths[i] = clusterPath(i)
	}
	return fits(load, "", clusters, paths)
}

// fits finds what of the clusters together is more than the stream's load. The load is called as at, and the clusters by paths.
func fits(load Load, at fault.Path, clusters []Cluster, paths []fault.Path) fault.List {
	var peak, mean rate
	largest := 0
	for _, c := range clusters {
		peak, mean = peak.plus(c.peak()), mean.plus(c.mean())
		largest = max(largest, c.LargestRecordBytes)
	}
	excess := func(name string, reads []string, given any, nearest string, problem fault.Problem) fault.List {
		found := fault.Fault{Path: at.Field(name), Given: given, Nearest: nearest, Problem: problem}
		for _, path := range paths {
			found.Reads = append(found.Reads, path.Fields(reads...)...)
		}
		return fault.List{found}
	}
	exceeds := func(name, what string, got, allowed rate) fault.List {
		makes := subject(len(clusters), "cluster", "make")
		switch {
		case got.records > allowed.records*(1+rounding):
			return excess(name, []string{name}, given(allowed.records), nearest(Rate, ceil(got.records)),
				fault.Problemf("the "+what+" of %s %s records/s, and the stream is planned for %s", makes, quantity(got.records), quantity(allowed.records)))
		case got.bytes > allowed.bytes*(1+rounding):
			found := excess("MeanRecordBytes", []string{name, "MeanRecordBytes"}, load.MeanRecordBytes,
				nearest(RecordBytes, ceil(got.bytes/allowed.records)),
				fault.Problemf("the "+what+" of %s %s MB/s, and the stream is planned for %s MB/s", makes, quantity(got.bytes/bytesPerMB), quantity(allowed.bytes/bytesPerMB)))
			found[0].Reads = append(found[0].Reads, at.Field(name))
			return found
		}
		return nil
	}

	faults := fault.Join(
		exceeds("PeakRecordsPerSecond", "peak", peak, load.peak()),
		exceeds("MeanRecordsPerSecond", "mean", mean, load.mean()),
	)
	if largest > load.LargestRecordBytes {
		faults = append(faults, excess("LargestRecordBytes", []string{"LargestRecordBytes"}, load.LargestRecordBytes, fmt.Sprint(largest),
			fault.Problemf("a cluster's largest record has %d bytes, and the stream is planned for %d", largest, load.LargestRecordBytes))...)
	}
	return faults
}
