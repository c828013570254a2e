package capacity

import (
	"math"

	"example.com/log-pipeline/internal/fault"
)

// What the shards for a load's peak follow from, and those for its burst.
var (
	peakSettings  = []fault.Path{"PeakRecordsPerSecond", "MeanRecordBytes", "SharedReaders"}
	burstSettings = append([]fault.Path{"BurstFactor", "Burst"}, peakSettings...)
)

// sizeStream decides mode and shards.
func (p *Plan) sizeStream(load Load, choice Choice) fault.List {
	obstacles := onDemandObstacles(load, choice)
	if choice.Mode == Computed && len(obstacles) > 0 {
		p.Mode, p.ModeReason = Provisioned, obstacles[0].Problem
		p.Shards = max(load.burst().shards(load.SharedReaders), load.mean().catchingUp(load.SharedReaders))
		p.Warnings = append(p.Warnings, pinWarning(p.Shards))
		return fault.Join(
			beyond("Shards", p.Shards, MaxShards, fault.Problemf("spread the load over more streams"), computedMode),
			p.checkShards(load, choice),
		)
	}
	if choice.Mode == Provisioned {
		p.Mode, p.Shards = Provisioned, choice.Shards
		return p.checkShards(load, choice)
	}
	p.Mode = OnDemand
	// Without a mode given there are no obstacles here.
	p.Warnings = fault.Join(obstacles, newStreamThrottling(load, choice))
	return nil
}

// computedMode is what a computed mode and its shards follow from.
var computedMode = append([]fault.Path{"Mode", "Region", "MeanRecordsPerSecond"}, burstSettings...)

// onDemandObstacles are the reasons why an on-demand stream does not carry the load, none where it does.
func onDemandObstacles(load Load, choice Choice) fault.List {
	var found fault.List
	peak, burst := load.peak(), load.burst()
	obstacle := func(reason fault.Problem, reads ...fault.Path) {
		found = append(found, fault.Fault{
			Path: "Mode", Reads: except("Mode", burstSettings, reads), Given: choice.givenMode(), Nearest: string(Provisioned),
			Problem: reason.And("; %s with %s takes it", Provisioned, plural(burst.shards(load.SharedReaders), "shard")),
		})
	}

	if accepted := onDemandWrites(peak); burst.writes() > accepted {
		reason := fault.Problemf("a burst of %s is %s times the peak, and an on-demand stream throttles what more than doubles within 15 minutes: ",
			burst, quantity(load.BurstFactor))
		obstacle(andBacklog(reason, load, accepted), "MeanRecordsPerSecond")
	}
	if quota := onDemandWriteQuota(choice.Region); burst.writes() > quota {
		obstacle(fault.Problemf("%s are above the %s MB/s and %s records/s that an on-demand stream takes here unless its quota is raised",
			burst, quantity(quota), quantity(quota*shardWriteRecordsPerSecond)), "Region")
	}
	want, get := peak.bytes*float64(load.SharedReaders), onDemandReadBytes(peak)
	if want > get {
		obstacle(fault.Problemf("%d shared readers want %s MB/s at the peak, and an on-demand stream promises twice what is written, %s MB/s",
			load.SharedReaders, quantity(want/bytesPerMB), quantity(get/bytesPerMB)))
	}
	return found
}

