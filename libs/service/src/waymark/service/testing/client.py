"""A signed-in caller whose writes are folded before it looks again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient


class Client(FlaskClient):
    """Sends the token and, with every write, a fresh Idempotency-Key. A header given as None is not sent."""

    __test__ = False

    def __init__(self, app: Flask, token: Callable[[], str] | None, settle: Callable[[], None]) -> None:
        super().__init__(app, app.response_class, use_cookies=False)
        self._token, self._settle = token, settle

    def open(self, *args: Any, headers: Mapping[str, str | None] | None = None, **options: Any) -> Any:
        method = str(options.get("method", "GET")).upper()
        sent: dict[str, str | None] = {}
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token()}"
        if method not in ("GET", "HEAD", "OPTIONS"):
            sent["Idempotency-Key"] = str(uuid.uuid4())
        sent |= headers or {}
        answer = super().open(*args, headers={name: value for name, value in sent.items() if value is not None}, **options)
        if method not in ("GET", "HEAD", "OPTIONS"):
            self._settle()
        return answer

    # Typed as tests use them: an answer whose `json` may be indexed without asking first whether there is any.

    def get(self, *args: Any, **options: Any) -> Any:
        return super().get(*args, **options)

    def post(self, *args: Any, **options: Any) -> Any:
        return super().post(*args, **options)

    def put(self, *args: Any, **options: Any) -> Any:
        return super().put(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return super().delete(*args, **options)
