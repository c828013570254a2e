package capacity

import (
	"fmt"
	"math"
	"time"
)

// sizeStream decides mode and shards.
func (p *Plan) sizeStream(load Load, choice Choice) []Finding {
	p.Mode, p.Shards = choice.Mode, choice.Shards
	obstacles := onDemandObstacles(load, choice.Region)
	if p.Mode == Computed {
		p.Mode = OnDemand
		if len(obstacles) > 0 {
			p.Mode, p.ModeReason = Provisioned, obstacles[0].Message
			p.Shards = load.burst().shards(load.SharedReaders)
			p.Warnings = append(p.Warnings, pinWarning(p.Shards))
		}
	}

	if p.Mode == OnDemand {
		p.Warnings = append(p.Warnings, obstacles...)
		p.Warnings = append(p.Warnings, newStreamThrottling(load)...)
		return nil
	}
	return p.checkShards(load, choice.Region)
}

// pinWarning is for a stream that is computed to have shards. With another load it may have others or none, and a stream
// that is live cannot follow at will: docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html and
// API_UpdateShardCount.html.
func pinWarning(shards int) Finding {
	return Finding{
		Setting: SettingMode,
		Message: fmt.Sprintf("computed as %s with %s, and computed anew for another load, but a live stream may change its mode "+
			"twice in 24 hours and its shards to at most twice or at least half at once: when it is live, set the mode and the "+
			"shards, and change them in such steps", Provisioned, plural(shards, "shard")),
	}
}

// checkShards refuses shards that cannot take the peak. What a burst has over that waits in file buffers before the stream,
// so it is a warning.
func (p *Plan) checkShards(load Load, region string) []Finding {
	peak := load.peak()
	needed, forBurst := peak.shards(load.SharedReaders), load.burst().shards(load.SharedReaders)

	switch {
	case p.Shards == 0:
		return []Finding{{
			Setting: SettingShards, Nearest: fmt.Sprint(forBurst),
			Message: fmt.Sprintf("the mode %s needs a shard count: %d take the peak of %s%s", Provisioned, needed, peak, burstToo(needed, forBurst)),
		}}
	case p.Shards < needed:
		return []Finding{{
			Setting: SettingShards, Nearest: fmt.Sprint(needed),
			Against: []Setting{SettingPeakRecordsPerSecond, SettingMeanRecordBytes, SettingSharedReaders},
			Message: fmt.Sprintf("%s: at least %d shards are needed%s", p.shortfall(load), needed, burstToo(needed, forBurst)),
		}}
	}

	if p.Shards < forBurst {
		p.Warnings = append(p.Warnings, burstWarning(load, p.Shards, forBurst))
	}
	if quota := defaultShardQuota(region); p.Shards > quota {
		p.Warnings = append(p.Warnings, Finding{
			Setting: SettingShards, Nearest: fmt.Sprint(quota),
			Message: fmt.Sprintf("%d shards are above the %d that an account may have by default: ask for a higher quota first", p.Shards, quota),
		})
	}
	return nil
}

func (p *Plan) shortfall(load Load) string {
	peak, have := load.peak(), float64(p.Shards)
	text := fmt.Sprintf("the peak writes %s and %s %s MB/s and %s records/s", peak, subject(p.Shards, "shard", "take"),
		quantity(have*shardWriteBytesPerSecond/bytesPerMB), quantity(have*shardWriteRecordsPerSecond))
	if peak.reads(load.SharedReaders) > have {
		text += fmt.Sprintf("; %s %s MB/s together and get %s MB/s", subject(load.SharedReaders, "shared reader", "read"),
			quantity(peak.bytes*float64(load.SharedReaders)/bytesPerMB), quantity(have*shardReadBytesPerSecond/bytesPerMB))
	}
	return text
}

func burstToo(needed, forBurst int) string {
	if forBurst == needed {
		return ""
	}
	return fmt.Sprintf(" (%d take the burst too)", forBurst)
}

// burstWarning says what waits while a burst is over what the shards take.
func burstWarning(load Load, shards, forBurst int) Finding {
	message := fmt.Sprintf("a burst of %s for %s is more than %s: ", load.burst(), load.Burst, subject(shards, "shard", "take"))
	if waiting, drain := backlog(load, float64(shards)); waiting > 0 {
		message += fmt.Sprintf("%s MB wait in the buffers before the stream, %s; ", quantity(waiting/bytesPerMB), drain)
	} else {
		message += "its readers fall behind; "
	}
	return Finding{
		Setting: SettingShards, Nearest: fmt.Sprint(forBurst),
		Message: message + fmt.Sprintf("%d shards take it", forBurst),
	}
}

// backlog is how many bytes of a burst a stream of that many shards' worth of writes cannot take, and how they drain.
func backlog(load Load, capacity float64) (waiting float64, drain string) {
	burst := load.burst()
	over := burst.writes() - capacity
	if over <= 0 {
		return 0, ""
	}
	seconds := load.Burst.Seconds()
	waiting = burst.bytes * over / burst.writes() * seconds

	spare := capacity - load.mean().writes()
	if spare <= 0 {
		return waiting, "which nothing drains, as the mean rate takes all there is"
	}
	return waiting, fmt.Sprintf("which takes %s to drain at the mean rate", wholeSeconds(over*seconds/spare))
}

// wholeSeconds writes a time as people would, and one that is past counting as such.
func wholeSeconds(seconds float64) string {
	const year = 365 * secondsPerDay
	if seconds > year {
		return "more than a year"
	}
	return (time.Duration(math.Ceil(seconds)) * time.Second).String()
}

// subject is "1 shard takes" or "2 shards take".
func subject(n int, noun, verb string) string {
	if n == 1 {
		verb += "s"
	}
	return plural(n, noun) + " " + verb
}
