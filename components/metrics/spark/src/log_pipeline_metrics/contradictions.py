"""What is wrong between values of a spec that are right alone.

A check that reads a value at fault is left out, so that nothing is said that only follows from a fault.
"""

from typing import Any

from log_pipeline_metrics.faults import Faults, Location
from log_pipeline_metrics.filters import Condition, Filter
from log_pipeline_metrics.model import AGGREGATES, DIMENSION_TYPES, NUMBERS, TYPES, EventTime, Metric, Ratio, Spec

# The types of the fields that operators take, where not all.
_OPERATOR_TYPES = {"atLeast": NUMBERS, "atMost": NUMBERS, "above": NUMBERS, "below": NUMBERS, "startsWith": ("string",)}


def find(spec: Spec, faults: Faults) -> None:
    """Add the contradictions of a spec to the faults that its reading found."""
    checker = _Checker(spec, faults)
    checker.field_names()
    checker.paths()
    checker.names()
    for index, candidate in enumerate(spec.event_time):
        checker.event_time(Location().key("eventTime").index(index), index, candidate)
    for index, metric in enumerate(spec.metrics):
        checker.metric(checker.metrics.index(index), metric)
    for index, ratio in enumerate(spec.ratios):
        checker.ratio(checker.ratios.index(index), ratio)


