"""What is learnt from the files of a checkpoint."""

from datetime import UTC, datetime

import pytest

from log_pipeline_metrics.checkpoint import NONE, Checkpoint

FOLDER = "s3://warehouse/checkpoints/metrics/abc/1/"
# As Spark 4.1.1 writes it; the last line is the source's.
OFFSETS = b"""v1
{"batchWatermarkMs":1774785600000,"batchTimestampMs":1774786700123,"conf":{"spark.sql.shuffle.partitions":"2"}}
{"shardId-000000000000": {"after": "1"}}"""


class Objects:
    """Objects of one bucket, in memory."""

    def __init__(self):
        self.contents: dict[str, bytes] = {}

    def read(self, uri: str) -> bytes:
        return self.contents[uri]

    def write(self, uri: str, content: bytes) -> None:
        self.contents[uri] = content

    def names(self, folder: str) -> list[str]:
        below = [uri.removeprefix(folder) for uri in self.contents if uri.startswith(folder)]
        return [name for name in below if "/" not in name]


@pytest.fixture
def objects() -> Objects:
    return Objects()


@pytest.fixture
def checkpoint(objects) -> Checkpoint:
    return Checkpoint(objects, FOLDER)


def test_new_checkpoint_has_no_batch(checkpoint):
    assert (checkpoint.last_commit(), checkpoint.last_seen()) == (NONE, NONE)


def test_last_commit_is_the_highest_and_no_file_that_is_being_written(checkpoint, objects):
    for name in ("2", "10", "9", ".11.0b7f.tmp"):
        objects.write(f"{FOLDER}commits/{name}", b"v1")
    objects.write(f"{FOLDER}offsets/11", OFFSETS)
    assert checkpoint.last_commit() == 10


def test_watermark_is_that_of_the_batch(checkpoint, objects):
    objects.write(f"{FOLDER}offsets/3", OFFSETS)
    assert checkpoint.watermark(3) == datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_batch_that_was_seen_is_known_to_the_next_process(checkpoint, objects):
    checkpoint.see(4)
    assert Checkpoint(objects, FOLDER).last_seen() == 4
