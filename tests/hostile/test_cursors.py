"""A cursor belongs to one list, one set of filters and one district; in any other hands it is refused, or opens nothing more."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.authz.objects import students_in
from tests.authz.programme import SHARED_TEMPLATE
from tests.hostile.doors import house
from tests.hostile.wire import refused, send

LISTS = {
    "schools": "/roster/v1/schools?limit=1",
    "classes": "/roster/v1/sections?limit=1",
    "classes of a school": "/roster/v1/sections?limit=1&school=school-north",
    "students of a class": "/roster/v1/sections/class-dogwood/students?limit=1",
    "all students": "/roster/v1/students?limit=1",
    "all students of a grade": "/roster/v1/students?limit=1&grade=05",
    "scales": "/plans/v1/scales?limit=1",
    "templates": "/plans/v1/templates?limit=1",
    "templates by date": "/plans/v1/templates?limit=1&sort=updated",
    "students": f"/plans/v1/templates/{SHARED_TEMPLATE}/students?limit=1",
    "students by status": f"/plans/v1/templates/{SHARED_TEMPLATE}/students?limit=1&status=open",
    "students of a grade": f"/plans/v1/templates/{SHARED_TEMPLATE}/students?limit=1&grade=05",
    "bars": "/reporting/v1/bars?limit=1",
    "segment": f"/reporting/v1/templates/{SHARED_TEMPLATE}/items/overall/students?limit=1&segment=1",
    "segment of another item": f"/reporting/v1/templates/{SHARED_TEMPLATE}/items/i2/students?limit=1&segment=1",
}


def page(address: str, cursor: str = "", caller: str = "district-administrator") -> Any:
    return send("GET", address.encode() + (b"&cursor=" + quote(cursor, safe="").encode() if cursor else b""), caller=caller)


def cursor_of(address: str) -> str:
    return page(address).json["next"]


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_opens_the_list_it_came_from(name: str) -> None:
    first, second = page(LISTS[name]).json, page(LISTS[name], cursor_of(LISTS[name]))
    assert second.status == 200
    assert second.json["items"]
    assert second.json["items"] != first["items"]


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_list_is_refused(name: str) -> None:
    for other, address in LISTS.items():
        if other != name:
            assert refused(page(LISTS[name], cursor_of(address)), 400).json["code"] == "cursor-invalid", other


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_district_is_refused(name: str) -> None:
    # The other district has not every list, nor a second page of each.
    if foreign := page(LISTS[name], caller="administrator-of-another-district").json.get("next"):
        assert refused(page(LISTS[name], foreign), 400).json["code"] == "cursor-invalid"


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_that_was_changed_in_any_place_is_refused(name: str) -> None:
    genuine = cursor_of(LISTS[name])
    for at in range(len(genuine)):
        changed = genuine[:at] + ("A" if genuine[at] != "A" else "B") + genuine[at + 1 :]
        answer = page(LISTS[name], changed)
        # The last character may hold bits that base64 does not use.
        assert answer.status == 400 or (at == len(genuine) - 1 and answer.json == page(LISTS[name], genuine).json)
    for cut in (genuine[:-4], genuine[4:], genuine * 2, genuine + "AAAA"):
        refused(page(LISTS[name], cut), 400)


@pytest.mark.parametrize("name", [each for each in LISTS if each.startswith(("students", "all students", "segment"))])
def test_a_cursor_of_somebody_who_sees_more_shows_nobody_more(name: str) -> None:
    world = house().world
    step = page(LISTS[name], cursor_of(LISTS[name]), "teacher")
    while step.status == 200:
        assert students_in(world, step.body.decode(), there=False) <= {"A"}
        if step.json["next"] is None:
            return
        step = page(LISTS[name], step.json["next"], "teacher")
    refused(step, 400, 404)
