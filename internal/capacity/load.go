package capacity

import (
	"fmt"
	"math"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// Traffic is what is logged: by all that writes to a stream, or by one cluster.
type Traffic struct {
	// PeakRecordsPerSecond is the highest rate that lasts, as at the busiest hour. Required.
	PeakRecordsPerSecond float64
	// MeanRecordsPerSecond is the rate over a whole day, at most the peak. Required.
	MeanRecordsPerSecond float64
	// MeanRecordBytes is the mean size of a record as Kinesis gets it, uncompressed: from a cluster, JSON with its metadata
	// and the partition key. Required.
	MeanRecordBytes int
	// LargestRecordBytes is the size of the largest such record, at most MaxRecordBytes. Required.
	LargestRecordBytes int
	// BurstFactor is how many times the peak a burst reaches, at least 1. It counts only when Burst is set.
	BurstFactor float64
	// Burst is how long a burst lasts; 0 means that there are none.
	Burst time.Duration
}

// Load is the traffic that the pipeline must carry.
type Load struct {
	Traffic
	// SharedReaders is the number of consumers that share a shard's 2 MB/s: every Firehose delivery stream is one, a
	// fan-out consumer is none. 0 to MaxSharedReaders.
	SharedReaders int
}

// impossible are the faults of single values.
func (t Traffic) impossible() fault.List {
	factor := BurstFactor.Check("BurstFactor", t.BurstFactor)
	for i := range factor {
		factor[i].Reads = []fault.Path{"Burst"}
	}
	return fault.Join(
		checkRate(Rate, "PeakRecordsPerSecond", t.PeakRecordsPerSecond),
		checkRate(Rate, "MeanRecordsPerSecond", t.MeanRecordsPerSecond),
		RecordBytes.Check("MeanRecordBytes", t.MeanRecordBytes),
		LargestRecordBytes.Check("LargestRecordBytes", t.LargestRecordBytes),
		checkSeconds(BurstSeconds, "Burst", t.Burst),
		fault.When(t.Burst > 0, factor...),
	)
}

// contradictions are the faults of values that are possible alone, but not together.
func (t Traffic) contradictions() fault.List {
	return fault.Join(
		fault.When(t.MeanRecordsPerSecond > t.PeakRecordsPerSecond, fault.Fault{
			Path: "MeanRecordsPerSecond", Reads: []fault.Path{"PeakRecordsPerSecond"},
			Given: given(t.MeanRecordsPerSecond), Nearest: quantity(t.PeakRecordsPerSecond).String(),
			Problem: fault.Problemf("the mean rate of %s records/s is above the peak of %s records/s",
				quantity(t.MeanRecordsPerSecond), quantity(t.PeakRecordsPerSecond)),
		}),
		fault.When(t.MeanRecordBytes > t.LargestRecordBytes, fault.Fault{
			Path: "MeanRecordBytes", Reads: []fault.Path{"LargestRecordBytes"},
			Given: t.MeanRecordBytes, Nearest: fmt.Sprint(t.LargestRecordBytes),
			Problem: fault.Problemf("the mean record of %d bytes is above the largest of %d bytes", t.MeanRecordBytes, t.LargestRecordBytes),
		}),
	)
}

func (l Load) impossible() fault.List {
	return fault.Join(l.Traffic.impossible(), SharedReaders.Check("SharedReaders", l.SharedReaders))
}

// rate is traffic at one moment.
type rate struct{ records, bytes float64 } // both per second

func (t Traffic) peak() rate { return t.at(t.PeakRecordsPerSecond) }
func (t Traffic) mean() rate { return t.at(t.MeanRecordsPerSecond) }

// burst is the traffic to size for: the peak itself where there are no bursts.
func (t Traffic) burst() rate { return t.at(t.PeakRecordsPerSecond * t.burstFactor()) }

func (t Traffic) burstFactor() float64 {
	if t.Burst <= 0 {
		return 1
	}
	return t.BurstFactor
}

func (t Traffic) at(recordsPerSecond float64) rate {
	return rate{records: recordsPerSecond, bytes: recordsPerSecond * float64(t.MeanRecordBytes)}
}

func (r rate) plus(other rate) rate {
	return rate{records: r.records + other.records, bytes: r.bytes + other.bytes}
}

// writes is the traffic in shards' worth of writes: 1 is 1 MB/s or 1,000 records/s, whichever is reached first.
func (r rate) writes() float64 {
	return max(r.bytes/shardWriteBytesPerSecond, r.records/shardWriteRecordsPerSecond)
}

// reads is what that many shared readers read, in shards' worth of reads.
func (r rate) reads(readers int) float64 {
	return r.bytes * float64(readers) / shardReadBytesPerSecond
}

// shards is the fewest shards that take the traffic and serve its readers.
func (r rate) shards(readers int) int {
	return max(1, ceil(max(r.writes(), r.reads(readers))))
}

// catchingUp is the fewest shards from which that many shared readers read more than the traffic brings.
func (r rate) catchingUp(readers int) int {
	return int(min(r.reads(readers), MaxShards)*(1+rounding)) + 1
}

func (r rate) String() string {
	return fmt.Sprintf("%s MB/s and %s records/s", quantity(r.bytes/bytesPerMB), quantity(r.records))
}

// ceil rounds up, and stays in the range of an int: what is so large is out of every range here anyway.
func ceil(x float64) int { return int(math.Ceil(min(x, math.MaxInt32) * (1 - rounding))) }
