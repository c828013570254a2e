"""Starts moto with its gaps filled, on a free port of the loopback address.

Writes {"pid", "port", "id"} to the file named by --ready once it listens, and
answers GET /local-cloud/id with the id: whoever holds the file can tell
whether this very emulator, with the resources that it holds, is still there.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

import gaps
from callers import with_callers
from repeats import Repeats

IDENTITY_PATH = "/local-cloud/id"


def with_identity(app, identity: str):
    """Answer the identity path, and pass everything else on."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] == IDENTITY_PATH:
            return Response(identity)(environ, start_response)
        return app(environ, start_response)

    return answer


def write_atomically(path: Path, text: str) -> None:
    """Write the file so that no reader sees half of it."""
    partial = path.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", required=True, help="what GET /local-cloud/id answers")
    parser.add_argument("--ready", required=True, type=Path, help="file to write once it listens")
    args = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gaps.fill_all()
    app = with_callers(with_identity(Repeats(DomainDispatcherApplication(create_backend_app)), args.id))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    ready = {"pid": os.getpid(), "port": server.port, "id": args.id}
    write_atomically(args.ready, json.dumps(ready))
    server.serve_forever()


if __name__ == "__main__":
    main()
