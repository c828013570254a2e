"""Which events pass which filter."""

import json

import pytest
from given import NOON, NOON_TEXT, collected, frame, read_spec

from log_pipeline_metrics import aggregates, events

EVENTS = {
    "get": {"method": "GET", "code": 200, "load": 0.5, "cached": True},
    "post": {"method": "POST", "code": 503, "load": 1, "cached": False},
    "lower": {"method": "get", "code": "404", "load": "0.25", "cached": "true"},
    "edge": {"method": "", "code": 500, "load": 0, "cached": None},
    "odd": {"method": "G'E\\T%_é", "code": -(2**63), "load": -0.0},
    "wrong": {"method": {"GET": 1}, "code": 500.5, "load": "high", "cached": "yes"},
    "null": {"method": None, "code": None, "load": None, "cached": None},
    "none": {},
}

ALL = set(EVENTS)

FILTERS = {
    "{field: method, equals: GET}": {"get"},
    '{field: method, equals: ""}': {"edge"},
    """{field: method, equals: "G'E\\\\T%_é"}""": {"odd"},
    "{field: method, in: [GET, POST, PUT]}": {"get", "post"},
    "{field: method, startsWith: G}": {"get", "odd"},
    """{field: method, startsWith: "G'E\\\\T%"}""": {"odd"},
    "{field: method, exists: true}": ALL - {"null", "none"},
    "{field: method, exists: false}": {"null", "none"},
    "{field: code, equals: 200}": {"get"},
    "{field: code, equals: -9223372036854775808}": {"odd"},
    "{field: code, in: [200, 404]}": {"get", "lower"},
    "{field: code, atLeast: 500}": {"post", "edge"},
    "{field: code, above: 500}": {"post"},
    "{field: code, atMost: 500}": {"get", "lower", "edge", "odd"},
    "{field: code, below: 500}": {"get", "lower", "odd"},
    "{field: code, above: 499.5}": {"post", "edge"},
    "{field: code, exists: true}": ALL - {"wrong", "null", "none"},
    "{field: code, exists: false}": {"wrong", "null", "none"},
    "{field: load, equals: 1}": {"post"},
    "{field: load, equals: 0}": {"edge", "odd"},
    "{field: load, in: [0.25, 0.5]}": {"get", "lower"},
    "{field: load, atLeast: 0.5}": {"get", "post"},
    "{field: load, below: 0}": set(),
    "{field: cached, equals: true}": {"get", "lower"},
    "{field: cached, in: [true, false]}": {"get", "lower", "post"},
    "{field: cached, exists: false}": {"edge", "odd", "wrong", "null", "none"},
    # "not" is of true and false only: what is absent is not equal.
    "{not: {field: method, equals: GET}}": ALL - {"get"},
    "{not: {field: code, atLeast: 500}}": ALL - {"post", "edge"},
    "{not: {field: code, below: 500}}": ALL - {"get", "lower", "odd"},
    "{not: {field: cached, equals: true}}": ALL - {"get", "lower"},
    "{not: {field: method, exists: true}}": {"null", "none"},
    "{not: {not: {field: method, equals: GET}}}": {"get"},
    "{not: {all: [{field: method, exists: true}, {field: code, below: 500}]}}": ALL - {"get", "lower", "odd"},
    "{not: {any: [{field: method, equals: GET}, {field: code, exists: false}]}}": {"post", "lower", "edge", "odd"},
    "{all: [{field: method, exists: true}, {field: code, atLeast: 500}]}": {"post", "edge"},
    "{any: [{field: method, equals: GET}, {field: code, atLeast: 500}]}": {"get", "post", "edge"},
    "{all: [{field: method, equals: GET}]}": {"get"},
    "{all: [{any: [{field: code, equals: 200}, {field: code, equals: 503}]}, {not: {field: cached, equals: true}}]}": {
        "post"
    },
    f"{'{not: ' * 7}{{field: code, equals: 200}}{'}' * 7}": ALL - {"get"},
}


@pytest.fixture(scope="module")
def passed(spark):
    """The events that pass, by the text of the filter."""
    metrics = [
        f"{{name: f{index}, unit: events, aggregate: count, filter: {tree}, dimensions: [id]}}"
        for index, tree in enumerate(FILTERS)
    ]
    spec = read_spec(f"""
fields:
  id: {{type: string}}
  method: {{type: string}}
  code: {{type: integer}}
  load: {{type: number}}
  cached: {{type: boolean}}
metrics: [{", ".join(metrics)}]
""")
    records = [(json.dumps({"time": NOON_TEXT, "id": name} | event), NOON) for name, event in EVENTS.items()]
    parsed = events.parse(frame(spark, records), spec, "text", "arrival")
    values = collected(aggregates.rows(aggregates.aggregate(parsed, spec, watermark=False), spec))
    return {
        tree: {
            json.loads(dimensions)["id"]
            for (metric, _, dimensions), value in values.items()
            if metric == f"f{index}" and value == 1
        }
        for index, tree in enumerate(FILTERS)
    }


@pytest.mark.parametrize("tree", FILTERS)
def test_filter_passes(passed, tree):
    assert passed[tree] == FILTERS[tree]
