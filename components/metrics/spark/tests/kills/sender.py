"""Sends records to the stream, as time goes by there."""

import threading
from collections.abc import Iterable

from kills.records import Maker, Sent

LOW, HIGH = 0, 2**127
MOST_OF_A_CALL = 500


class Sender:
    """Sends to both halves of the stream's keys, and keeps what it sent. now is the stream's time, in seconds."""

    def __init__(self, kinesis, stream: str, maker: Maker, now: int):
        self._kinesis = kinesis
        self._stream = stream
        self._maker = maker
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.now = now
        self.sent: list[Sent] = []

    def send(self, key: int, arrivals: Iterable[int]) -> None:
        """Send a record for each arrival to the shard with the hash key."""
        records = [(arrival, self._maker.text(arrival)) for arrival in arrivals]
        for first in range(0, len(records), MOST_OF_A_CALL):
            part = records[first : first + MOST_OF_A_CALL]
            answers = self._kinesis.put_records(
                StreamName=self._stream,
                Records=[
                    {"Data": text.encode(), "PartitionKey": f"arrived-{arrival}", "ExplicitHashKey": str(key)}
                    for arrival, text in part
                ],
            )["Records"]
            self.sent += [
                Sent(answer["ShardId"], int(answer["SequenceNumber"]), arrival, text)
                for answer, (arrival, text) in zip(answers, part, strict=True)
            ]

    def start(self, every: float, records: int) -> None:
        """Send so many records to each half, again and again, one second of the stream each time, until stop()."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._send_on, args=(every, records), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _send_on(self, every: float, records: int) -> None:
        while not self._stop.wait(every):
            self.now += 1
            for key in (LOW, HIGH):
                self.send(key, [self.now] * records)

    def reached(self) -> dict[str, int]:
        """The last sequence number of each shard."""
        last: dict[str, int] = {}
        for record in self.sent:
            last[record.shard] = max(last.get(record.shard, 0), record.sequence)
        return last
