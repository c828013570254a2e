"""Which column of the one aggregation holds what.

The rows of all sets of dimensions go through one groupBy. Its columns are slots that the sets share: dim_0, dim_1 and
so on for values of dimensions, and for metrics count_0, count_1, sum_0 and so on. So a row of state is as wide as the
widest set needs, not as all sets together.

The layout follows from what the state's hash is made of (Go's Spec.StateHash): the sets of dimensions and their
metrics, in the order of the spec. A change of this code that lays out a spec in another way needs another stateFormat.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from log_pipeline_metrics.model import Metric, Spec

WINDOW_START, SET = "window_start", "set"

# The set of the job's own metrics, whose time is the arrival and whose only dimension is the reason.
BOOKKEEPING = 0


@dataclass(frozen=True, order=True)
class Slot:
    """A column of the aggregation: the aggregate that makes it, and which one of those it is."""

    aggregate: str
    index: int

    @property
    def name(self) -> str:
        """The name of the column."""
        return f"{self.aggregate}_{self.index}"


FIRST_COUNT = Slot("count", 0)


@dataclass(frozen=True)
class DimensionSet:
    """The metrics with the same dimensions, each with its slot. Its number is 1 or more."""

    number: int
    dimensions: tuple[str, ...]
    metrics: tuple[tuple[Metric, Slot], ...]


@dataclass(frozen=True)
class Layout:
    """The sets of dimensions of a spec."""

    sets: tuple[DimensionSet, ...]

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The columns for values of dimensions. The first is the reason in the set BOOKKEEPING."""
        width = max(1, *(len(part.dimensions) for part in self.sets))
        return tuple(f"dim_{index}" for index in range(width))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The columns for metrics. The first count is that of records in the set BOOKKEEPING."""
        return tuple(sorted({FIRST_COUNT} | {slot for part in self.sets for _, slot in part.metrics}))


def of(spec: Spec) -> Layout:
    """Lay out the sets of dimensions of a spec."""
    metrics: dict[tuple[str, ...], list[Metric]] = {}
    for metric in spec.metrics:
        metrics.setdefault(metric.dimensions, []).append(metric)
    sets = enumerate(metrics.items(), BOOKKEEPING + 1)
    return Layout(tuple(DimensionSet(number, dimensions, _slots(group)) for number, (dimensions, group) in sets))


def _slots(metrics: list[Metric]) -> tuple[tuple[Metric, Slot], ...]:
    taken: Counter[str] = Counter()
    slots = []
    for metric in metrics:
        slots.append((metric, Slot(metric.aggregate, taken[metric.aggregate])))
        taken[metric.aggregate] += 1
    return tuple(slots)
