"""The published document: which version of the job is to run, and whether any is.

It is written last when a version is rolled out, so a job that finds its own version in it finds everything else too.
"""

import json
import logging
import time
from collections.abc import Callable

# A job that is replaced ends within this time and a batch.
POLL_SECONDS = 15

_log = logging.getLogger(__name__)


class PublishedError(ValueError):
    """A published document that cannot be read."""


def reason_to_end(document: bytes | None, version: str) -> str | None:
    """Say why the job of a version must not run, or None if it is to.

    document is None where there is none: before the first version is rolled out, and after the last was taken away.
    """
    if document is None:
        return "no version is published"
    try:
        content = json.loads(document)
        published, paused = content["version"], content["paused"]
    except (ValueError, KeyError, TypeError) as error:
        raise PublishedError(f"published document {document[:200]!r} lacks version or paused: {error!r}") from error
    if paused:
        return "the job is paused"
    if published != version:
        return f"version {published} is published, and this is {version}"
    return None


class Watch:
    """Asks the document again and again whether the job is to end.

    read gives the document, if there is one. One that cannot be read while the job runs is no reason to end: the next
    may be.
    """

    def __init__(self, read: Callable[[], bytes | None], version: str, clock: Callable[[], float] = time.monotonic):
        self._read = read
        self._version = version
        self._clock = clock
        self._next = clock() + POLL_SECONDS

    def reason_to_end(self) -> str | None:
        """Say why the job is to end, if the document says so. Reads it every POLL_SECONDS at most."""
        if self._clock() < self._next:
            return None
        self._next = self._clock() + POLL_SECONDS
        try:
            return reason_to_end(self._read(), self._version)
        except Exception:
            _log.warning("Cannot read the published document; the job goes on", exc_info=True)
            return None
