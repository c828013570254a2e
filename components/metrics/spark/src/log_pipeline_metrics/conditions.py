"""Filters of the spec as columns of true and false, never null."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any

from pyspark.sql import Column

from log_pipeline_metrics.filters import Condition, Filter

_TESTS: dict[str, Callable[[Column, Any], Column]] = {
    "equals": lambda value, operand: value == operand,
    "in": lambda value, operand: value.isin(*operand),
    "atLeast": lambda value, operand: value >= operand,
    "atMost": lambda value, operand: value <= operand,
    "above": lambda value, operand: value > operand,
    "below": lambda value, operand: value < operand,
    "startsWith": lambda value, operand: value.startswith(operand),
}


def column(tree: Filter, value_of: Callable[[str], Column]) -> Column:
    """Tell whether an event passes the filter. value_of gives the column of a field.

    An absent field makes each condition false but "exists: false", and "not" is the opposite of what it holds.
    """
    if isinstance(tree, Condition):
        value = value_of(tree.field)
        if tree.operator == "exists":
            return value.isNotNull() if tree.operand else value.isNull()
        return value.isNotNull() & _TESTS[tree.operator](value, tree.operand)
    parts = [column(part, value_of) for part in tree.parts]
    if tree.kind == "not":
        return ~parts[0]
    return reduce(and_ if tree.kind == "all" else or_, parts)
