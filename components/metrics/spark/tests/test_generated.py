"""Generated specs and records: the same metrics by Spark as by DuckDB."""

import json
import random

import duck
import pytest
from given import MINUTE, NOON, at, collected, frame
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from log_pipeline_metrics import aggregates, events, spec

FIELDS = {
    "time": {"type": "string"},
    "millis": {"type": "integer"},
    "kind": {"type": "string"},
    "app": {"type": "string", "path": ["kubernetes", "labels", "app/name~x"]},
    "host": {"type": "string", "path": ["kubernetes", "host"]},
    "code": {"type": "integer"},
    "code_text": {"type": "string", "path": ["code"]},
    "load": {"type": "number"},
    "up": {"type": "boolean"},
}
TEXTS = ["", "-", "a", "a b", "O'Hare", "ü😀", "true", "12", '{"x":1}']
NUMBERS = [0, 1, -1, 200, 404, 503, 2**53 + 1]
VALUES = {
    "kind": [*TEXTS, None, 7, True, {"x": 1}, [1, "a"]],
    "code": [*NUMBERS, "12", "+3", "1.5", "x", 1.5, None, True, 2**64],
    "load": [0, 0.5, -2.25, 1e-7, "1e3", "0.1", "high", None, 3, [1]],
    "up": [True, False, "true", "false", "yes", 1, None],
}
# DuckDB takes NaN for JSON.
BROKEN = [None, "", "no JSON", "[1]", "5", '{"kind":"a"', '{"kind":"a"}{"kind":"a"}', "null"]


def operands(kind: str):
    return {
        "string": st.sampled_from(TEXTS),
        "integer": st.sampled_from(NUMBERS),
        "number": st.sampled_from([0, 0.5, -2.25, 3, 1000]),
        "boolean": st.booleans(),
    }[kind]


@st.composite
def conditions(draw):
    field = draw(st.sampled_from(["kind", "app", "host", "code", "code_text", "load", "up"]))
    kind = FIELDS[field]["type"]
    operators = ["equals", "in", "exists"]
    if kind in ("integer", "number"):
        operators += ["atLeast", "atMost", "above", "below"]
    if kind == "string":
        operators.append("startsWith")
    operator = draw(st.sampled_from(operators))
    if operator == "exists":
        operand = draw(st.booleans())
    elif operator == "in":
        operand = draw(st.lists(operands(kind), min_size=1, max_size=3, unique=True))
    else:
        operand = draw(operands(kind).filter(bool) if operator == "startsWith" else operands(kind))
    return {"field": field, operator: operand}


FILTERS = st.recursive(
    conditions(),
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(
            lambda kind, parts: {kind: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        ),
    ),
    max_leaves=4,
)
AGGREGATED = {
    "count": [None],
    "sum": ["code", "load"],
    "min": ["code", "load"],
    "max": ["code", "load"],
    "distinct": ["kind", "code", "up", "app"],
}


@st.composite
def metrics(draw, name: str):
    aggregate = draw(st.sampled_from(list(AGGREGATED)))
    metric = {"name": name, "unit": "units", "aggregate": aggregate}
    if field := draw(st.sampled_from(AGGREGATED[aggregate])):
        metric["field"] = field
    if draw(st.booleans()):
        metric["filter"] = draw(FILTERS)
    metric["dimensions"] = draw(st.sampled_from([[], ["kind"], ["code", "app"], ["up", "host", "kind"]]))
    return metric


@st.composite
def specs(draw):
    given_metrics = [draw(metrics(f"m{index}")) for index in range(draw(st.integers(3, 8)))]
    pairs = [
        (above["name"], below["name"])
        for above in given_metrics
        for below in given_metrics
        if above is not below and above["dimensions"] == below["dimensions"]
    ]
    return spec.read(
        {
            "version": 1,
            "lateness": draw(st.sampled_from([0, 60, 600])),
            "skew": draw(st.sampled_from([0, 60])),
            "maxRecordBytes": 300,
            "eventTime": [{"field": "time", "format": "iso8601"}, {"field": "millis", "format": "epoch_milliseconds"}],
            "fields": FIELDS,
            "metrics": given_metrics,
            "ratios": [
                {"name": f"r{index}", "numerator": above, "denominator": below}
                for index, (above, below) in enumerate(pairs[:4])
            ],
        }
    )


def record(chance: random.Random, first: int = NOON) -> tuple[str | None, int]:
    arrival = first + chance.randrange(3 * MINUTE)
    if chance.random() < 0.03:
        return chance.choice(BROKEN), arrival
    late = chance.choice([0, 1, MINUTE, MINUTE + 1, 9 * MINUTE, 11 * MINUTE])
    time = arrival - chance.choice([late, chance.randrange(MINUTE), -chance.randrange(2 * MINUTE)])
    found = {name: chance.choice(values) for name, values in VALUES.items() if chance.random() < 0.8}
    found["time"] = chance.choice([at(time), at(time), at(time).replace("T", " "), None, "-", "yesterday"])
    if chance.random() < 0.5:
        found["millis"] = chance.choice([time // 1000, str(time // 1000), "soon"])
    labels = {"app/name~x": chance.choice(["front", "cart", 5])}
    found["kubernetes"] = chance.choice(
        [{"labels": labels, "host": "h1"}, {"labels": labels}, {"host": "h2"}, "text", None]
    )
    if chance.random() < 0.02:
        found["padding"] = "ü" * 150
    return json.dumps(found, separators=(",", ":"), ensure_ascii=chance.random() < 0.5), arrival


@settings(max_examples=6, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
@given(wanted=specs(), seed=st.integers(0, 2**32))
def test_values_are_those_of_duckdb(spark, wanted, seed):
    chance = random.Random(seed)
    records = [record(chance) for _ in range(1_500)]
    parsed = events.parse(frame(spark, records), wanted, "text", "arrival")
    found = collected(aggregates.rows(aggregates.aggregate(parsed, wanted, watermark=False), wanted))
    truth = duck.rows(records, wanted)
    assert found.keys() == truth.keys()
    estimates = {metric.name for metric in wanted.metrics if metric.aggregate == "distinct"}
    estimates |= {ratio.name for ratio in wanted.ratios if {ratio.numerator, ratio.denominator} & estimates}
    for key, value in found.items():
        error = 4 * aggregates.DISTINCT_ERROR if key[0] in estimates else 1e-9
        assert value == pytest.approx(truth[key], rel=error, abs=1e-9), key
