"""What moto 5.2.5 lacks of Kinesis beside the tags of new streams; see gaps.py."""

import hashlib
import threading
from collections import OrderedDict

from moto.kinesis.models import KinesisBackend, Stream
from moto.kinesis.utils import decompose_shard_iterator


def fill_all() -> None:
    """Fill every gap of Kinesis."""
    leave_records_in_closed_shards()
    put_records_into_open_shards()
    write_one_record_at_a_time()
    end_closed_shards()


def leave_records_in_closed_shards() -> None:
    """A split or merge leaves the records in the shards that it closes.

    moto puts them into the new shards once more, with another arrival and
    another sequence number: readers get again what they have read.
    """
    split_shard, merge_shards = Stream.split_shard, Stream.merge_shards

    def split_shard_without_records(self, shard, new_starting_hash_key):
        _without_records(self, (shard,), lambda: split_shard(self, shard, new_starting_hash_key))

    def merge_shards_without_records(self, shard, adjacent):
        _without_records(self, (shard, adjacent), lambda: merge_shards(self, shard, adjacent))

    Stream.split_shard = split_shard_without_records
    Stream.merge_shards = merge_shards_without_records


def _without_records(stream: Stream, names: tuple[str, ...], reshard) -> None:
    """Have the records of shards out of the way while they are closed."""
    kept = {name: stream.shards[name].records for name in names if name in stream.shards}
    try:
        for name in kept:
            stream.shards[name].records = OrderedDict()
        reshard()
    finally:
        for name, records in kept.items():
            stream.shards[name].records = records


def put_records_into_open_shards() -> None:
    """A record goes to the open shard with its hash key in the range.

    moto takes the first shard with it, closed or not, and none for the last
    key of a range.
    """
    get_shard_for_key = Stream.get_shard_for_key

    def get_open_shard_for_key(self, partition_key, explicit_hash_key):
        get_shard_for_key(self, partition_key, explicit_hash_key)  # refuses bad keys
        key = int(explicit_hash_key or hashlib.md5(partition_key.encode()).hexdigest(), 10 if explicit_hash_key else 16)
        return next(s for s in self.shards.values() if s.is_open and s.starting_hash <= key <= s.ending_hash)

    Stream.get_shard_for_key = get_open_shard_for_key


def write_one_record_at_a_time() -> None:
    """Records that come at once get a sequence number each.

    moto counts without a lock: of two with the same number one is gone.
    """
    writing = threading.RLock()
    for name in ("put_record", "split_shard", "merge_shards"):
        setattr(Stream, name, _locked(writing, getattr(Stream, name)))


def _locked(lock, call):
    def locked_call(*args):
        with lock:
            return call(*args)

    return locked_call


def end_closed_shards() -> None:
    """GetRecords gives no further iterator at the end of a closed shard.

    moto lets a reader ask a closed shard for ever.
    """
    get_records = KinesisBackend.get_records

    def get_records_to_the_end(self, stream_arn, shard_iterator, limit):
        following, records, behind = get_records(self, stream_arn, shard_iterator, limit)
        stream_name, shard_id, read = decompose_shard_iterator(following)
        shard = self.describe_stream(stream_arn=stream_arn, stream_name=stream_name).get_shard(shard_id)
        at_end = not shard.is_open and int(read) >= shard.get_max_sequence_number()
        return None if at_end else following, records, behind

    KinesisBackend.get_records = get_records_to_the_end
