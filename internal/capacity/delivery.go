package capacity

import (
	"fmt"
	"math"
	"strconv"
)

// buffer is a Firehose buffer at work: its limits, and the traffic that fills it.
type buffer struct {
	mib, seconds   int
	bytesPerSecond float64 // uncompressed: Firehose counts before it compresses
	ratio          float64
}

// interval is the time in seconds between two objects: until the buffer is full or its time is up.
func (b buffer) interval() float64 {
	full := float64(b.mib) * bytesPerMiB / b.bytesPerSecond
	// With an interval of 0 s Firehose delivers "within a few seconds" (docs.aws.amazon.com/firehose/latest/dev/
	// buffering-hints.html), so one object a second is the worst case.
	return min(full, math.Max(1, float64(b.seconds)))
}

func (b buffer) objectBytes() float64 { return b.bytesPerSecond * b.interval() / b.ratio }

func (b buffer) reaches(floorMiB float64) bool {
	return b.objectBytes() >= floorMiB*bytesPerMiB*(1-rounding)
}

// sizeDelivery decides the buffer and says what objects come of it.
func (p *Plan) sizeDelivery(load Load, choice Choice) []Finding {
	b := buffer{mib: choice.BufferMiB, bytesPerSecond: load.mean().bytes, ratio: choice.CompressionRatio}
	if choice.BufferSeconds != nil {
		b.seconds = *choice.BufferSeconds
	} else {
		b.seconds = shortestInterval(b, choice.MinObjectMiB)
	}

	p.BufferMiB, p.BufferSeconds = b.mib, b.seconds
	p.ObjectsPerDay = secondsPerDay / b.interval()
	p.ObjectBytes = b.objectBytes()
	// A quiet hour fills no buffer, so the time limit is the worst case whatever the mean rate.
	p.FreshnessSeconds = b.seconds

	if b.reaches(choice.MinObjectMiB) {
		return nil
	}
	small := smallObjects(b, choice.MinObjectMiB, p.ObjectsPerDay)
	if choice.RefuseSmallObjects {
		return []Finding{small}
	}
	p.Warnings = append(p.Warnings, small)
	return nil
}

// shortestInterval is the shortest whole minute whose objects reach the floor, or else the longest interval there is.
func shortestInterval(b buffer, floorMiB float64) int {
	for seconds := minComputedBufferSeconds; seconds < MaxBufferSeconds; seconds += 60 {
		b.seconds = seconds
		if b.reaches(floorMiB) {
			return seconds
		}
	}
	return MaxBufferSeconds
}

// smallObjects names the nearest way to objects above the floor: more time, a larger buffer, both, or a lower floor.
func smallObjects(b buffer, floorMiB, perDay float64) Finding {
	seconds := max(b.seconds, secondsFor(b, floorMiB))
	mib := max(b.mib, mibFor(b, floorMiB))
	message := fmt.Sprintf("a buffer of %d MiB or %d s makes %s objects a day of %s MiB at the mean rate, under the floor of %s MiB: ",
		b.mib, b.seconds, quantity(perDay), quantity(b.objectBytes()/bytesPerMiB), quantity(floorMiB))

	finding := func(setting Setting, nearest, format string, args ...any) Finding {
		return Finding{Setting: setting, Nearest: nearest, Message: message + fmt.Sprintf(format, args...), Against: objectSettings}
	}

	switch {
	case seconds <= MaxBufferSeconds && mib == b.mib:
		return finding(SettingBufferSeconds, strconv.Itoa(seconds), "%d s reach it", seconds)
	case seconds == b.seconds && mib <= MaxBufferMiB:
		return finding(SettingBufferMiB, strconv.Itoa(mib), "%d MiB reach it", mib)
	case seconds <= MaxBufferSeconds && mib <= MaxBufferMiB:
		return finding(SettingBufferMiB, "", "%d MiB and %d s together reach it", mib, seconds)
	}

	largest := b.mib == MaxBufferMiB && b.seconds == MaxBufferSeconds
	b.mib, b.seconds = MaxBufferMiB, MaxBufferSeconds
	lower := roundDown(b.objectBytes() / bytesPerMiB)
	nearest := ""
	if largest { // else a lower floor alone is not enough
		nearest = lower
	}
	return finding(SettingMinObjectMiB, nearest,
		"no Firehose buffer reaches it at this rate, %d MiB and %d s reach %s MiB", MaxBufferMiB, MaxBufferSeconds, lower)
}

// objectSettings are what the size of an object follows from, and the floor that it is held against.
var objectSettings = []Setting{
	SettingMeanRecordsPerSecond, SettingMeanRecordBytes, SettingBufferMiB, SettingBufferSeconds, SettingCompressionRatio, SettingMinObjectMiB,
}

// secondsFor is the interval in which the traffic brings the bytes of an object at the floor.
func secondsFor(b buffer, floorMiB float64) int {
	return ceil(floorMiB * bytesPerMiB * b.ratio / b.bytesPerSecond)
}

// mibFor is the buffer size that holds an object at the floor before compression.
func mibFor(b buffer, floorMiB float64) int { return ceil(floorMiB * b.ratio) }

// ceil rounds up, and stays in the range of an int: what is so large is out of every range here anyway.
func ceil(x float64) int { return int(math.Ceil(min(x, math.MaxInt32) * (1 - rounding))) }

// roundDown writes a number with two significant digits, never above the number itself.
func roundDown(x float64) string {
	exponent := int(math.Floor(math.Log10(x)))
	unit := math.Pow10(exponent - 1)
	text := func(units float64) string { return strconv.FormatFloat(units*unit, 'f', max(0, 1-exponent), 64) }
	units := math.Floor(x / unit)
	if written, err := strconv.ParseFloat(text(units), 64); err != nil || written > x {
		units--
	}
	return text(units)
}
