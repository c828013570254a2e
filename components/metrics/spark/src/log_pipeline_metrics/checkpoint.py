"""A checkpoint, as Spark writes it, and how far its batches' progress has been seen.

Spark commits a batch first and tells its progress afterwards. A job that dies in between would never know what the
batch dropped, if it did not note the last batch whose progress it saw.
"""

import json
from datetime import UTC, datetime

from log_pipeline_metrics.objects import Objects

NONE = -1

_SEEN = "seen.json"


class Checkpoint:
    """The checkpoint of one run, a folder in S3 whose URI ends with a slash."""

    def __init__(self, objects: Objects, folder: str):
        self._objects = objects
        self._folder = folder

    def last_commit(self) -> int:
        """Give the number of the last batch that was committed, or NONE."""
        numbers = [int(name) for name in self._objects.names(f"{self._folder}commits/") if name.isdecimal()]
        return max(numbers, default=NONE)

    def watermark(self, batch: int) -> datetime:
        """Give the watermark behind which a batch that was begun dropped rows at most."""
        # The lines are a version, metadata, and the offset of each source.
        lines = self._objects.read(f"{self._folder}offsets/{batch}").decode().splitlines()
        return datetime.fromtimestamp(json.loads(lines[1])["batchWatermarkMs"] / 1000, UTC)

    def last_seen(self) -> int:
        """Give the number of the last batch whose progress was seen, or NONE."""
        # S3 may forbid to read what is not there.
        if _SEEN not in self._objects.names(self._folder):
            return NONE
        return json.loads(self._objects.read(f"{self._folder}{_SEEN}"))["batch"]

    def see(self, batch: int) -> None:
        """Note that a batch's progress was seen, and all that follows from it done."""
        self._objects.write(f"{self._folder}{_SEEN}", json.dumps({"batch": batch}).encode())
