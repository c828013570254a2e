"""A thread that says again and again that a run is alive, however long a chunk takes."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

INTERVAL = timedelta(minutes=5)

_log = logging.getLogger(__name__)


class Heartbeat:
    """Calls beat every interval, from the beginning of a with block to its end.

    A beat that fails is none: the next comes, and the run itself finds out when another has ended it.
    """

    def __init__(self, beat: Callable[[], None], interval: timedelta = INTERVAL):
        self._beat = beat
        self._interval = interval
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(self._interval.total_seconds()):
            try:
                self._beat()
            except Exception:
                _log.warning("Cannot say that the run is alive", exc_info=True)
