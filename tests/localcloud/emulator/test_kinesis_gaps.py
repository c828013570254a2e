"""Each gap that kinesis_gaps.py fills, as a client of AWS sees it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from moto.kinesis.models import Shard
from moto.kinesis.models import Stream as KinesisStream

import kinesis_gaps

LAST_HASH_KEY = str(2**128 - 1)
MIDDLE = str(2**127)


@pytest.fixture
def stream(client, request):
    kinesis = client("kinesis")
    name = request.node.name[-100:].strip("[]_")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    return Stream(kinesis, name)


class Stream:
    def __init__(self, kinesis, name: str):
        self.kinesis, self.name = kinesis, name

    def put(self, data: str, hash_key: str = "0") -> str:
        answer = self.kinesis.put_record(
            StreamName=self.name, Data=data.encode(), PartitionKey="k", ExplicitHashKey=hash_key
        )
        return answer["ShardId"]

    def shards(self) -> list[str]:
        return [shard["ShardId"] for shard in self.kinesis.list_shards(StreamName=self.name)["Shards"]]

    def read(self, shard: str) -> tuple[list[str], bool]:
        """What the shard holds, and whether more may come."""
        iterator = self.kinesis.get_shard_iterator(
            StreamName=self.name, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        answer = self.kinesis.get_records(ShardIterator=iterator)
        return [record["Data"].decode() for record in answer["Records"]], bool(answer.get("NextShardIterator"))


def test_split_leaves_records_where_they_were_read(stream):
    [parent] = stream.shards()
    stream.put("before")
    stream.kinesis.split_shard(StreamName=stream.name, ShardToSplit=parent, NewStartingHashKey=MIDDLE)
    assert [stream.read(shard)[0] for shard in stream.shards()] == [["before"], [], []]


def test_merge_leaves_records_where_they_were_read(stream):
    [parent] = stream.shards()
    stream.kinesis.split_shard(StreamName=stream.name, ShardToSplit=parent, NewStartingHashKey=MIDDLE)
    _, low, high = stream.shards()
    stream.put("low"), stream.put("high", MIDDLE)
    stream.kinesis.merge_shards(StreamName=stream.name, ShardToMerge=low, AdjacentShardToMerge=high)
    assert [stream.read(shard)[0] for shard in stream.shards()] == [[], ["low"], ["high"], []]


def test_records_go_to_the_open_shard_of_their_hash_key(stream):
    [parent] = stream.shards()
    stream.kinesis.split_shard(StreamName=stream.name, ShardToSplit=parent, NewStartingHashKey=MIDDLE)
    _, low, high = stream.shards()
    assert [stream.put("x"), stream.put("x", MIDDLE), stream.put("x", LAST_HASH_KEY)] == [low, high, high]


def test_closed_shard_ends_and_open_one_does_not(stream):
    [parent] = stream.shards()
    stream.put("before")
    assert stream.read(parent) == (["before"], True)
    stream.kinesis.split_shard(StreamName=stream.name, ShardToSplit=parent, NewStartingHashKey=MIDDLE)
    assert stream.read(parent) == (["before"], False)


def test_records_that_come_at_once_are_all_kept(monkeypatch):
    count = Shard.get_max_sequence_number

    def count_slowly(self):
        number = count(self)
        time.sleep(0.05)
        return number

    monkeypatch.setattr(Shard, "get_max_sequence_number", count_slowly)
    monkeypatch.setattr(KinesisStream, "put_record", KinesisStream.put_record)
    kinesis_gaps.write_one_record_at_a_time()
    stream = KinesisStream("busy", 1, None, None, "123456789012", "eu-west-1")
    with ThreadPoolExecutor(4) as senders:
        list(senders.map(lambda data: stream.put_record("k", "", data), "abcd"))
    assert sorted(r.data for shard in stream.shards.values() for r in shard.records.values()) == list("abcd")
