"""What the engine, this library and Flask refuse, and how each is told. The services' own refusals come beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Flask, Response, g, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

from waymark.events.decide import OtherRequest
from waymark.events.keys import PersonForgotten
from waymark.events.store import Conflict, TooLarge, Unavailable
from waymark.service.identity import NotSignedIn, PersonUnknown
from waymark.service.problems import Fault, Problem, Refusal, answer
from waymark.service.read import NotModified
from waymark.service.scope import NotFound, RoleMayNot

log = logging.getLogger(__name__)


def _always(text: str) -> Callable[[Exception], str]:
    return lambda _: text


SIGN_IN: Final[Mapping[str, str]] = {
    "token-missing": "Sign in: send a bearer token in the Authorization header.",
    "token-invalid": "This token is not valid here. Sign in again.",
    "token-expired": "This token has expired. Sign in again.",
}
_BEARER: Final = {"WWW-Authenticate": 'Bearer realm="waymark"'}
_SOON: Final = {"Retry-After": "2"}

REFUSALS: Final[Mapping[type[Exception], Refusal]] = {
    NotFound: Refusal(404, "not-found", "Not found", _always("There is no such thing, or it is not for you to see.")),
    RoleMayNot: Refusal(
        403,
        "role-may-not",
        "Your role may not do this",
        _always("Nobody in your roles may do this."),
        lambda refused: {"allowed": list(refused.roles)},
    ),
    PersonUnknown: Refusal(
        403, "person-unknown", "Unknown person", _always("You are signed in, but the roster knows nobody by this sign-in who may enter.")
    ),
    OtherRequest: Refusal(
        422,
        "idempotency-key-reused",
        "The Idempotency-Key was used before",
        _always("Another request came with this Idempotency-Key. Use a new key for a new request."),
        lambda _: {"errors": [Fault("header:Idempotency-Key", "reused", "it was used for another request")]},
    ),
    PersonForgotten: Refusal(
        410, "person-forgotten", "The person was forgotten", _always("Nothing about this person can be written any more.")
    ),
    TooLarge: Refusal(413, "too-much-at-once", "Too much at once", str),
    Unavailable: Refusal(
        503, "unavailable", "Not available just now", _always("Something this service needs does not answer. Try again."), headers=_SOON
    ),
}

_HTTP: Final[Mapping[int, tuple[str, str]]] = {
    400: ("request-malformed", "The request cannot be read"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "This address does not take that method"),
    408: ("too-slow", "The request took too long to arrive"),
    413: ("body-too-large", "The body is too large"),
    414: ("address-too-long", "The address is too long"),
    415: ("media-type", "The body has a type that is not read here"),
    431: ("headers-too-large", "The headers are too large"),
}


def tell_problems(app: Flask, own: Mapping[type[Exception], Refusal]) -> None:
    """Answer every exception as a problem document."""
    for kind, refusal in {**REFUSALS, **own}.items():
        app.register_error_handler(kind, _told(refusal))
    app.register_error_handler(Problem, answer)
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(NotModified, _not_modified)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ParseException, _cut_short)
    app.register_error_handler(Exception, _fault)


def _told(refusal: Refusal) -> Callable[[Exception], Response]:
    return lambda refused: answer(refusal.problem(refused))


def _not_signed_in(refused: NotSignedIn) -> Response:
    log.info("not signed in", extra={"code": refused.code, "reason": refused.reason})
    return answer(Problem(401, refused.code, "Not signed in", SIGN_IN[refused.code], headers=_BEARER))


def _conflict(refused: Conflict) -> Response:
    if "If-Match" not in request.headers:
        return answer(Problem(503, "busy", "Too many changes at once", "Others kept changing it. Try again.", headers=_SOON))
    detail = "It has changed since you saw it. Load it again, and decide again."
    fault = Fault("header:If-Match", "stale", "another version")
    return answer(Problem(412, "version-stale", "It has changed", detail, errors=[fault], extra={"version": refused.actual}))


def _not_modified(_: NotModified) -> Response:
    return Response(status=304)


def _cut_short(_: ParseException) -> Response:
    return answer(Problem(400, "request-malformed", "The request cannot be read", "The body is not sent as HTTP says."))


def _http(refused: HTTPException) -> Response:
    if refused.code is None or refused.code < 400:
        return Response(refused.get_body(), refused.code, dict(refused.get_headers()))  # a redirect is no problem
    code, title = _HTTP.get(refused.code, (f"http-{refused.code}", refused.name))
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if refused.code == 405:
        allowed = sorted(getattr(refused, "valid_methods", None) or ())
        extra, headers = {"allowed": allowed}, {"Allow": ", ".join(allowed)}
    detail = "There is nothing at this address." if refused.code == 404 else (refused.description or title)
    return answer(Problem(refused.code, code, title, detail, extra=extra, headers=headers))


def _fault(fault: Exception) -> Response:
    # The caller learns the request's id alone; what happened stands in the log, without values.
    log.error("fault", exc_info=fault, extra={"fault": type(fault).__name__})
    request_id = g.get("request_id", "")
    return answer(Problem(500, "internal", "A fault of the service", f"It is logged under the request id {request_id}."))
