"""Runs of the batch one after the other and at once: one counts, and another finds out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from given import NOON
from kills.cloud import wait_for
from lake import HOUR, NOW, SPEC, moment, some

from log_pipeline_metrics import batching, missing, tables
from log_pipeline_metrics.batch_runs import BatchRuns, BusyError, EndedError
from log_pipeline_metrics.heartbeat import Heartbeat
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.tables import RUNS

HOURS = Range(moment(NOON), moment(NOON + HOUR))


@pytest.fixture
def runs(warehouse, lake) -> BatchRuns:
    return BatchRuns(warehouse, tables.evolve(warehouse, lake.database, RUNS))


def test_of_two_that_begin_at_once_one_is_refused(warehouse, lake, runs):
    """On a table without a row, and on one with the row of a run that died."""
    together = threading.Barrier(2)

    def begin(_) -> str:
        mine = BatchRuns(warehouse, runs._table)
        together.wait()
        try:
            return mine.begin(HOURS, "v").name
        except BusyError as error:
            return str(error)

    for _ in range(2):
        with ThreadPoolExecutor(2) as both:
            begun, refused = sorted(both.map(begin, range(2)), key=len)
        [running] = [run for run in lake.runs() if run.state == "running"]
        assert running.run == begun
        assert refused.startswith(f"run {begun} is running since {running.started_at:%Y-%m-%dT%H:%M:%SZ}; it is taken")
        dead = running.updated_at + timedelta(minutes=30)
        assert f"taken for dead at {dead:%Y-%m-%dT%H:%M:%SZ}" in refused
        lake.grow_old()
    assert [run.state for run in lake.runs()] == ["failed", "running"]


def test_run_that_was_taken_for_dead_does_not_write(lake, runs, monkeypatch):
    dead = runs.begin(HOURS, "v")
    lake.grow_old()
    runs.begin(HOURS, "v")
    for write in (dead.hold, dead.beat, lambda: dead.end("done")):
        with pytest.raises(EndedError, match=f"run {dead.name} said nothing for 30 minutes and another has ended it"):
            write()
    lake.grow_old()

    def take_over(*_) -> None:
        lake.grow_old()
        runs.begin(HOURS, "v")

    lake.put(NOON, some(NOON, 3))
    monkeypatch.setattr(missing, "check", take_over)
    with pytest.raises(EndedError):
        lake.batch(SPEC).run(NOW)
    assert (lake.rows(), lake.cut_over()) == ({}, None)
    assert [run.state for run in lake.runs()] == ["failed", "failed", "failed", "running"]


def test_run_says_that_it_is_alive_while_it_counts(lake, monkeypatch):
    def wait_for_a_beat(*_) -> None:
        [begun] = lake.runs()
        wait_for(lambda: lake.runs()[0].updated_at > begun.updated_at)

    monkeypatch.setattr(batching, "Heartbeat", partial(Heartbeat, interval=timedelta(milliseconds=1)))
    monkeypatch.setattr(missing, "check", wait_for_a_beat)
    lake.put(NOON, some(NOON, 3))
    lake.batch(SPEC).run(NOW)
    [run] = lake.runs()
    assert (run.state, lake.cut_over()) == ("done", NOON + 2 * HOUR)
    assert "heartbeat" not in [thread.name for thread in threading.enumerate()]


def test_heartbeat_outlives_a_beat_that_fails(caplog):
    beats = []
    enough = threading.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) > 1:
            enough.set()
        raise RuntimeError("no such table")

    with Heartbeat(beat, timedelta(milliseconds=1)):
        assert enough.wait(60)
    assert "Cannot say that the run is alive" in caplog.text
