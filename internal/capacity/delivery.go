package capacity

import (
	"math"
	"strconv"

	"example.com/log-pipeline/internal/fault"
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
func (p *Plan) sizeDelivery(load Load, choice Choice) fault.List {
	b := buffer{mib: choice.BufferMiB, bytesPerSecond: load.mean().bytes, ratio: choice.CompressionRatio}
	if choice.BufferSeconds != nil {
		b.seconds = *choice.BufferSeconds
	} else {
		b.seconds = shortestInterval(b, choice.MinObjectMiB)
	}

	p.BufferMiB, p.BufferSeconds = b.mib, b.seconds
	p.ObjectsPerDay = secondsPerDay / b.interval()
	p.ObjectBytes = b.objectBytes()
	// A quiet hour fills no buffer. So the time limit is the worst case at every mean rate.
	p.FreshnessSeconds = b.seconds

	if b.reaches(choice.MinObjectMiB) {
		return nil
	}
	small := smallObjects(b, choice, p.ObjectsPerDay)
	if choice.RefuseSmallObjects {
		return fault.List{small}
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
func smallObjects(b buffer, choice Choice, perDay float64) fault.Fault {
	floorMiB := choice.MinObjectMiB
	seconds := max(b.seconds, secondsFor(b, floorMiB))
	mib := max(b.mib, mibFor(b, floorMiB))
	problem := fault.Problemf("a buffer of %d MiB or %d s makes %s objects a day of %s MiB at the mean rate, under the floor of %s MiB: ",
		b.mib, b.seconds, quantity(perDay), quantity(b.objectBytes()/bytesPerMiB), quantity(floorMiB))
	found := func(path fault.Path, given any, nearest string, way fault.Problem) fault.Fault {
		return fault.Fault{Path: path, Reads: except(path, objectSettings), Given: given, Nearest: nearest, Problem: way}
	}
	var givenSeconds any
	if choice.BufferSeconds != nil {
		givenSeconds = *choice.BufferSeconds
	}

	switch {
	case seconds <= MaxBufferSeconds && mib == b.mib:
		return found("BufferSeconds", givenSeconds, strconv.Itoa(seconds), problem.And("%d s reach it", seconds))
	case seconds == b.seconds && mib <= MaxBufferMiB:
		return found("BufferMiB", b.mib, strconv.Itoa(mib), problem.And("%d MiB reach it", mib))
	case seconds <= MaxBufferSeconds && mib <= MaxBufferMiB:
		return found("BufferMiB", b.mib, "", problem.And("%d MiB and %d s together reach it", mib, seconds))
	}

	largest := b.mib == MaxBufferMiB && b.seconds == MaxBufferSeconds
	b.mib, b.seconds = MaxBufferMiB, MaxBufferSeconds
	lower := roundDown(b.objectBytes() / bytesPerMiB)
	problem = problem.And("no Firehose buffer reaches it at this rate, %d MiB and %d s reach %s MiB", MaxBufferMiB, MaxBufferSeconds, lower)
	if !largest { // a lower floor alone is not enough
		lower = ""
	}
	return found("MinObjectMiB", given(floorMiB), lower, problem)
}

// objectSettings are what the size of an object follows from, the floor that it is held against, and what is done where it is
// under the floor.
var objectSettings = []fault.Path{
	"MeanRecordsPerSecond", "MeanRecordBytes", "BufferMiB", "BufferSeconds", "CompressionRatio", "MinObjectMiB", "RefuseSmallObjects",
}

// secondsFor is the interval in which the traffic brings the bytes of an object at the floor.
func secondsFor(b buffer, floorMiB float64) int {
	return ceil(floorMiB * bytesPerMiB * b.ratio / b.bytesPerSecond)
}

// mibFor is the buffer size that holds an object at the floor before compression.
func mibFor(b buffer, floorMiB float64) int { return ceil(floorMiB * b.ratio) }

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
