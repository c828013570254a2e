"""Where a run begins, and whether it goes on."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from log_pipeline_metrics import runs
from log_pipeline_metrics.aggregates import SHARD_SLACK
from log_pipeline_metrics.runs import TRIMMING, Run
from log_pipeline_metrics.spec import Spec

FOLDER = "s3://warehouse/checkpoints/metrics/abc/"
NOW = datetime(2026, 3, 29, 12, 0, 7, 300, tzinfo=UTC)
DAY = timedelta(hours=24)
WINDOW = timedelta(seconds=60)


def spec(lateness: int = 600, skew: int = 60) -> Spec:
    return Spec(60, lateness, skew, "UTC", 1_000_000, (), {}, (), ())


def begin(read_to: datetime | None, now: datetime = NOW, counted: Spec | None = None) -> runs.Beginning:
    return runs.begin(FOLDER, read_to, now, DAY, counted or spec())


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),
    st.integers(0, 3600),
    st.integers(0, 900),
)
def test_windows_of_a_new_run_are_whole_and_leave_none_out(read_to, lateness, skew):
    counted = spec(lateness, skew)
    run = begin(read_to, read_to + timedelta(hours=1), counted).run
    # All that counts towards its first window arrives after its start.
    assert run.first_window - timedelta(seconds=skew) >= run.start
    # All that counts towards the window before it arrived before the run before it had read so far.
    assert run.first_window + timedelta(seconds=lateness) <= read_to - timedelta(seconds=SHARD_SLACK)
    assert run.first_window.timestamp() % 60 == 0
    assert run.first_window - run.start < WINDOW + timedelta(seconds=skew)


def test_first_run_begins_with_windows_that_are_open():
    beginning = begin(None)
    assert beginning.run.start == NOW.replace(microsecond=0) - timedelta(seconds=600 + 60 + 120 + SHARD_SLACK)
    assert beginning.lost_from is None


def test_run_does_not_begin_in_the_future():
    assert begin(NOW + DAY).run.start == begin(NOW).run.start


def test_what_has_left_the_stream_is_a_gap():
    read_to = NOW - 2 * DAY
    beginning = begin(read_to)
    assert beginning.run.start == (NOW - DAY + TRIMMING).replace(microsecond=0)
    # From the windows that were open when reading ended, to those that are whole again.
    assert beginning.lost_from == begin(read_to, read_to).run.first_window < beginning.run.first_window


def test_runs_have_checkpoints_of_their_own():
    first, second = begin(None).run, begin(None, NOW + timedelta(milliseconds=1)).run
    assert first.checkpoint != second.checkpoint
    assert all(run.checkpoint.startswith(FOLDER) and run.checkpoint.endswith("/") for run in (first, second))


def test_run_is_read_as_it_was_written():
    run = begin(None).run
    assert Run.from_json(run.to_json()) == run


def goes_on(run: Run | None, folder: str = FOLDER, read_to: datetime | None = None, now: datetime = NOW) -> bool:
    return runs.goes_on(run, folder, lambda: read_to, now, DAY)


@pytest.fixture
def run() -> Run:
    return begin(None).run


def test_run_goes_on_while_the_stream_holds_what_it_has_not_read(run):
    assert goes_on(run)
    assert goes_on(run, read_to=NOW, now=NOW + timedelta(hours=23))
    assert not goes_on(run, read_to=NOW, now=NOW + DAY)


def test_run_that_has_read_nothing_goes_on_from_its_start(run):
    old = dataclasses.replace(run, start=NOW - DAY)
    assert not goes_on(old)
    assert goes_on(run, read_to=NOW - 2 * DAY)


def test_run_of_another_state_does_not_go_on(run):
    assert not goes_on(run, folder="s3://warehouse/checkpoints/metrics/def/")
    assert not goes_on(None)
