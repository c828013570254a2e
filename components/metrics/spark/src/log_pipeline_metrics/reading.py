"""Reading of a metric spec, key by key."""

import re
import zoneinfo

from log_pipeline_metrics.faults import Node
from log_pipeline_metrics.filters import NUMBERS, SCALARS, read_field, read_filter
from log_pipeline_metrics.spec import EventTime, Field, Metric, Ratio, Spec

MAX_METRICS = 100
MAX_FIELDS = 200
MAX_DIMENSIONS = 8

# The types of field that an aggregate takes; count takes no field.
AGGREGATES = {
    "count": (),
    "sum": NUMBERS,
    "min": NUMBERS,
    "max": NUMBERS,
    "distinct": ("string", "integer", "boolean"),
}
DIMENSION_TYPES = ("string", "integer", "boolean")
TIME_TYPES = {"iso8601": ("string",), "epoch_seconds": NUMBERS, "epoch_milliseconds": NUMBERS}


def read_spec(node: Node) -> Spec | None:
    """Read a spec; what is wrong goes to the node's faults."""
    keys = "version window lateness skew timeZone maxRecordBytes eventTime fields metrics ratios".split()
    if not node.mapping(keys):
        return None
    node.child("version").integer(1, 1)
    fields = _read_fields(node.child("fields"))
    types = {name: field.type if field else None for name, field in fields.items()}
    metrics = [_read_metric(metric, types) for metric in node.child("metrics").items(1, MAX_METRICS)]
    ratio_nodes = node.child("ratios").items(0, MAX_METRICS) if node.child("ratios").given else []
    ratios = [_read_ratio(ratio) for ratio in ratio_nodes]
    _check_names(node, metrics, ratios)
    return Spec(
        window=node.child("window").integer(60, 60, 60),
        lateness=node.child("lateness").integer(0, 86_400, 600),
        skew=node.child("skew").integer(0, 3_600, 60),
        time_zone=node.child("timeZone").text(_not_a_zone, "UTC"),
        max_record_bytes=node.child("maxRecordBytes").integer(1, 10_485_760, 1_048_576),
        event_time=tuple(_read_event_time(candidate, types) for candidate in node.child("eventTime").items(1, 10)),
        fields=fields,
        metrics=tuple(metrics),
        ratios=tuple(ratios),
    )


def _read_event_time(node: Node, types: dict[str, str | None]) -> EventTime | None:
    if not node.mapping(("field", "format", "timeZone")):
        return None
    field = read_field(node.child("field"), types)
    form = node.child("format").choice(*TIME_TYPES)
    zone = node.child("timeZone")
    time_zone = zone.text(_not_a_zone, "UTC")
    if form and form != "iso8601" and zone.given:
        zone.fault("goes with iso8601 only")
    if field and form and types[field] and types[field] not in TIME_TYPES[form]:
        node.child("field").fault(f"is {field!r} of type {types[field]}, must be {' or '.join(TIME_TYPES[form])}")
    return EventTime(field, form, time_zone)


def _read_fields(node: Node) -> dict[str, Field | None]:
    if not node.given or not node.mapping():
        return {}
    if len(node.value) > MAX_FIELDS:
        node.fault(f"has {len(node.value)} fields, may have {MAX_FIELDS}")
    fields = {name: _read_field(name, child) for name, child in node.entries()}
    _check_paths(node, fields)
    return fields


def _read_field(name: str, node: Node) -> Field | None:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
        node.fault("must be named by 1 to 63 letters, digits and underscores, the first no digit")
    if not node.mapping(("type", "path", "cardinality")):
        return None
    kind = node.child("type").choice(*SCALARS)
    path = node.child("path")
    keys = tuple(key.text(_not_plain(1, 255)) for key in path.items(1, 10)) if path.given else (name,)
    cardinality = node.child("cardinality").integer(1, 1_000_000_000, 100)
    return Field(name, kind, keys, cardinality) if kind else None


def _check_paths(node: Node, fields: dict[str, Field | None]) -> None:
    """A value is either text or an object with keys: what one field reads as text, no other field may look into."""
    paths = {field.path: name for name, field in fields.items() if field}
    for name, field in fields.items():
        for length in range(1, len(field.path) if field else 0):
            if other := paths.get(field.path[:length]):
                message = f"is {list(field.path)}, which looks into the value that {other} reads as a whole"
                node.child(name).child("path").fault(message)


