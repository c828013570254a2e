package capacity

import (
	"fmt"
	"math"
)

// check finds what is impossible in the load itself.
func (l Load) check() []Finding {
	var found []Finding
	refuse := func(s Setting, nearest, format string, args ...any) {
		found = append(found, Finding{Setting: s, Nearest: nearest, Message: fmt.Sprintf(format, args...)})
	}

	peakOK := positive(l.PeakRecordsPerSecond)
	if !peakOK {
		refuse(SettingPeakRecordsPerSecond, "", "the peak rate must be a number above 0")
	}
	switch {
	case !positive(l.MeanRecordsPerSecond):
		refuse(SettingMeanRecordsPerSecond, "", "the mean rate must be a number above 0")
	case peakOK && l.MeanRecordsPerSecond > l.PeakRecordsPerSecond:
		refuse(SettingMeanRecordsPerSecond, quantity(l.PeakRecordsPerSecond),
			"the mean rate of %s records/s is above the peak of %s records/s: at most the peak is possible",
			quantity(l.MeanRecordsPerSecond), quantity(l.PeakRecordsPerSecond))
	}

	if l.MeanRecordBytes < 1 {
		refuse(SettingMeanRecordBytes, "", "the mean record must have at least 1 byte")
	}
	switch {
	case l.LargestRecordBytes < 1:
		refuse(SettingLargestRecordBytes, "", "the largest record must have at least 1 byte")
	case l.LargestRecordBytes > MaxRecordBytes:
		refuse(SettingLargestRecordBytes, fmt.Sprint(MaxRecordBytes),
			"records of %d bytes are above the %d bytes (1 MiB, partition key included) that stream and Fluentd plugin take, "+
				"and would be dropped: truncate or divert them and set at most %d", l.LargestRecordBytes, MaxRecordBytes, MaxRecordBytes)
	case l.MeanRecordBytes > l.LargestRecordBytes:
		found = append(found, Finding{
			Setting: SettingMeanRecordBytes, Nearest: fmt.Sprint(l.LargestRecordBytes), Against: []Setting{SettingLargestRecordBytes},
			Message: fmt.Sprintf("the mean record of %d bytes is above the largest of %d bytes: at most the largest is possible",
				l.MeanRecordBytes, l.LargestRecordBytes),
		})
	}

	if l.Burst < 0 {
		refuse(SettingBurst, "0", "a burst cannot last %s: 0 means that there are none", l.Burst)
	}
	if l.Burst > 0 && (!positive(l.BurstFactor) || l.BurstFactor < 1) {
		refuse(SettingBurstFactor, "1", "a burst must reach at least 1 times the peak")
	}

	if l.SharedReaders < 0 || l.SharedReaders > MaxSharedReaders {
		refuse(SettingSharedReaders, fmt.Sprint(MaxSharedReaders),
			"%d shared readers are not possible: a shard takes %d GetRecords calls a second and each reader makes one, "+
				"so at most %d may share it; make the others fan-out consumers", l.SharedReaders, MaxSharedReaders, MaxSharedReaders)
	}
	return found
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

// rate is traffic at one moment.
type rate struct{ records, bytes float64 } // both per second

func (l Load) peak() rate { return l.at(l.PeakRecordsPerSecond) }
func (l Load) mean() rate { return l.at(l.MeanRecordsPerSecond) }

// burst is the traffic to size for: the peak itself where there are no bursts.
func (l Load) burst() rate {
	if l.Burst <= 0 {
		return l.peak()
	}
	return l.at(l.PeakRecordsPerSecond * l.BurstFactor)
}

func (l Load) at(recordsPerSecond float64) rate {
	return rate{records: recordsPerSecond, bytes: recordsPerSecond * float64(l.MeanRecordBytes)}
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

func (r rate) String() string {
	return fmt.Sprintf("%s MB/s and %s records/s", quantity(r.bytes/bytesPerMB), quantity(r.records))
}
