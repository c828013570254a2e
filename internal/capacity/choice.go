package capacity

import "fmt"

// check finds values that are out of range and choices that contradict each other.
func (c Choice) check() []Finding {
	var found []Finding
	refuse := func(s Setting, nearest, format string, args ...any) {
		found = append(found, Finding{Setting: s, Nearest: nearest, Message: fmt.Sprintf(format, args...)})
	}

	switch {
	case c.Mode != Computed && c.Mode != OnDemand && c.Mode != Provisioned:
		refuse(SettingMode, "", "%q is no capacity mode: %s and %s are", c.Mode, OnDemand, Provisioned)
	case c.Shards < 0:
		refuse(SettingShards, "1", "%d shards are not possible: 1 is the fewest", c.Shards)
	case c.Mode == OnDemand && c.Shards > 0:
		refuse(SettingShards, "", "%s the mode %s, which has no shard count: leave the shards out, or make the mode %s",
			subject(c.Shards, "shard", "contradict"), OnDemand, Provisioned)
	case c.Mode == Computed && c.Shards > 0:
		refuse(SettingShards, "", "%s the mode %s, which is not given: give it, or leave the shards out",
			subject(c.Shards, "shard", "need"), Provisioned)
	}

	if c.BufferMiB != 0 && (c.BufferMiB < MinBufferMiB || c.BufferMiB > MaxBufferMiB) {
		refuse(SettingBufferMiB, fmt.Sprint(clamp(c.BufferMiB, MinBufferMiB, MaxBufferMiB)),
			"Firehose has no buffer of %d MiB: %d to %d MiB are possible", c.BufferMiB, MinBufferMiB, MaxBufferMiB)
	}
	if s := c.BufferSeconds; s != nil && (*s < 0 || *s > MaxBufferSeconds) {
		refuse(SettingBufferSeconds, fmt.Sprint(clamp(*s, 0, MaxBufferSeconds)),
			"Firehose has no buffer interval of %d s: 0 to %d s are possible", *s, MaxBufferSeconds)
	}
	if c.CompressionRatio != 0 && (!positive(c.CompressionRatio) || c.CompressionRatio < 1) {
		refuse(SettingCompressionRatio, "1", "the compression ratio must be at least 1: it is uncompressed by compressed size")
	}
	if c.MinObjectMiB != 0 && !positive(c.MinObjectMiB) {
		refuse(SettingMinObjectMiB, "0", "the floor of the object size must be 0 (none) or more")
	}
	return found
}

func clamp(x, low, high int) int { return min(max(x, low), high) }

// checkShardsGiven is for loads that allow no number: with one, checkShards says how many shards it needs.
func (c Choice) checkShardsGiven() []Finding {
	if c.Mode != Provisioned || c.Shards != 0 {
		return nil
	}
	return []Finding{{Setting: SettingShards, Message: fmt.Sprintf("the mode %s needs a shard count", Provisioned)}}
}
