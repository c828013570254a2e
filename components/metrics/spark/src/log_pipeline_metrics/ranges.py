"""Which windows a run of the batch counts, in which chunks, and in which hours of raw their events may lie.

A range may be cut anywhere: whether and where an event counts follows from its record and the hour of its object.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from log_pipeline_metrics.arguments import ArgumentsError
from log_pipeline_metrics.batch_arguments import BatchArguments
from log_pipeline_metrics.spec import Spec

HOUR = timedelta(hours=1)
CHUNK = timedelta(hours=24)

# Firehose tries S3 again for so long (docs.aws.amazon.com/firehose/latest/dev/retry.html). Then there are the hour of a
# key and its buffer: an object may come so much later than the time by which its hour was to be complete.
LATE_OBJECTS = timedelta(hours=24 + 2)

# An object has records from the start of its key's hour until an hour and a buffer later, which is 900 seconds at most
# (docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html): two hours, to be on the safe side.
OBJECT_SECONDS = 2 * 3600
BUFFER = timedelta(seconds=900)


@dataclass(frozen=True)
class Range:
    """Windows, from the first to before the end."""

    first: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.first:%Y-%m-%dT%H:%M:%SZ} to {self.end:%Y-%m-%dT%H:%M:%SZ}"

    def chunks(self) -> Iterator["Range"]:
        """Cut it into chunks of a day at most."""
        first = self.first
        while first < self.end:
            end = min(first + CHUNK, self.end)
            yield Range(first, end)
            first = end

    def hours(self) -> list[datetime]:
        """The hours in which it has a moment."""
        found, hour = [], floor(self.first, HOUR)
        while hour < self.end:
            found.append(hour)
            hour += HOUR
        return found


def floor(time: datetime, unit: timedelta) -> datetime:
    """Cut a time down to whole units since 1970."""
    seconds = int(unit.total_seconds())
    return datetime.fromtimestamp(int(time.timestamp() // seconds) * seconds, UTC)


def requested(arguments: BatchArguments, spec: Spec, now: datetime) -> Range:
    """Give the range that was asked for. Raises ArgumentsError with all faults."""
    faults = []
    window = timedelta(seconds=spec.window)
    for name, time in (("from", arguments.first), ("to", arguments.end)):
        if time != floor(time, window):
            faults.append(f"--{name} is {time.isoformat()}, must be the start of a window of {spec.window} seconds")
    settled = now - timedelta(seconds=arguments.settle_seconds)
    if arguments.end > settled:
        faults.append(
            f"--to is {arguments.end.isoformat()}, must be {settled.isoformat(timespec='seconds')} at the latest: "
            f"settle_seconds before now, {arguments.settle_seconds}"
        )
    if faults:
        raise ArgumentsError("\n".join(faults))
    return Range(arguments.first, arguments.end)


def scheduled(
    arguments: BatchArguments, spec: Spec, now: datetime, cut_over: datetime | None, beginning: datetime
) -> Range | None:
    """Give the range of a run by the schedule, None if there is no window to count.

    beginning is the first window that the batch ever counts. What lies before the cut-over is counted again as far as
    late objects may have changed it.
    """
    window = timedelta(seconds=spec.window)
    end = floor(now - timedelta(seconds=arguments.settle_seconds), window)
    first = beginning
    if cut_over is not None:
        late = timedelta(hours=arguments.lateness_hours) + LATE_OBJECTS
        first = max(beginning, floor(cut_over - late, window))
    return Range(first, end) if first < end else None


def hours_of_events(chunk: Range, lateness_hours: int, spec: Spec, now: datetime) -> list[datetime]:
    """Give the hours of raw whose objects may hold events of a chunk, in order."""
    ahead = timedelta(seconds=OBJECT_SECONDS + spec.skew)
    end = min(chunk.end + timedelta(hours=lateness_hours), now + HOUR)
    return Range(chunk.first - ahead, end).hours()
