"""A client that reads every answer to its end and closes it, as a server does."""

from typing import Any

from werkzeug.test import Client, TestResponse


class Reader(Client):
    def open(self, *given: Any, buffered: bool = True, **named: Any) -> TestResponse:
        return super().open(*given, buffered=buffered, **named)
