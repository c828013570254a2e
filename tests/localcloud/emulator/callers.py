"""Who calls: the role that an access key was given for.

OpenSearch is asked with signed requests, and has to know whose they are. In AWS its own service knows; here whatever
stands before the local OpenSearch asks GET /_local/caller?access_key=KEY.
"""

import json

from moto.sts.models import sts_backends
from werkzeug.wrappers import Request, Response

CALLER_PATH = "/_local/caller"


def with_callers(app):
    """Answer the caller's path, and pass everything else on."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] != CALLER_PATH:
            return app(environ, start_response)
        role = role_of(Request(environ).args.get("access_key", ""))
        response = Response(json.dumps({"arn": role}), 200 if role else 404, mimetype="application/json")
        return response(environ, start_response)

    return answer


def role_of(access_key: str) -> str | None:
    """The ARN of the role that STS gave the key for; None for any other key."""
    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            assumed = backend.get_assumed_role_from_access_key(access_key)
            if assumed:
                return assumed.role_arn
    return None
