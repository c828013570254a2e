"""What the published document says, and how often it is asked."""

import json

import pytest

from log_pipeline_metrics.published import POLL_SECONDS, PublishedError, Watch, reason_to_end


def document(version="mine", paused=False) -> bytes:
    return json.dumps({"version": version, "paused": paused}).encode()


def test_published_version_runs():
    assert reason_to_end(document(), "mine") is None


def test_another_version_does_not_run():
    assert reason_to_end(document("next"), "mine") == "version next is published, and this is mine"


def test_published_version_does_not_run_while_it_is_paused():
    assert reason_to_end(document(paused=True), "mine") == "the job is paused"


def test_nothing_runs_where_nothing_is_published():
    assert reason_to_end(None, "mine") == "no version is published"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version": "mine"}', b"[]", b"null"])
def test_other_document_is_refused(content):
    with pytest.raises(PublishedError, match="published document"):
        reason_to_end(content, "mine")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Store:
    def __init__(self):
        self.reads = 0
        self.content: bytes | Exception = document()

    def __call__(self) -> bytes:
        self.reads += 1
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


def test_watch_sees_a_change_at_the_next_poll_and_reads_no_more_often():
    clock, store = Clock(), Store()
    watch = Watch(store, "mine", clock)
    store.content = document("next")
    clock.now = POLL_SECONDS - 1
    assert (watch.reason_to_end(), store.reads) == (None, 0)
    clock.now = POLL_SECONDS
    assert (watch.reason_to_end(), store.reads) == ("version next is published, and this is mine", 1)


@pytest.mark.parametrize("content", [OSError("throttled"), b"half a docu"])
def test_watch_goes_on_while_the_document_cannot_be_read(content):
    clock, store = Clock(), Store()
    watch = Watch(store, "mine", clock)
    store.content, clock.now = content, POLL_SECONDS
    assert watch.reason_to_end() is None
    store.content, clock.now = document(paused=True), 2 * POLL_SECONDS
    assert watch.reason_to_end() == "the job is paused"
