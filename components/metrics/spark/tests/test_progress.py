"""Which batches' progress was seen, over restarts."""

from datetime import UTC, datetime, timedelta

import pytest
from test_checkpoint import FOLDER, OFFSETS, Objects

from log_pipeline_metrics.checkpoint import Checkpoint
from log_pipeline_metrics.progress import Account
from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.spec import Spec

DAY = timedelta(hours=24)
NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
RUN = Run(FOLDER, NOON - 2 * DAY, NOON - 2 * DAY)
SPEC = Spec(60, 600, 60, "UTC", 1_000_000, (), {}, (), ())


class History:
    def __init__(self):
        self.gaps = []

    def note(self, gap) -> None:
        self.gaps.append((gap.batch, gap.dropped_rows))


@pytest.fixture
def objects() -> Objects:
    made = Objects()
    for batch in range(10):
        made.write(f"{FOLDER}offsets/{batch}", OFFSETS)
    return made


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def account(objects, history):
    """Accounts as a new process has it."""
    return lambda: Account(RUN, Checkpoint(objects, FOLDER), history, DAY, SPEC)


def progress(batch: int, dropped: int = 0) -> dict:
    times = {"min": "2026-03-29T11:00:00.000Z", "watermark": "2026-03-29T12:00:00.000Z"}
    return {"batchId": batch, "stateOperators": [{"numRowsDroppedByWatermark": dropped}], "eventTime": times}


def test_batches_that_dropped_nothing_leave_no_gap_whichever_process_saw_them(account, history):
    account().see(progress(0))
    account().see(progress(1))
    account().miss_to(1)
    assert history.gaps == []


def test_batch_that_dropped_rows_leaves_a_gap(account, history):
    account().see(progress(0, dropped=3))
    assert history.gaps == [(0, 3)]


def test_batches_that_were_committed_before_a_crash_and_not_seen_are_unknown_once(account, history):
    account().see(progress(0))
    account().miss_to(2)
    account().miss_to(2)
    assert history.gaps == [(1, None), (2, None)]


def test_batch_whose_progress_never_came_is_unknown(account, history):
    running = account()
    running.see(progress(0))
    running.see(progress(2, dropped=1))
    assert history.gaps == [(1, None), (2, 1)]


def test_gap_that_could_not_be_noted_is_noted_by_the_next_process(account, history, monkeypatch):
    def fail(gap) -> None:
        raise OSError("throttled")

    with monkeypatch.context() as patched:
        patched.setattr(history, "note", fail)
        with pytest.raises(OSError):
            account().see(progress(0, dropped=3))
    account().miss_to(0)
    assert history.gaps == [(0, None)]
