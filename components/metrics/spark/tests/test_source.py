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


def test_batch_reads_more_than_comes_in_until_the_next():
    for seconds in (10, 60, 600):
        options = source.options(arguments.parse(GIVEN | {"trigger_seconds": str(seconds)}), START)
        # By fan-out a shard gives 2 MB a second, and it takes in 1 MB or 1,000 records.
        assert 2 * int(options["maxFetchTimeInMs"]) >= 1000 * seconds
        assert int(options["maxFetchTimeInMs"]) < 1000 * seconds
        assert int(options["maxFetchRecordsPerShard"]) > 1000 * seconds


def test_stream_of_another_account_is_read_as_a_role():
    role = "arn:aws:iam::222222222222:role/reader"
    options = source.options(arguments.parse(GIVEN | {"role_arn": role}), START)
    assert (options["awsSTSRoleARN"], options["awsSTSSessionName"]) == (role, "metrics")
