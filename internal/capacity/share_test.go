package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// nodes is a cluster of so many nodes, with rates of its own where they are above 0.
func nodes(n int, peak, mean float64) capacity.Cluster {
	return capacity.Cluster{
		Traffic: capacity.Traffic{PeakRecordsPerSecond: peak, MeanRecordsPerSecond: mean},
		Nodes:   n, PodsPerNode: 30, StreamOutage: time.Hour,
	}
}

func TestSharesOfALoad(t *testing.T) {
	type rates struct{ peak, mean float64 }
	for name, test := range map[string]struct {
		clusters []capacity.Cluster
		want     []rates
	}{
		"no cluster": {want: []rates{}},
		"one alone":  {clusters: []capacity.Cluster{nodes(7, 0, 0)}, want: []rates{{2_000, 500}}},
		"by nodes":   {clusters: []capacity.Cluster{nodes(3, 0, 0), nodes(1, 0, 0)}, want: []rates{{1_500, 375}, {500, 125}}},
		"the rest of what one says itself": {
			clusters: []capacity.Cluster{nodes(50, 1_200, 300), nodes(3, 0, 0), nodes(1, 0, 0)},
			want:     []rates{{1_200, 300}, {600, 150}, {200, 50}},
		},
		"each rate for itself": {
			clusters: []capacity.Cluster{nodes(1, 1_200, 0), nodes(4, 0, 0), nodes(1, 0, 400)},
			want:     []rates{{1_200, 20}, {640, 80}, {160, 400}},
		},
		"less than there is, where all say it": {
			clusters: []capacity.Cluster{nodes(1, 1_000, 100), nodes(1, 900, 200)}, want: []rates{{1_000, 100}, {900, 200}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			shared, faults := capacity.Share(load(burst(3, time.Minute)), test.clusters)
			require.Empty(t, faults)
			got := make([]rates, len(shared))
			for i, c := range shared {
				got[i] = rates{c.PeakRecordsPerSecond, c.MeanRecordsPerSecond}
				want := test.clusters[i]
				want.Traffic = load(burst(3, time.Minute)).Traffic
				want.PeakRecordsPerSecond, want.MeanRecordsPerSecond = c.PeakRecordsPerSecond, c.MeanRecordsPerSecond
				assert.Equal(t, want, c, "the records and bursts are the load's, and the rest the cluster's own")
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestSharesThatLeaveNone(t *testing.T) {
	given := []capacity.Cluster{nodes(1, 2_000, 600), nodes(2, 0, 0)}
	shared, faults := capacity.Share(load(), given)
	assert.Nil(t, shared)
	require.Len(t, faults, 2)
	assert.EqualValues(t, "Clusters", faults[0].Path)
	assert.Equal(t, "the clusters with a peak of their own leave none of PeakRecordsPerSecond to the others", faults[0].Problem.String())
	assert.Equal(t, []fault.Path{
		"Clusters[0].Nodes", "Clusters[0].PeakRecordsPerSecond", "Clusters[1].Nodes", "Clusters[1].PeakRecordsPerSecond", "PeakRecordsPerSecond",
	}, faults[0].Reads)
	assert.Equal(t, "the clusters with a mean of their own leave none of MeanRecordsPerSecond to the others", faults[1].Problem.String())
	assert.Equal(t, nodes(2, 0, 0), given[1], "what is given stays as it is")
}

func TestSharesOfMoreThanThereIs(t *testing.T) {
	_, faults := capacity.Share(load(), []capacity.Cluster{nodes(1, 1_500, 250), nodes(1, 600, 250)})
	found := only(t, faults)
	assert.EqualValues(t, "PeakRecordsPerSecond", found.Path, "the load's")
	assert.Equal(t, "2100", found.Nearest)
	assert.Equal(t, []fault.Path{"Clusters[0].PeakRecordsPerSecond", "Clusters[1].PeakRecordsPerSecond"}, found.Reads)
}

func TestSharesAddUpToTheLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := anyLoad(t)
		var clusters []capacity.Cluster
		for range rapid.IntRange(1, 20).Draw(t, "clusters") {
			own := rapid.SampledFrom([]float64{0, 0, 0.04}).Draw(t, "own")
			clusters = append(clusters, nodes(rapid.IntRange(1, 15_000).Draw(t, "nodes"), own*load.PeakRecordsPerSecond, own*load.MeanRecordsPerSecond))
		}
		clusters[0].PeakRecordsPerSecond, clusters[0].MeanRecordsPerSecond = 0, 0

		shared, faults := capacity.Share(load, clusters)
		require.Empty(t, faults)
		var peak, mean float64
		for _, c := range shared {
			assert.Positive(t, c.PeakRecordsPerSecond)
			assert.Positive(t, c.MeanRecordsPerSecond)
			peak, mean = peak+c.PeakRecordsPerSecond, mean+c.MeanRecordsPerSecond
		}
		assert.InEpsilon(t, load.PeakRecordsPerSecond, peak, 1e-9)
		assert.InEpsilon(t, load.MeanRecordsPerSecond, mean, 1e-9)
	})
}
