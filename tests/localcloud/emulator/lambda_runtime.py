"""Runs a function's code as Lambda's sandbox does: the `bootstrap` in its archive, against the Runtime API.

docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. One process serves one event, and is ended then.
"""

import contextlib
import http.server
import io
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = "/2018-06-01/runtime"
ENTRY = "bootstrap"
# File with the certificate of the local OpenSearch, where there is one.
SEARCH_CA = "LOCAL_SEARCH_CA"
OK, ACCEPTED, NOT_FOUND = 200, 202, 404
_POLL_SECONDS = 0.02
# How long the process may take to end by itself after its answer.
_GRACE_SECONDS = 1


@dataclass(frozen=True)
class Context:
    """What a run is told of its function."""

    arn: str
    timeout_seconds: int
    environment: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What a run answers, and what it has printed."""

    payload: bytes
    failed: bool
    log: bytes = b""


@dataclass
class _Invocation:
    """An event on its way, and its answer once there is one."""

    event: bytes
    context: Context
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    deadline: float = 0
    taken: bool = False
    outcome: Outcome | None = None
    answered: threading.Event = field(default_factory=threading.Event)

    def answer(self, payload: bytes, failed: bool) -> None:
        self.outcome = self.outcome or Outcome(payload, failed)
        self.answered.set()

    def fail(self, kind: str, problem: str) -> None:
        message = {"errorType": kind, "errorMessage": f"RequestId: {self.id} Error: {problem}"}
        self.answer(json.dumps(message).encode(), failed=True)


def run(code: bytes, event: bytes, context: Context) -> Outcome:
    """Run the code in the archive on one event."""
    invocation = _Invocation(event, context)
    with tempfile.TemporaryDirectory(prefix="lambda-") as folder:
        entry = Path(folder, ENTRY)
        _unpack(code, Path(folder))
        if not entry.is_file():
            invocation.fail("Runtime.InvalidEntrypoint", f"Couldn't find valid bootstrap(s): [{ENTRY}]")
            return invocation.outcome
        server = _Server(invocation)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            log = _run_process(entry, server, invocation)
        finally:
            server.shutdown()
            server.server_close()
    return Outcome(invocation.outcome.payload, invocation.outcome.failed, log)


def _unpack(code: bytes, folder: Path) -> None:
    """Unpack with the modes that the archive has: zipfile alone leaves them out."""
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        for entry in archive.infolist():
            unpacked = Path(archive.extract(entry, folder))
            mode = entry.external_attr >> 16
            if mode and not entry.is_dir():
                unpacked.chmod(mode & 0o777)


def _environment(folder: Path, server: "_Server", context: Context) -> dict[str, str]:
    """This process's, without what would give the function other credentials than its role's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    if inherited.get(SEARCH_CA):
        inherited["SSL_CERT_FILE"] = inherited[SEARCH_CA]
    own = {"AWS_LAMBDA_RUNTIME_API": server.address, "LAMBDA_TASK_ROOT": str(folder)}
    return inherited | context.environment | own


def _run_process(entry: Path, server: "_Server", invocation: _Invocation) -> bytes:
    """Run the entry point until there is an answer, and return what it printed."""
    with tempfile.TemporaryFile() as log:
        invocation.deadline = time.time() + invocation.context.timeout_seconds
        try:
            process = subprocess.Popen(
                [entry],
                cwd=entry.parent,
                env=_environment(entry.parent, server, invocation.context),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as unusable:
            invocation.fail("Runtime.InvalidEntrypoint", f"fork/exec /var/task/{ENTRY}: {unusable.strerror}")
            return b""
        try:
            _await_answer(process, invocation)
        finally:
            _end(process)
        log.seek(0)
        return log.read()


def _await_answer(process: subprocess.Popen, invocation: _Invocation) -> None:
    seconds = invocation.context.timeout_seconds
    while not invocation.answered.wait(_POLL_SECONDS):
        if time.time() > invocation.deadline:
            invocation.fail("Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds")
        elif process.poll() is not None and not invocation.answered.wait(_POLL_SECONDS):
            invocation.fail("Runtime.ExitError", f"Runtime exited with error: {_how(process.returncode)}")


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"signal: {signal.Signals(-returncode).name}"
    return f"exit status {returncode}"


def _end(process: subprocess.Popen) -> None:
    """End the process and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Server(http.server.ThreadingHTTPServer):
    """The Runtime API of one invocation."""

    daemon_threads = True

    def __init__(self, invocation: _Invocation) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.invocation = invocation

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if self.path != f"{ROOT}/invocation/next":
            self._answer(NOT_FOUND)
            return
        invocation = self.server.invocation
        if invocation.taken:
            # There is no second event: the process waits for it until it is ended.
            self.close_connection = True
            invocation.answered.wait()
            time.sleep(_GRACE_SECONDS)
            return
        invocation.taken = True
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.context.arn,
            "Content-Type": "application/json",
        }
        self._answer(OK, invocation.event, headers)

    def do_POST(self) -> None:
        body = self._body()
        own = f"{ROOT}/invocation/{self.server.invocation.id}"
        failed = {f"{own}/response": False, f"{own}/error": True, f"{ROOT}/init/error": True}
        if self.path not in failed:
            self._answer(NOT_FOUND)
            return
        self._answer(ACCEPTED, b'{"status":"OK"}')
        self.server.invocation.answer(body, failed[self.path])

    def _body(self) -> bytes:
        """The body. Go's runtime streams it in chunks, which http.server leaves as they are."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailers
            pass
        return body

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing: the emulator's own log has the call."""
