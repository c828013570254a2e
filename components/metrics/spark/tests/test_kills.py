"""The streaming job, killed again and again while records arrive, has counted every record once in the end.

It is the very script that Glue runs, in a process of its own, on the emulator's stream and warehouse. The stand-in for
Glue's package reads the stream: what Glue's own connector does is not proven here.

METRICS_KILLS is the number of kills, 5 by default, and METRICS_KILLS_SEED chooses their moments.
"""

import os
import time
from collections.abc import Iterable
from typing import Any

import pytest
from kills import records
from kills.cloud import STREAM, Cloud, Job, wait_for
from kills.killer import Killer
from kills.records import Key, Sent
from kills.sender import HIGH, LOW, Sender

from log_pipeline_metrics.aggregates import DISTINCT_ERROR, SHARD_SLACK

KILLS = int(os.environ.get("METRICS_KILLS", "5"))
SEED = int(os.environ.get("METRICS_KILLS_SEED", "9"))

FIRST = records.spec(["route"], 500)
# Other dimensions and another filter under the same names: no row of the first may be left beside those of the second.
SECOND = records.spec([], 400)

# As fast as to have several windows open, and slow enough that a job catches up with it.
SECONDS_BETWEEN_SENDS, RECORDS_OF_A_SEND = 0.25, 1
# The stream begins this long ago, within the windows that a first run emits.
SECONDS_BEFORE_NOW = 600
# How far a shard gets ahead of the other, in batches of so many records of each.
SECONDS_AHEAD, RECORDS_OF_A_SHARD = 8 * SHARD_SLACK, 60
MINUTES_TO_CATCH_UP = 10
# An estimate is within three standard errors, and of few users off by one at most.
DISTINCT_TOLERANCE = 3 * DISTINCT_ERROR


@pytest.fixture
def cloud(tmp_path):
    made = Cloud(tmp_path)
    yield made
    made.close()


@pytest.fixture
def sender(cloud):
    made = Sender(cloud.kinesis, STREAM, records.Maker(SEED), int(time.time()) - SECONDS_BEFORE_NOW)
    yield made
    made.stop()


