"""Attempts that a client repeats.

An answer may get lost on a busy machine: the connection breaks. AWS's SDKs then ask again, and a create of what has
been made already would fail. They name the call that the attempts are of
(docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html), so a repeated one gets the answer of the first.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from werkzeug.wrappers import Response

INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"
# More calls than clients make at once. An attempt is repeated within seconds.
MOST_CALLS = 500
_FIRST_FAILURE = 400
_CHANGES_NOTHING = ("GET", "HEAD")


@dataclass
class _Call:
    answer: Response | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Repeats:
    """Answers a repeated attempt as the first one of its call, if that succeeded."""

    def __init__(self, app):
        self._app = app
        self._calls: OrderedDict[str, _Call] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        invocation = environ.get(INVOCATION)
        if not invocation or environ["REQUEST_METHOD"] in _CHANGES_NOTHING:
            return self._app(environ, start_response)
        call = self._call(invocation)
        # The first attempt may still be at work.
        with call.lock:
            answer = call.answer or Response.from_app(self._app, environ, buffered=True)
            if answer.status_code < _FIRST_FAILURE:
                call.answer = answer
        return answer(environ, start_response)

    def _call(self, invocation: str) -> _Call:
        with self._lock:
            call = self._calls.setdefault(invocation, _Call())
            while len(self._calls) > MOST_CALLS:
                self._calls.popitem(last=False)
            return call