def _read_metric(node: Node, types: dict[str, str | None]) -> Metric | None:
    if not node.mapping(("name", "description", "unit", "aggregate", "field", "filter", "dimensions")):
        return None
    aggregate = node.child("aggregate").choice(*AGGREGATES)
    selected = node.child("filter")
    return Metric(
        name=node.child("name").text(_not_a_metric),
        description=node.child("description").text(_not_plain(0, 200), ""),
        unit=node.child("unit").text(_not_plain(1, 32)),
        aggregate=aggregate,
        field=_read_aggregated(node.child("field"), aggregate, types),
        filter=read_filter(selected, types) if selected.given else None,
        dimensions=_read_dimensions(node.child("dimensions"), types),
    )


def _read_aggregated(node: Node, aggregate: str | None, types: dict[str, str | None]) -> str | None:
    if aggregate == "count":
        if node.given:
            node.fault("is given, but count counts events and takes no field")
        return None
    if aggregate is None and not node.given:
        return None
    name = read_field(node, types)
    if name and aggregate and types[name] and types[name] not in AGGREGATES[aggregate]:
        node.fault(f"is {name!r} of type {types[name]}; {aggregate} takes {' or '.join(AGGREGATES[aggregate])}")
    return name


def _read_dimensions(node: Node, types: dict[str, str | None]) -> tuple[str, ...]:
    names: list[str] = []
    for child in node.items(0, MAX_DIMENSIONS) if node.given else []:
        if (name := read_field(child, types)) is None:
            continue
        if name in names:
            child.fault(f"is {name!r} again")
        elif types[name] and types[name] not in DIMENSION_TYPES:
            child.fault(f"is {name!r} of type {types[name]}, must be {' or '.join(DIMENSION_TYPES)}")
        names.append(name)
    return tuple(sorted(names))


def _read_ratio(node: Node) -> Ratio | None:
    if not node.mapping(("name", "description", "unit", "numerator", "denominator")):
        return None
    return Ratio(
        name=node.child("name").text(_not_a_metric),
        description=node.child("description").text(_not_plain(0, 200), ""),
        unit=node.child("unit").text(_not_plain(1, 32), "ratio"),
        numerator=node.child("numerator").text(),
        denominator=node.child("denominator").text(),
    )


def _check_names(node: Node, metrics: list[Metric | None], ratios: list[Ratio | None]) -> None:
    """Names are given once, and a ratio's metrics exist and have the same dimensions."""
    seen: set[str] = set()
    for kind, things in (("metrics", metrics), ("ratios", ratios)):
        for index, thing in enumerate(things):
            if thing and thing.name in seen:
                Node(thing.name, f"{kind}[{index}].name", node.faults).fault(f"is {thing.name!r} again")
            seen.add(thing.name if thing else "")
    dimensions = {metric.name: metric.dimensions for metric in metrics if metric}
    for index, ratio in enumerate(ratios):
        for key in ("numerator", "denominator") if ratio else ():
            if (name := getattr(ratio, key)) and name not in dimensions:
                Node(name, f"ratios[{index}].{key}", node.faults).fault(f"is {name!r}, which is no metric")
        both = [dimensions.get(name) for name in (ratio.numerator, ratio.denominator)] if ratio else [None]
        if None not in both and both[0] != both[1]:
            Node(None, f"ratios[{index}]", node.faults).fault("has metrics with different dimensions")


def _not_a_metric(name: str) -> str | None:
    if name.startswith("records_"):
        return "must not begin with records_, as the job's own metrics do"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        return "must be 1 to 63 lower-case letters, digits and underscores, the first a letter"
    return None


def _not_plain(least: int, most: int):
    def check(text: str) -> str | None:
        if least <= len(text) <= most and not re.search("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]", text):
            return None
        return f"must be a text of {least} to {most} characters, none of them a control character"

    return check


def _not_a_zone(name: str) -> str | None:
    """Zones with an area, and UTC. A machine without the zones' data, whose set is empty, leaves the check to Go."""
    known = zoneinfo.available_timezones()
    if name == "UTC" or ("/" in name and (name in known or not known)):
        return None
    return "must be UTC or an IANA time zone such as Europe/Berlin"
