"""Filters of the metric spec: a tree of conditions on fields."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from log_pipeline_metrics.faults import Node, plain

MAX_DEPTH = 8
MAX_FILTERS = 50
MAX_VALUES = 100
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1

BRANCHES = ("all", "any", "not")


@dataclass(frozen=True)
class Condition:
    """One operator on one field. operand is a tuple for "in", else a single value."""

    field: str
    operator: str
    operand: Any

    def given(self) -> dict[str, Any]:
        """The condition as the spec has it."""
        operand = list(self.operand) if self.operator == "in" else self.operand
        return {"field": self.field, self.operator: operand}

    def fields(self) -> set[str]:
        """The names of the fields that it is on."""
        return {self.field}


@dataclass(frozen=True)
class Branch:
    """Either "all" or "any" of the parts, or "not" the only one."""

    kind: str
    parts: tuple["Filter", ...]

    def given(self) -> dict[str, Any]:
        """The branch as the spec has it."""
        parts = [part.given() for part in self.parts]
        return {self.kind: parts[0] if self.kind == "not" else parts}

    def fields(self) -> set[str]:
        """The names of the fields that its conditions are on."""
        return set().union(*(part.fields() for part in self.parts))


Filter = Condition | Branch


def read_filter(node: Node, depth: int = 1) -> Filter | None:
    """Read a filter; None where it is not exactly one thing."""
    if depth > MAX_DEPTH:
        node.fault(f"lies too deep, may lie {MAX_DEPTH} deep")
        return None
    if not isinstance(node.value, dict):
        node.mistyped("a mapping")
        return None
    keys = node.known(*BRANCHES, "field", *OPERATORS)
    branches = [key for key in keys if key in BRANCHES]
    if len(branches) + (len(keys) > len(branches)) != 1:
        node.fault("must have exactly one of all, any, not, or a field and an operator")
        return None
    if not branches:
        return _read_condition(node)
    inner = node.child(branches[0])
    nodes = [inner] if branches[0] == "not" else inner.elements(1, MAX_FILTERS)
    # A part at fault keeps its place, for the paths of the others.
    return Branch(branches[0], tuple(read_filter(part, depth + 1) or Branch("all", ()) for part in nodes))


def _read_condition(node: Node) -> Condition | None:
    operators = [key for key in node.value if key in OPERATORS]
    if len(operators) != 1:
        node.fault(f"has {len(operators)} operators, must have one of {', '.join(OPERATORS)}")
        return None
    field = node.child("field").text()
    return Condition(field, operators[0], OPERATORS[operators[0]](node.child(operators[0])))


def _read_value(node: Node) -> Any:
    if isinstance(node.value, str):
        return node.text(plain(0, 1024))
    if isinstance(node.value, bool):
        return node.value
    return _read_number(node)


def _read_values(node: Node) -> tuple[Any, ...]:
    values, seen = [], set()
    for element in node.elements(1, MAX_VALUES):
        values.append(_read_value(element))
        identity = (type(element.value) is bool, values[-1])
        if element.faults.sound(element.at) and identity in seen:
            element.fault(f"{element.value!r} again")
        seen.add(identity)
    return tuple(values)


def _read_number(node: Node) -> int | float | None:
    value = node.value
    if type(value) is int and MIN_INTEGER <= value <= MAX_INTEGER:
        return value
    if type(value) in (int, float) and abs(value) != math.inf and not math.isnan(value):
        return float(value)
    node.mistyped("a text, a finite number, true or false")
    return None


def _read_prefix(node: Node) -> str:
    return node.text(plain(1, 1024))


def _read_boolean(node: Node) -> bool | None:
    if not isinstance(node.value, bool):
        node.mistyped("true or false")
    return node.value


OPERATORS: dict[str, Callable[[Node], Any]] = {
    "equals": _read_value,
    "in": _read_values,
    "atLeast": _read_number,
    "atMost": _read_number,
    "above": _read_number,
    "below": _read_number,
    "startsWith": _read_prefix,
    "exists": _read_boolean,
}
