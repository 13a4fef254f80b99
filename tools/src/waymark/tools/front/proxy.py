"""The reverse proxy as a WSGI app: hop-by-hop headers out, forwarding headers in, bodies streamed both ways."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from werkzeug.wrappers import Response

from .problems import problem
from .routes import Route, route_for
from .upstream import ANSWER_SECONDS, CHUNK, Outgoing, RequestCut, Upstream, UpstreamAway, UpstreamSlow

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER_BYTES = 16 * 1024
TARGET_BYTES = 8 * 1024

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))

Headers = list[tuple[str, str]]

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# We are the first server the browser meets, so what a request claims about earlier ones is not passed on. `Expect` is answered by our server.
NOT_BELIEVED = frozenset(
    {"forwarded", "expect", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-proto"}
)


def front_app(routes: Sequence[Route], rest: "WSGIApplication") -> "WSGIApplication":
    """Send what a route takes to its upstream, its path unchanged, and everything else to `rest`."""
    upstreams = {each: Upstream(each.host, each.port) for each in routes}

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        target, headers = _target(environ), _request_headers(environ)
        refusal = _too_large(target, headers)
        if refusal:
            return refusal(environ, start_response)
        found = route_for(target.partition("?")[0], routes)
        if found is None:
            return rest(environ, start_response)
        try:
            answer = upstreams[found].exchange(_outgoing(environ, target, headers))
        except UpstreamAway as away:
            detail = f"What answers {found.prefix} at {found.host}:{found.port} is not there ({away}). It may be starting; try again in a moment."
            return problem(502, "upstream-away", detail)(environ, start_response)
        except UpstreamSlow:
            detail = (
                f"What answers {found.prefix} has not answered within {ANSWER_SECONDS} seconds. Whether it did what was asked is not known."
            )
            return problem(504, "upstream-slow", detail)(environ, start_response)
        except RequestCut:
            return problem(400, "request-cut", "The body ended before its announced length, or its chunks are malformed.")(
                environ, start_response
            )
        start_response(f"{answer.status} {answer.reason}", _end_to_end(answer.headers))
        return answer

    return app


def _too_large(target: str, headers: Headers) -> Response | None:
    if len(target) > TARGET_BYTES:
        return problem(414, "address-too-long", f"The address has {len(target)} characters; {TARGET_BYTES} are allowed.")
    size = sum(len(name) + len(value) for name, value in headers)
    if size > HEADER_BYTES:
        return problem(431, "headers-too-large", f"The headers have {size} bytes together; {HEADER_BYTES} are allowed.")
    return None


def _target(environ: "WSGIEnvironment") -> str:
    """Path and query as the client wrote them: decoding and encoding again would turn `%2F` into a slash."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not raw:
        query = environ.get("QUERY_STRING", "")
        raw = quote(environ.get("PATH_INFO", ""), encoding="latin-1") + (f"?{query}" if query else "")
    if "://" in raw.partition("?")[0] and not raw.startswith("/"):
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    return quote(raw, safe=PRINTABLE, encoding="latin-1")


def _request_headers(environ: "WSGIEnvironment") -> Headers:
    named = {"CONTENT_TYPE": "Content-Type", "CONTENT_LENGTH": "Content-Length"}
    headers = [(named[key], environ[key]) for key in named if environ.get(key)]
    return headers + [(key[5:].replace("_", "-").title(), value) for key, value in environ.items() if key.startswith("HTTP_")]


def _outgoing(environ: "WSGIEnvironment", target: str, headers: Headers) -> Outgoing:
    chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = _received(environ["wsgi.input"], None if chunked else length) if chunked or length else None
    passed = [(name, value) for name, value in _end_to_end(headers) if name.lower() not in NOT_BELIEVED]
    claims = {"X-Forwarded-For": "REMOTE_ADDR", "X-Forwarded-Proto": "wsgi.url_scheme", "X-Forwarded-Host": "HTTP_HOST"}
    passed += [(name, environ[key]) for name, key in claims.items() if environ.get(key)]
    return Outgoing(environ["REQUEST_METHOD"], target, passed, body, chunked)


def _received(source: IO[bytes], length: int | None) -> Iterator[bytes]:
    """The client's body in pieces; `length` None reads to the end of a chunked one. Raises RequestCut."""
    left = length
    while left is None or left > 0:
        try:
            piece = source.read(CHUNK if left is None else min(CHUNK, left))
        except OSError as error:  # the client went away, or its chunks are malformed: no fault of the upstream's
            raise RequestCut from error
        if not piece:
            if left:
                raise RequestCut
            return
        left = None if left is None else left - len(piece)
        yield piece


def _end_to_end(headers: Headers) -> Headers:
    """Without the hop-by-hop headers: the known ones, and those that Connection names (RFC 9110, section 7.6.1)."""
    named = {token.strip().lower() for name, value in headers if name.lower() == "connection" for token in value.split(",")}
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP | named]
