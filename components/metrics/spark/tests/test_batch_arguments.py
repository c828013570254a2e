"""The arguments of the batch."""

from datetime import UTC, datetime

import pytest

from log_pipeline_metrics import batch_arguments
from log_pipeline_metrics.arguments import ArgumentsError

GIVEN = {
    "spec": "s3://artifacts/metrics/abc/spec.json",
    "raw": "s3://raw-0a1b2c3/logs/",
    "database": "log_pipeline_metrics",
    "version": "0123456789abcdef",
    "lateness_hours": "24",
    "settle_seconds": "3600",
}
RANGE = {"from": "2026-11-25T00:00Z", "to": "2026-11-26"}


def words(values: dict[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in (f"--{name}", value)]


def faults(argv: list[str]) -> list[str]:
    with pytest.raises(ArgumentsError) as refused:
        batch_arguments.parse(argv)
    return str(refused.value).splitlines()


def test_arguments_of_the_schedule_have_no_range():
    read = batch_arguments.parse(words(GIVEN))
    assert (read.raw, read.lateness_hours, read.settle_seconds) == ("s3://raw-0a1b2c3/logs/", 24, 3600)
    assert (read.first, read.end) == (None, None)


def test_times_of_a_range_are_utc_and_a_date_is_its_midnight():
    read = batch_arguments.parse([*words(GIVEN), "--from=2026-11-25T13:30:00Z", "--to", "2026-11-26"])
    assert (read.first, read.end) == (datetime(2026, 11, 25, 13, 30, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spec", "/tmp/spec.json"),
        ("raw", "s3://raw/logs"),
        ("raw", "s3://raw/{a,b}/"),
        ("database", "a;DROP TABLE b"),
        ("version", "1.0"),
        ("lateness_hours", "0"),
        ("lateness_hours", "745"),
        ("settle_seconds", "-5"),
        ("from", "yesterday"),
        ("from", "2026-02-29"),
        ("from", "2026-11-25T00:00"),
        ("to", "2026-11-26T00:00+01:00"),
    ],
)
def test_bad_value_is_refused_by_its_name(name, value):
    [fault] = faults(words(GIVEN | RANGE | {name: value}))
    assert fault.startswith(f"--{name} is {value!r}, must be")


def test_all_faults_are_told_at_once():
    assert [fault.split()[0] for fault in faults([])] == [f"--{name}" for name in batch_arguments.REQUIRED]


def test_range_has_both_ends_in_their_order():
    assert faults(words(GIVEN | {"from": "2026-11-25"})) == ["--to is not given, must be given with --from"]
    assert faults(words(GIVEN | {"to": "2026-11-25"})) == ["--from is not given, must be given with --to"]
    wrong = faults(words(GIVEN | {"from": "2026-11-25", "to": "2026-11-25T00:00Z"}))
    assert wrong == ["--from is '2026-11-25', must be before --to, which is '2026-11-25T00:00Z'"]


def test_unknown_and_repeated_arguments_are_refused():
    found = faults([*words(GIVEN), "--form", "2026-11-25", "--version", "0123456789abcdef"])
    assert found[0].startswith("'--form' is no argument, must be one of --spec, ")
    assert found[1:] == ["--version is given twice"]


def test_argument_without_a_value_does_not_take_the_next():
    assert faults(["--spec", *words({name: value for name, value in GIVEN.items() if name != "spec"})]) == [
        "--spec is '', must be s3://BUCKET/KEY"
    ]
