"""Starts the local cloud's emulator with one addition: the sender of a record may say when it arrived.

A record with the partition key "arrived-SECONDS" arrives at that time, in seconds since 1970. So a test can have hours
pass in a stream, and a shard lie hours behind another. Run by the emulator's own Python.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

EMULATOR = Path(__file__).parents[5] / "tests/localcloud/emulator"
KEY = "arrived-"


def take_arrivals_from_keys() -> None:
    from moto.kinesis.models import Record  # noqa: PLC0415

    make = Record.__init__

    def make_with_arrival(self, partition_key, *rest):
        make(self, partition_key, *rest)
        if partition_key.startswith(KEY):
            self.created_at = float(partition_key.removeprefix(KEY))
            arrival = datetime.fromtimestamp(self.created_at, UTC)
            self.created_at_datetime = arrival.replace(tzinfo=self.created_at_datetime.tzinfo)

    Record.__init__ = make_with_arrival


if __name__ == "__main__":
    sys.path.insert(0, str(EMULATOR))
    take_arrivals_from_keys()

    import server

    server.main()
