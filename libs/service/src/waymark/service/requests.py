"""What happens around every request: its ids, its limits, the sign-in, the headers of its answer, its log line and metrics."""

from __future__ import annotations

import logging
import re
import secrets
import time
import uuid
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, g, request
from prometheus_client import Counter, Histogram

from waymark.service.blueprint import needs_version, takes_query
from waymark.service.body import unusable
from waymark.service.context import scope
from waymark.service.problems import Fault, Problem, invalid

log = logging.getLogger("waymark.access")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACE: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Authorization",
}

_seconds = Histogram(
    "request_seconds",
    "From the request's arrival to its answer",
    ["service", "method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_faults = Counter("request_faults_total", "Answers with status 500", ["service", "route"])


def dress_requests(app: Flask, service: str) -> None:
    """Register what runs before and after every request."""

    def after(response: Response) -> Response:
        _headers(response)
        _report(response, service)
        return response

    app.before_request(_identify)
    app.before_request(_admit)
    app.after_request(after)


def _identify() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    trace = request.headers.get("traceparent", "")
    g.traceparent = trace if _TRACE.fullmatch(trace) else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _admit() -> None:
    """Refuse what no handler should see. Raises Problem, NotSignedIn, PersonUnknown."""
    _check_address()
    if request.url_rule is None:
        return  # 404 and 405 tell the same to everybody
    view: Any = current_app.view_functions[request.url_rule.endpoint]
    limit: int | None = getattr(view, "_body_limit", None)
    if limit is not None:
        request.max_content_length = limit
    if not getattr(view, "_public", False):
        scope()
    if request.args and not takes_query(view):
        raise invalid([Fault(f"query:{name}", "unknown-field", "Unknown parameter.") for name in sorted(request.args)])
    if needs_version(view) and "If-Match" not in request.headers:
        raise Problem(
            428,
            "if-match-missing",
            "If-Match is needed",
            "Send If-Match with the ETag of what you have seen.",
            errors=[Fault("header:If-Match", "required", "missing")],
        )


def _check_address() -> None:
    path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
    for where, raw in (("path", path), ("query", unquote_to_bytes(request.query_string.replace(b"+", b" ")))):
        try:
            reason = unusable(raw.decode("utf-8"))
        except UnicodeDecodeError:
            reason = "bytes that are not UTF-8"
        if reason is not None:
            fault = Fault(where, "malformed", f"it holds {reason}")
            raise Problem(400, "address-malformed", "The address cannot be read", f"The {where} holds {reason}.", errors=[fault])


def _headers(response: Response) -> None:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    good = response.status_code < 400
    if good and "etag" in g:
        response.headers["ETag"] = g.etag
    if good and g.get("positions"):
        response.headers["Waymark-Position"] = ",".join(
            f"{current_app.extensions['waymark'].ports.service}:{part}:{sequence}" for part, sequence in sorted(g.positions.items())
        )
    if good and g.get("parked"):
        response.headers["Waymark-Parked"] = ",".join(g.parked)
    response.headers.setdefault("Cache-Control", "private, no-cache" if "ETag" in response.headers else "no-store")
    if _has_already(response):
        response.status_code = 304
        response.set_data(b"")
        response.headers.pop("Content-Length", None)


def _has_already(response: Response) -> bool:
    # Not werkzeug's make_conditional: it answers If-Match on a read, and not in our shape.
    read = request.method in ("GET", "HEAD") and response.status_code == 200 and "etag" in g
    return read and request.if_none_match.contains_weak(g.etag.removeprefix("W/").strip('"'))


def _report(response: Response, service: str) -> None:
    elapsed = time.perf_counter() - g.get("started", time.perf_counter())
    route = request.url_rule.rule if request.url_rule is not None else "unmatched"
    method = request.method if request.method in _METHODS else "other"
    _seconds.labels(service, method, route, str(response.status_code)).observe(elapsed)
    if response.status_code == 500:
        _faults.labels(service, route).inc()
    caller = g.get("scope")
    log.info(
        "request",
        extra={
            "service": service,
            "method": method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(elapsed * 1000, 1),
            "request_id": g.get("request_id", ""),
            "trace_id": g.get("traceparent", "")[3:35],
            "district": caller.district if caller is not None else "",
            "actor": caller.person if caller is not None else "",
        },
    )
