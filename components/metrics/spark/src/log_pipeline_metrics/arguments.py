"""The arguments of the streaming job, as Glue passes them: text by name. Check is the batch's too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REQUIRED = (
    "JOB_NAME",
    "version",
    "spec",
    "published",
    "checkpoint",
    "database",
    "stream_arn",
    "consumer_arn",
    "retention_hours",
    "region",
    "trigger_seconds",
    "metric_namespace",
)
OPTIONAL = ("role_arn",)

URI = re.compile(r"s3://[^/]+/.+")
# Both stand in SQL.
FOLDER = re.compile(r"s3://[a-z0-9.-]+/([A-Za-z0-9._=-]+/)*")
NAME = re.compile(r"[a-z0-9_]+")
_ARN = re.compile(r"arn:[^:]+:[a-z]+:.+")


class ArgumentsError(ValueError):
    """Arguments with faults, a line for each."""


@dataclass(frozen=True)
class Arguments:
    """What the job was started with.

    version is the published version that it runs for, spec and published are S3 URIs of documents, checkpoint is one
    of a folder, and role_arn is the role to read a stream of another account as.
    """

    job_name: str
    version: str
    spec: str
    published: str
    checkpoint: str
    database: str
    stream_arn: str
    consumer_arn: str
    retention_hours: int
    region: str
    trigger_seconds: int
    metric_namespace: str
    role_arn: str | None = None


def names(argv: Sequence[str]) -> list[str]:
    """Name the arguments to ask Glue for: it knows none that may be absent."""
    given = {word.partition("=")[0] for word in argv}
    return [*REQUIRED, *(name for name in OPTIONAL if f"--{name}" in given)]


def parse(values: Mapping[str, str]) -> Arguments:
    """Check the arguments. Raises ArgumentsError with all faults."""
    faults: list[str] = []
    check = Check(values, faults)
    arguments = Arguments(
        job_name=check.text("JOB_NAME"),
        version=check.text("version"),
        spec=check.matching("spec", URI, "s3://BUCKET/KEY"),
        published=check.matching("published", URI, "s3://BUCKET/KEY"),
        checkpoint=check.matching("checkpoint", FOLDER, "s3://BUCKET/FOLDER/ of letters, digits and ._=-"),
        database=check.matching("database", NAME, "lower-case letters, digits and _"),
        stream_arn=check.matching("stream_arn", _ARN, "an ARN"),
        consumer_arn=check.matching("consumer_arn", _ARN, "an ARN"),
        retention_hours=check.number("retention_hours"),
        region=check.text("region"),
        trigger_seconds=check.number("trigger_seconds"),
        metric_namespace=check.text("metric_namespace"),
        role_arn=check.matching("role_arn", _ARN, "an ARN") if "role_arn" in values else None,
    )
    if faults:
        raise ArgumentsError("\n".join(faults))
    return arguments


class Check:
    """Takes values of arguments and notes their faults."""

    def __init__(self, values: Mapping[str, str], faults: list[str]):
        self._values = values
        self._faults = faults

    def text(self, name: str) -> str:
        return self.matching(name, re.compile(r".*\S.*"), "a text that is not empty")

    def matching(self, name: str, pattern: re.Pattern, allowed: str) -> str:
        value = self._values.get(name, "")
        if not pattern.fullmatch(value):
            self._faults.append(f"--{name} is {value!r}, must be {allowed}")
        return value

    def number(self, name: str) -> int:
        value = self.matching(name, re.compile(r"0*[1-9][0-9]*"), "a whole number above 0")
        return int(value) if value.isdecimal() else 0

    def fault(self, text: str) -> None:
        self._faults.append(text)
