"""Filters of the metric spec: a tree of conditions on fields."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from log_pipeline_metrics.faults import Node

MAX_DEPTH = 8
MAX_SCALARS = 100
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1

NUMBERS = ("integer", "number")
SCALARS = ("string", "integer", "number", "boolean")
# The types of the fields that an operator takes.
OPERATORS = {
    "equals": SCALARS,
    "in": SCALARS,
    "atLeast": NUMBERS,
    "atMost": NUMBERS,
    "above": NUMBERS,
    "below": NUMBERS,
    "startsWith": ("string",),
    "exists": SCALARS,
}
BRANCHES = ("all", "any", "not")


@dataclass(frozen=True)
class Condition:
    """One operator on one field. operand is a tuple for "in", else a scalar."""

    field: str
    operator: str
    operand: Any

    def given(self) -> dict[str, Any]:
        """The condition as the spec wrote it."""
        operand = list(self.operand) if self.operator == "in" else self.operand
        return {"field": self.field, self.operator: operand}

    def fields(self) -> Iterator[str]:
        """The names of the fields that it reads."""
        yield self.field


@dataclass(frozen=True)
class Branch:
    """ "all" or "any" of the parts, or "not" the only one."""

    kind: str
    parts: tuple["Filter", ...]

    def given(self) -> dict[str, Any]:
        """The branch as the spec wrote it."""
        parts = [part.given() for part in self.parts]
        return {self.kind: parts[0] if self.kind == "not" else parts}

    def fields(self) -> Iterator[str]:
        """The names of the fields that it reads."""
        for part in self.parts:
            yield from part.fields()


Filter = Condition | Branch


def read_filter(node: Node, types: dict[str, str | None], depth: int = 1) -> Filter | None:
    """Read a filter. types are those of the fields by name, None where a type could not be read."""
    if depth > MAX_DEPTH:
        node.fault(f"lies {depth} deep, may lie {MAX_DEPTH} deep")
        return None
    if not node.mapping():
        return None
    if "field" in node.value:
        return _read_condition(node, types)
    kinds = [kind for kind in BRANCHES if kind in node.value]
    if len(kinds) != 1 or len(node.value) != 1:
        node.fault(f"has the keys {', '.join(node.value) or 'none'}, must have all, any, not, or field and an operator")
        return None
    inner = node.child(kinds[0])
    nodes = [inner] if kinds[0] == "not" else inner.items(1, MAX_SCALARS)
    parts = [read_filter(part, types, depth + 1) for part in nodes]
    return Branch(kinds[0], tuple(part for part in parts if part is not None))


def _read_condition(node: Node, types: dict[str, str | None]) -> Condition | None:
    field = read_field(node.child("field"), types)
    operators = [key for key in node.value if key != "field"]
    for key in operators:
        if key not in OPERATORS:
            node.child(key).fault(f"is no operator; operators are {', '.join(OPERATORS)}")
            return None
    if len(operators) != 1:
        node.fault(f"has {len(operators)} operators, must have exactly one")
        return None
    if field is None or types[field] is None:
        return None
    operator = operators[0]
    if types[field] not in OPERATORS[operator]:
        message = f"goes with {' and '.join(OPERATORS[operator])} fields, but {field} is of type {types[field]}"
        node.child(operator).fault(message)
        return None
    operand = _read_operand(node.child(operator), operator, types[field])
    return None if operand is None else Condition(field, operator, operand)


def _read_operand(node: Node, operator: str, kind: str) -> Any:
    if operator == "exists":
        return _read_scalar(node, "boolean")
    if operator == "in":
        return tuple(_read_scalar(element, kind) for element in node.items(1, MAX_SCALARS)) or None
    return _read_scalar(node, kind)


def _read_scalar(node: Node, kind: str) -> Any:
    value = node.value
    if kind == "boolean":
        fits = isinstance(value, bool)
    elif kind == "string":
        fits = isinstance(value, str)
    elif isinstance(value, bool):
        fits = False
    elif kind == "integer":
        fits = isinstance(value, int) and MIN_INTEGER <= value <= MAX_INTEGER
    else:
        fits = isinstance(value, int | float) and math.isfinite(value)
    if not fits:
        node.fault(f"is {node.shown()}, must be a value of type {kind}")
        return None
    return value


def read_field(node: Node, types: dict[str, str | None]) -> str | None:
    """Read the name of a field that the spec declares."""
    if (name := node.text()) is None:
        return None
    if name not in types:
        node.fault(f"is {name!r}, which fields does not declare")
        return None
    return name
