"""What Spark makes of each kind of text that can arrive as a record."""

import json

import pytest
from given import NOON, NOON_TEXT, frame, read_spec
from pyspark.sql import functions as F

from log_pipeline_metrics import events

SPEC = read_spec("""
maxRecordBytes: 100000
fields:
  a: {type: string}
  upper: {type: string, path: [A]}
  odd: {type: string, path: ["dots.and/slashes `'\\" ä"]}
  inner: {type: string, path: [k, inner]}
  deep: {type: string, path: [k, l, deep]}
  after: {type: string}
  n: {type: integer}
  x: {type: number}
  b: {type: boolean}
metrics: [{name: events, unit: events, aggregate: count}]
""")


def with_time(rest: str) -> str:
    return f'{{"time": "{NOON_TEXT}", {rest}}}'


BAD = {
    "null": None,
    "nothing": "",
    "blank": " \t\r\n ",
    "no JSON": "2026-03-01 ERROR no such user",
    "JSON's null": "null",
    "number": "5",
    "text": '"text"',
    "boolean": "true",
    "list": '[{"a": 1}]',
    "empty list": "[]",
    "cut off": '{"a": "1"',
    "two objects": '{"a": 1}{"a": 2}',
    "two objects in lines": '{"a": 1}\n{"a": 2}',
    "two objects with a comma": '{"a": 1},{"a": 2}',
    "object and list's end": '{"a": 1}]',
    "object and list's end and more": '{"a": 1}] {',
    "two objects and list's end": '{"a": 1},{"a": 2}]',
    "object and the mark": '{"a": 1},{"\\u0001":"1"}',
    "null and an object": 'null,{"a": 1}',
    "trailing text": '{"a": 1} x',
    "trailing brace": '{"a": 1}}',
    "trailing NUL": '{"a": 1}\0',
    "leading NUL": '\0{"a": 1}',
    "byte order mark": '\ufeff{"a": 1}',
    "no-break space": '\u00a0{"a": 1}',
    "NaN": '{"a": NaN}',
    "infinity": '{"unread": -Infinity}',
    "single quotes": "{'a': 1}",
    "no quotes": "{a: 1}",
    "comment": '{"a": 1 /* one */}',
    "trailing comma": '{"a": 1,}',
    "leading zero": '{"a": 007}',
    "leading plus": '{"a": +7}',
    "no digit before the point": '{"a": .5}',
    "control character in a string": '{"a": "tab\there"}',
    "unknown escape": '{"a": "\\q"}',
    "integer of 1,001 digits": '{"unread": ' + "9" * 1001 + "}",
    "nested 1,100 deep, unread": '{"unread": ' + "[" * 1100 + "]" * 1100 + "}",
    "nested 1,100 deep, read": '{"a": ' + "[" * 1100 + "]" * 1100 + "}",
    "nested 20,000 deep": "[" * 20_000 + "]" * 20_000,
    "invalid UTF-8 in place of a quote": '{"a\ufffd: 1}',
}

