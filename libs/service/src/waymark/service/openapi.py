# pyright: basic
# flask-smorest and apispec carry no types.
"""The OpenAPI 3.1 document of a service: served, and written to `services/<service>/openapi.json`, byte for byte the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import flask_smorest
from flask import Flask, Response

from waymark.service.blueprint import Blueprint, public

VERSION: Final = "1.0.0"
FAULT: Final = {
    "type": "object",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body; `query:x`, `header:y`, `form:z` elsewhere."},
        "code": {"type": "string", "description": "Stable: translate by it."},
        "message": {"type": "string"},
        "allowed": {"description": "What would be accepted, where that can be said."},
    },
}
PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `instance` is the request's id; further members are the refusal's own.",
    "required": ["type", "title", "status", "detail", "code", "instance", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
HEADERS: Final = {
    "ETag": "The version of what is answered: strong for one thing, weak for a view.",
    "Waymark-Position": "Where the write stands: give it to a later read as `?after=` to see it.",
    "Waymark-Parked": "The views that could not fold the write named by `?after=`: it is kept, and shows once somebody has mended them.",
}


class _Api(flask_smorest.Api):
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Ours are in waymark.service.refusals."""

    def _register_responses(self) -> None:
        """Every route says its own, as problem documents: waymark.service.blueprint."""

    def _register_etag_headers(self) -> None:
        """Ours say what they mean: HEADERS."""

    def _register_pagination_header(self) -> None:
        """Pages have cursors, in the body."""


def serve_openapi(app: Flask, title: str, service: str, blueprints: Sequence[Blueprint]) -> None:
    """Register the blueprints and serve their document at `/<service>/v1/openapi.json`, without a token."""
    app.config |= {"API_TITLE": title, "API_VERSION": VERSION, "OPENAPI_VERSION": "3.1.0"}
    api = _Api(
        app,
        spec_kwargs={
            "security": [{"bearer": []}],
            "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        },
    )
    spec: Any = api.spec
    components = spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    components.schema("Fault", dict(FAULT))
    components.schema("Problem", dict(PROBLEM))
    for name, description in HEADERS.items():
        components.header(name, {"description": description, "schema": {"type": "string"}})
    for blueprint in blueprints:
        if not isinstance(blueprint, Blueprint):
            raise TypeError(f"{blueprint!r} is not a waymark.service.blueprint.Blueprint")
        api.register_blueprint(blueprint)
    text = document(spec.to_dict())

    @app.get(f"/{service}/v1/openapi.json", endpoint="openapi")
    @public
    def openapi() -> Response:
        return Response(text, content_type="application/json")


def document(spec: dict[str, Any]) -> str:
    """The document as it is served and committed."""
    return json.dumps(_with_nulls(spec), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _with_nulls(node: Any) -> Any:
    """apispec leaves null out of the enum of a nullable choice, and a client made from that would lose it."""
    if isinstance(node, list):
        return [_with_nulls(each) for each in node]
    if not isinstance(node, dict):
        return node
    known = {key: _with_nulls(each) for key, each in node.items()}
    choices, kind = known.get("enum"), known.get("type")
    if isinstance(choices, list):
        if isinstance(kind, list) and "null" in kind and None not in choices:
            known["enum"] = [*choices, None]
        elif None in choices and isinstance(kind, str):
            known["type"] = [kind, "null"]
    return known
