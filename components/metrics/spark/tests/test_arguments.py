"""The arguments that Glue passes."""

import pytest

from log_pipeline_metrics import arguments
from log_pipeline_metrics.arguments import ArgumentsError

STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/events"
GIVEN = {
    "JOB_NAME": "metrics",
    "version": "0123456789ab",
    "spec": "s3://artifacts/metrics/spec.json",
    "published": "s3://artifacts/metrics/published.json",
    "checkpoint": "s3://warehouse/checkpoints/metrics/abc/",
    "database": "log_pipeline_metrics",
    "stream_arn": STREAM,
    "consumer_arn": f"{STREAM}/consumer/metrics:1",
    "retention_hours": "24",
    "region": "eu-west-1",
    "trigger_seconds": "60",
    "metric_namespace": "log-pipeline",
}


def test_numbers_are_read_and_the_role_may_be_absent():
    read = arguments.parse(GIVEN)
    assert (read.retention_hours, read.trigger_seconds, read.role_arn) == (24, 60, None)


def test_role_is_asked_for_where_it_is_given():
    # Glue's getResolvedOptions refuses a name that is not among the arguments.
    assert "role_arn" not in arguments.names(["stream.py", "--JOB_NAME", "metrics"])
    assert "role_arn" in arguments.names(["stream.py", "--role_arn", "arn:aws:iam::123456789012:role/r"])
    assert "role_arn" in arguments.names(["stream.py", "--role_arn=arn:aws:iam::123456789012:role/r"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", " "),
        ("spec", "/tmp/spec.json"),
        ("published", "s3://artifacts"),
        ("checkpoint", "s3://warehouse/checkpoints"),
        ("checkpoint", "s3://warehouse/it's/"),
        ("database", "a;DROP TABLE b"),
        ("stream_arn", "events"),
        ("retention_hours", "0"),
        ("retention_hours", "a day"),
        ("trigger_seconds", "-5"),
        ("role_arn", "role"),
    ],
)
def test_bad_value_is_refused_by_its_name(name, value):
    with pytest.raises(ArgumentsError, match=f"--{name} is {value!r}, must be"):
        arguments.parse(GIVEN | {name: value})


def test_all_faults_are_told_at_once():
    with pytest.raises(ArgumentsError) as refused:
        arguments.parse({})
    assert [line.split()[0] for line in str(refused.value).splitlines()] == [f"--{n}" for n in arguments.REQUIRED]