def test_every_record_is_counted_once(cloud, sender):
    began = time.monotonic()
    killer = Killer(cloud, SEED)

    cloud.publish("first")
    sender.start(SECONDS_BETWEEN_SENDS, RECORDS_OF_A_SEND)
    for number in range(KILLS - KILLS // 2):
        killer.kill(cloud.job("first", FIRST))
        if number == 0:
            sender.stop()
            reshard(cloud)
            sender.start(SECONDS_BETWEEN_SENDS, RECORDS_OF_A_SEND)

    job = cloud.job("first", FIRST)
    go_on_for_a_batch(cloud)
    cloud.publish("second")
    assert job.ended(60 * MINUTES_TO_CATCH_UP) == 0, job.log()
    first_run, first_snapshot, first_read = cloud.run(), cloud.live()["current-snapshot-id"], cloud.read_to()

    for _ in range(KILLS // 2):
        killer.kill(cloud.job("second", SECOND))
    sender.stop()
    job = cloud.job("second", SECOND)
    catch_up(cloud, sender, job)
    job.kill()
    even = list(sender.sent)

    fall_apart(sender)
    job = cloud.job("second", SECOND, RECORDS_OF_A_SHARD)
    catch_up(cloud, sender, job)
    cloud.publish("second", paused=True)
    assert job.ended(60 * MINUTES_TO_CATCH_UP) == 0, job.log()

    first, live, gaps = cloud.show((first_snapshot, "metrics_live"), (0, "metrics_live"), (0, "metrics_gaps"))
    dropped = [gap for gap in gaps if gap["dropped_rows"]]
    read = [record for record in even if record.sequence <= first_read.get(record.shard, 0)]
    faults = {
        "first version": differences(first, records.truth(read, FIRST, first_window(first_run))),
        "second version": differences(live, records.truth(sender.sent, SECOND, first_window(cloud.run())), dropped),
    }
    print(f"\nkills survived: {len(killer.kills)} ({'; '.join(killer.kills)})")
    print(f"records: {len(sender.sent)}, counted: {counted(live):.0f}, gaps: {gaps}")
    print(f"differences: {faults}, seconds: {time.monotonic() - began:.0f}")
    assert not any(faults.values())
    # Nothing is dropped while shards are read evenly.
    apart_from = min(record.arrival for record in sender.sent[len(even) :]) - records.LATENESS - records.WINDOW
    assert dropped and all(gap["window_from"] >= apart_from for gap in dropped)
    assert 0 < len(sender.sent) - counted(live) <= len(sender.sent) - len(even)


def reshard(cloud: Cloud) -> None:
    """Split the shard of the low keys."""
    [low] = [s for s in cloud.kinesis.list_shards(StreamName=STREAM)["Shards"] if _first_key(s) == LOW]
    middle = str((LOW + HIGH) // 2)
    cloud.kinesis.split_shard(StreamName=STREAM, ShardToSplit=low["ShardId"], NewStartingHashKey=middle)


def _first_key(shard: dict[str, Any]) -> int:
    return int(shard["HashKeyRange"]["StartingHashKey"])


def go_on_for_a_batch(cloud: Cloud) -> None:
    before = cloud.last("commits")
    wait_for(lambda: cloud.last("commits") > before)


def catch_up(cloud: Cloud, sender: Sender, job: Job) -> None:
    """Wait until all that was sent is in the table."""

    def is_there() -> bool:
        assert job.running(), job.log()
        read = cloud.read_to()
        return all(read.get(shard, 0) >= last for shard, last in sender.reached().items())

    wait_for(is_there, 60 * MINUTES_TO_CATCH_UP)


def fall_apart(sender: Sender) -> None:
    """Have one shard hold hours, and the other what arrived in the first minutes of these."""
    sender.send(HIGH, range(sender.now, sender.now + SECONDS_AHEAD, 20))
    sender.send(LOW, range(sender.now, sender.now + 600, 2))


def first_window(run: dict[str, Any]) -> int:
    return int(records.seconds(run["firstWindow"]))


def counted(live: Iterable[dict[str, Any]]) -> float:
    return sum(row["value"] for row in live if row["metric"] in ("records_accepted", "records_rejected"))


def differences(
    shown: list[dict[str, Any]], truth: dict[Key, float], gaps: Iterable[dict[str, Any]] = ()
) -> list[tuple[Key, float | None, float | None]]:
    """The rows that differ: what the table has and what it should have. In a gap the table may have less."""
    table = {(row["metric"], row["window_start"], row["dimensions"]): row["value"] for row in shown}
    assert len(table) == len(shown), "rows with the same key"
    pairs = ((key, table.get(key), truth.get(key)) for key in sorted(table.keys() | truth.keys()))
    return [pair for pair in pairs if not _agree(*pair, any(_is_in(pair[0][1], gap) for gap in gaps))]


def _is_in(window: int, gap: dict[str, Any]) -> bool:
    return gap["window_from"] <= window < gap["window_to"]


def _agree(key: Key, found: float | None, expected: float | None, in_gap: bool) -> bool:
    # Nothing counted is a row or none.
    found, expected = found or 0, expected or 0
    if in_gap:
        return found <= expected or key[0] in ("quickest", "error_rate", "users")
    if key[0] == "users":
        return abs(found - expected) <= max(1, DISTINCT_TOLERANCE * expected)
    return found == expected


def test_sent_records_are_of_every_kind():
    """The truth of the test above is about something."""
    maker = records.Maker(SEED)
    sent = [Sent("shard", number, 1_800_000_000 + number, maker.text(1_800_000_000 + number)) for number in range(500)]
    names = {(name, dimensions) for name, _, dimensions in records.truth(sent, FIRST, 0)}
    reasons = {dimensions for name, dimensions in names if name == "records_rejected"}
    wanted = ("too_large", "malformed", "no_time", "bad_time", "too_far_ahead", "too_old")
    assert reasons == {f'{{"reason":"{reason}"}}' for reason in wanted}
    assert {metric["name"] for metric in FIRST["metrics"]} <= {name for name, _ in names}
