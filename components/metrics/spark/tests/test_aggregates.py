"""Every aggregate against DuckDB's of the same records, by SQL that is written by hand."""

import json
import random

import duckdb
import pytest
from given import MINUTE, NOON, at, collected, default_spec, frame, read_spec

from log_pipeline_metrics import aggregates, events

NO_DIMENSIONS = "{}"


def values_of(spark, records, spec):
    parsed = events.parse(frame(spark, records), spec, "text", "arrival")
    return collected(aggregates.rows(aggregates.aggregate(parsed, spec, watermark=False), spec))


def access_log(chance: random.Random) -> dict:
    return {
        "cluster": chance.choice(["a", "b", None]),
        "namespace": chance.choice(["shop", "pay"]),
        "route_name": chance.choice(["default", "canary", 'über "q"']),
        "response_code": chance.choice([200, 200, 200, 404, 503, 0]),
        "bytes_received": chance.randrange(2_000),
        "bytes_sent": chance.choice([chance.randrange(100_000), None]),
        "duration": chance.randrange(3_000),
        "user_agent": "curl",
    }


def product_event(chance: random.Random) -> dict:
    return {"event_type": chance.choice(["view", "buy", "participate"]), "user_id": f"u{chance.randrange(20_000)}"}


@pytest.fixture(scope="module")
def sent():
    """Access logs and product events of some minutes, with their arrivals, out of order and some of them twice."""
    chance = random.Random(9)
    found = []
    for _ in range(20_000):
        arrival = NOON + chance.randrange(5 * MINUTE)
        time = arrival - chance.randrange(2 * MINUTE) + 10_000_000
        if chance.random() < 0.3:
            record = {"start_time": at(time)} | access_log(chance)
        else:
            record = {"event_time": at(time)} | product_event(chance)
        found += [(json.dumps(record), arrival)] * (2 if chance.random() < 0.02 else 1)
    return found


@pytest.fixture(scope="module")
def truth(sent, tmp_path_factory):
    """A database with the records as DuckDB reads JSON, in the table sent."""
    lines = tmp_path_factory.mktemp("sent") / "sent.jsonl"
    lines.write_text("".join(text + "\n" for text, _ in sent))
    columns = dict.fromkeys(["cluster", "namespace", "route_name", "event_type", "user_id"], "VARCHAR")
    columns |= dict.fromkeys(["response_code", "bytes_received", "bytes_sent", "duration"], "BIGINT")
    columns |= dict.fromkeys(["event_time", "start_time"], "TIMESTAMP")
    database = duckdb.connect()
    database.execute("CREATE TABLE sent AS SELECT * FROM read_json(?, columns = ?)", [str(lines), columns])
    yield database
    database.close()


@pytest.fixture(scope="module")
def values(spark, sent):
    """What Spark makes of them by the default spec."""
    return values_of(spark, sent, default_spec())


REQUESTS = """
    SELECT epoch(date_trunc('minute', start_time))::BIGINT,
        to_json({'cluster': cluster, 'namespace': namespace, 'route_name': route_name})::VARCHAR, AGGREGATE
    FROM sent WHERE response_code IS NOT NULL GROUP BY ALL"""
USERS = """
    SELECT epoch(date_trunc('minute', event_time))::BIGINT, '{}', AGGREGATE
    FROM sent WHERE event_type IS NOT NULL GROUP BY ALL"""

EXACT = {
    "requests": (REQUESTS, "count(*)"),
    "errors": (REQUESTS, "count(*) FILTER (response_code >= 500 OR response_code = 0)"),
    "client_errors": (REQUESTS, "count(*) FILTER (response_code BETWEEN 400 AND 499)"),
    "bytes_received": (REQUESTS, "sum(bytes_received)"),
    "bytes_sent": (REQUESTS, "sum(bytes_sent)"),
    "latency_sum": (REQUESTS, "sum(duration)"),
    "latency_max": (REQUESTS, "max(duration)"),
    "error_rate": (REQUESTS, "count(*) FILTER (response_code >= 500 OR response_code = 0) / count(*)"),
    "latency_mean": (REQUESTS, "sum(duration) / count(*)"),
    "events": (USERS.replace("'{}'", "to_json({'event_type': event_type})::VARCHAR"), "count(*)"),
}

ESTIMATED = {
    "concurrent_users": "count(DISTINCT user_id)",
    "participants": "count(DISTINCT user_id) FILTER (event_type = 'participate')",
}


def true_values(database, query: str, aggregate: str) -> dict:
    found = database.execute(query.replace("AGGREGATE", aggregate)).fetchall()
    return {(window, dimensions): float(value) for window, dimensions, value in found if value is not None}


def of_metric(values, name: str) -> dict:
    return {(window, dimensions): value for (metric, window, dimensions), value in values.items() if metric == name}


@pytest.mark.parametrize("metric", EXACT)
def test_metric_of_default_spec_is_that_of_duckdb(values, truth, metric):
    wanted = true_values(truth, *EXACT[metric])
    assert len(wanted) > len(["several"])
    assert of_metric(values, metric) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("metric", ESTIMATED)
def test_distinct_lies_within_its_stated_error(values, truth, metric):
    wanted = true_values(truth, USERS, ESTIMATED[metric])
    found = of_metric(values, metric)
    assert found.keys() == wanted.keys()
    assert max(wanted.values()) > 900
    errors = [found[key] / wanted[key] - 1 for key in wanted]
    assert max(map(abs, errors)) < 3 * aggregates.DISTINCT_ERROR
    assert any(errors), "so many values cannot all be exact: is this a sketch?"


