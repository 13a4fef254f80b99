"""One person's requests over one kept connection. What was never sent is told from what may have arrived."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

PATIENCE = 4.0  # seconds for an answer


class NotSent(Exception):
    """Nobody listens: the request left no trace."""


class Lost(Exception):
    """No answer came: the request may have arrived."""


class Answer(Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a problem document."""
        try:
            return str(self.json().get("code", ""))
        except (ValueError, AttributeError):
            return ""

    @property
    def positions(self) -> dict[int, int]:
        """`Waymark-Position`, by partition."""
        header = self.headers.get("waymark-position", "")
        return {int(part): int(sequence) for _, part, sequence in (each.split(":") for each in header.split(",") if each)}


class Caller:
    """`person`: the person id that the platform knows this caller by."""

    def __init__(self, address: str, token: str, person: str = "") -> None:
        self._host, self._token, self.person = urlsplit(address).netloc, token, person
        self._connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Raises NotSent, Lost."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self._token}", **({} if content is None else {"Content-Type": "application/json"})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self._connected()
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, HTTPException) as problem:
            self.close()
            raise Lost(repr(problem)) from problem

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> HTTPConnection:
        if self._connection is None or self._connection.sock is None:
            self._connection = HTTPConnection(self._host, timeout=PATIENCE)
            try:
                self._connection.connect()
            except OSError as problem:
                self.close()
                raise NotSent(repr(problem)) from problem
        return self._connection
