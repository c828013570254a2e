"""A Python Data Source that reads a Kinesis stream with the options of Glue's connection.

An offset says for each shard how far it has been read: {"shardId-000000000000": {"after": "SEQUENCE NUMBER"}}, or
{"from": "TIME"} before its first record, with "end": true after the last one of a closed shard. A shard that a split or
merge made is read once its parents have ended.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
from pyspark.sql.datasource import DataSource, SimpleDataSourceStreamReader

RAW_COLUMN = "$json$data_infer_schema$_temporary$"

# An environment variable: so many records of a shard are read in a batch at most, whatever the options say. With few, a
# small backlog makes several batches.
RECORDS_PER_SHARD = "LOCAL_CLOUD_RECORDS_PER_SHARD"
DEFAULT_RECORDS_PER_SHARD = 100_000
# docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
MOST_RECORDS_OF_A_CALL = 10_000

Offset = dict[str, dict[str, Any]]
Record = tuple[str, datetime]


class KinesisSource(DataSource):
    """The records of a stream, as text, and the time of their arrival."""

    @classmethod
    def name(cls) -> str:
        return "local_cloud_kinesis"

    def schema(self) -> str:
        return f"`{RAW_COLUMN}` string, __src_timestamp timestamp"

    def simpleStreamReader(self, schema) -> "KinesisReader":
        return KinesisReader(dict(self.options))


class KinesisReader(SimpleDataSourceStreamReader):
    """Reads on from an offset, or once more what lies between two."""

    def __init__(self, options: dict[str, str]):
        # Spark gives the names of options in lower case.
        self.arn = options["streamarn"]
        self.beginning = {"from": options["startingposition"]}
        asked = options.get("maxfetchrecordspershard", DEFAULT_RECORDS_PER_SHARD)
        self.most = int(os.environ.get(RECORDS_PER_SHARD, asked))
        self._kinesis = None
        # Where the next read of a shard goes on, by the position it reached.
        self._iterators: dict[str, tuple[dict, str]] = {}

    @property
    def kinesis(self):
        if self._kinesis is None:
            self._kinesis = boto3.client("kinesis", region_name=self.arn.split(":")[3])
        return self._kinesis

    def initialOffset(self) -> Offset:
        return {}

    def read(self, start: Offset) -> tuple[Iterator[Record], Offset]:
        """Read each shard's next records, as many as there are up to the most of a batch."""
        reached, records = dict(start), []
        for shard, parents in self._shards().items():
            if all(reached.get(parent, {}).get("end") for parent in parents):
                new, reached[shard] = self._read_shard(shard, reached.get(shard, self.beginning))
                records += new
        return iter(records), dict(sorted(reached.items()))

    def readBetweenOffsets(self, start: Offset, end: Offset) -> Iterator[Record]:
        """Read again what a batch consists of that was not committed."""
        for shard, last in end.items():
            first = start.get(shard, self.beginning)
            if first != last and "after" in last:
                yield from self._read_between(shard, first, last["after"])

    def commit(self, end: Offset) -> None:
        """Nothing is to be done: Kinesis does not know how far a reader is."""

    def _shards(self) -> dict[str, list[str]]:
        """Each shard and those of its parents that can still be read, parents first."""
        pages = self.kinesis.get_paginator("list_shards").paginate(StreamARN=self.arn)
        listed = {shard["ShardId"]: shard for page in pages for shard in page["Shards"]}
        parents = {
            name: [shard[key] for key in ("ParentShardId", "AdjacentParentShardId") if shard.get(key) in listed]
            for name, shard in listed.items()
        }
        return dict(sorted(parents.items()))

    def _read_shard(self, shard: str, position: dict[str, Any]) -> tuple[list[Record], dict[str, Any]]:
        records: list[Record] = []
        if position.get("end"):
            return records, position
        iterator = self._iterator(shard, position)
        while iterator and len(records) < self.most:
            limit = min(MOST_RECORDS_OF_A_CALL, self.most - len(records))
            answer = self.kinesis.get_records(StreamARN=self.arn, ShardIterator=iterator, Limit=limit)
            iterator = answer.get("NextShardIterator")
            records += [_record(record) for record in answer["Records"]]
            if answer["Records"]:
                position = {"after": answer["Records"][-1]["SequenceNumber"]}
            elif iterator:
                break
        if iterator is None:
            return records, position | {"end": True}
        self._iterators[shard] = (position, iterator)
        return records, position

    def _read_between(self, shard: str, first: dict[str, Any], last: str) -> Iterator[Record]:
        iterator = self._iterator(shard, first)
        while iterator:
            answer = self.kinesis.get_records(StreamARN=self.arn, ShardIterator=iterator, Limit=MOST_RECORDS_OF_A_CALL)
            for record in answer["Records"]:
                if int(record["SequenceNumber"]) > int(last):
                    return
                yield _record(record)
                if record["SequenceNumber"] == last:
                    return
            iterator = answer.get("NextShardIterator")

    def _iterator(self, shard: str, position: dict[str, Any]) -> str:
        reached, iterator = self._iterators.get(shard, (None, ""))
        if reached == position:
            return iterator
        return self.kinesis.get_shard_iterator(StreamARN=self.arn, ShardId=shard, **_iterator_type(position))[
            "ShardIterator"
        ]


def _iterator_type(position: dict[str, Any]) -> dict[str, Any]:
    if "after" in position:
        return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": position["after"]}
    time = datetime.strptime(position["from"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": time}


def _record(record: dict[str, Any]) -> Record:
    return record["Data"].decode("utf-8", errors="replace"), record["ApproximateArrivalTimestamp"]
