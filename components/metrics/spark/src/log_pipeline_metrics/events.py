"""Raw records to events: typed fields, the event's time, and the reason for which a record does not count."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import records, times
from log_pipeline_metrics.model import EventTime, Spec

ARRIVAL, EVENT_TIME, REASON = "arrival", "event_time", "reason"

_MICROSECONDS = 1_000_000


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
    text = F.col(f"`{raw_column}`")
    fits = F.octet_length(text) <= spec.max_record_bytes
    parsed = raw.select(
        F.coalesce(F.col(f"`{arrival_column}`"), F.current_timestamp()).alias(ARRIVAL),
        (~fits).alias("too_large"),
        records.parsed(F.when(fits, text), paths).alias("parsed"),
    )
    read = parsed.select(
        ARRIVAL,
        "too_large",
        records.is_one_object(F.col("parsed")).alias("is_one_object"),
        records.record(F.col("parsed"), paths).alias("record"),
    )
    texts = {name: records.value(F.col("record"), paths, path) for name, path in paths.items()}
    typed = read.select(
        ARRIVAL,
        "too_large",
        "is_one_object",
        _has_time(spec, texts).alias("has_time"),
        _event_time(spec, texts).alias(EVENT_TIME),
        *(_typed(texts[name], field.type).alias(field_column(name)) for name, field in spec.fields.items()),
    )
    return typed.select(ARRIVAL, EVENT_TIME, _reason(spec).alias(REASON), *map(field_column, spec.fields))


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


def _reason(spec: Spec) -> Column:
    ahead = F.unix_micros(EVENT_TIME) - F.unix_micros(ARRIVAL)
    return (
        F.when(F.col("too_large"), "too_large")
        .when(~F.col("is_one_object"), "malformed")
        .when(~F.col("has_time"), "no_time")
        .when(F.col(EVENT_TIME).isNull(), "bad_time")
        .when(ahead > spec.skew * _MICROSECONDS, "too_far_ahead")
        .when(ahead < -spec.lateness * _MICROSECONDS, "too_old")
    )