# What is in the record beside its time, and the values that are there.
GOOD = {
    "nothing": ('"unread": 0', {}),
    "string": ('"a": " text "', {"a": " text "}),
    "empty string": ('"a": ""', {"a": ""}),
    "escapes": ('"a": "\\u00e4\\n\\"\\u0000"', {"a": 'ä\n"\0'}),
    "pair of surrogates": ('"a": "\\ud83d\\ude00"', {"a": "😀"}),
    "half of a pair": ('"a": "\\ud83d!"', {"a": "?!"}),
    "invalid UTF-8 that was replaced": ('"a": "\ufffd"', {"a": "\ufffd"}),
    "null": ('"a": null', {}),
    "integer": ('"a": 12, "n": 12, "x": 12', {"a": "12", "n": 12, "x": 12.0}),
    "integer as text": ('"n": "12", "x": "12"', {"n": 12, "x": 12.0}),
    "signs": ('"n": "+12", "x": -1.5', {"n": 12, "x": -1.5}),
    "white space": ('"n": " 12 ", "x": " 1.5 "', {"n": 12, "x": 1.5}),
    "leading zeros as text": ('"n": "007"', {"n": 7}),
    "largest integer": (f'"n": {2**63 - 1}', {"n": 2**63 - 1}),
    "integer of 65 bits": (f'"a": {2**64}, "n": {2**64}, "x": {2**64}', {"a": str(2**64), "x": 2.0**64}),
    "integer with a fraction": ('"n": 1.0, "a": 1.0', {"a": "1.0"}),
    "fraction": ('"a": 1.10, "n": 1.10, "x": 1.10', {"a": "1.1", "x": 1.1}),
    "exponent": ('"a": 1e2, "n": 1e2, "x": 1e2', {"a": "100.0", "x": 100.0}),
    "number too large": ('"x": 1e400, "n": 1e400', {}),
    "text of no number": ('"n": "twelve", "x": "1,5", "b": "yes"', {}),
    "texts of NaN and infinity": ('"x": "NaN", "n": "Infinity"', {}),
    "booleans": ('"b": true, "a": true', {"b": True, "a": "true"}),
    "boolean as text": ('"b": "false"', {"b": False}),
    "boolean of another kind": ('"b": 1, "n": true', {}),
    "object for a text": ('"a": {"y": [1, 2.50]}', {"a": '{"y":[1,2.5]}'}),
    "list for a text": ('"a": [1, "x"]', {"a": '[1,"x"]'}),
    "object for a number": ('"n": {"y": 1}, "x": [1]', {}),
    "object": ('"k": {"inner": 1, "l": {"deep": 2}}', {"inner": "1", "deep": "2"}),
    "text for an object": ('"k": "text", "after": 1', {"after": "1"}),
    "number for an object": ('"k": 5, "after": 1', {"after": "1"}),
    "list for an object": ('"k": [{"inner": 1}], "after": 1', {"after": "1"}),
    "null for an object": ('"k": null, "after": 1', {"after": "1"}),
    "text for an inner object": ('"k": {"l": "text", "inner": 1}, "after": 1', {"inner": "1", "after": "1"}),
    "key twice": ('"a": 1, "a": 2', {"a": "2"}),
    "object twice": ('"k": {"inner": 1}, "k": {"l": {"deep": 2}}', {"deep": "2"}),
    "keys have case": ('"a": 1, "A": 2', {"a": "1", "upper": "2"}),
    "odd key": (json.dumps("dots.and/slashes `'\" ä") + ": 1", {"odd": "1"}),
    "empty key": ('"": 1, "a": 2', {"a": "2"}),
    "the mark": ('"\\u0001": "x", "a": 1', {"a": "1"}),
    "nested 900 deep, unread": ('"unread": ' + "[" * 900 + "]" * 900 + ', "a": 1', {"a": "1"}),
    "no white space": ('"a":1', {"a": "1"}),
}


@pytest.fixture(scope="module")
def outcome(spark):
    """Reason and values of every record above, by one run."""
    given = {("bad", name): text for name, text in BAD.items()}
    given |= {("good", name): with_time(rest) for name, (rest, _) in GOOD.items()}
    given["space", "around"] = " \r\n" + with_time('"a": 1') + "\n"
    given["large", "fits"] = with_time('"a": "' + "é" * 49_900 + '"').ljust(100_000 - 49_900)
    given["large", "too large"] = given["large", "fits"] + " "
    given["large", "too large and bad"] = "x" * 100_001
    names = [f"field_{name}" for name in SPEC.fields if name != "time"]
    parsed = events.parse(frame(spark, [(text, NOON) for text in given.values()]), SPEC, "text", "arrival")
    # Rows keep their order in a run without a shuffle.
    found = parsed.select("reason", F.struct(*names).alias("values")).collect()
    assert len(found) == len(given)
    return {
        key: (reason, {k.removeprefix("field_"): v for k, v in values.asDict().items() if v is not None})
        for key, (reason, values) in zip(given, found, strict=True)
    }


@pytest.mark.parametrize("name", BAD)
def test_no_json_object_is_malformed(outcome, name):
    assert outcome["bad", name][0] == "malformed"


@pytest.mark.parametrize("name", GOOD)
def test_json_object_has_values(outcome, name):
    assert outcome["good", name] == (None, GOOD[name][1])


def test_white_space_around_a_record_does_not_matter(outcome):
    assert outcome["space", "around"] == (None, {"a": "1"})


def test_size_is_of_bytes_and_judged_before_the_content(outcome):
    assert outcome["large", "fits"][0] is None
    assert outcome["large", "too large"] == ("too_large", {})
    assert outcome["large", "too large and bad"] == ("too_large", {})