class _Checker:
    def __init__(self, spec: Spec, faults: Faults):
        self.spec, self.faults = spec, faults
        root = Location()
        self.fields, self.metrics, self.ratios = root.key("fields"), root.key("metrics"), root.key("ratios")

    def field_names(self) -> None:
        """Columns of views have no case."""
        first: dict[str, str] = {}
        for name in sorted(self.spec.fields):
            at = self.fields.key(name)
            if self.faults.at(at):
                continue
            if other := first.get(name.lower()):
                self.faults.add(at, f"the same as {other} but for the case")
            first.setdefault(name.lower(), name)

    def paths(self) -> None:
        """A value is read as one or as an object with keys, not as both; and once as each type."""
        names = [name for name in sorted(self.spec.fields) if self.faults.sound(self.fields.key(name).key("path"))]
        for index, name in enumerate(names):
            path, at = self.spec.fields[name].path, self.fields.key(name).key("path")
            below = [other for other in names if self._path(other)[: len(path)] == path != self._path(other)]
            same = [other for other in names[:index] if self._path(other) == path and self._same_type(name, other)]
            if below:
                self.faults.add(at, f"{list(path)} leads to the object in which {below[0]} lies")
            elif same:
                self.faults.add(at, f"{list(path)} is the path of {same[0]}, which has the same type")

    def names(self) -> None:
        """Metrics and ratios have names of their own."""
        places = [(self.metrics.index(index), metric.name) for index, metric in enumerate(self.spec.metrics)]
        places += [(self.ratios.index(index), ratio.name) for index, ratio in enumerate(self.spec.ratios)]
        first: dict[str, str] = {}
        for place, name in places:
            at = place.key("name")
            if not self.faults.sound(at):
                continue
            if name in first:
                self.faults.add(at, f"{name!r} is the name of {first[name]}")
            first.setdefault(name, place.path)

    def event_time(self, at: Location, index: int, candidate: EventTime) -> None:
        field, zone = at.key("field"), at.key("timeZone")
        types = TYPES
        if self.faults.sound(at.key("format")):
            types = ("string",) if candidate.format == "iso8601" else NUMBERS
            if candidate.format != "iso8601" and candidate.time_zone and self.faults.sound(zone):
                self.faults.add(zone, f"{candidate.format} has no zone")
        self._field_of(field, candidate.field, types)
        first = [other.field for other in self.spec.event_time].index(candidate.field)
        if first < index and self.faults.sound(field) and self.faults.sound(at.holder.index(first).key("field")):
            self.faults.add(field, f"{candidate.field!r} again")

    def metric(self, at: Location, metric: Metric) -> None:
        self._aggregated(at.key("field"), self.faults.sound(at.key("aggregate")), metric)
        if metric.filter:
            self._filter(at.key("filter"), metric.filter)
        for index, name in enumerate(metric.dimensions):
            place = at.key("dimensions").index(index)
            self._field_of(place, name, DIMENSION_TYPES)
            first = metric.dimensions.index(name)
            if first < index and self.faults.sound(place) and self.faults.sound(place.holder.index(first)):
                self.faults.add(place, f"{name!r} again")

    def ratio(self, at: Location, ratio: Ratio) -> None:
        numerator = self._metric_named(at.key("numerator"), ratio.numerator)
        denominator = self._metric_named(at.key("denominator"), ratio.denominator)
        if numerator is None or denominator is None:
            return
        if numerator == denominator:
            self.faults.add(at.key("denominator"), "the same as numerator")
        elif all(self.faults.sound(self.metrics.index(index).key("dimensions")) for index in (numerator, denominator)):
            above, below = (sorted(self.spec.metrics[index].dimensions) for index in (numerator, denominator))
            if above != below:
                self.faults.add(at.key("denominator"), f"has the dimensions {below}, and numerator has {above}")

    def _aggregated(self, at: Location, sound: bool, metric: Metric) -> None:
        if not sound:
            if metric.field is not None:
                self._type(at, metric.field)
        elif metric.aggregate == "count":
            if metric.field is not None and self.faults.sound(at):
                self.faults.add(at, "count counts events, not a field's values")
        elif metric.field is None:
            self.faults.add(at, f"not set, but required with {metric.aggregate}")
        else:
            self._field_of(at, metric.field, AGGREGATES[metric.aggregate])

    def _filter(self, at: Location, tree: Filter) -> None:
        if isinstance(tree, Condition):
            self._condition(at, tree)
        elif tree.kind == "not":
            self._filter(at.key("not"), tree.parts[0])
        else:
            for index, part in enumerate(tree.parts):
                self._filter(at.key(tree.kind).index(index), part)

    def _condition(self, at: Location, condition: Condition) -> None:
        kind = self._type(at.key("field"), condition.field)
        operand = at.key(condition.operator)
        if kind is None:
            return
        if kind not in _OPERATOR_TYPES.get(condition.operator, TYPES):
            if self.faults.sound(operand):
                self.faults.add(operand, f"{condition.operator} does not go with fields of type {kind}")
        elif condition.operator == "equals":
            self._like_field(operand, condition.operand, kind)
        elif condition.operator == "in":
            for index, value in enumerate(condition.operand):
                self._like_field(operand.index(index), value, kind)

    def _like_field(self, at: Location, value: Any, kind: str) -> None:
        if self.faults.sound(at) and kind not in _types_of(value):
            self.faults.add(at, f"{value!r} is not of the field's type {kind}")

    def _path(self, name: str) -> tuple[str, ...]:
        return self.spec.fields[name].path

    def _same_type(self, *names: str) -> bool:
        sound = all(self.faults.sound(self.fields.key(name).key("type")) for name in names)
        return sound and len({self.spec.fields[name].type for name in names}) == 1

    def _type(self, at: Location, name: str) -> str | None:
        """The type of a field that a value names; None where there is none or nothing can be said."""
        if not self.faults.sound(at) or self.faults.at(self.fields):
            return None
        if name not in self.spec.fields:
            self.faults.add(at, f"there is no field {name!r} in fields")
            return None
        return self.spec.fields[name].type if self.faults.sound(self.fields.key(name).key("type")) else None

    def _field_of(self, at: Location, name: str, types: tuple[str, ...]) -> None:
        kind = self._type(at, name)
        if kind is not None and kind not in types:
            self.faults.add(at, f"{name!r} is of type {kind}, must be {' or '.join(types)}")

    def _metric_named(self, at: Location, name: str) -> int | None:
        if not self.faults.sound(at) or self.faults.at(self.metrics):
            return None
        names = [metric.name for metric in self.spec.metrics]
        if name not in names:
            self.faults.add(at, f"there is no metric {name!r}")
            return None
        return names.index(name)


def _types_of(value: Any) -> tuple[str, ...]:
    """The types of field that a value may be compared with."""
    if isinstance(value, str):
        return ("string",)
    if isinstance(value, bool):
        return ("boolean",)
    return NUMBERS if isinstance(value, int) else ("number",)
