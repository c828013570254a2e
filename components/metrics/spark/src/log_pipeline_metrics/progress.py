"""The progress of batches: what is noted and published of each."""

import json
import logging
import queue
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyspark.sql.streaming.listener import (
    QueryIdleEvent,
    QueryProgressEvent,
    QueryStartedEvent,
    QueryTerminatedEvent,
    StreamingQueryListener,
)

from log_pipeline_metrics import gaps
from log_pipeline_metrics.checkpoint import Checkpoint
from log_pipeline_metrics.gaps import Gap
from log_pipeline_metrics.history import History
from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.spec import Spec

_log = logging.getLogger(__name__)


class Listener(StreamingQueryListener):
    """Hands on the progress of each batch: Spark waits for it no longer than that takes."""

    def __init__(self):
        self._progress: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def next(self, seconds: float) -> dict[str, Any] | None:
        """Give the next batch's progress, None if there is none in time."""
        try:
            return self._progress.get(timeout=seconds)
        except queue.Empty:
            return None

    def onQueryProgress(self, event: QueryProgressEvent) -> None:
        self._progress.put(json.loads(event.progress.json))

    def onQueryStarted(self, event: QueryStartedEvent) -> None:
        """Nothing to hand on."""

    def onQueryIdle(self, event: QueryIdleEvent) -> None:
        """Nothing to hand on."""

    def onQueryTerminated(self, event: QueryTerminatedEvent) -> None:
        """Nothing to hand on."""


class Account:
    """Notes the gaps that batches leave, each batch's once it is known or known to be unknown."""

    def __init__(self, run: Run, checkpoint: Checkpoint, history: History, retention: timedelta, spec: Spec):
        self._run = run
        self._spec = spec
        self._retention = retention
        self._checkpoint = checkpoint
        self._history = history
        self._seen = checkpoint.last_seen()

    def see(self, progress: Mapping[str, Any]) -> None:
        """Note the gap of a batch that was committed, and those of batches before it whose progress never came."""
        batch = progress["batchId"]
        self.miss_to(batch - 1)
        self._note(gaps.of_progress(progress, self._run, self._spec))
        self._done(batch)

    def miss_to(self, batch: int) -> None:
        """Note the gaps of all batches up to this one that were committed and not seen."""
        for missed in range(self._seen + 1, batch + 1):
            _log.warning("Batch %d was committed, and nobody saw what it dropped", missed)
            watermark = self._checkpoint.watermark(missed)
            self._note(gaps.unknown(missed, watermark, self._run, self._retention, self._spec))
        self._done(batch)

    def has_seen(self, batch: int) -> bool:
        return batch <= self._seen

    def _note(self, gap: Gap | None) -> None:
        if gap:
            _log.warning("Windows may lack events: %s", gap)
            self._history.note(gap)

    def _done(self, batch: int) -> None:
        if batch > self._seen:
            self._checkpoint.see(batch)
            self._seen = batch
