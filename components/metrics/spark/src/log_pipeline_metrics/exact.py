"""Events to metrics, exactly: the aggregation of the batch.

It has the columns of aggregates.aggregate(), with a number for each distinct count and each sum, and no value depends
on the order of the events but one: see _sums().

For each event and set of dimensions there is a row with what count, sum, min and max take, and one more for each
distinct count, with its value. A first group by has a group of its own for each value, and a second counts these
groups. So Spark spills what memory does not hold, and no row is copied for a distinct count of another set, as Spark's
own count of distinct values over several columns would copy it.
"""

from collections.abc import Iterator

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import aggregates, layout
from log_pipeline_metrics.events import ARRIVAL, EVENT_TIME, REASON, field_column
from log_pipeline_metrics.layout import BOOKKEEPING, FIRST_COUNT, SET, WINDOW_START, DimensionSet, Layout, Slot
from log_pipeline_metrics.model import Metric, Spec

# Of a distinct count: its slot's index, and a value; both null in the row of the other aggregates.
_OF, _VALUE = "distinct_of", "distinct_value"

_DISTINCT, _SUM = "distinct", "sum"

# Twenty digits before the point, eighteen after it.
_DECIMAL = "decimal(38,18)"

_INPUTS = {"count": "int", "sum": "double", "min": "double", "max": "double"}


def aggregate(events: DataFrame, spec: Spec) -> DataFrame:
    """Aggregate events by window, set of dimensions, and values of the dimensions.

    The set BOOKKEEPING counts the events by arrival and reason, as in the live aggregation.
    """
    plan = layout.of(spec)
    keys = [WINDOW_START, SET, *plan.dimensions]
    events, passes = aggregates.tested(events, spec)
    rows = _Rows(plan, spec, passes)
    inputs = events.select(F.inline(F.array(rows.bookkeeping(), *rows.of_sets()))).where(F.col(SET).isNotNull())
    values = inputs.groupBy(*keys, _OF, _VALUE).agg(*(column for slot in plan.slots for column in _partial(slot)))
    return values.groupBy(*keys).agg(*(_merged(slot).alias(slot.name) for slot in plan.slots))


class _Rows:
    """Writes the rows of an event, null where it does not count."""

    def __init__(self, plan: Layout, spec: Spec, passes: dict[Metric, Column]):
        self._plan = plan
        self._spec = spec
        self._passes = passes

    def bookkeeping(self) -> Column:
        return self._row(ARRIVAL, BOOKKEEPING, [F.col(REASON)], {FIRST_COUNT.name: F.lit(1)})

    def of_sets(self) -> Iterator[Column]:
        for part in self._plan.sets:
            distinct = [(metric, slot) for metric, slot in part.metrics if metric.aggregate == _DISTINCT]
            others = [(metric, slot) for metric, slot in part.metrics if metric.aggregate != _DISTINCT]
            inputs: dict[str, Column] = {}
            for metric, slot in others:
                inputs[slot.name] = F.when(self._passes[metric], _input(metric))
                if metric.aggregate == _SUM:
                    inputs[_exact(slot)] = _decimal(inputs[slot.name], self._spec.fields[metric.field].type)
            yield self._event(part, aggregates.any_passes(part, self._passes), inputs)
            for metric, slot in distinct:
                value = F.col(field_column(metric.field))
                counts = self._passes[metric] & value.isNotNull()
                yield self._event(part, counts, {_OF: F.lit(slot.index), _VALUE: value})

    def _event(self, part: DimensionSet, counts: Column, inputs: dict[str, Column]) -> Column:
        dimensions = [F.col(field_column(name)) for name in part.dimensions]
        return F.when(F.col(REASON).isNull() & counts, self._row(EVENT_TIME, part.number, dimensions, inputs))

    def _row(self, time: str, number: int, dimensions: list[Column], inputs: dict[str, Column]) -> Column:
        values = [*dimensions, *[F.lit(None)] * (len(self._plan.dimensions) - len(dimensions))]
        named = zip(self._plan.dimensions, values, strict=True)
        types = {_OF: "int", _VALUE: "string"}
        for slot in self._plan.slots:
            if slot.aggregate != _DISTINCT:
                types[slot.name] = _INPUTS[slot.aggregate]
            if slot.aggregate == _SUM:
                types[_exact(slot)] = _DECIMAL
        return F.struct(
            aggregates.window(time, self._spec).alias(WINDOW_START),
            F.lit(number).alias(SET),
            *(value.cast("string").alias(name) for name, value in named),
            *(inputs.get(name, F.lit(None)).cast(kind).alias(name) for name, kind in types.items()),
        )


def _input(metric: Metric) -> Column:
    return F.lit(1) if metric.field is None else F.col(field_column(metric.field))


def _partial(slot: Slot) -> list[Column]:
    if slot.aggregate == _DISTINCT:
        return []
    if slot.aggregate == _SUM:
        return _sums(slot)
    functions = {"count": F.count, "min": F.min, "max": F.max}
    return [functions[slot.aggregate](slot.name).alias(slot.name)]


def _decimal(value: Column, kind: str) -> Column:
    """The decimal that a value is, null where it is none."""
    decimal = value.try_cast(_DECIMAL)
    return decimal if kind == "integer" else F.when(decimal.cast("double") == value, decimal)


def _sums(slot: Slot) -> list[Column]:
    """The sum of the doubles, and that of the decimals that they are, if all of them are and their sum is one.

    The sum of decimals has no order. That of doubles, in which the last digits may differ, is for the others: where a
    value or the sum has more than 20 digits before the point, or a value more than 18 after it.
    """
    value, decimal = slot.name, _exact(slot)
    are_all = F.count(decimal) == F.count(value)
    return [F.sum(value).alias(value), F.when(are_all, F.try_sum(decimal)).alias(decimal)]


def _exact(slot: Slot) -> str:
    return f"exact_{slot.name}"


def _merged(slot: Slot) -> Column:
    """The value of a whole group. Of its parts, only the one without a distinct value has sums, minima and maxima."""
    if slot.aggregate == _DISTINCT:
        return F.count_if(F.col(_OF) == slot.index)
    value = F.col(slot.name)
    if slot.aggregate == _SUM:
        return F.coalesce(F.max(_exact(slot)).cast("double"), F.max(value))
    return F.sum(value) if slot.aggregate == "count" else F.max(value)
