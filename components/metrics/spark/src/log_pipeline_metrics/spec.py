"""The metric spec as the jobs read it. read() refuses what Go's internal/metricspec refuses.

A job reads the resolved form that Go wrote. read() takes any spec, checks it again, and fills in the defaults: a job
never runs on a spec that it takes for something else than Go did. Standard library only.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from log_pipeline_metrics import contradictions, reading
from log_pipeline_metrics.faults import Faults, Location, Node, SpecError
from log_pipeline_metrics.model import EventTime, Field, Metric, Ratio, Spec

__all__ = ["EventTime", "Field", "Metric", "Ratio", "Spec", "SpecError", "read"]


def read(mapping: Mapping[str, Any]) -> Spec:
    """Read a spec, as a user wrote it or resolved.

    Raises SpecError with a path and a message for every fault.
    """
    faults = Faults()
    spec = reading.read_spec(Node(mapping, Location(), faults))
    contradictions.find(spec, faults)
    if faults.found:
        raise SpecError(faults.found)
    metrics = tuple(replace(metric, dimensions=tuple(sorted(metric.dimensions))) for metric in spec.metrics)
    return replace(spec, metrics=metrics)
