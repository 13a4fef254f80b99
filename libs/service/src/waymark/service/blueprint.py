# pyright: basic
# flask-smorest carries no types; what services use of it is typed here, once.
"""Routes: what they take, what they answer, and how OpenAPI tells it. Services import Blueprint from here."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, NoReturn, TypeVar

import flask
import flask_smorest
import marshmallow as ma
from webargs import core
from webargs.flaskparser import FlaskParser

from waymark.service.body import parse_json, unusable
from waymark.service.problems import MEDIA_TYPE, Problem, invalid
from waymark.service.validation import Coded, faults

F = TypeVar("F", bound=Callable[..., Any])
WRITES: Final = ("post", "put", "patch", "delete")


class _Parser(FlaskParser):
    """Reads bodies and queries strictly: nothing unknown, nothing twice, nothing that could not be kept."""

    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar[dict[str, str | None]] = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
        "form": ma.RAISE,
    }

    def load_json(self, req: flask.Request, schema: ma.Schema) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return core.missing
        if not core.is_json(req.mimetype):
            raise Problem(
                415,
                "media-type",
                "The body has a type that is not read here",
                f"{req.mimetype or 'no Content-Type'} is not read here.",
                extra={"allowed": ["application/json"]},
            )
        return parse_json(body)

    def load_querystring(self, req: flask.Request, schema: ma.Schema) -> Any:
        for name, values in req.args.lists():
            declared = next((each for key, each in schema.fields.items() if (each.data_key or key) == name), None)
            if len(values) > 1 and declared is not None and not isinstance(declared, ma.fields.List | ma.fields.Tuple):
                raise ma.ValidationError({name: [Coded("Given more than once.", "repeated")]})
            for each in (name, *values):
                if reason := unusable(each):
                    raise ma.ValidationError({name: [Coded(f"It holds {reason}.", "not-allowed")]})
        return super().load_querystring(req, schema)

    def handle_error(
        self, error: ma.ValidationError, req: flask.Request, schema: ma.Schema, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        raise invalid(faults(error.messages)) from error  # type: ignore[arg-type]  webargs puts them under their location


class Blueprint(flask_smorest.Blueprint):
    """A resource's routes. Rules carry their full path; `arguments`, `response` and `query` as below."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, import_name: str, description: str = "") -> None:
        super().__init__(name, import_name, description=description)
        self._prepare_doc_cbks.append(_document)

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[F], F]:  # type: ignore[override]  typed here
        """The body (or, with `location`, another part of the request) as a schema; the view gets it as its first argument."""
        return super().arguments(schema, location=location, **options)  # type: ignore[return-value]  the view keeps its shape for readers

    def query(self, schema: Any) -> Callable[[F], F]:
        """The query string as a schema; the view gets it as its first argument. Without one, any query is refused."""
        asking = self.arguments(schema, location="query")

        def declare(view: F) -> F:
            asked = asking(view)
            asked.__dict__["_waits"] = "after" in schema().fields
            return asked

        return declare

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[F], F]:  # type: ignore[override]  typed here
        """What the view answers: its status and the schema its result is written with."""
        return super().response(status_code, schema, **options)  # type: ignore[return-value]  the view keeps its shape for readers

    def refuses(self, *codes: int) -> Callable[[F], F]:
        """Statuses with which this route refuses beyond those that every route has; for OpenAPI."""

        def declare(view: F) -> F:
            view.__dict__["_refuses"] = (*view.__dict__.get("_refuses", ()), *codes)
            return view

        return declare

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["operation"] = {
                    "id": obj.__name__,
                    "if_match": needs_version(obj),
                    "refuses": getattr(obj, "_refuses", ()),
                    "waits": getattr(obj, "_waits", False),
                }


def needs_version(view: Any) -> bool:
    """Whether the route was declared with `@if_match`."""
    return bool(getattr(view, "_if_match", False))


def takes_query(view: Any) -> bool:
    """Whether the route declares a query."""
    parameters = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return any(each["in"] in ("query", "querystring") for each in parameters)


def body_limit(size: int) -> Callable[[F], F]:
    """A route whose body may be larger than the usual 2 MB: up to `size` bytes."""

    def declare(view: F) -> F:
        view.__dict__["_body_limit"] = size
        return view

    return declare


def public(view: F) -> F:
    """A route that asks for no token."""
    view.__dict__["_public"] = True
    return view


# --------------------------------------------------------------------------------------------------------------- OpenAPI

WHY: Final[Mapping[int, str]] = {
    304: "The caller has this answer already",
    400: "The request cannot be read",
    401: "No valid token",
    403: "The person is unknown, or their roles may never do this",
    404: "There is no such thing within the caller's scope",
    409: "The thing's state does not allow it",
    410: "The person was forgotten",
    412: "The thing has changed since the caller saw it",
    413: "The body is too large",
    415: "The body has a type that is not read here",
    422: "Places of the request are wrong",
    428: "If-Match is needed",
    500: "A fault of the service",
    503: "Something the service needs does not answer; try again",
}
_ETAG = {"ETag": {"$ref": "#/components/headers/ETag"}}
_POSITION = {"Waymark-Position": {"$ref": "#/components/headers/Waymark-Position"}}
_PARKED = {"Waymark-Parked": {"$ref": "#/components/headers/Waymark-Parked"}}


def _parameter(name: str, description: str, required: bool = False) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": required, "description": description, "schema": {"type": "string"}}


IF_MATCH = _parameter("If-Match", "The ETag of what the caller has seen.", required=True)
IF_NONE_MATCH = _parameter("If-None-Match", "The ETag of an earlier answer: 304 when nothing has changed.")
IDEMPOTENCY_KEY = _parameter("Idempotency-Key", "Any unique text, such as a UUID: repeating the request with it changes nothing more.")


def _document(doc: dict[str, Any], doc_info: Mapping[str, Any], *, method: str, **_: Any) -> dict[str, Any]:
    operation = doc_info.get("operation", {})
    writes, if_match = method in WRITES, operation.get("if_match", False)
    doc["operationId"] = operation.get("id")
    parameters = [IDEMPOTENCY_KEY] if writes else [IF_NONE_MATCH]
    doc.setdefault("parameters", []).extend([*parameters, *([IF_MATCH] if if_match else [])])
    refused = {400, 401, 403, 404, 422, 500, 503, *operation.get("refuses", ())}
    refused |= {410, 412, 413, 415} if writes else set()
    refused |= {428} if if_match else set()
    responses = doc.setdefault("responses", {})
    for status in [each for each in responses if not str(each).startswith(("1", "2", "3"))]:
        del responses[status]
    for success in responses.values():
        success["headers"] = {
            **success.get("headers", {}),
            **_ETAG,
            **(_POSITION if writes else {}),
            **(_PARKED if operation.get("waits") else {}),
        }
    if not writes:
        responses[304] = {"description": WHY[304]}
    for status in sorted(refused):
        description = WHY.get(status, http.HTTPStatus(status).phrase)
        responses[status] = {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return doc
