"""The services under attack: one house for the whole run, and what every refusal must look like."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.authz.house import House

SEED: Final = int(os.environ.get("WAYMARK_SEED", "20261122"))
_FOLDER: Final = tempfile.TemporaryDirectory(prefix="waymark-hostile-")
_POINTER: Final = re.compile(r"(?:/.*)?|(?:query|header|form|path):.*|path|query", re.DOTALL)


@cache
def house() -> House:
    """Built when the first request comes: collecting tests must cost nothing."""
    return House(Path(_FOLDER.name))


def leave() -> None:
    """Close the house, if there is one, and clear its ground."""
    if house.cache_info().currsize:
        house().close()
    _FOLDER.cleanup()


def door(service: str) -> Callable[[Mapping[str, Any], Any], Iterable[bytes]]:
    """The service as a WSGI application."""
    return lambda environ, start_response: house().app(service)(dict(environ), start_response)


def is_problem(status: int, headers: Mapping[str, str], body: Any) -> None:
    """Raises AssertionError unless this is a refusal in the one shape."""
    assert 400 <= status < 500, body
    assert headers["Content-Type"] == "application/problem+json"
    assert isinstance(body, dict)
    assert {"type", "title", "status", "detail", "code", "instance", "errors"} <= set(body)
    assert (body["status"], body["type"]) == (status, f"/problems/{body['code']}")
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", body["code"])
    assert body["title"]
    assert body["instance"] == headers["X-Request-Id"]
    for fault in body["errors"]:
        assert _POINTER.fullmatch(fault["pointer"]), fault
        assert fault["code"]
        assert fault["message"]
        assert set(fault) <= {"pointer", "code", "message", "allowed"}
