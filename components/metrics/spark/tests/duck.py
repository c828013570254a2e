"""The truth: the same metrics by DuckDB, with its own JSON functions, in SQL that is made from the spec.

It is written from what the spec means, not from the Spark code. An event in DuckDB has the text of each field, and each
use of a field casts it.
"""

import json
from collections.abc import Iterable

import duckdb

from log_pipeline_metrics.filters import Condition
from log_pipeline_metrics.spec import Spec

Rows = dict[tuple[str, int, str], float]


def rows(records: Iterable[tuple[str | None, int]], spec: Spec, *, once: bool = False) -> Rows:
    """Values by metric, seconds of the window's start, and dimensions. A record is text and microseconds of arrival.

    With once, an event whose event_id another event has is left out.
    """
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        _load(database, records, spec)
        if once:
            _leave_copies_out(database)
        found = _own_rows(database, spec)
        for dimensions in {metric.dimensions for metric in spec.metrics}:
            found |= _set_rows(database, dimensions, spec)
        return found


def _load(database, records, spec: Spec) -> None:
    database.execute("CREATE TABLE given (lines VARCHAR)")
    lines = "\n".join(json.dumps([text, arrival]) for text, arrival in records)
    database.execute("INSERT INTO given VALUES (?)", [lines])
    fields = ", ".join(f"{_extracted(field.path)} AS {_column(name)}" for name, field in spec.fields.items())
    database.execute(f"""
        CREATE TABLE events AS
        WITH split AS (SELECT unnest(string_split(lines, chr(10)))::JSON AS pair FROM given),
        raw AS (SELECT pair->>0 AS text, (pair->>1)::BIGINT AS arrival FROM split),
        parsed AS (
            SELECT *, CASE WHEN json_valid(text) AND json_type(text) = 'OBJECT' THEN text::JSON END AS record FROM raw),
        texts AS (SELECT text, arrival, record, {fields} FROM parsed),
        timed AS (SELECT *, {_candidate(spec)} AS candidate FROM texts),
        read AS (SELECT *, {_time(spec)} AS time FROM timed)
        SELECT *, {_reason(spec)} AS reason FROM read""")


def _leave_copies_out(database) -> None:
    database.execute("""
        DELETE FROM events WHERE reason IS NULL AND record->>'event_id' <> '' AND rowid NOT IN (
            SELECT min(rowid) FROM events WHERE reason IS NULL GROUP BY record->>'event_id')""")


def _extracted(path: tuple[str, ...]) -> str:
    pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)
    return f"json_extract_string(record, {_quoted(pointer)})"


def _candidate(spec: Spec) -> str:
    whens = [
        f"WHEN {_column(candidate.field)} NOT IN ('', '-') THEN {index}"
        for index, candidate in enumerate(spec.event_time)
    ]
    return f"CASE {' '.join(whens)} END"


def _time(spec: Spec) -> str:
    """Microseconds of the event's time."""
    whens = []
    for index, candidate in enumerate(spec.event_time):
        if candidate.format == "iso8601":
            time = f"epoch_us(TRY_CAST({_column(candidate.field)} AS TIMESTAMPTZ))"
        else:
            per_second = 1_000_000 if candidate.format == "epoch_seconds" else 1_000
            time = f"floor(TRY_CAST({_column(candidate.field)} AS DECIMAL(25, 9)) * {per_second})::BIGINT"
        whens.append(f"WHEN {index} THEN {time}")
    return f"CASE candidate {' '.join(whens)} END"


def _reason(spec: Spec) -> str:
    return f"""CASE
        WHEN octet_length(encode(text)) > {spec.max_record_bytes} THEN 'too_large'
        WHEN record IS NULL THEN 'malformed'
        WHEN candidate IS NULL THEN 'no_time'
        WHEN time IS NULL THEN 'bad_time'
        WHEN time > arrival + {spec.skew} * 1000000::BIGINT THEN 'too_far_ahead'
        WHEN time < arrival - {spec.lateness} * 1000000::BIGINT THEN 'too_old'
    END"""


