"""The arguments of the batch, as spark-submit passes them on: --name value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from log_pipeline_metrics.arguments import FOLDER, NAME, URI, ArgumentsError, Check

REQUIRED = ("spec", "raw", "database", "version", "lateness_hours", "settle_seconds")
RANGE = ("from", "to")
MISSING = "missing"
_KNOWN = (*REQUIRED, *RANGE, MISSING)

_VERSION = re.compile(r"[0-9a-f]{16}")
_ACCEPT = re.compile(r"accept")
_SECONDS = re.compile(r"[0-9]{1,6}")
# A month: more hours than that in one chunk are too many paths.
_HOURS = re.compile(r"0*([1-9]|[1-9][0-9]|[1-6][0-9]{2}|7[0-3][0-9]|74[0-4])")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?")
_TIME_ALLOWED = "a time such as 2026-11-25T00:00Z, or a date for its midnight UTC"


@dataclass(frozen=True)
class BatchArguments:
    """What the batch was started with.

    spec is the URI of a document, raw that of the folder with dt=YYYY-MM-DD/hour=HH/. An event counts if it reached
    raw within lateness_hours after its time. Without first and end, the windows to count again, the batch counts up to
    settle_seconds before now. accepts_missing is for input that is lost for good: what the streaming job has counted
    need not be in raw then.
    """

    spec: str
    raw: str
    database: str
    version: str
    lateness_hours: int
    settle_seconds: int
    first: datetime | None = None
    end: datetime | None = None
    accepts_missing: bool = False


def parse(argv: Sequence[str]) -> BatchArguments:
    """Read and check the arguments. Raises ArgumentsError with all faults."""
    faults: list[str] = []
    values = _by_name(argv, faults)
    check = Check(values, faults)
    arguments = BatchArguments(
        spec=check.matching("spec", URI, "s3://BUCKET/KEY"),
        raw=check.matching("raw", FOLDER, "s3://BUCKET/FOLDER/ of letters, digits and ._=-"),
        database=check.matching("database", NAME, "lower-case letters, digits and _"),
        version=check.matching("version", _VERSION, "16 hexadecimal digits"),
        lateness_hours=_number(check.matching("lateness_hours", _HOURS, "a whole number from 1 to 744")),
        settle_seconds=_number(check.matching("settle_seconds", _SECONDS, "a whole number from 0 to 999999")),
        first=_time(check, "from") if "from" in values else None,
        end=_time(check, "to") if "to" in values else None,
        accepts_missing=MISSING in values and check.matching(MISSING, _ACCEPT, "accept") == "accept",
    )
    _check_range(values, arguments, check)
    if faults:
        raise ArgumentsError("\n".join(faults))
    return arguments


def _by_name(argv: Sequence[str], faults: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    words = list(argv)
    while words:
        name, is_one_word, value = words.pop(0).partition("=")
        if name not in [f"--{known}" for known in _KNOWN]:
            faults.append(f"{name!r} is no argument, must be one of --{', --'.join(_KNOWN)}")
            if words and not words[0].startswith("--") and name.startswith("--") and not is_one_word:
                words.pop(0)
            continue
        if not is_one_word:
            value = words.pop(0) if words and not words[0].startswith("--") else ""
        if name[2:] in values:
            faults.append(f"{name} is given twice")
        values[name[2:]] = value
    return values


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _time(check: Check, name: str) -> datetime | None:
    text = check.matching(name, _TIME, _TIME_ALLOWED)
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        check.fault(f"--{name} is {text!r}, must be {_TIME_ALLOWED}")
        return None


def _check_range(values: dict[str, str], arguments: BatchArguments, check: Check) -> None:
    for name, other in (RANGE, RANGE[::-1]):
        if name in values and other not in values:
            check.fault(f"--{other} is not given, must be given with --{name}")
    if arguments.first and arguments.end and arguments.first >= arguments.end:
        check.fault(f"--from is {values['from']!r}, must be before --to, which is {values['to']!r}")
