"""What the front answers by itself when it cannot pass on what was asked: problem+json (RFC 9457), like the services."""

import json

from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response


def problem(status: int, code: str, detail: str) -> Response:
    """A problem document with a stable code; never kept by a cache."""
    document = {"type": "about:blank", "title": HTTP_STATUS_CODES[status], "status": status, "code": code, "detail": detail}
    answer = Response(json.dumps(document), status, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
