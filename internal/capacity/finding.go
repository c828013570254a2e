package capacity

import (
	"errors"
	"fmt"
	"strings"
)

// Setting names a field of Load, Choice, Cluster or ClusterChoice; what is called the same means the same.
type Setting string

// The settings that a Finding can be about.
const (
	SettingPeakRecordsPerSecond Setting = "PeakRecordsPerSecond"
	SettingMeanRecordsPerSecond Setting = "MeanRecordsPerSecond"
	SettingMeanRecordBytes      Setting = "MeanRecordBytes"
	SettingLargestRecordBytes   Setting = "LargestRecordBytes"
	SettingBurstFactor          Setting = "BurstFactor"
	SettingBurst                Setting = "Burst"
	SettingSharedReaders        Setting = "SharedReaders"
	SettingMode                 Setting = "Mode"
	SettingShards               Setting = "Shards"
	SettingBufferMiB            Setting = "BufferMiB"
	SettingBufferSeconds        Setting = "BufferSeconds"
	SettingCompressionRatio     Setting = "CompressionRatio"
	SettingMinObjectMiB         Setting = "MinObjectMiB"

	SettingNodes                   Setting = "Nodes"
	SettingPodsPerNode             Setting = "PodsPerNode"
	SettingPodPeakRecordsPerSecond Setting = "PodPeakRecordsPerSecond"
	SettingStreamOutage            Setting = "StreamOutage"
	SettingAggregatorOutage        Setting = "AggregatorOutage"
	SettingAgentDiskMiB            Setting = "AgentDiskMiB"
	SettingReplicas                Setting = "Replicas"
	SettingWorkers                 Setting = "Workers"
	SettingFlushThreads            Setting = "FlushThreads"
	SettingFlushSeconds            Setting = "FlushSeconds"
	SettingAggregatorDiskGiB       Setting = "AggregatorDiskGiB"
	SettingRetriesOnBatchRequest   Setting = "RetriesOnBatchRequest"
	SettingChunkKeys               Setting = "ChunkKeys"
	SettingOutputs                 Setting = "Outputs"
	SettingWorkerRecordsPerSecond  Setting = "WorkerRecordsPerSecond"
)

// Finding is one thing that does not work (in an error) or that works at a price (in a plan's Warnings).
type Finding struct {
	// Setting is what to change.
	Setting Setting
	// Message says in one sentence what is needed, what is there, and what to do.
	Message string
	// Nearest is the value of Setting closest to the given one that works; empty where no single value does.
	Nearest string
	// Against are the settings that Setting was held against. Where one of them is not the user's, because it stands in for
	// something that cannot be read, the finding is not to be trusted.
	Against []Setting
}

// Error makes a Finding an error, so that refusals can be joined.
func (f Finding) Error() string { return string(f.Setting) + ": " + f.Message }

// Refusals lists the findings in an error of this package; none for nil and for any other error.
func Refusals(err error) []Finding {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var findings []Finding
	for _, e := range joined.Unwrap() {
		var f Finding
		if errors.As(e, &f) {
			findings = append(findings, f)
		}
	}
	return findings
}

// quantity writes a number as people would: 16, 1.5, 0.023.
func quantity(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	default:
		return fmt.Sprintf("%.2g", x)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
