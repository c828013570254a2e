"""Runs of the batch on real Spark and Iceberg: what the tables have after each, and what a run refuses."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import iceberg
import pytest
from given import MINUTE, NOON, at, read_spec
from kills.cloud import Job, wait_for
from lake import HOUR, LATENESS_HOURS, Lake, moment

from log_pipeline_metrics import batch_runs, batching, changes, missing, tables
from log_pipeline_metrics.arguments import ArgumentsError
from log_pipeline_metrics.batch_runs import BatchRuns, BusyError, EndedError
from log_pipeline_metrics.batching import NothingError
from log_pipeline_metrics.heartbeat import Heartbeat
from log_pipeline_metrics.missing import MissingInputError
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import BATCH, LIVE, RUNS

SPEC = read_spec("""
fields:
  kind: {type: string}
  who: {type: string}
metrics:
  - {name: events, unit: events, aggregate: count, dimensions: [kind]}
  - {name: whos, unit: people, aggregate: distinct, field: who, dimensions: [kind]}
ratios:
  - {name: whos_an_event, numerator: whos, denominator: events}
""")
SECOND = 1_000_000
# Counts the windows of NOON until two hours later.
NOW = moment(NOON + 3 * HOUR)


@pytest.fixture
def lake(warehouse, tmp_path, request) -> Lake:
    name = "".join(c if c.isalnum() else "_" for c in request.node.name.lower())
    return Lake(warehouse, tmp_path / "raw", name, getattr(request, "param", "timestamp_ntz"))


def record(time: int, event_id: str, kind: str = "a") -> str:
    return json.dumps({"time": at(time), "event_id": event_id, "kind": kind, "who": event_id[-1]})


def some(time: int, number: int, kind: str = "a") -> list[str]:
    return [record(time + i * SECOND, f"{time}-{kind}-{i}", kind) for i in range(number)]


def shown(lake: Lake) -> list[tuple]:
    """The table with the time of each row's last change."""
    return sorted(map(tuple, lake.frame(BATCH).collect()))


def test_runs_by_the_schedule(lake):
    lake.batch(SPEC).run(NOW)
    assert (lake.runs(), lake.cut_over()) == ([], None)

    removed = lake.put(NOON, some(NOON, 3, "removed"))
    lake.put(NOON, [*some(NOON + 5 * MINUTE, 20), "no JSON", record(NOON - 6 * HOUR, "old")])
    lake.put(NOON + HOUR, [*some(NOON + HOUR, 10), *some(NOON + 5 * MINUTE, 5), record(NOON + HOUR - 1, "late")])
    lake.put(NOON, [record(NOON - HOUR, "early")])
    lake.batch(SPEC).run(NOW)
    # What is as late as an event of the first hour may be is counted with it.
    assert lake.rows() == lake.truth(SPEC, NOON - LATENESS_HOURS * HOUR, NOON + 2 * HOUR)
    assert [key for key in lake.rows() if key[1] * SECOND < NOON]
    assert lake.cut_over() == NOON + 2 * HOUR
    assert not lake.partitions(LIVE), "the live table is the streaming job's to change"
    [run] = lake.runs()
    assert (run.state, run.objects, run.records, run.duplicates) == ("done", 4, 42, 5)
    assert (json.loads(run.rejected), run.version) == ({"malformed": 1, "too_old": 1}, "0123456789abcdef")

    before, snapshots = shown(lake), lake.snapshots()
    lake.batch(SPEC).run(NOW)
    assert (shown(lake), lake.snapshots()) == (before, snapshots)
    assert [run.cut_over is None for run in lake.runs()] == [False, True]

    # An object that comes late, and one that is taken away.
    lake.put(NOON, some(NOON + 7 * MINUTE, 4))
    removed.unlink()
    del lake.objects[0]
    lake.batch(SPEC).run(moment(NOON + 4 * HOUR))
    assert lake.rows() == lake.truth(SPEC, NOON - LATENESS_HOURS * HOUR, NOON + 3 * HOUR)
    assert not [key for key in lake.rows() if "removed" in key[2]]
    unchanged = [row for row in shown(lake) if row in before]
    assert len(unchanged) == len(before) - len(["events", "whos", "ratio"])
    assert lake.cut_over() == NOON + 3 * HOUR


