"""The built web application as a WSGI app: one page for every address of its own, and the files it is made of."""

import os
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from .problems import problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECURITY_HEADERS = {
    # Mantine sets style attributes; scripts come from files alone.
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# The table of the machine we run on would answer differently from place to place.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings in our order of preference, and the ending of the sibling file that holds the compressed bytes."""

HASHED = "/assets/"
"""Vite puts a hash of the content into every name below this path, so such a file never changes."""


def static_app(folder: Path) -> "WSGIApplication":
    """Serve the files of a folder to GET and HEAD.

    A path that neither is a file nor looks like one answers with index.html, because the application routes itself. Files below /assets/
    may be kept for ever; everything else is asked for again by its ETag. A `.br` or `.gz` sibling is sent to whoever accepts it.
    """
    root = folder.resolve()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = _answer(root, Request(environ))
        answer.headers.update(SECURITY_HEADERS)
        return answer(environ, start_response)

    return app


def _answer(root: Path, request: Request) -> Response:
    if request.method not in {"GET", "HEAD"}:
        refusal = problem(405, "method-not-allowed", f"{request.method} is not possible here; allowed are GET and HEAD.")
        refusal.headers["Allow"] = "GET, HEAD"
        return refusal
    path = request.path
    found = _find(root, path)
    if found is None and _routed_by_the_application(path, request):
        path, found = "/index.html", _find(root, "/index.html")
        if found is None:
            return problem(404, "web-not-built", "The web application has not been built. Run `make web`, then load this page again.")
    if found is None:
        return problem(404, "not-found", f"There is no file {path}.")
    try:
        return _file(found, path, request)
    except OSError:
        return problem(404, "not-found", f"The file {path} cannot be read; perhaps the application is just being built anew.")


def _find(root: Path, path: str) -> Path | None:
    """The file that a path names, if it is one below the root; names that begin with a dot are not served."""
    parts = path.removeprefix("/").split("/")
    if any(part == "" or part.startswith(".") or "\\" in part for part in parts):
        return None
    try:
        found = root.joinpath(*parts).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError):
        return None  # a name too long for the file system, or with a zero byte


def _routed_by_the_application(path: str, request: Request) -> bool:
    # Ids of plans hold a dot, so only a known ending makes a path look like a file.
    looks_like_a_file = path.startswith(HASHED) or Path(path).suffix.lower() in CONTENT_TYPES
    return not looks_like_a_file and (not request.accept_mimetypes or "text/html" in request.accept_mimetypes)


def _file(found: Path, path: str, request: Request) -> Response:
    coding, chosen = _negotiated(found, request)
    file = chosen.open("rb")
    status = os.fstat(file.fileno())
    answer = Response(wrap_file(request.environ, file), content_type=CONTENT_TYPES.get(found.suffix.lower(), "application/octet-stream"))
    answer.direct_passthrough = True
    answer.call_on_close(file.close)
    answer.content_length = status.st_size
    answer.set_etag(_digest(chosen, status.st_mtime_ns, status.st_size))
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if path.startswith(HASHED) else "no-cache"
    answer.vary.add("Accept-Encoding")
    if coding:
        answer.content_encoding = coding
    answer.make_conditional(request)
    if request.method == "HEAD" or answer.status_code == 304:
        file.close()  # nobody will read, and so close, the body
    return answer


def _negotiated(found: Path, request: Request) -> tuple[str, Path]:
    for coding, ending in ENCODINGS.items():
        sibling = found.with_name(found.name + ending)
        if request.accept_encodings[coding] > 0 and sibling.is_file():
            return coding, sibling
    return "", found


@lru_cache(maxsize=2048)
def _digest(path: Path, changed: int, size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:32]
