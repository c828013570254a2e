"""Runs of the batch on real Spark and Iceberg: what the tables have after each, and what a run refuses."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import iceberg
import pytest
from given import MINUTE, NOON, read_spec
from kills.cloud import Job, wait_for
from lake import HOUR, LATENESS_HOURS, NOW, SECOND, SPEC, Lake, moment, record, some

from log_pipeline_metrics import batch_runs, changes
from log_pipeline_metrics.arguments import ArgumentsError
from log_pipeline_metrics.batching import NothingError
from log_pipeline_metrics.missing import MissingInputError
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import BATCH, LIVE


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
