"""How a query ends, without Spark."""

from collections.abc import Callable

import pytest

from log_pipeline_metrics.query import Query, QueryError


class Spark:
    """A query of Spark: whether a batch is running each time that it is asked, or what happens then."""

    def __init__(self, *steps: bool | Callable[[], bool]):
        self.steps = list(steps)
        self.isActive = True
        self.error = None

    @property
    def status(self) -> dict:
        step = self.steps.pop(0)
        return {"isTriggerActive": step() if callable(step) else step}

    def stop(self) -> None:
        self.isActive = False

    def exception(self):
        return self.error

    def fail(self, error) -> None:
        self.error, self.isActive = error, False


class Account:
    """Sees progress, and remembers which it missed."""

    def __init__(self):
        self.seen: list[int] = []
        self.missed_to: int | None = None

    def see(self, progress) -> None:
        self.seen.append(progress["batchId"])

    def has_seen(self, batch: int) -> bool:
        return batch in self.seen

    def miss_to(self, batch: int) -> None:
        self.missed_to = batch


class Listener:
    def __init__(self, *batches: int):
        self.batches = list(batches)

    def next(self, seconds: float):
        return {"batchId": self.batches.pop(0)} if self.batches else None


class Checkpoint:
    def __init__(self, last: int):
        self.last = last

    def last_commit(self) -> int:
        return self.last


def query(written: list, account: Account, *batches: int) -> Query:
    return Query(written.append, Checkpoint(max(batches)), account, Listener(*batches))


def reasons(*given):
    remaining = list(given)
    return lambda: remaining.pop(0) if remaining else None


def test_query_is_stopped_between_two_batches_and_all_progress_is_seen():
    spark, account, published = Spark(True, True, False), Account(), []
    query([], account, 1, 2, 3).follow(spark, reasons(None, "paused"), published.append)
    assert account.seen == [1, 2, 3] == [progress["batchId"] for progress in published]


def test_batch_that_comes_after_the_reason_is_not_written():
    written, account = [], Account()
    running = query(written, account, 1)

    def next_batch_comes() -> bool:
        with pytest.raises(RuntimeError, match="Batch 2 is left to the next version") as refused:
            running.process("second", 2)
        spark.fail(refused.value)
        return True

    spark = Spark(True, next_batch_comes)
    running.process("first", 1)
    running.follow(spark, reasons("another version"), lambda progress: None)
    assert written == ["first"]
    assert account.seen == [1]


def test_query_that_fails_fails_the_job():
    spark = Spark()
    spark.fail("no such bucket")
    with pytest.raises(QueryError, match="no such bucket"):
        query([], Account(), 1).follow(spark, reasons(), lambda progress: None)


def test_query_that_ends_without_a_word_fails_the_job():
    spark = Spark()
    spark.stop()
    with pytest.raises(QueryError, match="without being asked"):
        query([], Account(), 1).follow(spark, reasons(), lambda progress: None)
