"""What the batch counts of objects: exactly DuckDB's numbers, each event once, however a range is cut."""

import json
import random

import duck
import pytest
from given import MINUTE, NOON, at, collected, default_spec, read_spec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lake import HOUR, LATENESS_HOURS, OBJECT_SECONDS, moment, truth
from pyspark.sql import functions as F
from test_aggregates import access_log, product_event
from test_generated import record as generated_record
from test_generated import specs

from log_pipeline_metrics import counting
from log_pipeline_metrics.events import EventIdError
from log_pipeline_metrics.ranges import Range

LATENESS = LATENESS_HOURS * HOUR
SECOND = 1_000_000
OWN = ("records_accepted", "records_rejected")


def count(spark, objects, spec, first: int, end: int) -> duck.Rows:
    """Count objects, each an hour and lines, as raw gives them."""
    lines = [(line, hour, f"object-{number}") for number, (hour, lines) in enumerate(objects) for line in lines]
    frame = spark.createDataFrame(lines, "text string, micros bigint, path string")
    frame = frame.select("text", F.timestamp_micros("micros").alias("hour"), "path")
    return collected(counting.rows_of(frame, Range(moment(first), moment(end)), spec, LATENESS_HOURS))


def without_own(rows: duck.Rows) -> duck.Rows:
    return {key: value for key, value in rows.items() if key[0] not in OWN}


def by_reason(rows: duck.Rows) -> dict:
    found: dict[str | None, float] = {}
    for (metric, _, dimensions), value in rows.items():
        if metric in OWN:
            reason = json.loads(dimensions).get("reason")
            found[reason] = found.get(reason, 0) + value
    return found


def objects_of(chance: random.Random, make) -> list[tuple[int, list[str]]]:
    """Objects of six hours with copies in the same, in others, and later than they count; some records have no id."""
    objects: list[tuple[int, list[str]]] = [(NOON + hour * HOUR, []) for hour in range(6) for _ in range(2)]
    for number in range(1_500):
        hour = chance.randrange(6)
        text = make(NOON + hour * HOUR + chance.randrange(HOUR), number)
        places = [2 * hour]
        if chance.random() < 0.1:
            places += [chance.randrange(2 * hour, len(objects)) for _ in range(chance.randrange(1, 3))]
        for place in places:
            objects[place][1].append(text)
    return objects


def with_id(chance: random.Random, number: int, text: str) -> str:
    try:
        fields = json.loads(text)
    except ValueError:
        return text
    if not isinstance(fields, dict) or chance.random() < 0.1:
        return text
    return json.dumps(fields | {"event_id": chance.choice([f"e{number}"] * 9 + [None])}, ensure_ascii=False)


def check(spark, chance: random.Random, objects, spec) -> None:
    first, end = NOON - 30 * MINUTE, NOON + 5 * HOUR
    whole = count(spark, objects, spec, first, end)
    wanted = truth(objects, spec, first, end)
    assert len(wanted) > 100
    assert without_own(whole) == pytest.approx(wanted, rel=1e-12)

    cut = first + chance.randrange(30, 300) * MINUTE
    parts = [count(spark, objects, spec, *part) for part in ((first, cut), (cut, end))]
    assert without_own(parts[0]) | without_own(parts[1]) == without_own(whole)
    sums = {reason: sum(by_reason(part).get(reason, 0) for part in parts) for reason in by_reason(whole)}
    assert sums == by_reason(whole)
    assert sums["duplicate"] > 50


def test_default_spec(spark):
    chance = random.Random(12)

    def make(time: int, number: int) -> str:
        fields = access_log(chance) if chance.random() < 0.5 else product_event(chance)
        named = {"start_time": at(time)} if "response_code" in fields else {"event_time": at(time)}
        return with_id(chance, number, json.dumps(named | fields))

    check(spark, chance, objects_of(chance, make), default_spec())


def is_rich(spec) -> bool:
    return {"distinct", "sum"} <= {metric.aggregate for metric in spec.metrics} and bool(spec.ratios)


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(wanted=specs().filter(is_rich), seed=st.integers(0, 2**32))
def test_generated_specs(spark, wanted, seed):
    chance = random.Random(seed)

    def make(time: int, number: int) -> str:
        text = generated_record(chance, time + chance.choice([0, 0, -MINUTE, -6 * HOUR, 3 * HOUR]))[0]
        return with_id(chance, number, "null" if text is None else text)

    check(spark, chance, objects_of(chance, make), wanted)


