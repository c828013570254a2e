"""Raw records to events: typed fields, the event's time, and the reason for which a record does not count."""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import records, times
from log_pipeline_metrics.model import EventTime, Spec

ARRIVAL, EVENT_TIME, REASON, EVENT_ID = "arrival", "event_time", "reason", "event_id"

_MICROSECONDS = 1_000_000
# Stands for the id among the names of fields, none of which is empty.
_ID = ""


@dataclass(frozen=True)
class Bounds:
    """By how many seconds an event's time may be later than its arrival, and earlier."""

    ahead: int
    behind: int


class EventIdError(ValueError):
    """A spec with which the id of an event cannot be read."""


def parse(raw: DataFrame, spec: Spec, raw_column: str, arrival_column: str) -> DataFrame:
    """Make an event of every record; none is left out.

    Columns: arrival and event_time (timestamps), reason, and one for each field (field_column). The reason is null for
    an event that counts, else the first of these that is true:

    - too_large: the record has more than maxRecordBytes bytes in UTF-8
    - malformed: it is not one JSON object (see records.py)
    - no_time: no event-time field is there; null, "" and "-" are as if it was not
    - bad_time: the first that is there is not written as its format says (see times.py)
    - too_far_ahead: the event's time is later than its arrival by more than skew
    - too_old: the event's time is earlier than its arrival by more than lateness

    A value that is not of its field's type is absent, which is null. A record without arrival arrived now.
    """
    paths = {name: field.path for name, field in spec.fields.items()}
    arrival = F.coalesce(F.col(f"`{arrival_column}`"), F.current_timestamp())
    typed = _read(raw, spec, raw_column, paths, {ARRIVAL: arrival})
    reason = _reason(Bounds(spec.skew, spec.lateness))
    return typed.select(ARRIVAL, EVENT_TIME, reason.alias(REASON), *map(field_column, spec.fields))


def parse_with_id(raw: DataFrame, spec: Spec, raw_column: str, arrival: str, bounds: Bounds) -> DataFrame:
    """Make an event of every record, as parse() does but with other bounds, and with its id. Raises EventIdError.

    event_id is the text at the record's key event_id, null where there is none. Other columns of raw are kept.
    """
    for name, field in spec.fields.items():
        if field.path[0] == EVENT_ID and len(field.path) > 1:
            raise EventIdError(f"fields.{name}.path is {list(field.path)}, but {EVENT_ID} is each event's id, a text")
    paths = {name: field.path for name, field in spec.fields.items()} | {_ID: (EVENT_ID,)}
    kept = {name: F.col(f"`{name}`") for name in raw.columns if name not in (raw_column, arrival)}
    typed = _read(raw, spec, raw_column, paths, {ARRIVAL: F.col(f"`{arrival}`")} | kept)
    return typed.select(
        ARRIVAL,
        EVENT_TIME,
        _reason(bounds).alias(REASON),
        F.nullif(F.col(EVENT_ID), F.lit("")).alias(EVENT_ID),
        *kept,
        *map(field_column, spec.fields),
    )


def _read(raw: DataFrame, spec: Spec, raw_column: str, paths: records.Paths, kept: dict[str, Column]) -> DataFrame:
    """Read records: what is kept of raw, what is true of each record, its time, its fields and, if asked for, its
    id."""
    text = F.col(f"`{raw_column}`")
    fits = F.octet_length(text) <= spec.max_record_bytes
    parsed = raw.select(
        *(column.alias(name) for name, column in kept.items()),
        (~fits).alias("too_large"),
        records.parsed(F.when(fits, text), paths).alias("parsed"),
    )
    read = parsed.select(
        *kept,
        "too_large",
        records.is_one_object(F.col("parsed")).alias("is_one_object"),
        records.record(F.col("parsed"), paths).alias("record"),
    )
    texts = {name: records.value(F.col("record"), paths, path) for name, path in paths.items()}
    return read.select(
        *kept,
        "too_large",
        "is_one_object",
        _has_time(spec, texts).alias("has_time"),
        _event_time(spec, texts).alias(EVENT_TIME),
        *([texts[_ID].alias(EVENT_ID)] if _ID in texts else []),
        *(_typed(texts[name], field.type).alias(field_column(name)) for name, field in spec.fields.items()),
    )


def field_column(name: str) -> str:
    """The name of a field's column."""
    return f"field_{name}"


def _typed(text: Column, kind: str) -> Column:
    if kind == "integer":
        return text.try_cast("bigint")
    if kind == "number":
        number = text.try_cast("double")
        # To Spark, NaN is more than infinity.
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
    """The time by the first candidate that is there."""
    first, *others = [(texts[candidate.field], candidate) for candidate in spec.event_time]
    time = F.when(_is_there(first[0]), _read_time(*first))
    for text, candidate in others:
        time = time.when(_is_there(text), _read_time(text, candidate))
    return time


def _read_time(text: Column, candidate: EventTime) -> Column:
    if candidate.format == "iso8601":
        return times.iso8601(text, candidate.time_zone)
    return times.epoch(text, 1 if candidate.format == "epoch_seconds" else 1_000)


def _reason(bounds: Bounds) -> Column:
    after_arrival = F.unix_micros(EVENT_TIME) - F.unix_micros(ARRIVAL)
    return (
        F.when(F.col("too_large"), "too_large")
        .when(~F.col("is_one_object"), "malformed")
        .when(~F.col("has_time"), "no_time")
        .when(F.col(EVENT_TIME).isNull(), "bad_time")
        .when(after_arrival > bounds.ahead * _MICROSECONDS, "too_far_ahead")
        .when(after_arrival < -bounds.behind * _MICROSECONDS, "too_old")
    )
