"""Which windows may lack events, by what a batch's progress says or nobody can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.spec import Spec

# Stands for the batches of the run before, in the gap that a run's beginning leaves.
BEFORE_THE_FIRST_BATCH = -1


@dataclass(frozen=True)
class Gap:
    """Windows, from the first to before the last, that may lack events, since a batch dropped rows of theirs.

    A row is of the aggregation: all records of a batch with the same window and dimensions make one. dropped_rows is
    None where it is unknown how many were dropped, and whether any.
    """

    checkpoint: str
    batch: int
    window_from: datetime
    window_to: datetime
    dropped_rows: int | None


def dropped_rows(progress: Mapping[str, Any]) -> int:
    """Give the number of rows that a batch dropped, of its progress."""
    return sum(operator["numRowsDroppedByWatermark"] for operator in progress["stateOperators"])


def of_progress(progress: Mapping[str, Any], run: Run, spec: Spec) -> Gap | None:
    """Give the gap of a batch, if there is one."""
    dropped = dropped_rows(progress)
    if not dropped:
        return None
    earliest, watermark = (datetime.fromisoformat(progress["eventTime"][name]) for name in ("min", "watermark"))
    # The run does not emit what is earlier than its first window.
    first = max(_window(earliest, spec), run.first_window)
    return _unless_empty(Gap(run.checkpoint, progress["batchId"], first, _end(watermark, spec), dropped))


def unknown(batch: int, watermark: datetime, run: Run, retention: timedelta, spec: Spec) -> Gap | None:
    """Give the gap that a batch may have left whose progress nobody saw.

    The stream had no records of before its retention, and the watermark is never ahead of the clock.
    """
    earliest = watermark - retention - timedelta(seconds=spec.lateness)
    first = max(_window(earliest, spec), run.first_window)
    return _unless_empty(Gap(run.checkpoint, batch, first, _end(watermark, spec), None))


def before(run: Run, lost_from: datetime) -> Gap:
    """Give the gap before a run that begins later than the one before it ended."""
    return Gap(run.checkpoint, BEFORE_THE_FIRST_BATCH, lost_from, run.first_window, None)


def _unless_empty(gap: Gap) -> Gap | None:
    return gap if gap.window_from < gap.window_to else None


def _end(watermark: datetime, spec: Spec) -> datetime:
    """Give the end of the windows behind a watermark. One that begins at it is behind it."""
    return _window(watermark, spec) + timedelta(seconds=spec.window)


def _window(time: datetime, spec: Spec) -> datetime:
    return datetime.fromtimestamp(time.timestamp() // spec.window * spec.window, UTC)
