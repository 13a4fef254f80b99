"""Requests as a server hands them on, byte by byte: no client in between that would mend them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from msgspec import Struct
from werkzeug.test import run_wsgi_app

from tests.hostile.doors import door, house, is_problem


class Answer(Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def send(
    method: str, target: bytes, *, caller: str = "district-administrator", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """`target` is the request line's: path and query, percent-encoded or not. A header of "" is sent empty, header values are
    Latin-1 as on the wire."""
    path, _, query = target.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "RAW_URI": target.decode("latin-1"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8400",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    sent = {"Host": "127.0.0.1:8400", "Content-Length": str(len(body))} | house().credentials[caller]() | dict(headers or {})
    for name, value in sent.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    service = path.decode("latin-1").split("/")[1]
    content, status, answered = run_wsgi_app(door(service), environ, buffered=True)
    return Answer(int(status.split()[0]), dict(answered), b"".join(content))


def refused(answer: Answer, *statuses: int) -> Answer:
    """Raises AssertionError unless this is a refusal in the one shape (with one of these statuses, where some are given)."""
    assert 400 <= answer.status < 500, (answer.status, answer.body[:500])
    is_problem(answer.status, answer.headers, answer.json)
    assert not statuses or answer.status in statuses, answer.json
    return answer


class Unchanged:
    """A stretch of a test in which nothing may be written."""

    def __enter__(self) -> None:
        self._before = house().heads()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            assert house().heads() == self._before, "a refusal wrote something"
