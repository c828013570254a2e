"""Commits to the tables, tried again where another writer came first."""

import logging
import random
import time
from collections.abc import Callable

ATTEMPTS = 8
LONGEST_WAIT_SECONDS = 30

# What Iceberg throws when a commit met another's, such as a compaction's, or when nobody knows what became of it.
# Each of the job's statements does nothing when it has been done, so all of them can be tried again.
_CONFLICTS = ("CommitFailedException", "CommitStateUnknownException", "ValidationException")

_MOST_OF_A_MESSAGE = 1000

_log = logging.getLogger(__name__)


class CommitError(RuntimeError):
    """A commit that failed for good."""


def commit(statement: Callable[[], object], wait: Callable[[float], None] = time.sleep) -> None:
    """Run a statement until it has been committed. Raises CommitError.

    The error has no more of Spark's than its first words: from a foreachBatch the whole of it overflows the stack of
    the query's thread, whose search for interruptions backtracks (StreamExecution.isInterruptionException of Spark
    4.1.1), and the query would seem to have been stopped.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            statement()
            return
        except Exception as error:
            message = str(error)
            if attempt == ATTEMPTS or not is_conflict(message):
                raise CommitError(_first_words(message)) from None
            seconds = min(LONGEST_WAIT_SECONDS, 2**attempt) * random.uniform(0.5, 1)
            _log.warning("Commit met another's, attempt %d of %d: %s", attempt, ATTEMPTS, _first_words(message))
            wait(seconds)


def is_conflict(message: str) -> bool:
    """Tell whether an error's message is one of a commit that can be tried again."""
    return any(name in message for name in _CONFLICTS)


def _first_words(message: str) -> str:
    return message.replace("py4j.protocol.Py4JJavaError", "Py4JJavaError")[:_MOST_OF_A_MESSAGE]
