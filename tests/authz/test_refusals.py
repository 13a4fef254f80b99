"""However wrong a request is, what it names beyond the caller's reach is refused as what does not exist: byte for byte."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.authz.callers import COLUMNS
from tests.authz.checks import same
from tests.authz.house import House
from tests.authz.objects import ABSENT, objects
from tests.authz.programme import SHARED_TEMPLATE
from tests.authz.requests import address
from tests.authz.table import Row, rows

ASKERS = {"teacher": "teacher", "principal-elsewhere": "school'", "district-administrator": "admin", "former-teacher": "former"}
NAMED = [row for row in rows() if row.question == "one" and row.kind and not row.variant]
BODIES = (
    b"",
    b"[",
    b"{}",
    b'{"value": 99}',
    b'{"value": "x"}',
    b'{"title": "x"}',
    b'{"students": ["x"]}',
    b'{"sections": ["x"]}',
    b'{"reason": "no"}',
)
VERSIONS = ({}, {"If-Match": '"99"'}, {"If-Match": "x"}, {"If-Match": "*"})
KEYS = ({"Idempotency-Key": str(uuid4())}, {"Idempotency-Key": "a b"}, {})


def beyond(house: House, row: Row, caller: str) -> list[str]:
    """Ids of what the caller does not reach, and of nothing."""
    reached = row.cells[ASKERS[caller]]
    strange = [ident for letter, ident in objects(house.world, row.kind).items() if letter not in reached]
    # An administrator reaches whoever there is: a plan of nobody is one on a template that there is.
    return [*strange, f"{SHARED_TEMPLATE}.{ABSENT}" if row.kind == "plan" else ABSENT]


def asked(house: House, caller: str, row: Row, ident: str, **sent: Any) -> Any:
    headers = sent.pop("headers", {})
    return house.ask(caller, row.method, address(row, ident), headers, content_type="application/json", **sent)


def test_the_callers_stand_in_their_columns() -> None:
    assert all(caller in COLUMNS[column] for caller, column in ASKERS.items())


@pytest.mark.parametrize("caller", ASKERS)
@pytest.mark.parametrize("row", [row for row in NAMED if row.method != "GET"], ids=lambda row: row.name)
def test_no_bad_write_tells_what_exists_from_what_does_not(house: House, row: Row, caller: str) -> None:
    for body in BODIES:
        for version in VERSIONS:
            answers = [asked(house, caller, row, ident, data=body, headers=KEYS[0] | version) for ident in beyond(house, row, caller)]
            assert {each.status_code for each in answers} <= {400, 403, 404, 422, 428}
            same(answers)
    for key in KEYS:
        same([asked(house, caller, row, ident, data=b"{}", headers=key | {"If-Match": '"1"'}) for ident in beyond(house, row, caller)])


@pytest.mark.parametrize("caller", ASKERS)
@pytest.mark.parametrize("row", [row for row in NAMED if row.method == "GET"], ids=lambda row: row.name)
def test_no_bad_read_tells_what_exists_from_what_does_not(house: House, row: Row, caller: str) -> None:
    for query in ("limit=0", "after=x", "cursor=AAAA", "segment=99", "as_of=2999-01-01", "section=x", "colour=red", "school=x", "value=x"):
        same([asked(house, caller, row, ident, query_string=query) for ident in beyond(house, row, caller)])
    for header in ({"If-None-Match": "*"}, {"If-None-Match": '"1"'}, {"Range": "bytes=0-1"}, {"Accept": "text/html"}):
        same([asked(house, caller, row, ident, headers=header) for ident in beyond(house, row, caller)])


@pytest.mark.parametrize("caller", ASKERS)
@pytest.mark.parametrize("row", [row for row in NAMED if "{item}" in row.path], ids=lambda row: row.name)
def test_what_items_a_template_has_is_told_only_to_who_reaches_the_plan(house: House, row: Row, caller: str) -> None:
    def unknown_item(ident: str) -> Any:
        path = row.path.replace("{item}", "no-such-item").replace("{plan}", ident).replace("{template}", ident)
        sent: dict[str, Any] = {"json": {"value": 1}} if row.method == "POST" else {}
        if "students" in row.path:
            sent["query_string"] = "segment=1"
        return house.ask(caller, row.method, path, {"Idempotency-Key": "item"} if row.method != "GET" else None, **sent)

    answers = [unknown_item(ident) for ident in beyond(house, row, caller)]
    assert {(each.status_code, each.json["code"]) for each in answers} == {(404, "not-found")}
    same(answers)
