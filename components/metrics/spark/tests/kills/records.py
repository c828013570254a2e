"""Records of every kind, and what a metrics job has to make of them.

The truth is plain Python and shares nothing with the job.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

WINDOW, LATENESS, SKEW, MOST_BYTES = 60, 60, 30, 500

_FIELDS = {
    "status": {"type": "integer"},
    "route": {"type": "string"},
    "user": {"type": "string"},
    "took": {"type": "number"},
}
_COMMON = {
    "version": 1,
    "window": WINDOW,
    "lateness": LATENESS,
    "skew": SKEW,
    "maxRecordBytes": MOST_BYTES,
    "eventTime": [{"field": "at", "format": "iso8601"}, {"field": "ms", "format": "epoch_milliseconds"}],
    "fields": {"at": {"type": "string"}, "ms": {"type": "integer"}} | _FIELDS,
}


def _metric(name: str, aggregate: str, dimensions: list[str], **more: Any) -> dict[str, Any]:
    return {"name": name, "description": name, "unit": "1", "aggregate": aggregate, "dimensions": dimensions} | more


def spec(dimensions: list[str], least_error: int) -> dict[str, Any]:
    """A spec of every aggregate, a filter and a ratio."""
    failed = {"field": "status", "atLeast": least_error}
    ratio = {"description": "errors", "unit": "ratio", "numerator": "errors", "denominator": "requests"}
    return _COMMON | {
        "metrics": [
            _metric("requests", "count", dimensions),
            _metric("errors", "count", dimensions, filter=failed),
            _metric("seconds", "sum", dimensions, field="took"),
            _metric("slowest", "max", [], field="took"),
            _metric("quickest", "min", [], field="took"),
            _metric("users", "distinct", [], field="user"),
        ],
        "ratios": [{"name": "error_rate"} | ratio],
    }


@dataclass(frozen=True)
class Sent:
    """A record in the stream."""

    shard: str
    sequence: int
    arrival: int
    text: str


class Maker:
    """Makes records, the same ones for the same seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)
        makers = {self._good: 79, self._late: 4, self._early: 4, self._malformed: 4, self._untimed: 6, self._large: 3}
        self._makers, self._weights = list(makers), list(makers.values())

    def text(self, arrival: int) -> str:
        """A record that arrives then."""
        [make] = self._random.choices(self._makers, self._weights)
        return make(arrival)

    def _good(self, arrival: int) -> str:
        r = self._random
        return self._timed(arrival + r.choice([-LATENESS, SKEW, -r.randrange(LATENESS), -r.randrange(5)]))

    def _late(self, arrival: int) -> str:
        return self._timed(arrival - LATENESS - self._random.randrange(1, 3600))

    def _early(self, arrival: int) -> str:
        return self._timed(arrival + SKEW + self._random.randrange(1, 3600))

    def _malformed(self, arrival: int) -> str:
        whole = self._timed(arrival)
        return self._random.choice(["{", "[1]", '"text"', whole[:-1], f"{whole} {whole}", whole.replace('"', "'")])

    def _untimed(self, arrival: int) -> str:
        return self._record({"at": self._random.choice([None, "", "-", "yesterday", "2026-13-01T00:00:00Z"])})

    def _large(self, arrival: int) -> str:
        return self._record({"padding": "x" * MOST_BYTES})

    def _timed(self, time: int) -> str:
        iso = datetime.fromtimestamp(time, UTC).isoformat()
        return self._record(self._random.choice([{"at": iso}, {"ms": time * 1000}, {"at": "-", "ms": time * 1000}]))

    def _record(self, more: dict[str, Any]) -> str:
        r = self._random
        return json.dumps(
            {
                "status": r.choice([200, 200, 200, 404, 500, "503", "none", None]),
                "route": r.choice(["a", "b", "c", None]),
                "user": f"user-{r.randrange(30)}",
                "took": r.randrange(80) / 8,
            }
            | more
        )


Key = tuple[str, int, str]


def truth(sent: Iterable[Sent], counted: dict[str, Any], first_window: int) -> dict[Key, float]:
    """The rows of the table, by metric, window and dimensions, for the windows from the first on.

    Of a distinct count the row is exact here, and an estimate in the table.
    """
    groups: dict[tuple[int, str], list[dict]] = defaultdict(list)
    rows: dict[Key, float] = defaultdict(float)
    dimensions = sorted({tuple(metric["dimensions"]) for metric in counted["metrics"]})
    for record in sent:
        event, reason = _judge(record)
        own = ("records_rejected", json.dumps({"reason": reason})) if reason else ("records_accepted", "{}")
        rows[own[0], _window(record.arrival), own[1].replace(" ", "")] += 1
        if event:
            for names in dimensions:
                groups[_window(event["time"]), _json(names, event)].append(event)
    for (window, shown), events in groups.items():
        for name, value in _values(events, set(json.loads(shown)), counted):
            rows[name, window, shown] = value
    return {key: value for key, value in rows.items() if key[1] >= first_window}


def seconds(iso: str) -> float:
    """Seconds since 1970 of a time in ISO 8601."""
    return datetime.fromisoformat(iso).timestamp()


def _window(time: float) -> int:
    return int(time // WINDOW * WINDOW)


def _json(names: Iterable[str], event: dict) -> str:
    return json.dumps({name: event[name] for name in sorted(names)}, separators=(",", ":"))


def _judge(record: Sent) -> tuple[dict | None, str | None]:
    """The event of a record, or the reason why it does not count."""
    if len(record.text.encode()) > MOST_BYTES:
        return None, "too_large"
    try:
        content = json.loads(record.text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return None, "malformed"
    time, reason = _time(content, record.arrival)
    if reason:
        return None, reason
    return content | {"time": time, "status": _integer(content["status"])}, None


def _time(content: dict, arrival: int) -> tuple[float, str | None]:
    given = [(name, content[name]) for name in ("at", "ms") if content.get(name) not in (None, "", "-")]
    if not given:
        return 0, "no_time"
    name, value = given[0]
    try:
        time = value / 1000 if name == "ms" else seconds(value)
    except ValueError:
        return 0, "bad_time"
    if time > arrival + SKEW:
        return time, "too_far_ahead"
    return time, "too_old" if time < arrival - LATENESS else None


def _integer(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _values(events: list[dict], names: set[str], counted: dict[str, Any]) -> Iterator[tuple[str, float]]:
    values = {}
    for metric in counted["metrics"]:
        if set(metric["dimensions"]) == names:
            least = metric.get("filter", {}).get("atLeast")
            passing = [e for e in events if least is None or (e["status"] is not None and e["status"] >= least)]
            values[metric["name"]] = _aggregate(metric, passing)
    for ratio in counted["ratios"]:
        if ratio["numerator"] in values:
            values[ratio["name"]] = values[ratio["numerator"]] / values[ratio["denominator"]]
    yield from values.items()


def _aggregate(metric: dict[str, Any], events: list[dict]) -> float:
    taken = [event[metric["field"]] for event in events] if "field" in metric else events
    aggregates = {"count": len, "sum": sum, "max": max, "min": min, "distinct": lambda values: len(set(values))}
    return aggregates[metric["aggregate"]](taken)
