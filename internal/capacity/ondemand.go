package capacity

import "fmt"

// onDemandObstacles are the reasons why an on-demand stream does not carry the load, none where it does.
func onDemandObstacles(load Load, region string) []Finding {
	var found []Finding
	peak, burst := load.peak(), load.burst()
	provisioned := burst.shards(load.SharedReaders)
	obstacle := func(s Setting, nearest, format string, args ...any) {
		message := fmt.Sprintf(format, args...) + fmt.Sprintf("; %s with %s takes it", Provisioned, plural(provisioned, "shard"))
		found = append(found, Finding{Setting: s, Nearest: nearest, Message: message})
	}

	if accepted := onDemandWrites(peak); burst.writes() > accepted {
		waiting, drain := backlog(load, accepted)
		obstacle(SettingMode, string(Provisioned),
			"a burst of %s is %s times the peak, and an on-demand stream throttles what more than doubles within 15 minutes: "+
				"%s MB wait in the buffers before the stream, %s",
			burst, quantity(load.BurstFactor), quantity(waiting/bytesPerMB), drain)
	}
	if quota := onDemandWriteQuota(region); burst.writes() > quota {
		obstacle(SettingMode, string(Provisioned),
			"%s are above the %s MB/s and %s records/s that an on-demand stream takes here unless its quota is raised",
			burst, quantity(quota), quantity(quota*shardWriteRecordsPerSecond))
	}
	want, get := peak.bytes*float64(load.SharedReaders), onDemandReadBytes(peak)
	if want > get {
		obstacle(SettingMode, string(Provisioned),
			"%d shared readers want %s MB/s at the peak, and an on-demand stream promises twice what is written, %s MB/s",
			load.SharedReaders, quantity(want/bytesPerMB), quantity(get/bytesPerMB))
	}
	return found
}

// onDemandWrites is what a stream takes that has seen the peak within 30 days, in shards' worth of writes.
func onDemandWrites(peak rate) float64 {
	return max(onDemandFirstWrites, onDemandGrowth*peak.writes())
}

func onDemandReadBytes(peak rate) float64 {
	return onDemandReadsPerWrite * max(onDemandFirstWrites*shardWriteBytesPerSecond, peak.bytes)
}

// newStreamThrottling warns where a stream that has seen no traffic yet takes less than the peak. A provisioned stream
// that becomes on-demand keeps its shards, and may be switched twice in 24 hours.
func newStreamThrottling(load Load) []Finding {
	peak := load.peak()
	if peak.writes() <= onDemandFirstWrites {
		return nil
	}
	return []Finding{{
		Setting: SettingMode,
		Message: fmt.Sprintf("a new on-demand stream takes %d MB/s and %d records/s, so a peak of %s is throttled until it has scaled: "+
			"create it as %s with %d shards and switch it to %s later, or raise its warm throughput",
			onDemandFirstWrites, onDemandFirstWrites*shardWriteRecordsPerSecond, peak,
			Provisioned, peak.shards(load.SharedReaders), OnDemand),
	}}
}
