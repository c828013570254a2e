"""The options of Glue's connection."""

from datetime import UTC, datetime

from test_arguments import GIVEN

from log_pipeline_metrics import arguments, source

START = datetime(2026, 3, 29, 1, 2, 3, tzinfo=UTC)


def test_stream_is_read_by_fan_out_from_an_arrival_on_with_the_time_of_each_record():
    options = source.options(arguments.parse(GIVEN), START)
    assert options["startingPosition"] == "2026-03-29T01:02:03Z"
    assert options["fanoutConsumerARN"] == GIVEN["consumer_arn"]
    assert options["addRecordTimestamp"] == "true"
    assert not {name for name in options if name.startswith("awsSTS")}


def test_batch_reads_more_than_a_shard_takes_until_the_next():
    options = source.options(arguments.parse(GIVEN | {"trigger_seconds": "60"}), START)
    assert options["maxFetchTimeInMs"] == "60000"
    # docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html: 1,000 records a second.
    assert int(options["maxFetchRecordsPerShard"]) > 60 * 1000


def test_stream_of_another_account_is_read_as_a_role():
    role = "arn:aws:iam::222222222222:role/reader"
    options = source.options(arguments.parse(GIVEN | {"role_arn": role}), START)
    assert (options["awsSTSRoleARN"], options["awsSTSSessionName"]) == (role, "metrics")
