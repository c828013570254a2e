"""Where the job begins to read on a checkpoint of its own, and which windows it then emits.

A run is the reading of the stream from one start on, with one checkpoint, over as many processes as it takes. The
table's property names the run that writes to it. Whoever finds another there, or none, begins a run of its own: so no
run goes on from where it was once another has written, and none from a checkpoint whose records have left the stream.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from log_pipeline_metrics.aggregates import SHARD_SLACK
from log_pipeline_metrics.spec import Spec

# A table property with the run as JSON.
PROPERTY = "log-pipeline.run"

# Records that leave the stream within this time may be gone before the job reads them.
TRIMMING = timedelta(minutes=15)


@dataclass(frozen=True)
class Run:
    """A run: its checkpoint, the arrival from which on it reads, and the first window that it emits."""

    checkpoint: str
    start: datetime
    first_window: datetime

    def to_json(self) -> str:
        return json.dumps(
            {
                "checkpoint": self.checkpoint,
                "start": self.start.isoformat(),
                "firstWindow": self.first_window.isoformat(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Run":
        content = json.loads(text)
        return cls(
            checkpoint=content["checkpoint"],
            start=datetime.fromisoformat(content["start"]),
            first_window=datetime.fromisoformat(content["firstWindow"]),
        )


@dataclass(frozen=True)
class Beginning:
    """A run that begins, and the first of the windows before it that the stream may no longer hold events of, if
    any."""

    run: Run
    lost_from: datetime | None


def goes_on(
    run: Run | None, folder: str, read_to: Callable[[], datetime | None], now: datetime, retention: timedelta
) -> bool:
    """Tell whether the table's run is one on this folder, and the stream still holds all that it has not read.

    read_to gives the arrival up to which every shard was read. It is asked where the run's start does not tell.
    """
    if run is None or not run.checkpoint.startswith(folder):
        return False
    oldest = now - retention + TRIMMING
    return run.start >= oldest or (read_to() or run.start) >= oldest


def begin(folder: str, read_to: datetime | None, now: datetime, retention: timedelta, spec: Spec) -> Beginning:
    """Begin a run in a folder.

    read_to is the arrival up to which the run before it has read every shard, None if there was none.

    That run's windows may lack what arrives later than read_to: an event of a window arrives until lateness after the
    window's end. A window is whole in the new run if its events cannot have arrived before the start: they do not
    arrive earlier than skew before the window. SHARD_SLACK is for shards that were read less far than read_to says,
    one more window for the rounding up.
    """
    open_windows = timedelta(seconds=spec.lateness + spec.skew + 2 * spec.window + SHARD_SLACK)
    reach = min(now, read_to or now) - open_windows
    start = max(reach, now - retention + TRIMMING).replace(microsecond=0)
    run = Run(
        checkpoint=f"{folder}{now:%Y%m%dT%H%M%S.%fZ}/",
        start=start,
        first_window=_first_window(start, spec),
    )
    is_cut = read_to is not None and start > reach
    return Beginning(run, _first_window(reach, spec) if is_cut else None)


def _first_window(start: datetime, spec: Spec) -> datetime:
    """Give the first window none of whose events arrive before the start."""
    earliest = -(-(start.timestamp() + spec.skew) // spec.window) * spec.window
    return datetime.fromtimestamp(earliest, UTC)