def test_participation_rate_is_of_the_two_estimates(values):
    participants, users = of_metric(values, "participants"), of_metric(values, "concurrent_users")
    assert of_metric(values, "participation_rate") == pytest.approx(
        {key: participants[key] / users[key] for key in users}
    )


def test_every_record_is_accepted_in_the_minute_of_its_arrival(values, sent):
    assert sum(of_metric(values, "records_accepted").values()) == len(sent)
    assert {window for window, _ in of_metric(values, "records_accepted")} == {NOON // 10**6 + 60 * i for i in range(5)}


EDGES = read_spec("""
fields:
  kind: {type: string}
  code: {type: integer}
  up: {type: boolean}
  size: {type: integer}
  load: {type: number}
  who: {type: string}
metrics:
  - {name: all_events, unit: events, aggregate: count}
  - {name: size_sum, unit: bytes, aggregate: sum, field: size}
  - {name: size_min, unit: bytes, aggregate: min, field: size}
  - {name: load_sum, unit: load, aggregate: sum, field: load}
  - {name: load_max, unit: load, aggregate: max, field: load, filter: {field: kind, equals: b}}
  - {name: whos, unit: people, aggregate: distinct, field: who}
  - {name: codes, unit: codes, aggregate: distinct, field: code, filter: {field: kind, exists: true}}
  - {name: by_code, unit: events, aggregate: count, filter: {field: code, exists: true}, dimensions: [up, code]}
  - {name: by_code_and_kind, unit: events, aggregate: count, filter: {field: kind, equals: a}, dimensions: [up, code]}
  - {name: by_kind, unit: events, aggregate: count, dimensions: [kind]}
ratios:
  - {name: size_mean, numerator: size_sum, denominator: all_events}
  - {name: load_share, numerator: load_sum, denominator: codes}
  - {name: kind_share, numerator: by_code_and_kind, denominator: by_code}
  - {name: code_share, numerator: by_code, denominator: by_code_and_kind}
""")


def edge_values(spark, *given: dict) -> dict:
    """Values by metric and dimensions, of records in one window."""
    records = [(json.dumps({"time": at(NOON)} | record), NOON) for record in given]
    return {(metric, dimensions): value for (metric, _, dimensions), value in values_of(spark, records, EDGES).items()}


def test_absent_values_are_counted_by_count_alone(spark):
    found = edge_values(
        spark, {}, {"size": None, "load": "NaN", "who": None}, {"size": "many", "load": [1], "kind": None}
    )
    assert found == {
        ("records_accepted", "{}"): 3,
        ("all_events", "{}"): 3,
        ("whos", "{}"): 0,
        ("codes", "{}"): 0,
        ("by_kind", '{"kind":null}'): 3,
    }


def test_values_of_dimensions_are_told_apart_and_written_as_json(spark):
    found = edge_values(
        spark,
        *({"kind": kind} for kind in ["", "null", None, 'a"b\\c/d\n\u0001é😀', "1"]),
        *({"code": code, "up": up} for code in [1, "1", "+01", -(2**63)] for up in [True, "false", "no"]),
    )
    assert {key: value for key, value in found.items() if key[0] in ("by_kind", "by_code")} == {
        ("by_kind", '{"kind":""}'): 1,
        ("by_kind", '{"kind":"null"}'): 1,
        ("by_kind", '{"kind":null}'): 13,
        ("by_kind", '{"kind":"a\\"b\\\\c/d\\n\\u0001é😀"}'): 1,
        ("by_kind", '{"kind":"1"}'): 1,
        **{("by_code", f'{{"code":1,"up":{up}}}'): 3 for up in ("true", "false", "null")},
        **{("by_code", f'{{"code":-9223372036854775808,"up":{up}}}'): 1 for up in ("true", "false", "null")},
    }


def test_ratio_has_no_row_where_a_part_is_absent_or_the_divisor_is_0(spark):
    found = edge_values(spark, {"code": 1, "size": 10}, {"code": 2, "kind": "a", "load": 3}, {"size": 30, "kind": "a"})
    assert {key: value for key, value in found.items() if "_share" in key[0] or "mean" in key[0]} == {
        ("size_mean", "{}"): pytest.approx(40 / 3),
        ("load_share", "{}"): 3,
        ("kind_share", '{"code":1,"up":null}'): 0,
        ("kind_share", '{"code":2,"up":null}'): 1,
        ("code_share", '{"code":2,"up":null}'): 1,
        ("code_share", '{"code":null,"up":null}'): 0,
    }


def test_sums_of_the_largest_numbers_are_no_errors(spark):
    found = edge_values(spark, *({"size": 2**63 - 1, "load": 1e308} for _ in range(3)))
    assert found["size_sum", "{}"] == pytest.approx(3 * 2.0**63)
    assert found["size_min", "{}"] == 2.0**63
    assert found["load_sum", "{}"] == float("inf")


def test_few_distinct_values_are_counted_exactly(spark):
    found = edge_values(spark, *({"who": f"u{index % 50}", "code": index % 7, "kind": "a"} for index in range(500)))
    assert found["whos", "{}"] == 50
    assert found["codes", "{}"] == 7