def _own_rows(database, spec: Spec) -> Rows:
    found = database.execute(
        f"SELECT {_window('arrival', spec)} AS w, reason, count(*) FROM events GROUP BY ALL"
    ).fetchall()
    return {
        ("records_rejected" if reason else "records_accepted", window, _json({"reason": reason} if reason else {})): n
        for window, reason, n in found
    }


def _set_rows(database, dimensions: tuple[str, ...], spec: Spec) -> Rows:
    metrics = [metric for metric in spec.metrics if metric.dimensions == dimensions]
    filters = [_filter(metric.filter, spec) if metric.filter else "true" for metric in metrics]
    keys = "".join(f", {_typed(name, spec)} AS dim_{index}" for index, name in enumerate(dimensions))
    aggregates = ", ".join(
        f"{_aggregate(metric, spec)} FILTER (WHERE {test})" for metric, test in zip(metrics, filters, strict=True)
    )
    query = f"""
        SELECT {_window("time", spec)} AS w {keys}, {aggregates} FROM events
        WHERE reason IS NULL AND ({" OR ".join(filters)})
        GROUP BY {", ".join(str(index + 1) for index in range(len(dimensions) + 1))}"""
    found: Rows = {}
    for window, *values in database.execute(query).fetchall():
        text = _json(dict(zip(dimensions, values, strict=False)))
        by_name = {metric.name: value for metric, value in zip(metrics, values[len(dimensions) :], strict=True)}
        for ratio in spec.ratios:
            if by_name.get(ratio.denominator) and by_name.get(ratio.numerator) is not None:
                by_name[ratio.name] = by_name[ratio.numerator] / by_name[ratio.denominator]
        found |= {(name, window, text): float(value) for name, value in by_name.items() if value is not None}
    return found


def _window(micros: str, spec: Spec) -> str:
    return f"{micros} // 1000000 // {spec.window} * {spec.window}"


def _column(name: str) -> str:
    return f"text_{name}"


def _typed(name: str, spec: Spec) -> str:
    text, kind = _column(name), spec.fields[name].type
    if kind == "integer":
        return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS BIGINT) END"
    if kind == "number":
        return f"CASE WHEN isfinite(TRY_CAST({text} AS DOUBLE)) THEN TRY_CAST({text} AS DOUBLE) END"
    if kind == "boolean":
        return f"CASE {text} WHEN 'true' THEN true WHEN 'false' THEN false END"
    return text


def _aggregate(metric, spec: Spec) -> str:
    if metric.aggregate == "count":
        return "count(*)"
    value = _typed(metric.field, spec)
    return f"count(DISTINCT {value})" if metric.aggregate == "distinct" else f"{metric.aggregate}({value})"


_OPERATORS = {"equals": "=", "atLeast": ">=", "atMost": "<=", "above": ">", "below": "<"}


def _filter(tree, spec: Spec) -> str:
    if isinstance(tree, Condition):
        value = _typed(tree.field, spec)
        if tree.operator == "exists":
            return f"(({value}) IS {'NOT ' if tree.operand else ''}NULL)"
        if tree.operator == "in":
            test = f"({value}) IN ({', '.join(_quoted(operand) for operand in tree.operand)})"
        elif tree.operator == "startsWith":
            test = f"starts_with({value}, {_quoted(tree.operand)})"
        else:
            test = f"({value}) {_OPERATORS[tree.operator]} {_quoted(tree.operand)}"
        return f"coalesce({test}, false)"
    parts = [_filter(part, spec) for part in tree.parts]
    if tree.kind == "not":
        return f"(NOT {parts[0]})"
    return f"({(' AND ' if tree.kind == 'all' else ' OR ').join(parts)})"


def _quoted(value) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def _json(values: dict) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
