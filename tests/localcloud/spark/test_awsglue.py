"""The stand-in for Glue's package, on a stream that is a dictionary."""

from datetime import UTC, datetime

import pytest

from awsglue.job import Job
from awsglue.kinesis import KinesisReader
from awsglue.utils import GlueArgumentError, getResolvedOptions

ARRIVAL = datetime(2026, 3, 29, tzinfo=UTC)


class Shard:
    def __init__(self, *parents: str):
        self.parents = parents
        self.records: list[str] = []
        self.closed = False


class Kinesis:
    """As much of Kinesis as is read. An iterator is a shard and a number of records."""

    def __init__(self, **shards: Shard):
        self.shards = shards
        self.calls = 0

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        yield {"Shards": [self._listed(name, *shard.parents) for name, shard in self.shards.items()]}

    def _listed(self, name: str, parent: str | None = None, adjacent: str | None = None) -> dict:
        named = {"ShardId": name, "ParentShardId": parent, "AdjacentParentShardId": adjacent}
        return {key: value for key, value in named.items() if value}

    def get_shard_iterator(self, ShardId: str, ShardIteratorType: str, StartingSequenceNumber: str = "0", **_):
        return {"ShardIterator": f"{ShardId}:{StartingSequenceNumber}"}

    def get_records(self, ShardIterator: str, Limit: int, **_):
        self.calls += 1
        name, _, read = ShardIterator.partition(":")
        shard, first = self.shards[name], int(read)
        found = shard.records[first : first + Limit]
        reached = first + len(found)
        answer = {
            "Records": [
                {"Data": text.encode(), "SequenceNumber": str(number), "ApproximateArrivalTimestamp": ARRIVAL}
                for number, text in enumerate(found, first + 1)
            ]
        }
        at_end = shard.closed and reached >= len(shard.records)
        return answer if at_end else answer | {"NextShardIterator": f"{name}:{reached}"}


@pytest.fixture
def reader_of():
    def make(kinesis: Kinesis, most: int = 100) -> KinesisReader:
        options = {"streamarn": "arn:aws:kinesis:eu-west-1:1:stream/s", "startingposition": "2026-03-29T00:00:00Z"}
        reader = KinesisReader(options | {"maxfetchrecordspershard": str(most)})
        reader._kinesis = kinesis
        return reader

    return make


def texts(records) -> list[str]:
    return [text for text, _ in records]


def test_read_goes_on_where_the_last_one_ended(reader_of):
    shard = Shard()
    reader = reader_of(Kinesis(a=shard))
    shard.records += ["1", "2"]
    first, reached = reader.read(reader.initialOffset())
    shard.records += ["3"]
    second, _ = reader.read(reached)
    assert (texts(first), texts(second)) == (["1", "2"], ["3"])


def test_reader_of_a_restarted_job_goes_on_from_the_offset(reader_of):
    shard = Shard()
    shard.records += ["1", "2"]
    _, reached = reader_of(Kinesis(a=shard)).read({})
    shard.records += ["3"]
    assert texts(reader_of(Kinesis(a=shard)).read(reached)[0]) == ["3"]


def test_batch_has_so_many_records_of_a_shard_at_most(reader_of):
    shard = Shard()
    shard.records += ["1", "2", "3"]
    reader = reader_of(Kinesis(a=shard), most=2)
    first, reached = reader.read({})
    second, reached = reader.read(reached)
    assert (texts(first), texts(second)) == (["1", "2"], ["3"])


def test_environment_says_how_small_a_batch_is(reader_of, monkeypatch):
    monkeypatch.setenv("LOCAL_CLOUD_RECORDS_PER_SHARD", "1")
    shard = Shard()
    shard.records += ["1", "2"]
    assert texts(reader_of(Kinesis(a=shard), most=2).read({})[0]) == ["1"]


def test_nothing_new_is_no_new_offset(reader_of):
    shard = Shard()
    shard.records += ["1"]
    reader = reader_of(Kinesis(a=shard))
    _, reached = reader.read({})
    assert reader.read(reached)[1] == reached


def test_children_are_read_after_all_of_their_parent(reader_of):
    parent, low, high = Shard(), Shard("a"), Shard("a")
    parent.records += ["1", "2", "3"]
    parent.closed = True
    low.records += ["low"]
    high.records += ["high"]
    reader = reader_of(Kinesis(a=parent, b=low, c=high), most=2)
    first, reached = reader.read({})
    second, reached = reader.read(reached)
    assert (texts(first), texts(second)) == (["1", "2"], ["3", "low", "high"])
    assert texts(reader.read(reached)[0]) == []


def test_child_of_a_merge_waits_for_both_parents(reader_of):
    left, right, child = Shard(), Shard(), Shard("a", "b")
    left.records, right.records, child.records = ["1"], ["2"], ["3"]
    left.closed = True
    reader = reader_of(Kinesis(a=left, b=right, c=child))
    first, reached = reader.read({})
    right.closed = True
    assert (texts(first), texts(reader.read(reached)[0])) == (["1", "2"], ["3"])


def test_child_is_read_when_its_parent_has_expired(reader_of):
    child = Shard("gone")
    child.records += ["1"]
    assert texts(reader_of(Kinesis(b=child)).read({})[0]) == ["1"]


def test_batch_is_read_again_as_it_was(reader_of):
    parent, child = Shard(), Shard("a")
    parent.records += ["1", "2", "3"]
    kinesis = Kinesis(a=parent)
    reader = reader_of(kinesis, most=2)
    _, start = reader.read({})
    parent.closed, kinesis.shards["b"] = True, child
    child.records += ["4"]
    batch, end = reader.read(start)
    child.records += ["5"]
    again = reader_of(kinesis).readBetweenOffsets(start, end)
    assert texts(again) == texts(batch) == ["3", "4"]


def test_options_are_given_by_name_with_glues_own():
    given = ["stream.py", "--JOB_NAME", "metrics", "--version=a=b", "--other", "x", "--SECURITY_CONFIGURATION", "kms"]
    assert getResolvedOptions(given, ["JOB_NAME", "version"]) == {
        "JOB_NAME": "metrics",
        "version": "a=b",
        "JOB_ID": None,
        "JOB_RUN_ID": None,
        "SECURITY_CONFIGURATION": "kms",
    }


def test_job_begins_with_glues_own_arguments():
    given = ["stream.py", "--JOB_NAME", "metrics"]
    Job(glue_context=None).init("metrics", getResolvedOptions(given, ["JOB_NAME"]))
    with pytest.raises(ValueError, match="SECURITY_CONFIGURATION"):
        Job(glue_context=None).init("metrics", {"JOB_NAME": "metrics"})


def test_option_that_is_asked_for_is_required():
    with pytest.raises(GlueArgumentError, match="--version"):
        getResolvedOptions(["stream.py", "--JOB_NAME", "metrics"], ["JOB_NAME", "version"])
