"""Which windows a batch leaves in doubt."""

from datetime import UTC, datetime, timedelta

import pytest

from log_pipeline_metrics import gaps
from log_pipeline_metrics.gaps import Gap
from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.spec import Spec

SPEC = Spec(60, 600, 60, "UTC", 1_000_000, (), {}, (), ())
CHECKPOINT = "s3://warehouse/checkpoints/metrics/abc/1/"
DAY = timedelta(hours=24)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-29T{text}").replace(tzinfo=UTC)


RUN = Run(CHECKPOINT, at("09:58:30"), at("10:00"))


def progress(dropped: int, earliest: str, watermark: str) -> dict:
    times = {name: f"2026-03-29T{time}.000Z" for name, time in (("min", earliest), ("watermark", watermark))}
    return {"batchId": 7, "stateOperators": [{"numRowsDroppedByWatermark": dropped}], "eventTime": times}


def test_batch_that_dropped_nothing_leaves_no_gap():
    assert gaps.of_progress(progress(0, "11:00:00", "12:00:00"), RUN, SPEC) is None


@pytest.mark.parametrize(("watermark", "end"), [("12:00:00", "12:01"), ("11:59:59", "12:00"), ("12:00:01", "12:01")])
def test_gap_goes_from_the_earliest_event_to_the_last_window_behind_the_watermark(watermark, end):
    # Spark drops rows whose time is not after the watermark, and their time is the start of their window.
    gap = gaps.of_progress(progress(3, "11:00:59", watermark), RUN, SPEC)
    assert gap == Gap(CHECKPOINT, 7, at("11:00"), at(end), 3)


def test_gap_is_of_windows_that_the_run_emits():
    assert gaps.of_progress(progress(3, "09:00:00", "11:00:00"), RUN, SPEC).window_from == RUN.first_window
    assert gaps.of_progress(progress(3, "09:00:00", "09:59:00"), RUN, SPEC) is None


def test_batch_that_nobody_saw_leaves_all_windows_behind_the_watermark_in_doubt():
    assert gaps.unknown(7, at("11:30"), RUN, DAY, SPEC) == Gap(CHECKPOINT, 7, at("10:00"), at("11:31"), None)


def test_batch_that_nobody_saw_had_no_records_older_than_the_stream():
    gap = gaps.unknown(7, at("11:30") + 30 * DAY, RUN, DAY, SPEC)
    assert gap.window_from == at("11:20") + 29 * DAY


def test_batch_without_a_watermark_has_dropped_nothing():
    assert gaps.unknown(0, datetime.fromtimestamp(0, UTC), RUN, DAY, SPEC) is None
