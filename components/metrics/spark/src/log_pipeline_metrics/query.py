"""The streaming query, from its start to an end between two batches."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.streaming.query import StreamingQuery

from log_pipeline_metrics.checkpoint import Checkpoint
from log_pipeline_metrics.progress import Account, Listener

# How often the query is looked at.
TICK_SECONDS = 0.5
# Spark tells a batch's progress right after its commit.
LAST_PROGRESS_SECONDS = 60

_log = logging.getLogger(__name__)


class QueryError(RuntimeError):
    """A query that ended without being asked to."""


class _NotStartedError(RuntimeError):
    """Keeps a batch that comes after the query was asked to end from being written."""


class Query:
    """Runs until there is a reason to end, then lets the running batch be committed.

    Spark has no such end: stop() interrupts a batch. So a batch that comes after the reason is refused, which ends
    the query, and where none comes the query is stopped while it waits for its next trigger.
    """

    def __init__(
        self, write: Callable[[DataFrame], None], checkpoint: Checkpoint, account: Account, listener: Listener
    ):
        self._write = write
        self._checkpoint = checkpoint
        self._account = account
        self._listener = listener
        self._ending = threading.Event()
        self._refused = threading.Event()

    def process(self, batch: DataFrame, number: int) -> None:
        """Write a batch: the function of foreachBatch."""
        if self._ending.is_set():
            self._refused.set()
            raise _NotStartedError(f"Batch {number} is left to the next version")
        self._write(batch)

    def follow(
        self, query: StreamingQuery, reason_to_end: Callable[[], str | None], publish: Callable[[dict[str, Any]], None]
    ) -> None:
        """Account for each batch until the query has ended. Raises QueryError if it did so by itself."""
        while query.isActive:
            self._see(self._listener.next(TICK_SECONDS), publish)
            if not self._ending.is_set() and (reason := reason_to_end()):
                _log.info("Ends after the running batch: %s", reason)
                self._ending.set()
            if self._ending.is_set() and not query.status["isTriggerActive"]:
                query.stop()
        if not self._refused.is_set() and (error := query.exception()):
            raise QueryError(str(error))
        if not self._ending.is_set():
            raise QueryError("the query ended without an error and without being asked to")
        self._see_the_last(publish)

    def _see_the_last(self, publish: Callable[[dict[str, Any]], None]) -> None:
        last = self._checkpoint.last_commit()
        deadline = time.monotonic() + LAST_PROGRESS_SECONDS
        while not self._account.has_seen(last) and time.monotonic() < deadline:
            self._see(self._listener.next(TICK_SECONDS), publish)
        self._account.miss_to(last)

    def _see(self, progress: dict[str, Any] | None, publish: Callable[[dict[str, Any]], None]) -> None:
        if progress:
            self._account.see(progress)
            publish(progress)
