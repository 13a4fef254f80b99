"""How each operation is asked for: the request that would succeed, and what must be so for it to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from tests.authz.house import House
from tests.authz.objects import ABSENT, objects
from tests.authz.programme import ITEM, LEVELS, SHARED_SCALE, SHARED_TEMPLATE
from tests.authz.table import Row
from tests.authz.world import CLASSES, World
from tests.unit.roster.packages import package

SCALE: Final = {
    "title": "Pace",
    "kind": "levels",
    "levels": [{"label": label, "short": short, "colour": colour} for label, short, colour in LEVELS],
}
TEMPLATE: Final = {
    "title": "A new plan",
    "description": "<p>As agreed.</p>",
    "overall": SHARED_SCALE,
    "customisable": True,
    "sections": [{"title": "Reading", "items": [{"title": "Fluency", "guidance": "", "scale": SHARED_SCALE}]}],
}
Sent = dict[str, Any]

ASKED: Final[Mapping[tuple[str, str], Callable[[World, str], Sent]]] = {
    ("describe_district", ""): lambda world, ident: {"json": {"name": "A District", "time_zone": "UTC", "locale": "en"}},
    ("create_import", ""): lambda world, ident: {
        "data": package(),
        "content_type": "application/zip",
        "query_string": {"dry_run": "true"},
    },
    ("forget_person", ""): lambda world, ident: {"json": {"reason": "recorded-by-mistake"}},
    ("create_scale", ""): lambda world, ident: {"json": SCALE},
    ("revise_scale", ""): lambda world, ident: {"json": SCALE},
    ("create_template", ""): lambda world, ident: {"json": TEMPLATE},
    ("revise_template", ""): lambda world, ident: {"json": TEMPLATE},
    ("list_templates", "drafts"): lambda world, ident: {"query_string": {"status": "draft"}},
    ("list_students", "section"): lambda world, ident: {"query_string": {"section": ident}},
    ("assign_students", ""): lambda world, ident: {"json": {"students": [world.first("A")]}},
    ("assign_students", "students"): lambda world, ident: {"json": {"students": [*objects(world, "student").values(), ABSENT]}},
    ("assign_students", "sections"): lambda world, ident: {"json": {"sections": [ident]}},
    ("template_bars", "as_of"): lambda world, ident: {"query_string": {"as_of": world.here.today.isoformat()}},
    ("template_bars", "section"): lambda world, ident: {"query_string": {"section": ident}},
    ("students_csv", "section"): lambda world, ident: {"query_string": {"section": ident}},
    ("segment_students", ""): lambda world, ident: {"query_string": {"segment": "1"}},
    ("segment_students", "as_of"): lambda world, ident: {"query_string": {"segment": "1", "as_of": world.here.today.isoformat()}},
    ("segment_students", "section"): lambda world, ident: {"query_string": {"segment": "1", "section": ident}},
    ("update_item", ""): lambda world, ident: {"json": {"value": 2, "note": "Well done", "effective": None}},
}
"""By operation and variant, body and query. `ident` is the object's id, for those that do not name it in the path."""

DEFAULTS: Final = {"item": ITEM, "template": SHARED_TEMPLATE, "section": CLASSES["A"]}
"""What a path names beside the object that is asked about."""
PARAMETERS: Final = {"draft": "template", "import": "import_id"}
"""The path's name for a kind of object, where it is another."""


def address(row: Row, ident: str) -> str:
    """The path, with the object in its place."""
    named = DEFAULTS | {PARAMETERS.get(row.kind, row.kind): ident}
    path = row.path
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def request(house: House, row: Row, ident: str, version: str | None = '"1"') -> tuple[str, Sent]:
    """Path and everything else. `version`: the If-Match to send."""
    sent = dict(ASKED.get((row.operation, row.variant), lambda world, ident: {})(house.world, ident))
    if row.method not in ("GET", "HEAD"):
        sent["headers"] = {"Idempotency-Key": str(uuid4())}
        if row.operation in CONDITIONAL and version is not None:
            sent["headers"]["If-Match"] = version
    return address(row, ident), sent


CONDITIONAL: Final = {
    "describe_district",
    "approve_import",
    "revise_scale",
    "revise_template",
    "publish_template",
    "complete_plan",
    "remove_student",
    "reactivate_plan",
}
_PLAN: Final = "/plans/v1/plans/"


def prepared(house: House, row: Row, ident: str, administrator: str) -> tuple[str, str | None]:
    """Bring it about that the operation can succeed: the object's id and version then."""
    if row.operation in ("publish_template", "revise_template"):
        headers = {"Idempotency-Key": str(uuid4())}
        copy = house.ask(administrator, "POST", f"/plans/v1/templates/{SHARED_TEMPLATE}/clone", headers)
        return copy.json["id"], copy.headers["ETag"]
    if row.operation in ("complete_plan", "remove_student"):
        _status(house, administrator, ident, "open")
    if row.operation == "reactivate_plan":
        _status(house, administrator, ident, "completed")
    if row.operation == "approve_import":
        return ident, '"0"'
    if row.operation in CONDITIONAL:
        path = address(row, ident)
        path = path.partition(ident)[0] + ident if ident else path
        return ident, house.ask(administrator, "GET", path).headers.get("ETag")
    return ident, None


def _status(house: House, administrator: str, plan: str, wanted: str) -> None:
    found = house.ask(administrator, "GET", _PLAN + plan)
    if (found.json["status"] == "open") != (wanted == "open"):
        verb = "reactivate" if wanted == "open" else "complete"
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": found.headers["ETag"]}
        changed = house.ask(administrator, "POST", f"{_PLAN}{plan}/{verb}", headers)
        assert changed.status_code == 200, changed.text


def _of_bars(body: Any) -> list[int]:
    bars = [body["overall"], *(bar for section in body["sections"] for bar in section["items"])]
    return [body["n"], *(number for bar in bars for number in (bar["n"], _n(bar)))]


def _n(bar: Any) -> int:
    """A bar's total, added up from what it shows."""
    if bar["kind"] == "levels":
        return bar["not_yet"]["count"] + sum(each["count"] for each in bar["segments"])
    return bar["answered"] + (bar["not_yet"] if isinstance(bar["not_yet"], int) else bar["not_yet"]["count"])


REACHED: Final = {"approve_import": {412}}
"""What tells that an operation reached its object, where its success would turn the whole house over. (For the others: success.)"""

NUMBERS: Final[Mapping[tuple[str, str], Callable[[Any], list[int]]]] = {
    ("list_sections", ""): lambda body: [sum(each["students"] for each in body["items"])],
    ("list_templates", "students"): lambda body: [each["students"] for each in body["items"] if each["id"] == SHARED_TEMPLATE],
    ("list_bars", ""): lambda body: [_n(each["bar"]) for each in body["items"] if each["template"]["id"] == SHARED_TEMPLATE],
    ("template_bars", ""): _of_bars,
    ("template_bars", "as_of"): _of_bars,
    ("list_students", "counts"): lambda body: [sum(body["counts"].values()), len(body["items"])],
}
"""By operation and variant, the numbers of an answer that count students of the shared template."""
