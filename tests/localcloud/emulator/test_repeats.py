"""Attempts of one call, as an SDK of AWS makes them."""

import threading

from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from repeats import MOST_CALLS, Repeats


class Counter:
    """An app that answers how often it was asked, and fails at first as often as it is told to."""

    def __init__(self, failures: int = 0):
        self.asked = 0
        self._failures = failures

    def __call__(self, environ, start_response):
        self.asked += 1
        status = 500 if self.asked <= self._failures else 200
        return Response(f"{self.asked} {Request(environ).data.decode()}", status)(environ, start_response)


def ask(client: Client, call: str | None, method: str = "POST") -> str:
    headers = {"amz-sdk-invocation-id": call} if call else {}
    return client.open("/", method=method, data="create", headers=headers).text


def test_repeated_attempt_gets_the_first_answer():
    client = Client(Repeats(Counter()))
    assert [ask(client, call) for call in ("a", "a", "b", "a")] == ["1 create", "1 create", "2 create", "1 create"]


def test_attempt_after_a_failure_is_made():
    client = Client(Repeats(Counter(failures=1)))
    assert [ask(client, "a") for _ in range(3)] == ["1 create", "2 create", "2 create"]


def test_reads_and_calls_without_a_name_are_all_made():
    client = Client(Repeats(Counter()))
    answers = [ask(client, "a", "GET"), ask(client, "a", "GET"), ask(client, None), ask(client, None)]
    assert [answer[0] for answer in answers] == ["1", "2", "3", "4"]


def test_attempt_waits_for_the_first_one():
    begun, end = threading.Event(), threading.Event()
    counter = Counter()

    def slow(environ, start_response):
        begun.set()
        end.wait(60)
        return counter(environ, start_response)

    app = Repeats(slow)
    first = threading.Thread(target=ask, args=(Client(app), "a"))
    first.start()
    begun.wait(60)
    second = threading.Thread(target=ask, args=(Client(app), "a"))
    second.start()
    end.set()
    first.join(60)
    second.join(60)
    assert counter.asked == 1


def test_old_calls_are_forgotten():
    client = Client(Repeats(Counter()))
    ask(client, "old")
    for number in range(MOST_CALLS):
        ask(client, str(number))
    assert ask(client, "old") == f"{MOST_CALLS + 2} create"
