"""Raw records to events: typed fields, the event's time, and the reason why a record does not count."""

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from log_pipeline_metrics import times
from log_pipeline_metrics.spec import EventTime, Spec

ARRIVAL, EVENT_TIME, REASON = "arrival", "event_time", "reason"

# What RFC 8259 calls JSON, and no more.
_JSON_OPTIONS = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
# A key that no path of a spec can hold: keys have no control characters.
_MARK = "\u0001"
_MICROSECONDS = 1_000_000


def parse(raw: DataFrame, spec: Spec, raw_column: str, arrival_column: str) -> DataFrame:
    """Make an event of every record; none is left out.

    The events have the columns arrival, event_time, reason and one for each field (see field_column). reason is null for an event that counts, else the
    first that holds of

    - too_large: the record's UTF-8 has more than maxRecordBytes bytes
    - malformed: it is not one JSON object by RFC 8259, with nothing but white space around it
    - no_time: none of the event-time fields is there, or each is null, "" or "-"
    - bad_time: the first that is there cannot be read as a time
    - too_far_ahead: the event's time is later than its arrival by more than skew
    - too_old: the event's time is earlier than its arrival by more than lateness

    A value that is not of its field's type is absent (null). A record without arrival counts as arrived now.
    """
    text = F.col(f"`{raw_column}`")
    arrival = F.coalesce(F.col(f"`{arrival_column}`"), F.current_timestamp())
    fits = F.octet_length(text) <= spec.max_record_bytes
    keys = _tree(spec)
    parsed = raw.select(
        arrival.alias(ARRIVAL),
        (~fits).alias("too_large"),
        _from_json(F.when(fits, text), keys).alias("parsed"),
    )
    records = parsed.select(
        ARRIVAL,
        "too_large",
        _is_one_object(F.col("parsed")).alias("whole"),
        F.get("parsed", F.lit(0)).cast(_schema(keys, _position)).alias("record"),
    )
    texts = {name: _at(F.col("record"), keys, field.path) for name, field in spec.fields.items()}
    typed = records.select(
        ARRIVAL,
        "too_large",
        "whole",
        _has_time(spec, texts).alias("has_time"),
        _event_time(spec, texts).alias(EVENT_TIME),
        *(_typed(texts[name], field.type).alias(field_column(spec, name)) for name, field in spec.fields.items()),
    )
    fields = [field_column(spec, name) for name in spec.fields]
    return typed.select(ARRIVAL, EVENT_TIME, _reason(spec).alias(REASON), *fields)


def field_column(spec: Spec, name: str) -> str:
    """The name of a field's column. Spark does not tell "App" from "app": the number does."""
    return f"field_{sorted(spec.fields).index(name)}_{name}"


def _from_json(text: Column, keys: dict[str, Any]) -> Column:
    """Parse the records, all of whose values are read as text.

    from_json reads the first object of a text and ignores what follows. So the text is put into a list, before an object with a
    mark: [TEXT,{MARK:"1"}] has exactly two elements and the mark only if the text is one value.
    """
    schema = T.ArrayType(_schema(keys, lambda key, _: key))
    marked = F.concat(F.lit("["), text, F.lit(',{"\\u0001":"1"}]'))
    return F.from_json(marked, schema, _JSON_OPTIONS)


def _is_one_object(parsed: Column) -> Column:
    mark = F.get(parsed, F.lit(1)).getField(_MARK)
    one = (F.size(parsed) == 2) & F.get(parsed, F.lit(0)).isNotNull() & (mark == "1")  # noqa: PLR2004
    return F.coalesce(one, F.lit(False))


def _tree(spec: Spec) -> dict[str, Any]:
    """The keys of the fields' paths: of a key whose value is read the value is None, else the keys below it.

    The mark is one of the root's.
    """
    root: dict[str, Any] = {_MARK: None}
    for field in spec.fields.values():
        below = root
        for key in field.path[:-1]:
            below = below.setdefault(key, {})
        below[field.path[-1]] = None
    return root


def _position(_: str, index: int) -> str:
    return f"key_{index}"


def _schema(keys: dict[str, Any], name) -> T.StructType:
    fields = []
    for index, (key, below) in enumerate(keys.items()):
        kind = T.StringType() if below is None else _schema(below, name)
        fields.append(T.StructField(name(key, index), kind))
    return T.StructType(fields)


def _at(record: Column, keys: dict[str, Any], path: tuple[str, ...]) -> Column:
    for key in path:
        record = record.getField(_position(key, list(keys).index(key)))
        keys = keys[key]
    return record


def _typed(text: Column, kind: str) -> Column:
    if kind == "integer":
        return text.try_cast("bigint")
    if kind == "number":
        number = text.try_cast("double")
        return F.when(F.abs(number) < float("inf"), number)
    if kind == "boolean":
        return F.when(text == "true", True).when(text == "false", False)
    return text


def _is_there(text: Column) -> Column:
    return text.isNotNull() & ~text.isin("", "-")


def _has_time(spec: Spec, texts: dict[str, Column]) -> Column:
    there = F.lit(False)
    for candidate in spec.event_time:
        there = there | _is_there(texts[candidate.field])
    return there


def _event_time(spec: Spec, texts: dict[str, Column]) -> Column:
    first, *others = spec.event_time
    time = F.when(_is_there(texts[first.field]), _time(texts[first.field], first))
    for other in others:
        time = time.when(_is_there(texts[other.field]), _time(texts[other.field], other))
    return time


def _time(text: Column, candidate: EventTime) -> Column:
    if candidate.format == "iso8601":
        return times.iso8601(text, candidate.time_zone)
    return times.epoch(text, 1 if candidate.format == "epoch_seconds" else 1000)


def _reason(spec: Spec) -> Column:
    ahead = F.unix_micros(EVENT_TIME) - F.unix_micros(ARRIVAL)
    return (
        F.when(F.col("too_large"), "too_large")
        .when(~F.col("whole"), "malformed")
        .when(~F.col("has_time"), "no_time")
        .when(F.col(EVENT_TIME).isNull(), "bad_time")
        .when(ahead > spec.skew * _MICROSECONDS, "too_far_ahead")
        .when(ahead < -spec.lateness * _MICROSECONDS, "too_old")
    )
