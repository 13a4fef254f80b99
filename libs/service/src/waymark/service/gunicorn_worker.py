# pyright: basic
# gunicorn carries no types, and the stubs that pyright brings are of an older one.
"""What gunicorn refuses before a request reaches the app: told in the same shape as every refusal, and logged without its words."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import Any, Final

import msgspec
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from waymark.service.problems import MEDIA_TYPE, Problem, problem_body

log = logging.getLogger(__name__)

_REFUSED: Final[tuple[tuple[type[Exception], int, str, str], ...]] = (
    (errors.InvalidResponseHeader, 500, "internal", "A fault of the service"),  # pyright: ignore[reportAttributeAccessIssue]  newer than the stubs
    (errors.InvalidResponseHeaderName, 500, "internal", "A fault of the service"),  # pyright: ignore[reportAttributeAccessIssue]  the same
    (errors.LimitRequestLine, 414, "address-too-long", "The address is too long"),
    (errors.LimitRequestHeaders, 431, "headers-too-large", "The headers are too large"),
    (errors.ExpectationFailed, 417, "expectation", "The expectation cannot be met"),
    (errors.UnsupportedTransferCoding, 501, "transfer-coding", "The body comes in a way that is not read here"),
    (errors.ParseException, 400, "request-malformed", "The request cannot be read"),
    (Exception, 500, "internal", "A fault of the service"),
)


class Worker(ThreadWorker):
    """A threaded worker whose own refusals are problem documents. gunicorn's words would show, and log, what was sent."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        status, code, title = next(each[1:] for each in _REFUSED if isinstance(exc, each[0]))
        request_id = uuid.uuid4().hex
        fields = {"request_id": request_id, "status": status, "code": code, "problem": type(exc).__name__}
        if status == 500:
            log.error("fault", exc_info=exc, extra=fields)
        else:
            log.info("request refused", extra=fields)
        body = msgspec.json.encode(problem_body(Problem(status, code, title, f"{title}."), request_id))
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nX-Request-Id: {request_id}\r\nCache-Control: no-store\r\n\r\n"
        )
        try:
            write_nonblock(client, head.encode("ascii") + body)
        except OSError:
            pass  # who is gone needs no answer
