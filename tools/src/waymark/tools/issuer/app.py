"""The issuer as one WSGI app: its parts put together, and what they answer when HTTP itself goes wrong."""

import time
from collections.abc import Callable, Sequence

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from .discovery import discovery
from .grants import Grants
from .keys import KeyFile
from .people import DemoPerson
from .settings import IssuerSettings
from .sign_in import sign_in, sign_out
from .token_endpoint import token_endpoint
from .tokens import Clock


def create_app(settings: IssuerSettings, people: Callable[[], Sequence[DemoPerson]], *, clock: Clock = time.time) -> Flask:
    """The development sign-in, its routes under the path of the issuer's address. Raises KeyFileDamaged.

    `people` is asked at each request, so it may change. One process only: codes and refresh tokens live in its memory.
    """
    keys = KeyFile(settings.keys)
    keys.keys()
    grants = Grants(clock, code_seconds=settings.code_seconds, refresh_seconds=settings.refresh_seconds)
    app = Flask("waymark.tools.issuer", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = 64 * 1024
    for part in (
        discovery(settings, keys),
        sign_in(settings, people, grants),
        sign_out(settings, keys, grants),
        token_endpoint(settings, keys, people, grants, clock),
    ):
        app.register_blueprint(part, url_prefix=settings.mount or None)
    app.register_error_handler(HTTPException, _problem)
    return app


def _problem(error: HTTPException) -> Response:
    answer = jsonify(type="about:blank", title=error.name, status=error.code, detail=error.description)
    answer.status_code = error.code or 500
    answer.headers.extend((name, value) for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"})
    answer.content_type = "application/problem+json"
    return answer
