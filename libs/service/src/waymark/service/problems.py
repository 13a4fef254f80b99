"""Refusals as RFC 9457 problem documents: one shape everywhere, a stable code each, a place for every fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from flask import Response, g
from msgspec import Struct

MEDIA_TYPE: Final = "application/problem+json"


class Fault(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: where (`/a/0/b` in the body, `query:x`, `header:y`), a stable code, and what is allowed."""

    pointer: str
    code: str
    message: str
    allowed: Any = None


class Problem(Exception):
    """A refusal on its way to the caller. `extra` are further members of the body."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[Fault] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.errors, self.extra, self.headers = tuple(errors), dict(extra or {}), dict(headers or {})


def _says(refused: Exception) -> str:
    return str(refused)


class Refusal(Struct, frozen=True):
    """How one exception of a service's domain is told over HTTP. `detail(exception)` is for people, `extra(exception)` adds
    members to the body (`errors`: a list of Fault)."""

    status: int
    code: str
    title: str
    detail: Callable[[Any], str] = _says
    extra: Callable[[Any], dict[str, Any]] | None = None
    headers: Mapping[str, str] = {}

    def problem(self, refused: Exception) -> Problem:
        more = self.extra  # under a name of its own: the linter takes `.extra(...)` for a database query
        extra = more(refused) if more is not None else {}
        errors: Sequence[Fault] = extra.pop("errors", ())
        return Problem(self.status, self.code, self.title, self.detail(refused), errors=errors, extra=extra, headers=self.headers)


def answer(problem: Problem) -> Response:
    """The problem document as a response."""
    body = problem_body(problem, g.get("request_id", ""))
    response = Response(msgspec.json.encode(body), problem.status, content_type=MEDIA_TYPE)
    response.headers.update(problem.headers)
    return response


def problem_body(problem: Problem, request_id: str) -> dict[str, Any]:
    """The problem document."""
    return {
        **problem.extra,
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": request_id,
        "errors": problem.errors,
    }


def invalid(faults: Sequence[Fault]) -> Problem:
    """422 `invalid`: the request is understood, and these places of it are wrong."""
    count = len(faults)
    return Problem(
        422, "invalid", "The request is not valid", f"{count} {'place is' if count == 1 else 'places are'} wrong.", errors=faults
    )
