"""Commits that meet another's."""

import pytest

from log_pipeline_metrics.commits import ATTEMPTS, CommitError, commit

CONFLICT = "An error occurred. org.apache.iceberg.exceptions.ValidationException: Missing required files to delete"


class Statement:
    def __init__(self, *errors: str):
        self.errors = list(errors)
        self.runs = 0

    def __call__(self) -> None:
        self.runs += 1
        if self.errors:
            raise RuntimeError(self.errors.pop(0))


@pytest.fixture
def waits() -> list[float]:
    return []


def test_lost_commit_is_tried_again(waits):
    statement = Statement(CONFLICT, "CommitFailedException: changed", "CommitStateUnknownException: timeout")
    commit(statement, waits.append)
    assert statement.runs == len(waits) + 1 == 4


def test_commit_that_is_lost_again_and_again_fails(waits):
    with pytest.raises(CommitError, match="Missing required files"):
        commit(Statement(*[CONFLICT] * ATTEMPTS), waits.append)
    assert len(waits) == ATTEMPTS - 1


def test_other_error_fails_at_once(waits):
    statement = Statement("AccessDenied")
    with pytest.raises(CommitError, match="AccessDenied"):
        commit(statement, waits.append)
    assert (statement.runs, waits) == (1, [])


def test_error_has_nothing_for_spark_to_search(waits):
    # Of such a text Spark's search for interruptions overflows its stack, and the query seems to have been stopped.
    long = "py4j.protocol.Py4JJavaError: An error occurred while calling o1.sql." + "\n\tat a.b.C" * 100_000
    with pytest.raises(CommitError) as failed:
        commit(Statement(long), waits.append)
    assert failed.value.__cause__ is None
    assert len(str(failed.value)) < 2000
    assert "py4j.protocol.Py4JJavaError" not in str(failed.value)