@pytest.mark.parametrize("lake", ["timestamp"], indirect=True)
def test_ranges_that_are_asked_for(lake):
    lake.put(NOON, some(NOON, 3))
    lake.put(NOON + HOUR, some(NOON + HOUR, 3))
    lake.put(NOON + 4 * HOUR, some(NOON + 4 * HOUR, 3))
    asked = moment(NOON + 24 * HOUR)

    lake.batch(SPEC, NOON, NOON + HOUR).run(asked)
    assert lake.rows() == lake.truth(SPEC, NOON, NOON + HOUR)
    assert lake.cut_over() is None, "nobody knows what lies before the range"

    lake.batch(SPEC).run(NOW)
    lake.put(NOON, some(NOON + 1 * MINUTE, 2))
    for first, end, cut_over in [(3, 5, 2), (1, 3, 3), (0, 1, 3)]:
        lake.batch(SPEC, NOON + first * HOUR, NOON + end * HOUR).run(asked)
        assert lake.cut_over() == NOON + cut_over * HOUR, (first, end)
    assert lake.rows() == lake.truth(SPEC, NOON, NOON + 5 * HOUR)

    with pytest.raises(NothingError, match="raw has no object that may hold an event of 2026-03-04T12:00:00Z to"):
        lake.batch(SPEC, NOON + 72 * HOUR, NOON + 73 * HOUR).run(moment(NOON + 96 * HOUR))
    with pytest.raises(ArgumentsError, match=r"--to is .* at the latest"):
        lake.batch(SPEC, NOON, NOON + 2 * HOUR, settle=3601).run(NOW)
    assert lake.cut_over() == NOON + 3 * HOUR


def test_input_that_is_missing(lake):
    lake.put(NOON, some(NOON, 3))
    for window in (0, 61, 74):
        lake.live(NOON + window * MINUTE)
    # A buffer's time after an hour its own object is needed.
    lake.batch(SPEC, NOON, NOON + 2 * HOUR).run(NOW)
    lake.live(NOON + 75 * MINUTE, "records_rejected")
    lake.live(NOON + 76 * MINUTE, "events")
    with pytest.raises(MissingInputError, match=r"in the hours 2026-03-01T13:00Z: 2026-03-01T07:00:00Z to"):
        lake.batch(SPEC).run(NOW)
    assert ([run.state for run in lake.runs()], lake.cut_over()) == (["done", "failed"], None)
    lake.put(NOON + HOUR, some(NOON + 80 * MINUTE, 3))
    lake.batch(SPEC).run(NOW)
    assert lake.cut_over() == NOON + 2 * HOUR


def test_input_that_is_lost_for_good(lake):
    lake.put(NOON, some(NOON, 3))
    lake.batch(SPEC).run(moment(NOON + 2 * HOUR))
    lake.live(NOON + 90 * MINUTE)
    with pytest.raises(MissingInputError):
        lake.batch(SPEC, NOON + HOUR, NOON + 2 * HOUR).run(NOW)
    lake.batch(SPEC, NOON + HOUR, NOON + 2 * HOUR, accepts_missing=True).run(NOW)
    assert lake.cut_over() == NOON + 2 * HOUR


def test_chunk_without_objects_keeps_the_rows_that_it_has(lake):
    first = lake.put(NOON, some(NOON, 3))
    lake.put(NOON + 48 * HOUR, some(NOON + 48 * HOUR, 3))
    lake.batch(SPEC, NOON, NOON + HOUR).run(NOW)
    before = shown(lake)
    first.unlink()
    with pytest.raises(MissingInputError, match="raw has no object any more for 2026-03-01T12:00:00Z to 2026-03-02T12"):
        lake.batch(SPEC, NOON, NOON + 49 * HOUR).run(moment(NOON + 60 * HOUR))
    assert shown(lake) == before


def test_batch_that_would_count_less_than_the_streaming_job_is_refused(lake):
    with pytest.raises(ArgumentsError, match="is 5, must be at least the spec's lateness, which is 18001"):
        lake.batch(read_spec("{lateness: 18001, metrics: [{name: e, unit: events, aggregate: count}]}"))


class KilledError(BaseException):
    """A process that ends at once: nothing that it would do in case of an error is done."""


