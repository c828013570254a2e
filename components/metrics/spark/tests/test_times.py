"""Event times: what is read as which moment, and which records are too early or too late."""

import json
from datetime import datetime

import pytest
from given import MINUTE, NOON, at, frame, read_spec
from pyspark.sql import functions as F

from log_pipeline_metrics import events

SPEC = read_spec("""
eventTime:
  - {field: utc, format: iso8601}
  - {field: berlin, format: iso8601, timeZone: Europe/Berlin}
  - {field: kathmandu, format: iso8601, timeZone: Asia/Kathmandu}
  - {field: seconds, format: epoch_seconds}
  - {field: milliseconds, format: epoch_milliseconds}
fields:
  utc: {type: string}
  berlin: {type: string}
  kathmandu: {type: string}
  seconds: {type: number}
  milliseconds: {type: integer}
metrics: [{name: events, unit: events, aggregate: count}]
""")

# The field and what is in it; the moment.
READ = [
    ("utc", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00"),
    ("utc", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00"),
    ("utc", "2026-03-01T12:00:00", "2026-03-01T12:00:00"),
    ("utc", "2026-03-01 12:00:00", "2026-03-01T12:00:00"),
    ("utc", "2026-03-01T12:00:00.1Z", "2026-03-01T12:00:00.1"),
    ("utc", "2026-03-01T12:00:00.123Z", "2026-03-01T12:00:00.123"),
    ("utc", "2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00.123456"),
    ("utc", "2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123456"),
    ("utc", "2026-03-01T12:00:59.999999999Z", "2026-03-01T12:00:59.999999"),
    ("utc", "2026-03-01T12:00:00.123456789", "2026-03-01T12:00:00.123456"),
    ("utc", "2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00"),
    ("utc", "2026-03-01T12:00:00+0200", "2026-03-01T10:00:00"),
    ("utc", "2026-03-01T12:00:00+02", "2026-03-01T10:00:00"),
    ("utc", "2026-03-01T12:00:00.5-03:30", "2026-03-01T15:30:00.5"),
    ("utc", "2026-03-01T12:00:00-00:00", "2026-03-01T12:00:00"),
    ("utc", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59"),
    ("utc", "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5"),
    ("utc", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00"),
    ("utc", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999"),
    # Winter, summer, and a time with an offset of its own.
    ("berlin", "2026-03-01T12:00:00", "2026-03-01T11:00:00"),
    ("berlin", "2026-07-01 12:00:00.25", "2026-07-01T10:00:00.25"),
    ("berlin", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00"),
    ("berlin", "2026-07-01T12:00:00-05:00", "2026-07-01T17:00:00"),
    # Clocks are set back at 03:00: 02:30 is twice, and the first is meant.
    ("berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59"),
    ("berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"),
    ("berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
    # Clocks are set forward at 02:00: there is no 02:30, and 03:30 is meant.
    ("berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
    ("berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00"),
    ("berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
    ("kathmandu", "2026-03-01T12:00:00", "2026-03-01T06:15:00"),
    ("seconds", 1772366400, "2026-03-01T12:00:00"),
    ("seconds", "1772366400", "2026-03-01T12:00:00"),
    ("seconds", 1772366400.123456, "2026-03-01T12:00:00.123456"),
    ("seconds", "1772366459.999999999", "2026-03-01T12:00:59.999999"),
    ("seconds", "1.7723664E9", "2026-03-01T12:00:00"),
    ("seconds", 0, "1970-01-01T00:00:00"),
    ("seconds", -0.5, "1969-12-31T23:59:59.5"),
    ("seconds", 253402300799, "9999-12-31T23:59:59"),
    ("milliseconds", 1772366400123, "2026-03-01T12:00:00.123"),
    ("milliseconds", "1772366400123", "2026-03-01T12:00:00.123"),
    ("milliseconds", 1772366400123.5, "2026-03-01T12:00:00.123500"),
    ("milliseconds", "1772366459999.999999", "2026-03-01T12:00:59.999999"),
    ("milliseconds", -1, "1969-12-31T23:59:59.999"),
]

UNREADABLE = [
    *(("utc", text) for text in ["now", "2026", "2026-03", "2026-03-01", "12:00:00Z", "T12:00:00Z", "2026-03-01T12Z"]),
    *(("utc", text) for text in ["2026-03-01T12:00Z", "20260301T120000Z", "2026-3-1T12:00:00Z", "2026-060T12:00:00Z"]),
    *(("utc", text) for text in ["2026-03-01t12:00:00z", "2026-03-01T12:00:00,5Z", "2026-03-01T12:00:00.Z"]),
    *(("utc", text) for text in ["2026-03-01T12:00:00.1234567890Z", "2026-03-01T12:00:00 Z", "2026-03-01T12:00:00Z\n"]),
    *(("utc", text) for text in [" 2026-03-01T12:00:00Z", "2026-03-01T12:00:00EST", "2026-03-01T12:00:00+2:00"]),
    *(
        ("utc", text)
        for text in ["2026-03-01T12:00:00Europe/Berlin", "+12026-03-01T12:00:00Z", "-0001-03-01T12:00:00Z"]
    ),
    # No such day, hour, second or offset.
    *(("utc", text) for text in ["2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-03-01T24:00:00Z"]),
    *(("utc", text) for text in ["2026-03-01T23:59:60Z", "2026-03-01T12:00:00+18:30", "2026-03-01T12:00:00+02:60"]),
    *(("utc", value) for value in [1772366400, True, {"y": 2026}, ["2026-03-01T12:00:00Z"], "x" * 10_000]),
    *(("seconds", value) for value in ["2026-03-01T12:00:00Z", "NaN", "Infinity", "0x10", "17723664001234567", " "]),
    *(("seconds", value) for value in [10**12, -(10**12), 1e19, 10**30, "1e400", True, {}, []]),
    *(("milliseconds", value) for value in [10**15, -(10**15), 2**63 - 1, 10**40, "soon"]),
]


@pytest.fixture(scope="module")
def times(spark):
    """Reason, and the moment in microseconds, by field and value."""
    given = [(field, value) for field, value, _ in READ] + UNREADABLE
    records = [(json.dumps({field: value}), NOON) for field, value in given]
    parsed = events.parse(frame(spark, records), SPEC, "text", "arrival")
    found = parsed.select("reason", F.unix_micros("event_time")).collect()
    return {repr(key): tuple(row) for key, row in zip(given, found, strict=True)}


@pytest.mark.parametrize(("field", "value", "moment"), READ, ids=repr)
def test_time_is_read(times, field, value, moment):
    _, micros = times[repr((field, value))]
    assert micros is not None
    assert at(micros) == datetime.fromisoformat(moment).isoformat(timespec="microseconds") + "Z"


@pytest.mark.parametrize(("field", "value"), UNREADABLE, ids=lambda part: repr(part)[:60])
def test_time_is_bad(times, field, value):
    assert times[repr((field, value))] == ("bad_time", None)


# Fields of a record; the time that decides, or the reason.
CHOICES = [
    ({"utc": at(NOON), "seconds": 5}, NOON),
    ({"utc": None, "seconds": NOON // 10**6}, NOON),
    ({"utc": "", "seconds": NOON // 10**6}, NOON),
    ({"utc": "-", "berlin": "-", "seconds": NOON // 10**6}, NOON),
    ({"utc": "yesterday", "seconds": NOON // 10**6}, "bad_time"),
    ({"utc": " ", "seconds": NOON // 10**6}, "bad_time"),
    ({"utc": "-", "berlin": None}, "no_time"),
    ({"other": at(NOON)}, "no_time"),
    ({}, "no_time"),
    # skew is a minute and lateness ten.
    ({"utc": at(NOON + MINUTE)}, NOON + MINUTE),
    ({"utc": at(NOON + MINUTE + 1)}, "too_far_ahead"),
    ({"utc": "9999-12-31T23:59:59Z"}, "too_far_ahead"),
    ({"seconds": 10**12 - 1}, "too_far_ahead"),
    ({"utc": at(NOON - 10 * MINUTE)}, NOON - 10 * MINUTE),
    ({"utc": at(NOON - 10 * MINUTE - 1)}, "too_old"),
    ({"utc": "0001-01-01T00:00:00Z"}, "too_old"),
]


def test_first_time_that_is_there_decides_and_is_judged_by_the_arrival(spark):
    parsed = events.parse(frame(spark, [(json.dumps(fields), NOON) for fields, _ in CHOICES]), SPEC, "text", "arrival")
    found = parsed.select(F.coalesce("reason", F.unix_micros("event_time").cast("string"))).collect()
    assert [outcome for (outcome,) in found] == [str(wanted) for _, wanted in CHOICES]


def test_record_without_arrival_arrived_now(spark):
    raw = frame(spark, [('{"seconds": 0}', 0)]).select("text", F.lit(None).cast("timestamp").alias("arrival"))
    found = events.parse(raw, SPEC, "text", "arrival").select("reason", F.col("arrival") == F.current_timestamp())
    assert [tuple(row) for row in found.collect()] == [("too_old", True)]