// givenMode is the mode as a fault shows it.
func (c Choice) givenMode() any {
	if c.Mode == Computed {
		return nil
	}
	return string(c.Mode)
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
func newStreamThrottling(load Load, choice Choice) fault.List {
	peak := load.peak()
	reads := peakSettings
	if choice.Mode == Computed {
		reads = computedMode
	}
	return fault.When(peak.writes() > onDemandFirstWrites, fault.Fault{
		Path: "Mode", Reads: except("Mode", reads), Given: choice.givenMode(),
		Problem: fault.Problemf("a new on-demand stream takes %d MB/s and %d records/s, so a peak of %s is throttled until it has scaled: "+
			"create it as %s with %d shards and switch it to %s later, or raise its warm throughput",
			onDemandFirstWrites, onDemandFirstWrites*shardWriteRecordsPerSecond, peak,
			Provisioned, peak.shards(load.SharedReaders), OnDemand),
	})
}

// pinWarning is for a stream that is computed to have shards. With another load it may have others or none, and a stream
// that is live cannot follow at will: docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html and
// API_UpdateShardCount.html.
func pinWarning(shards int) fault.Fault {
	return fault.Fault{
		Path: "Mode", Reads: except("Mode", computedMode),
		Problem: fault.Problemf("computed as %s with %s, and computed anew for another load, but a live stream may change its mode "+
			"twice in 24 hours and its shards to at most twice or at least half at once: when it is live, set the mode and the "+
			"shards, and change them in such steps", Provisioned, plural(shards, "shard")),
	}
}

// checkShards refuses shards that cannot take the peak. What a burst has over that waits in file buffers before the stream,
// so it is a warning.
func (p *Plan) checkShards(load Load, choice Choice) fault.List {
	peak := load.peak()
	needed, forBurst := peak.shards(load.SharedReaders), load.burst().shards(load.SharedReaders)
	found := fault.Fault{Path: "Shards", Reads: except("Shards", []fault.Path{"Mode"}, burstSettings), Given: given(choice.Shards)}

	switch {
	case p.Shards == 0:
		found.Nearest = nearest(ShardCount, forBurst)
		found.Problem = fault.Problemf("the mode %s needs a shard count: %d take the peak of %s", Provisioned, needed, peak)
	case p.Shards < needed:
		found.Nearest = nearest(ShardCount, needed)
		found.Problem = p.shortfall(load).And(": at least %d shards are needed", needed)
	default:
		p.warnOfShards(load, choice, forBurst)
		return nil
	}
	if forBurst != needed {
		found.Problem = found.Problem.And(" (%d take the burst too)", forBurst)
	}
	return fault.List{found}
}

func (p *Plan) shortfall(load Load) fault.Problem {
	peak, have := load.peak(), float64(p.Shards)
	problem := fault.Problemf("the peak writes %s and %s %s MB/s and %s records/s", peak, subject(p.Shards, "shard", "take"),
		quantity(have*shardWriteBytesPerSecond/bytesPerMB), quantity(have*shardWriteRecordsPerSecond))
	if peak.reads(load.SharedReaders) > have {
		problem = problem.And("; %s %s MB/s together and get %s MB/s", subject(load.SharedReaders, "shared reader", "read"),
			quantity(peak.bytes*float64(load.SharedReaders)/bytesPerMB), quantity(have*shardReadBytesPerSecond/bytesPerMB))
	}
	return problem
}

// warnOfShards warns of shards that a burst is too much for, and of shards that an account may not have.
func (p *Plan) warnOfShards(load Load, choice Choice, forBurst int) {
	if p.Shards < forBurst {
		p.Warnings = append(p.Warnings, burstWarning(load, p.Shards, forBurst))
	}
	if enough := load.mean().catchingUp(load.SharedReaders); p.Shards < enough {
		p.Warnings = append(p.Warnings, readersWarning(load, p.Shards, enough))
	}
	reads := []fault.Path{"Mode", "Region"}
	if choice.Mode == Computed {
		reads = computedMode
	}
	if quota := defaultShardQuota(choice.Region); p.Shards > quota {
		p.Warnings = append(p.Warnings, fault.Fault{
			Path: "Shards", Reads: reads, Given: given(choice.Shards), Nearest: nearest(ShardCount, quota),
			Problem: fault.Problemf("%d shards are above the %d that an account may have by default: ask for a higher quota first", p.Shards, quota),
		})
	}
}

// burstWarning says what waits while a burst is over what the shards take.
func burstWarning(load Load, shards, forBurst int) fault.Fault {
	problem := fault.Problemf("a burst of %s for %s is more than %s: ", load.burst(), load.Burst, subject(shards, "shard", "take"))
	if waiting, _ := backlog(load, float64(shards)); waiting > 0 {
		problem = andBacklog(problem, load, float64(shards)).And("; ")
	} else {
		problem = problem.And("its readers fall behind; ")
	}
	return fault.Fault{
		Path: "Shards", Reads: except("Shards", []fault.Path{"Mode", "MeanRecordsPerSecond"}, burstSettings), Given: shards,
		Nearest: nearest(ShardCount, forBurst), Problem: problem.And("%d shards take it", forBurst),
	}
}

// readersWarning is for shards that shared readers read all of, as two do of shards that are always full. A delivery that waits
// for its destination falls behind by as much as that takes.
func readersWarning(load Load, shards, enough int) fault.Fault {
	have := float64(shards) * shardReadBytesPerSecond
	return fault.Fault{
		Path: "Shards", Reads: []fault.Path{"Mode", "MeanRecordsPerSecond", "MeanRecordBytes", "SharedReaders"}, Given: shards,
		Nearest: nearest(ShardCount, enough),
		Problem: fault.Problemf("%s %s MB/s together at the mean rate and get %s MB/s: what piles up while one of them waits is never caught up with; %d shards leave something over",
			subject(load.SharedReaders, "shared reader", "read"), quantity(load.mean().bytes*float64(load.SharedReaders)/bytesPerMB), quantity(have/bytesPerMB), enough),
	}
}

// andBacklog adds to a problem what of a burst waits, and how it drains.
func andBacklog(problem fault.Problem, load Load, capacity float64) fault.Problem {
	waiting, drain := backlog(load, capacity)
	problem = problem.And("%s MB wait in the buffers before the stream, ", quantity(waiting/bytesPerMB))
	if math.IsInf(drain, 1) {
		return problem.And("which nothing drains, as the mean rate takes all there is")
	}
	return problem.And("which takes %s to drain at the mean rate", wholeSeconds(drain))
}

// backlog is how many bytes of a burst a stream of that many shards' worth of writes cannot take, and in how many seconds they
// drain.
func backlog(load Load, capacity float64) (waiting, drain float64) {
	burst := load.burst()
	over := burst.writes() - capacity
	if over <= 0 {
		return 0, 0
	}
	seconds := load.Burst.Seconds()
	waiting = burst.bytes * over / burst.writes() * seconds

	spare := capacity - load.mean().writes()
	if spare <= 0 {
		return waiting, math.Inf(1)
	}
	return waiting, over * seconds / spare
}
