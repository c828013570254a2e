"""Which windows a run counts, and in which hours their events may lie."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from log_pipeline_metrics import ranges
from log_pipeline_metrics.arguments import ArgumentsError
from log_pipeline_metrics.batch_arguments import BatchArguments
from log_pipeline_metrics.ranges import HOUR, OBJECT_SECONDS, Range
from log_pipeline_metrics.spec import Spec

SPEC = Spec(60, 600, 60, "UTC", 1_000_000, (), {}, (), ())
NOW = datetime(2026, 3, 29, 12, 34, 56, tzinfo=UTC)
SETTLED = datetime(2026, 3, 29, 11, 34, tzinfo=UTC)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
GIVEN = BatchArguments("s3://a/spec.json", "s3://raw/logs/", "d", "0" * 16, lateness_hours=24, settle_seconds=3600)

times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1), timezones=st.just(UTC))


def scheduled(cut_over: datetime | None, beginning: datetime = BEGINNING) -> Range | None:
    return ranges.scheduled(GIVEN, SPEC, NOW, cut_over, beginning)


def test_first_run_counts_from_the_beginning_to_the_last_window_that_has_settled():
    assert scheduled(None) == Range(BEGINNING, SETTLED)


def test_later_run_counts_again_what_late_objects_may_have_changed():
    cut_over = SETTLED - 12 * HOUR
    assert scheduled(cut_over) == Range(cut_over - 50 * HOUR, SETTLED)


def test_run_does_not_go_back_behind_the_beginning():
    assert scheduled(BEGINNING + HOUR).first == BEGINNING


def test_there_is_nothing_to_count_before_a_window_has_settled():
    assert scheduled(None, SETTLED) is None


def requested(first: datetime, end: datetime) -> Range:
    return ranges.requested(dataclasses.replace(GIVEN, first=first, end=end), SPEC, NOW)


def test_range_that_is_asked_for_is_counted():
    assert requested(BEGINNING, SETTLED) == Range(BEGINNING, SETTLED)


def test_range_with_faults_is_refused_with_all_of_them():
    with pytest.raises(ArgumentsError) as refused:
        requested(BEGINNING + timedelta(seconds=1), SETTLED + timedelta(seconds=61))
    assert str(refused.value).splitlines() == [
        "--from is 2026-01-01T00:00:01+00:00, must be the start of a window of 60 seconds",
        "--to is 2026-03-29T11:35:01+00:00, must be the start of a window of 60 seconds",
        "--to is 2026-03-29T11:35:01+00:00, must be 2026-03-29T11:34:56+00:00 at the latest: settle_seconds before "
        "now, 3600",
    ]


@given(times, st.integers(1, 10_000))
def test_chunks_are_the_whole_range_and_of_a_day_at_most(first, minutes):
    whole = Range(first, first + timedelta(minutes=minutes))
    chunks = list(whole.chunks())
    assert [whole.first, *(chunk.end for chunk in chunks)] == [*(chunk.first for chunk in chunks), whole.end]
    assert all(timedelta(0) < chunk.end - chunk.first <= timedelta(days=1) for chunk in chunks)


@given(times, st.integers(1, 1440), st.integers(-30, 30 * 60), st.integers(1, 48))
def test_every_object_that_may_hold_an_event_is_read(first, minutes, minute, lateness_hours):
    chunk = Range(first, first + timedelta(minutes=minutes))
    hours = ranges.hours_of_events(chunk, lateness_hours, SPEC, NOW)
    hour = ranges.floor(first + timedelta(minutes=minute), HOUR)
    # The times of events that count from an object of the hour.
    earliest, latest = hour - lateness_hours * HOUR, hour + timedelta(seconds=OBJECT_SECONDS + SPEC.skew)
    assert (hour in hours) or latest < chunk.first or earliest >= chunk.end


def test_hours_in_the_future_are_not_looked_for():
    chunk = Range(SETTLED - 2 * HOUR, SETTLED)
    assert ranges.hours_of_events(chunk, 24, SPEC, NOW)[-1] == datetime(2026, 3, 29, 13, tzinfo=UTC)
