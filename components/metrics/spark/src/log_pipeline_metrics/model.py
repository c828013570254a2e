"""The types of a metric spec."""

from dataclasses import dataclass
from typing import Any

from log_pipeline_metrics.filters import Filter

TYPES = ("string", "integer", "number", "boolean")
NUMBERS = ("integer", "number")
DIMENSION_TYPES = ("string", "integer", "boolean")
# The types of the fields that an aggregate takes; count takes none.
AGGREGATES = {"count": (), "sum": NUMBERS, "min": NUMBERS, "max": NUMBERS, "distinct": DIMENSION_TYPES}


@dataclass(frozen=True)
class EventTime:
    """A field that may hold the time of an event.

    time_zone is the zone of times without an offset; "" for other formats than iso8601, which have none.
    """

    field: str
    format: str
    time_zone: str


@dataclass(frozen=True)
class Field:
    """A field of a record: its type, and the keys that lead to it from the record's root."""

    name: str
    type: str
    path: tuple[str, ...]
    cardinality: int = 100


@dataclass(frozen=True)
class Metric:
    """What is counted of the events that pass a filter, apart for each value of the dimensions."""

    name: str
    description: str
    unit: str
    aggregate: str
    dimensions: tuple[str, ...]
    field: str | None = None
    filter: Filter | None = None

    def fields(self) -> set[str]:
        """The names of the fields that it depends on."""
        own = {self.field} if self.field is not None else set()
        return own | set(self.dimensions) | (self.filter.fields() if self.filter else set())


@dataclass(frozen=True)
class Ratio:
    """One metric divided by another with the same dimensions."""

    name: str
    description: str
    unit: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Spec:
    """A metric spec with every default filled in. window, lateness and skew are in seconds."""

    window: int
    lateness: int
    skew: int
    time_zone: str
    max_record_bytes: int
    event_time: tuple[EventTime, ...]
    fields: dict[str, Field]
    metrics: tuple[Metric, ...]
    ratios: tuple[Ratio, ...]
    version: int = 1

    def resolved(self) -> dict[str, Any]:
        """The spec as Go's Spec.Resolved writes it: all defaults filled in, dimensions sorted."""
        return {
            "version": self.version,
            "window": self.window,
            "lateness": self.lateness,
            "skew": self.skew,
            "timeZone": self.time_zone,
            "maxRecordBytes": self.max_record_bytes,
            "eventTime": [_resolved_event_time(candidate) for candidate in self.event_time],
            "fields": {
                name: {"type": field.type, "path": list(field.path), "cardinality": field.cardinality}
                for name, field in self.fields.items()
            },
            "metrics": [_resolved_metric(metric) for metric in self.metrics],
            "ratios": [dict(vars(ratio)) for ratio in self.ratios],
        }


def _resolved_event_time(candidate: EventTime) -> dict[str, Any]:
    zone = {"timeZone": candidate.time_zone} if candidate.time_zone else {}
    return {"field": candidate.field, "format": candidate.format} | zone


def _resolved_metric(metric: Metric) -> dict[str, Any]:
    resolved = dict(vars(metric)) | {"dimensions": list(metric.dimensions)}
    if metric.field is None:
        del resolved["field"]
    if metric.filter is None:
        del resolved["filter"]
    else:
        resolved["filter"] = metric.filter.given()
    return resolved