def test_run_that_is_killed_between_any_two_commits(lake, monkeypatch):
    """What is shown is right, and what the next run makes of it too."""
    end = NOON + 25 * HOUR
    beginning = NOON - LATENESS_HOURS * HOUR
    days = [(beginning, beginning + 24 * HOUR), (beginning + 24 * HOUR, end)]
    later = moment(end + HOUR)
    # Begin, MERGE and note of each chunk, end.
    kills = random.Random(3).sample(range(6), 6)
    truths, cut_over = [{}], 0
    for number, last in enumerate(kills):
        for first in (NOON, NOON + 24 * HOUR):
            lake.put(first, some(first + number * MINUTE, 2, f"k{number % 2}"))
        truths.append(lake.truth(SPEC, NOON, end))
        with monkeypatch.context() as patch, pytest.raises(KilledError):
            kill_at(patch, last)
            lake.batch(SPEC).run(later)
        check_shown(lake, days, truths, cut_over)
        cut_over = lake.cut_over() or 0
        lake.grow_old()
    lake.batch(SPEC).run(later)
    assert lake.rows() == truths[-1]
    assert lake.cut_over() == end


def check_shown(lake: Lake, chunks: list[tuple[int, int]], truths: list[dict], before: int) -> None:
    """Each chunk is as it was or as it is now, and no mixture; and the cut-over is the end of one that was counted."""
    found, cut_over = lake.rows(), lake.cut_over() or 0
    assert cut_over in [0, *(end for _, end in chunks)]
    assert cut_over >= before
    for first, end in chunks:
        rows, *may_be = (of_windows(rows, first, end) for rows in (found, *truths))
        assert rows in may_be
        assert rows or cut_over < end


def kill_at(patch: pytest.MonkeyPatch, last: int) -> None:
    """Have the process end before a commit, by its number."""
    done = []

    def commit(statement) -> None:
        if len(done) == last:
            raise KilledError
        statement()
        done.append(statement)

    for module in (changes, batch_runs):
        patch.setattr(module, "commit", commit)


def of_windows(rows: dict, first: int, end: int) -> dict:
    return {key: value for key, value in rows.items() if first <= key[1] * SECOND < end}


def test_process_that_is_killed_at_random(lake, tmp_path):
    """METRICS_KILLS is the number of kills, and METRICS_KILLS_SEED chooses their moments."""
    chance = random.Random(int(os.environ.get("METRICS_KILLS_SEED", "9")))
    end = int(time.time()) // 3600 * HOUR
    first, middle = end - 25 * HOUR, end - HOUR
    truths, cut_over = [{}], 0
    for number in range(int(os.environ.get("METRICS_KILLS", "1"))):
        for hour in (first, middle):
            lake.put(hour, some(hour + number * MINUTE, 2))
        truths.append(lake.truth(SPEC, first, end))
        process = start(lake, SPEC, tmp_path)
        milestone = chance.choice(["Counts", "Counted chunk"])
        wait_for(lambda: process.log().count(milestone) or not process.running())  # noqa: B023
        time.sleep(chance.uniform(0, 3))
        process.kill()
        day = first - LATENESS_HOURS * HOUR + 24 * HOUR
        check_shown(lake, [(day - 24 * HOUR, day), (day, end)], truths, cut_over)
        cut_over = lake.cut_over() or 0
        if lake.runs()[-1].state == "running":
            refused = start(lake, SPEC, tmp_path)
            assert refused.ended(300) == 1
            *_, last = refused.log().splitlines()
            assert last.startswith(f"The batch failed: run {lake.runs()[-1].run} is running since ")
        lake.grow_old()
    process = start(lake, SPEC, tmp_path)
    assert process.ended(300) == 0, process.log()
    assert lake.rows() == truths[-1]
    assert lake.cut_over() >= end


# As in conftest.py.
SETTINGS = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def start(lake: Lake, spec: Spec, folder: Path) -> Job:
    """Start a run by the schedule in a process of its own, that counts up to now."""
    document, log = folder / "spec.json", folder / "log"
    document.write_text(json.dumps(spec.resolved()))
    given = vars(lake.arguments(settle=0)) | {"spec": f"file://{document}"}
    settings = iceberg.EXTENSIONS | iceberg.catalog(lake.folder()) | SETTINGS
    conf = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("batch_of_folders.py"), json.dumps(given)],
            env=os.environ | {"PYSPARK_SUBMIT_ARGS": " ".join([*conf, "pyspark-shell"]), "PYTHONPATH": "src"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Job(process, log)


def test_faults_of_arguments_end_the_program():
    program = Path(__file__).parents[1] / "batch.py"
    ended = subprocess.run(
        [sys.executable, program, "--from", "now"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": "src"},
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "--to is not given, must be given with --from"


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
