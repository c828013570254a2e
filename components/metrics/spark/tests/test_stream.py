"""The aggregation as a streaming query: the same values as a batch, and state that is bounded by lateness."""

import json
import os
import random

import pytest
from given import MINUTE, NOON, at, collected, frame, read_spec

from log_pipeline_metrics import aggregates, events
from log_pipeline_metrics.aggregates import SHARD_SLACK

SECOND = 1_000_000
HOUR = 60 * MINUTE

SPEC = read_spec("""
lateness: 600
skew: 60
fields:
  kind: {type: string}
  size: {type: integer}
  who: {type: string}
metrics:
  - {name: all_events, unit: events, aggregate: count}
  - {name: whos, unit: people, aggregate: distinct, field: who}
  - {name: sizes, unit: bytes, aggregate: sum, field: size, dimensions: [kind]}
  - {name: largest, unit: bytes, aggregate: max, field: size, dimensions: [kind]}
  - {name: of_a, unit: events, aggregate: count, filter: {field: kind, equals: a}, dimensions: [kind]}
ratios:
  - {name: share_of_a, numerator: of_a, denominator: sizes}
""")


@pytest.fixture
def stream(spark, tmp_path):
    """Run lists of records through the streaming query, a batch for each; give the table and the query."""

    def run(batches):
        folder = tmp_path / "source"
        folder.mkdir()
        for number, records in enumerate(batches):
            path = folder / f"{number:03}.json"
            path.write_text("".join(json.dumps({"text": text, "micros": micros}) + "\n" for text, micros in records))
            # The source takes the oldest first.
            os.utime(path, (number, number))
        source = spark.readStream.schema("text string, micros bigint").option("maxFilesPerTrigger", 1).json(str(folder))
        raw = source.selectExpr("text", "timestamp_micros(micros) AS arrival")
        parsed = events.parse(raw, SPEC, "text", "arrival")
        table = {}
        query = (
            aggregates.aggregate(parsed, SPEC, watermark=True)
            .writeStream.outputMode("update")
            .foreachBatch(lambda batch, _: table.update(collected(aggregates.rows(batch, SPEC))))
            .option("checkpointLocation", str(tmp_path / "checkpoint"))
            .trigger(availableNow=True)
            .start()
        )
        query.awaitTermination()
        return table, query

    return run


def state(query, key: str) -> list[int]:
    return [progress["stateOperators"][0][key] for progress in query.recentProgress]


def record(arrival: int, time: int, **fields) -> tuple[str, int]:
    return json.dumps({"time": at(time)} | fields), arrival


def some_record(chance: random.Random, arrival: int) -> tuple[str | None, int]:
    if chance.random() < 0.05:
        return chance.choice([None, "no JSON", "{}", '{"time": "yesterday"}']), arrival
    late = chance.choice([0, 0, 0, 1, 9, 10, 11]) * MINUTE
    time = arrival - late - chance.randrange(MINUTE) + 30 * SECOND
    return record(arrival, time, kind=chance.choice("abc"), size=chance.randrange(100), who=f"u{chance.randrange(300)}")


def test_stream_gives_the_values_of_a_batch_and_keeps_no_more_state_than_lateness_needs(spark, stream):
    chance = random.Random(4)
    hours = 8
    sent = [
        some_record(chance, NOON + chance.randrange(10 * MINUTE) + index * 10 * MINUTE)
        for index in range(6 * hours)
        for _ in range(100)
    ]
    sent += chance.sample(sent, 50)
    sent.sort(key=lambda one: one[1] + chance.randrange(SHARD_SLACK * SECOND))
    size = len(sent) // 12
    table, query = stream([sent[start : start + size] for start in range(0, len(sent), size)])

    assert sum(state(query, "numRowsDroppedByWatermark")) == 0
    parsed = events.parse(frame(spark, sent), SPEC, "text", "arrival")
    batch = collected(aggregates.rows(aggregates.aggregate(parsed, SPEC, watermark=False), SPEC))
    assert table.keys() == batch.keys()
    estimated = {key: value for key, value in batch.items() if key[0] == "whos"}
    assert {key: table[key] for key in estimated} == pytest.approx(estimated, rel=3 * aggregates.DISTINCT_ERROR)
    exact = {key: value for key, value in batch.items() if key[0] != "whos"}
    assert {key: table[key] for key in exact} == pytest.approx(exact)

    # Accepted, no_time, bad_time, malformed, too_old, three kinds, and the set without dimensions.
    groups = 9
    windows = (SPEC.lateness + SPEC.skew + SPEC.window + SHARD_SLACK) // SPEC.window + 1
    assert 0 < state(query, "numRowsTotal")[-1] <= windows * groups < 60 * hours * groups / 5


def test_shards_apart_by_the_slack_lose_nothing_and_what_is_dropped_is_counted(stream):
    slack = SHARD_SLACK * SECOND
    ahead = record(NOON, NOON + SPEC.skew * SECOND, kind="ahead")
    behind = NOON - slack
    oldest = record(behind, behind - SPEC.lateness * SECOND, kind="oldest")
    lost_arrival = behind - MINUTE
    lost = record(lost_arrival, lost_arrival - SPEC.lateness * SECOND, kind="lost")
    # What is late is judged by the watermark of the batch before, and that one is of the batches before it.
    table, query = stream([[ahead], [ahead], [oldest], [lost]])

    counted = {dimensions for metric, _, dimensions in table if metric == "of_a"}
    assert counted == {'{"kind":"ahead"}', '{"kind":"oldest"}'}
    assert sum(value for (metric, _, _), value in table.items() if metric == "records_accepted") == 4
    # Its rows of both sets; that of the bookkeeping is in time.
    assert sum(state(query, "numRowsDroppedByWatermark")) == 2
