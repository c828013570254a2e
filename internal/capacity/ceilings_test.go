package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// What is computed is no more than what may be chosen.
func TestCeilings(t *testing.T) {
	logs := func(perSecond float64) func(*capacity.Cluster) {
		return func(c *capacity.Cluster) { c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = perSecond, perSecond/10 }
	}
	for name, test := range map[string]struct {
		cluster capacity.Cluster
		choice  capacity.ClusterChoice
		path    fault.Path
		problem string
	}{
		"replicas": {
			cluster: cluster(logs(2_000_000)), choice: capacity.ClusterChoice{Workers: 1}, path: "Replicas",
			problem: "the load needs 501, and 500 are the most: spread the load over more clusters, or set Workers, " +
				"or WorkerRecordsPerSecond where you measured that a worker carries more",
		},
		"workers": {
			cluster: cluster(logs(132_001)), choice: capacity.ClusterChoice{Replicas: 2}, path: "Workers",
			problem: "the load needs 34, and 32 are the most: spread the load over more clusters",
		},
		"flush threads": {
			cluster: cluster(logs(1_000_000), func(c *capacity.Cluster) { c.MeanRecordBytes = 10 }),
			choice:  capacity.ClusterChoice{Replicas: 3, Workers: 1, WorkerRecordsPerSecond: 1_000_000}, path: "FlushThreads",
			problem: "the load needs 84, and 64 are the most: spread the load over more clusters",
		},
		"agents' disks": {
			cluster: cluster(logs(200_000), fluentdAway(24*time.Hour), func(c *capacity.Cluster) { c.Nodes = 1 }), path: "AgentDiskMiB",
			problem: "are the most: spread the load over more clusters",
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, faults := capacity.ComputeCluster(test.cluster, withShards(test.cluster, 5_000), test.choice)
			found := only(t, faults)
			assert.Equal(t, test.path, found.Path)
			assert.Contains(t, found.Problem.String(), test.problem)
			assert.Nil(t, found.Given)
			assert.Empty(t, found.Nearest)
			assert.Zero(t, plan)
		})
	}

	t.Run("shards", func(t *testing.T) {
		large := load(peak(80_000_000), meanBytes(1_000), burst(2, time.Minute))
		_, faults := capacity.Compute(large, capacity.Choice{})
		found := only(t, faults)
		assert.EqualValues(t, "Shards", found.Path)
		assert.Equal(t, "the load needs 160000, and 100000 are the most: spread the load over more streams", found.Problem.String())
	})
}

// A nearest value beyond a ceiling would only be refused next.
func TestNearestValuesAreWithinTheCeilings(t *testing.T) {
	large := load(peak(80_000_000), meanBytes(1_000), burst(2, time.Minute))
	_, faults := capacity.Compute(large, shards(0))
	assert.Empty(t, only(t, faults).Nearest, "the burst needs 160,000")
	_, faults = capacity.Compute(large, shards(1))
	assert.Equal(t, "80000", only(t, faults).Nearest)

	one := capacity.ClusterChoice{Replicas: 1, Workers: 1, FlushThreads: 64}
	for perSecond, nearest := range map[float64]string{2_000_000: "500", 2_000_001: ""} {
		c := cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond = perSecond })
		_, faults := capacity.ComputeCluster(c, withShards(c, 5_000), one)
		require.NotEmpty(t, faults)
		assert.EqualValues(t, "Replicas", faults[0].Path)
		assert.Equal(t, nearest, faults[0].Nearest)
	}
}

func TestAgentsHaveRoomForAFewChunks(t *testing.T) {
	c := cluster(func(c *capacity.Cluster) { c.PeakRecordsPerSecond, c.MeanRecordsPerSecond = 1, 1 })
	plan, faults := capacity.ComputeCluster(c, withShards(c, 1), capacity.ClusterChoice{})
	require.Empty(t, faults)
	assert.Equal(t, capacity.MinAgentDiskMiB, plan.AgentDiskMiB)
}

// Numbers may be secret, and words are not.
func TestProblemsHideTheirNumbers(t *testing.T) {
	_, faults := capacity.Compute(load(peak(3_001), readers(3), burst(2, time.Minute)), shards(1))
	assert.Equal(t,
		`Shards: the peak writes [secret] and [secret] [secret] MB/s and [secret] records/s; [secret] [secret] MB/s together and get [secret] MB/s: `+
			`at least [secret] shards are needed ([secret] take the burst too) (given: [secret])`,
		only(t, faults).Hide().String())
}
