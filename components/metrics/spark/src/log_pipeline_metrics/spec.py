"""The metric spec as the jobs read it: its types, and read(), which refuses what Go's internal/metricspec refuses.

A job reads the resolved form that Go wrote. read() takes any spec, checks it again, and fills in the defaults: a job
never runs on a spec that it takes for something else than Go did. Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from log_pipeline_metrics.faults import Node, SpecError
from log_pipeline_metrics.filters import Filter

__all__ = ["EventTime", "Field", "Metric", "Ratio", "Spec", "SpecError", "read"]


@dataclass(frozen=True)
class EventTime:
    """A field that may hold the time of an event. time_zone is the zone of times without an offset."""

    field: str
    format: str
    time_zone: str = "UTC"


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


def read(mapping: Mapping[str, Any]) -> Spec:
    """Read a spec, as it is written or resolved.

    Raises SpecError with a path and a message for every fault.
    """
    # The reading needs the types above.
    from log_pipeline_metrics.reading import read_spec  # noqa: PLC0415

    faults: list[tuple[str, str]] = []
    spec = read_spec(Node(mapping, "", faults))
    if faults or spec is None:
        raise SpecError(faults)
    return spec


def _resolved_event_time(candidate: EventTime) -> dict[str, Any]:
    zone = {"timeZone": candidate.time_zone} if candidate.format == "iso8601" else {}
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