SPEC = read_spec("""
fields:
  load: {type: number}
  size: {type: integer}
metrics:
  - {name: all_events, unit: events, aggregate: count}
  - {name: load_sum, unit: load, aggregate: sum, field: load}
  - {name: size_sum, unit: bytes, aggregate: sum, field: size}
""")


def record(time: int, event_id: str | None = None, **fields) -> str:
    named = {} if event_id is None else {"event_id": event_id}
    return json.dumps({"time": at(time)} | named | fields)


def test_bounds_are_of_the_hour_of_the_object(spark):
    skew = SPEC.skew * SECOND
    earliest, latest = NOON - LATENESS, NOON + OBJECT_SECONDS * SECOND + skew
    lines = [record(earliest), record(earliest - 1), record(latest), record(latest + 1), "", "{", '{"a":1}\r']
    found = count(spark, [(NOON, lines)], SPEC, NOON - 6 * HOUR, NOON + 6 * HOUR)
    reasons = {"too_old": 1, "too_far_ahead": 1, "malformed": 2, "no_time": 1}
    assert by_reason(found) == {None: 2} | reasons
    windows = {window for metric, window, _ in found if metric == "all_events"}
    assert windows == {earliest // SECOND, latest // SECOND // 60 * 60}


def test_copy_counts_where_another_copy_does_not(spark):
    early, late = NOON, NOON + LATENESS + HOUR
    for hours in ((early, late), (late, early)):
        found = count(spark, [(hour, [record(NOON, "a")]) for hour in hours], SPEC, NOON, NOON + HOUR)
        assert without_own(found) == {("all_events", NOON // SECOND, "{}"): 1}


def test_records_without_id_count_each(spark):
    lines = [record(NOON), record(NOON), record(NOON, ""), record(NOON, ""), record(NOON, "a"), record(NOON, "a")]
    found = count(spark, [(NOON, lines), (NOON, lines)], SPEC, NOON, NOON + HOUR)
    assert found["all_events", NOON // SECOND, "{}"] == 9
    assert by_reason(found) == {None: 9, "duplicate": 3}


def test_events_with_one_id_and_other_times_are_two_however_the_range_is_cut(spark):
    objects = [(NOON, [record(NOON, "a"), record(NOON + MINUTE, "a")])]
    whole = without_own(count(spark, objects, SPEC, NOON, NOON + HOUR))
    parts = [(NOON, NOON + MINUTE), (NOON + MINUTE, NOON + HOUR)]
    assert len(whole) == 2
    assert whole == {k: v for part in parts for k, v in without_own(count(spark, objects, SPEC, *part)).items()}


def test_sums_do_not_depend_on_the_order(spark):
    loads = [0.1, 0.2, 0.3, 1e15, -1e15, 2.5e-10, 0.7]
    sizes = [2**53 + 1, 1, -(2**53), 3, 5, 7, 9]
    found = []
    for seed in range(3):
        lines = [record(NOON, load=load, size=size) for load, size in zip(loads, sizes, strict=True)]
        random.Random(seed).shuffle(lines)
        found.append(without_own(count(spark, [(NOON, lines)], SPEC, NOON, NOON + HOUR)))
    assert found[0]["load_sum", NOON // SECOND, "{}"] == 1.30000000025
    assert found[0]["size_sum", NOON // SECOND, "{}"] == sum(sizes)
    assert found[0] == found[1] == found[2]


def test_sums_of_what_no_decimal_holds_are_of_doubles(spark):
    lines = [record(NOON, load=load) for load in (1e300, 1e-30)] + [record(NOON + MINUTE, load=1e308)] * 3
    found = count(spark, [(NOON, lines)], SPEC, NOON, NOON + HOUR)
    assert found["load_sum", NOON // SECOND, "{}"] == 1e300
    assert found["load_sum", NOON // SECOND + 60, "{}"] == float("inf")


def test_spec_whose_field_lies_in_the_id_is_refused(spark):
    given_spec = read_spec("""
fields: {part: {type: string, path: [event_id, part]}}
metrics: [{name: all_events, unit: events, aggregate: count}]
""")
    with pytest.raises(EventIdError, match=r"fields\.part\.path is \['event_id', 'part'\]"):
        count(spark, [(NOON, ["{}"])], given_spec, NOON, NOON + HOUR)


def test_records_are_parsed_once(spark):
    frame = spark.createDataFrame([("{}", "p")], "text string, path string").withColumn("hour", F.current_timestamp())
    counted = counting.rows_of(frame, Range(moment(NOON), moment(NOON + HOUR)), default_spec(), LATENESS_HOURS)
    plan = counted._jdf.queryExecution().executedPlan().toString()
    final = plan.split("== Initial Plan ==")[0]
    assert final.count("from_json") == 1
