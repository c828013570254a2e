"""Reading of a metric spec, key by key. What values contradict each other is looked at in contradictions.py."""

import re
import zoneinfo

from log_pipeline_metrics.faults import Node, one_of, plain
from log_pipeline_metrics.filters import read_filter
from log_pipeline_metrics.model import AGGREGATES, TYPES, EventTime, Field, Metric, Ratio, Spec

MAX_EVENT_TIMES = 10
MAX_FIELDS = 200
MAX_KEYS = 10
MAX_METRICS = 100
MAX_DIMENSIONS = 8
MAX_CARDINALITY = 1_000_000_000
# The largest record that Kinesis takes (docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html).
MAX_RECORD_BYTES = 10_485_760

FORMATS = ("iso8601", "epoch_seconds", "epoch_milliseconds")

_KEYS = (
    *("version", "window", "lateness", "skew", "timeZone", "maxRecordBytes"),
    *("eventTime", "fields", "metrics", "ratios"),
)


def read_spec(node: Node) -> Spec:
    """Read a spec. What is at fault has some value, which only the check of other values may see."""
    node.known(*_KEYS)
    ratios = node.child("ratios")
    return Spec(
        version=node.child("version").integer(1, 1),
        window=node.child("window").integer(60, 60, 60),
        lateness=node.child("lateness").integer(0, 86_400, 600),
        skew=node.child("skew").integer(0, 3_600, 60),
        time_zone=node.child("timeZone").text(_zone, "UTC"),
        max_record_bytes=node.child("maxRecordBytes").integer(1, MAX_RECORD_BYTES, 1_048_576),
        event_time=tuple(_event_time(element) for element in node.child("eventTime").elements(1, MAX_EVENT_TIMES)),
        fields=_fields(node.child("fields")),
        metrics=tuple(_metric(element) for element in node.child("metrics").elements(1, MAX_METRICS)),
        ratios=tuple(_ratio(element) for element in ratios.elements(0, MAX_METRICS)) if ratios.given else (),
    )


def _event_time(node: Node) -> EventTime:
    node.known("field", "format", "timeZone")
    form = node.child("format").text(one_of(*FORMATS))
    return EventTime(
        field=node.child("field").text(),
        format=form,
        time_zone=node.child("timeZone").text(_zone, "UTC" if form == "iso8601" else ""),
    )


def _fields(node: Node) -> dict[str, Field]:
    if not node.given:
        return {}
    if isinstance(node.value, dict) and len(node.value) > MAX_FIELDS:
        node.fault(f"{len(node.value)} fields, may be {MAX_FIELDS}")
        return {}
    return {name: _field(name, child) for name, child in node.entries()}


def _field(name: str, node: Node) -> Field:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
        node.fault("must be named by 1 to 63 letters, digits and underscores, the first no digit")
    node.known("type", "path", "cardinality")
    path = node.child("path")
    keys = [key.text(plain(1, 255)) for key in path.elements(1, MAX_KEYS)] if path.given else [name]
    return Field(
        name=name,
        type=node.child("type").text(one_of(*TYPES)),
        path=tuple(keys),
        cardinality=node.child("cardinality").integer(1, MAX_CARDINALITY, 100),
    )


def _metric(node: Node) -> Metric:
    node.known("name", "description", "unit", "aggregate", "field", "filter", "dimensions")
    field, tree, dimensions = node.child("field"), node.child("filter"), node.child("dimensions")
    return Metric(
        name=node.child("name").text(_metric_name),
        description=node.child("description").text(plain(0, 200), ""),
        unit=node.child("unit").text(plain(1, 32)),
        aggregate=node.child("aggregate").text(one_of(*AGGREGATES)),
        field=field.text() if field.given else None,
        filter=read_filter(tree) if tree.given else None,
        dimensions=tuple(name.text() for name in dimensions.elements(0, MAX_DIMENSIONS)) if dimensions.given else (),
    )


def _ratio(node: Node) -> Ratio:
    node.known("name", "description", "unit", "numerator", "denominator")
    return Ratio(
        name=node.child("name").text(_metric_name),
        description=node.child("description").text(plain(0, 200), ""),
        unit=node.child("unit").text(plain(1, 32), "ratio"),
        numerator=node.child("numerator").text(),
        denominator=node.child("denominator").text(),
    )


def _metric_name(name: str) -> str | None:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) and not name.startswith("records_"):
        return None
    return "1 to 63 lower-case letters, digits and underscores, the first a letter, not beginning with records_"


def _zone(name: str) -> str | None:
    """Zones with an area, and UTC. Where a machine has no zones' data, Go's check is left to stand alone."""
    known = zoneinfo.available_timezones()
    if name == "UTC" or ("/" in name and (name in known or not known)):
        return None
    return "UTC, or an IANA time zone such as Europe/Berlin"
