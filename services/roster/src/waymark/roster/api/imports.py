"""Imports: send a package, watch it, read what was found, approve it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Response, g, request

from waymark.roster import streams
from waymark.roster.api.access import administering, known_id, person_ref
from waymark.roster.api.csv_cells import BOM, csv_line
from waymark.roster.api.import_schemas import FindingList, FindingsQuery, ImportList, ImportQuery, ImportView
from waymark.roster.api.wired import wired
from waymark.roster.domain import importing
from waymark.roster.domain.importing import Import
from waymark.roster.importing.run import Asked
from waymark.roster.importing.status import Shown
from waymark.roster.importing.surroundings import IMPORT
from waymark.roster.views import imports
from waymark.service.blueprint import Blueprint, body_limit
from waymark.service.context import ports
from waymark.service.problems import Fault, Problem
from waymark.service.read import PageQuery, after_of, await_after, page, page_of
from waymark.service.scope import NotFound, Scope
from waymark.service.write import if_match, write

MOST_BYTES = 512_000_000  # of a package, packed
MEDIA_TYPES = ["application/zip", "multipart/form-data"]
FORM = {
    "required": True,
    "description": "A form with the package, or, as `application/zip`, the package itself.",
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["package"], "properties": {"package": {"type": "string", "format": "binary"}}}
        }
    },
}
COLUMNS = ("File", "Row", "Field", "Code", "Severity", "Message", "Allowed", "Value")
_BLOCK = 1 << 16
blueprint = Blueprint("imports", __name__, description="Imports of OneRoster packages")


@blueprint.post("/roster/v1/imports")
@blueprint.doc(requestBody=FORM)
@blueprint.query(ImportQuery)
@blueprint.response(202, ImportView)
@blueprint.refuses(413, 415)
@body_limit(MOST_BYTES)
def create_import(query: dict[str, Any]) -> dict[str, Any]:
    """Send a OneRoster package: the zip as the body, or as the part `package` of a form. It is imported in the background."""
    caller = administering()
    asked = Asked(district=caller.district, by=caller.person, dry_run=query["dry_run"])
    ident = wired().runner.receive(_package(), asked)
    return _view(caller, _found(caller, ident))


@blueprint.get("/roster/v1/imports")
@blueprint.query(PageQuery)
@blueprint.response(200, ImportList)
def list_imports(query: dict[str, Any]) -> dict[str, Any]:
    """The district's imports, newest first."""
    caller = administering()
    wired().runner.resume()
    behind = _awaited()
    listed = wired().runner.imports(caller.district)
    items, answer = page_of(listed, lambda each: each[0], query, behind)
    return answer | {"items": [_view(caller, _found(caller, ident)) for ident, _ in items]}


@blueprint.get("/roster/v1/imports/<import_id>")
@blueprint.response(200, ImportView)
def get_import(import_id: str) -> dict[str, Any]:
    """One import: how far it is, or how it ended. While it is held, the ETag is what the approval names."""
    caller = administering()
    wired().runner.resume()
    found = _found(caller, import_id)
    if found.status == "held":  # an ETag of the stream would hide the progress of a running one
        g.etag = f'"{found.version}"'
    return _view(caller, found)


@blueprint.get("/roster/v1/imports/<import_id>/findings")
@blueprint.query(FindingsQuery)
@blueprint.response(200, FindingList)
def list_findings(query: dict[str, Any], import_id: str) -> dict[str, Any]:
    """What was refused, repaired or noted, in the order in which it was found; while it runs, as far as it is."""
    caller = administering()
    behind, found = _awaited(), _found(caller, import_id)
    after, limit = int(after_of(query) or 0), query["limit"]
    findings = wired().runner.findings(caller.district, found.id, query, after, limit)
    more = str(findings[-1][0]) if len(findings) == limit else None
    return page([msgspec.structs.asdict(finding) for _, finding in findings], more, behind)


@blueprint.get("/roster/v1/imports/<import_id>/findings.csv")
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def findings_csv(import_id: str) -> Response:
    """All findings, for a spreadsheet."""
    caller = administering()
    found = _found(caller, import_id)
    answer = Response(_lines(wired().runner.all_findings(caller.district, found.id)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="findings.csv"'
    return answer


@blueprint.post("/roster/v1/imports/<import_id>/approval")
@blueprint.response(200, ImportView)
@blueprint.refuses(409)
@if_match
def approve_import(import_id: str) -> dict[str, Any]:
    """Let a held import go on, after looking at how many students would leave."""
    caller = administering()
    ident = _found(caller, import_id).id

    def decision(known: Import | None) -> list[Any]:
        if known is None:
            raise NotFound(ident)
        return importing.approve(known, caller.person)

    write(streams.package_import(caller.district, ident), IMPORT, decision)
    wired().runner.go_on(ident, Asked(district=caller.district, by=caller.person))
    return _view(caller, _found(caller, ident))


def _awaited() -> bool:
    """Whether the list of imports is behind `?after=`. Answers get no ETag by it: progress stands in no view."""
    behind = await_after(ports().views, imports)
    g.pop("etag", None)
    return behind


def _package() -> Iterator[bytes]:
    """The blocks of the package that was sent. Raises Problem when there is none, or when it is no zip."""
    if request.mimetype == "multipart/form-data":
        part = request.files.get("package")
        if part is None:
            raise _unusable("form:package", "required", "The form has no part named package.", "the part `package` with the zip")
        stream: Any = part.stream
    elif request.mimetype == "application/zip":
        stream = request.stream
    else:
        detail = f"{request.mimetype or 'no Content-Type'} is not read here."
        raise Problem(415, "media-type", "The body has a type that is not read here", detail, extra={"allowed": MEDIA_TYPES})
    first = stream.read(_BLOCK)
    if not first.startswith(b"PK"):
        raise _unusable("", "not-a-zip", "This is not a zip archive.", "a OneRoster CSV zip")
    return _blocks(first, stream)


def _blocks(first: bytes, stream: Any) -> Iterator[bytes]:
    block = first
    while block:
        yield block
        block = stream.read(_BLOCK)


def _unusable(pointer: str, code: str, message: str, allowed: str) -> Problem:
    return Problem(422, code, "There is no package", message, errors=[Fault(pointer, code, message, allowed)])


def _found(caller: Scope, ident: str) -> Shown:
    found = wired().runner.shown(caller.district, known_id(ident))
    if found is None:
        raise NotFound(ident)
    return found


def _view(caller: Scope, found: Shown) -> dict[str, Any]:
    progress = found.progress
    by = person_ref(found.by, ports().directory.names(caller, [found.by])) if found.by else None
    return {
        "id": found.id,
        "status": found.status,
        "code": found.code or None,
        "dry_run": found.dry_run,
        "at": found.at,
        "by": by,
        "size": found.size,
        "progress": {"done": progress.done, "total": progress.total, "unit": progress.unit},
        "rows": progress.rows,
        "recorded": progress.recorded,
        "refused": progress.refused,
        "repaired": progress.repaired,
        "leaving": progress.leaving,
        "students": progress.students,
    }


def _lines(findings: Any) -> Iterator[str]:
    yield BOM + csv_line(COLUMNS)
    for each in findings:
        place = (each.file, str(each.row) if each.row else "", each.field)
        yield csv_line((*place, each.code, each.severity, each.message, " | ".join(each.allowed), each.value or ""))
