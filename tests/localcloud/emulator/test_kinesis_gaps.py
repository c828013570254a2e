"""Each gap that kinesis_gaps.py fills, as a client of AWS sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

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


def test_no_record_of_many_that_come_at_once_is_lost(stream):
    [shard] = stream.shards()
    sent = [str(number) for number in range(200)]
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(stream.put, sent))
    assert sorted(stream.read(shard)[0]) == sorted(sent)
