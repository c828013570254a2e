"""Which column of the one aggregation holds what.

The records of all sets of dimensions go through one groupBy. Its columns are slots that the sets share: dim_0, dim_1, ...
for values of dimensions, and for each aggregate count_0, count_1, ..., sum_0, ... for metrics. So a row of state is as wide as the
widest set needs, not as all sets together.

The layout follows from what the state's hash is made of, the sets of dimensions and their metrics, whatever their order
in the spec: state that was written by one layout is read by the same.
"""

from dataclasses import dataclass
from functools import cached_property

from log_pipeline_metrics.spec import Metric, Spec

# The set of the job's own metrics, whose time is the arrival and whose only dimension is the reason.
BOOKKEEPING = 0


@dataclass(frozen=True)
class Slot:
    """A column of the aggregation, and the aggregate of which it is one."""

    aggregate: str
    index: int

    @property
    def name(self) -> str:
        return f"{self.aggregate}_{self.index}"


@dataclass(frozen=True)
class DimensionSet:
    """The metrics with the same dimensions, each with its slot."""

    number: int
    dimensions: tuple[str, ...]
    metrics: tuple[tuple[Metric, Slot], ...]


@dataclass(frozen=True)
class Layout:
    """The sets of dimensions of a spec."""

    sets: tuple[DimensionSet, ...]

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The columns for values of dimensions; the first is also for the reason."""
        return tuple(f"dim_{index}" for index in range(max(1, *(len(part.dimensions) for part in self.sets))))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The columns for metrics. The first count is also for the job's own metrics."""
        used = {Slot("count", 0)} | {slot for part in self.sets for _, slot in part.metrics}
        return tuple(sorted(used, key=lambda slot: (slot.aggregate, slot.index)))


def of(spec: Spec) -> Layout:
    """Lay out the sets of dimensions of a spec."""
    groups: dict[tuple[str, ...], list[Metric]] = {}
    for metric in sorted(spec.metrics, key=lambda metric: metric.name):
        groups.setdefault(metric.dimensions, []).append(metric)
    ordered = sorted(groups.items())
    return Layout(
        tuple(
            DimensionSet(number, dimensions, _slots(metrics))
            for number, (dimensions, metrics) in enumerate(ordered, BOOKKEEPING + 1)
        )
    )


def _slots(metrics: list[Metric]) -> tuple[tuple[Metric, Slot], ...]:
    taken: dict[str, int] = {}
    slots = []
    for metric in metrics:
        index = taken.get(metric.aggregate, 0)
        taken[metric.aggregate] = index + 1
        slots.append((metric, Slot(metric.aggregate, index)))
    return tuple(slots)
